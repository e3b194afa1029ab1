package store

import (
	"context"
	"database/sql"
	"time"
)

// claiming says how rows of a table are claimed each of which has a time when it is
// due. Whoever claims some puts that time off, so that nobody else gets them before
// the lease ends.
type claiming[T any] struct {
	// op names it in errors.
	op string
	// due selects the keys of rows that are due at $1, at most $2, the longest waiting
	// first.
	due string
	// hold puts off to $1 when rows are due, and counts the attempt. The list of their
	// keys follows.
	hold string
	// read selects those rows, with the list of their keys behind it, in the order of
	// its column key.
	read, key string
	scan      func(scanner) (T, error)
	// add, if set, adds to a row what else there is to know.
	add func(ctx context.Context, tx querier, row *T) error
}

// claim holds at most limit rows until now+lease and returns them.
func (c claiming[T]) claim(ctx context.Context, s *Store, now time.Time, limit int, lease time.Duration) ([]T, error) {
	if limit <= 0 {
		return nil, nil
	}
	var out []T
	err := s.write(ctx, c.op, func(ctx context.Context, tx *sql.Tx) error {
		out = nil
		rows, err := tx.QueryContext(ctx, c.due+" "+s.db.SkipLocked(), ms(now), limit)
		due, err := collect(rows, err, scanOne[int64])
		if err != nil {
			return err
		}
		err = inLists(due, 2, func(in string, args []any) error {
			_, err := tx.ExecContext(ctx, c.hold+" "+in, append([]any{ms(now.Add(lease))}, args...)...)
			return err
		})
		if err != nil {
			return err
		}
		out, err = c.held(ctx, tx, due)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// held reads the rows of some keys.
func (c claiming[T]) held(ctx context.Context, tx querier, keys []int64) ([]T, error) {
	var out []T
	err := inLists(keys, 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, c.read+" "+in+" ORDER BY "+c.key, args...)
		more, err := collect(rows, err, c.scan)
		out = append(out, more...)
		return err
	})
	if err != nil || c.add == nil {
		return out, err
	}
	for i := range out {
		if err := c.add(ctx, tx, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
