package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3/database"
	"modernc.org/sqlite"
)

// minSQLite is the first release without the WAL-reset bug, which corrupts a
// database that two connections write or checkpoint
// (https://www.sqlite.org/wal.html#walresetbug).
const minSQLite = "3.51.3"

// sqliteKind keeps everything in one file, for one process.
type sqliteKind struct {
	path     string
	readOnly bool
}

func newSQLite(path string, readOnly bool) (kind, error) {
	if path == "" {
		return nil, errors.New("store path is empty: name a file, e.g. attache.db")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("resolve store path: %w", err)
	}
	return &sqliteKind{path: abs, readOnly: readOnly}, nil
}

func (e *sqliteKind) dialect() database.Dialect { return database.DialectSQLite3 }
func (e *sqliteKind) name() Name                { return SQLite }

// One connection writes, so that its transactions follow each other anyway.

func (e *sqliteKind) skipLocked() string         { return "" }
func (e *sqliteKind) skipLockedOf(string) string { return "" }
func (e *sqliteKind) forUpdate() string          { return "" }
func (e *sqliteKind) again(error) bool           { return false }

func (e *sqliteKind) inTurn(context.Context, Querier, string) error { return nil }

func (e *sqliteKind) sole() bool { return true }

func (e *sqliteKind) serverTime(context.Context, *sql.DB) (time.Time, error) {
	return time.Time{}, errors.New("SQLite has no clock of its own")
}

func (e *sqliteKind) notify(context.Context, Querier, string) error { return nil }

func (e *sqliteKind) listen(ctx context.Context, _ *slog.Logger, _ []string, _ func(string)) {
	<-ctx.Done()
}

func (e *sqliteKind) lockSchema(context.Context, *sql.DB) (func() error, error) {
	return func() error { return nil }, nil
}

// bound lets statements run to their end: watching ctx would cost each of them
// a goroutine, and transactions are short.
func (e *sqliteKind) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithoutCancel(ctx), func() {}
}

func (e *sqliteKind) open(ctx context.Context) (pools, error) {
	if e.readOnly {
		return e.openReadOnly(ctx)
	}
	if err := e.secureFile(); err != nil {
		return pools{}, err
	}
	write, err := e.pool(true)
	if err != nil {
		return pools{}, err
	}
	read, err := e.pool(false)
	if err != nil {
		return pools{}, errors.Join(err, write.Close())
	}
	// One writer: SQLite has one at a time anyway, and waiting for a Go channel
	// is fair and heeds the context where waiting for a file lock does neither.
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	readers := max(4, runtime.GOMAXPROCS(0))
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	p := pools{write: write, read: read}
	if err := e.check(ctx, write); err != nil {
		return pools{}, errors.Join(err, p.close())
	}
	return p, nil
}

// openReadOnly opens a file that is there, and leaves its mode and its kind of
// journal as they are.
func (e *sqliteKind) openReadOnly(ctx context.Context) (pools, error) {
	info, err := os.Stat(e.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return pools{}, fmt.Errorf("there is no database at %s: look at store.path", e.path)
	case err != nil:
		return pools{}, fmt.Errorf("inspect store file: %w", err)
	case !info.Mode().IsRegular():
		return pools{}, fmt.Errorf("open store file: %s is not a regular file", e.path)
	}
	db, err := e.connect(url.Values{
		"mode":    {"rw"}, // the reader of a write-ahead log takes part in its locks
		"_pragma": {"busy_timeout(5000)", "temp_store(MEMORY)", "trusted_schema(0)", "query_only(1)"},
	})
	if err != nil {
		return pools{}, err
	}
	if err := db.PingContext(ctx); err != nil {
		return pools{}, errors.Join(fmt.Errorf("open store %s: %w", e.path, err), db.Close())
	}
	return pools{write: db, read: db}, nil
}

// secureFile makes sure that the database exists and that only its owner can
// read it; SQLite gives its side files the same mode.
func (e *sqliteKind) secureFile() error {
	if err := os.MkdirAll(filepath.Dir(e.path), 0o700); err != nil {
		return fmt.Errorf("create store folder: %w", err)
	}
	f, err := os.OpenFile(e.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case err == nil:
		return f.Close()
	case !errors.Is(err, fs.ErrExist):
		return fmt.Errorf("create store file: %w", err)
	}
	// A file that is there must not be opened here: closing it again would drop
	// the locks that another connection of this process holds on it
	// (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
	info, err := os.Stat(e.path)
	if err != nil {
		return fmt.Errorf("inspect store file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("open store file: %s is not a regular file", e.path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(e.path, 0o600); err != nil {
			return fmt.Errorf("restrict store file: %w", err)
		}
	}
	return nil
}

func (e *sqliteKind) pool(writer bool) (*sql.DB, error) {
	// Pragmas are documented at https://www.sqlite.org/pragma.html. FULL, since
	// NORMAL may forget the last commits at a power cut: an alert that was sent
	// would be sent again.
	params := url.Values{"_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"temp_store(MEMORY)", "trusted_schema(0)",
	}}
	if writer {
		params.Set("_txlock", "immediate")
		params.Add("_pragma", "cache_size(-16000)")
		params.Add("_pragma", "journal_size_limit(67108864)")
	} else {
		params.Add("_pragma", "query_only(1)")
	}
	return e.connect(params)
}

func (e *sqliteKind) connect(params url.Values) (*sql.DB, error) {
	c, err := sqlite.NewConnector(sqliteURI(e.path, params))
	if err != nil {
		return nil, fmt.Errorf("configure store: %w", err)
	}
	return sql.OpenDB(cachingConnector{c}), nil
}

func (e *sqliteKind) check(ctx context.Context, db *sql.DB) error {
	var version, mode string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return fmt.Errorf("open store %s: %w", e.path, err)
	}
	if olderVersion(version, minSQLite) {
		return fmt.Errorf("SQLite %s can corrupt its file: build with %s or later", version, minSQLite)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return fmt.Errorf("open store %s: %w", e.path, err)
	}
	if mode != "wal" {
		return fmt.Errorf("store %s cannot use a write-ahead log (mode %q): put it on a local disk", e.path, mode)
	}
	return nil
}

// olderVersion compares dotted numbers; what is no number counts as 0.
func olderVersion(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if x, y := versionPart(as, i), versionPart(bs, i); x != y {
			return x < y
		}
	}
	return false
}

func versionPart(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return 0
	}
	return n
}

func (e *sqliteKind) size(context.Context, Querier) (data, log int64, err error) {
	for _, f := range []struct {
		name string
		n    *int64
	}{{e.path, &data}, {e.path + "-wal", &log}} {
		info, err := os.Stat(f.name)
		switch {
		case err == nil:
			*f.n = info.Size()
		case f.n == &data || !errors.Is(err, fs.ErrNotExist):
			return 0, 0, err
		}
	}
	return data + log, log, nil
}

// tidy empties the log into the data, if no reader is in the way. Pages that
// became free are used again; the file does not shrink.
func (e *sqliteKind) tidy(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, do := range []string{"PRAGMA optimize", "PRAGMA busy_timeout(20)", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, e := conn.ExecContext(ctx, do); e != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", do, e))
		}
	}
	_, e2 := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout(5000)")
	return errors.Join(err, e2)
}
