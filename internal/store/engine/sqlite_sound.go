package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrDamaged means that the database's file is damaged. Its text says what to do.
var ErrDamaged = errors.New("the database is damaged")

// inUse is what user_version in the first page of the file says while a program
// keeps the database. It stands in the file and not beside it, so that it is found
// too when the log was lost, or when the file was copied from under the program.
// https://www.sqlite.org/pragma.html#pragma_user_version
const (
	inUse   = 1
	atPeace = 0
)

// inspect checks the database unless the one that kept it last has closed it. A
// program that is killed while the log is copied into the file leaves one that is
// whole only with that log; where the log is damaged SQLite opens what is left of
// it without a word.
func (e *sqliteKind) inspect(ctx context.Context, log *slog.Logger, p pools) error {
	var mark int
	if err := p.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&mark); err != nil {
		return e.advise(err)
	}
	if mark == atPeace {
		return nil
	}
	bytes, _, err := e.size(ctx, p.read)
	if err != nil {
		return fmt.Errorf("inspect store file: %w", err)
	}
	log.InfoContext(ctx, "the database was not closed when it was used last; checking it", "bytes", bytes)
	began := time.Now()
	if err := sound(ctx, p.read); err != nil {
		return e.advise(err)
	}
	log.InfoContext(ctx, "the database is sound", "bytes", bytes, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// keep marks the database as in use.
func (e *sqliteKind) keep(ctx context.Context, p pools) error {
	if err := setMark(ctx, p.write, inUse); err != nil {
		return fmt.Errorf("mark the database as in use: %w", err)
	}
	return nil
}

// release marks the database as closed, once all of the log is in the file: the
// mark is in the first page, which is copied before the others.
func (e *sqliteKind) release(ctx context.Context, p pools) error {
	whole, err := checkpoint(ctx, p.write)
	if err != nil || !whole {
		return err // another process reads; then the next start checks
	}
	return setMark(ctx, p.write, atPeace)
}

func setMark(ctx context.Context, db *sql.DB, mark int) error {
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", mark)); err != nil {
		return err
	}
	_, err := checkpoint(ctx, db)
	return err
}

// checkpoint copies the log into the file, and waits for nobody. It reports whether
// all of it is there now.
func checkpoint(ctx context.Context, db *sql.DB) (whole bool, err error) {
	var busy, frames, copied int
	err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &copied)
	return busy == 0 && frames == copied, err
}

// sound reads all of a database and says what is damaged.
func sound(ctx context.Context, db Querier) error {
	rows, err := db.QueryContext(ctx, "PRAGMA integrity_check(5)")
	found, err := texts(rows, err)
	if err != nil {
		return fmt.Errorf("check integrity: %w", err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("check integrity: %w: %s", ErrDamaged, strings.Join(found, "; "))
	}
	rows, err = db.QueryContext(ctx, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check")
	if found, err = texts(rows, err); err != nil {
		return fmt.Errorf("check references: %w", err)
	}
	if len(found) > 0 {
		return fmt.Errorf("check references: %w: rows of %s refer to rows that are not there", ErrDamaged, strings.Join(found, ", "))
	}
	return nil
}

// advise adds to an error that tells of damage what to do.
func (e *sqliteKind) advise(err error) error {
	var se *sqlite.Error
	switch {
	case errors.As(err, &se) && se.Code()&0xff == sqlite3.SQLITE_CORRUPT:
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	case !errors.Is(err, ErrDamaged):
		return err
	}
	return fmt.Errorf("%w\nNothing is posted from it. Restore the newest backup: check it with\n"+
		"  attache backup --verify BACKUP\nthen move %s, %[2]s-wal and %[2]s-shm away and copy the backup to %[2]s", err, e.path)
}
