package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// maxTries bounds how often a transaction is run that others stand in the way
// of.
const maxTries = 5

// Write runs f in one transaction, for what the errors call op. When f fails
// or ctx ends before the commit, nothing of it remains. It may run f more than
// once, so f must not build on what an earlier run left in variables.
func (d *DB) Write(ctx context.Context, op string, f func(ctx context.Context, tx *sql.Tx) error) error {
	for try := 1; ; try++ {
		err := d.transact(ctx, f)
		switch {
		case err == nil:
			return nil
		case try == maxTries || ctx.Err() != nil || !d.kind.again(err):
			return fmt.Errorf("%s: %w", op, err)
		}
		d.log.DebugContext(ctx, "transaction is run again", "op", op, "try", try, "error", err)
	}
}

func (d *DB) transact(ctx context.Context, f func(ctx context.Context, tx *sql.Tx) error) (err error) {
	conn, err := d.pools.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	inner, cancel := d.kind.bound(ctx)
	defer cancel()
	tx, err := conn.BeginTx(inner, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if e := tx.Rollback(); e != nil && !errors.Is(e, sql.ErrTxDone) {
			err = errors.Join(err, fmt.Errorf("roll back: %w", e))
		}
	}()
	if err := f(inner, tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// InTurn makes transactions that name the same lock follow each other: the
// caller goes on when none of the others is under way.
func (d *DB) InTurn(ctx context.Context, tx Querier, name string) error {
	return d.kind.inTurn(ctx, tx, name)
}

// ForUpdate ends a SELECT of rows that the transaction changes afterwards, so
// that no other one changes them in between. It is empty where transactions
// follow each other anyway.
func (d *DB) ForUpdate() string { return d.kind.forUpdate() }

// SkipLocked is [DB.ForUpdate] for rows to claim: it passes over those that
// others hold, so that several processes claim at once without waiting.
func (d *DB) SkipLocked() string { return d.kind.skipLocked() }

// SkipLockedOf is [DB.SkipLocked] for the rows of one table among several.
func (d *DB) SkipLockedOf(table string) string { return d.kind.skipLockedOf(table) }
