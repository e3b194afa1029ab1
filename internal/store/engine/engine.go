package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3/database"
)

// Options say where a database is, and what it is opened for.
type Options struct {
	// DSN is the path of an SQLite file, optionally after "sqlite:", or the
	// address of a PostgreSQL database, postgres://user:password@host/name. No
	// error or log line of this package repeats the address.
	DSN    string
	Logger *slog.Logger
	// ReadOnly opens a database that is there, beside those that use it, and
	// changes nothing of it, not even its schema.
	ReadOnly bool
	// Keep says that the process serves from the database until Close, as the bot
	// does, and does not only look into it. A database that was not closed by who
	// kept it last is checked first, where one process at most uses it: Open fails
	// with [ErrDamaged] rather than go on with one that is damaged.
	Keep bool
	// Now is the process's clock, time.Now by default; see [DB.Now].
	Now func() time.Time
}

// Name tells the kinds of database apart.
type Name string

// The kinds of database. Each has a folder of this name among the migrations.
const (
	SQLite   Name = "sqlite"
	Postgres Name = "postgres"
)

// Querier is what a pool and a transaction have in common.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// DB is a database of either kind. It is safe for concurrent use.
type DB struct {
	kind   kind
	pools  pools
	log    *slog.Logger
	schema fs.FS
	// kept says that Close has a database to give up.
	kept bool
	// latest is the version of the schema that the program needs.
	latest int64
	now    func() time.Time
	// reading is nil where the process's clock is the one that counts.
	reading atomic.Pointer[reading]
}

// kind is what differs between databases.
type kind interface {
	name() Name
	// open connects, and fails when the database is not fit for use.
	open(ctx context.Context) (pools, error)
	// inspect fails when the database is damaged; it looks where that is to be
	// feared. advise adds to an error that tells of damage what to do.
	inspect(ctx context.Context, log *slog.Logger, p pools) error
	advise(err error) error
	// keep and release note that a process keeps the database, and that it has
	// given it up in order.
	keep(ctx context.Context, p pools) error
	release(ctx context.Context, p pools) error
	dialect() database.Dialect
	// lockSchema waits until no other process looks at the schema or changes it,
	// and keeps them away until unlock.
	lockSchema(ctx context.Context, db *sql.DB) (unlock func() error, err error)
	// bound is the context for the statements of one transaction.
	bound(ctx context.Context) (context.Context, context.CancelFunc)
	// again reports whether a transaction failed only because of another one, so
	// that it may succeed when it is run again.
	again(err error) bool
	inTurn(ctx context.Context, tx Querier, name string) error
	forUpdate() string
	skipLocked() string
	skipLockedOf(table string) string
	size(ctx context.Context, db Querier) (data, log int64, err error)
	backup(ctx context.Context, d *DB, file string, o BackupOptions) (Verified, error)
	sole() bool
	// serverTime is the database's clock, for kinds that are not sole.
	serverTime(ctx context.Context, db *sql.DB) (time.Time, error)
	notify(ctx context.Context, tx Querier, news string) error
	listen(ctx context.Context, log *slog.Logger, news []string, heard func(string))
	tidy(ctx context.Context, db *sql.DB) error
}

// pools are the connections for writing and for reading; they may be the same.
type pools struct{ write, read *sql.DB }

func (p pools) close() error { return errors.Join(p.read.Close(), p.write.Close()) }

// Open connects to the database, creating an empty one where there is none.
// schema holds the steps of its schema, numbered files in a folder for each
// [Name]. It fails with [ErrNewerSchema] when a later release of the program has
// changed the database. [DB.Migrate] must run before anything else is asked of
// one that is empty or behind.
func Open(ctx context.Context, o Options, schema fs.FS) (*DB, error) {
	if o.Logger == nil {
		return nil, errors.New("logger is missing")
	}
	k, err := kindOf(o.DSN, o.ReadOnly)
	if err != nil {
		return nil, err
	}
	p, err := k.open(ctx)
	if err != nil {
		return nil, k.advise(err)
	}
	d := &DB{kind: k, pools: p, log: o.Logger, schema: schema, now: o.Now}
	if d.now == nil {
		d.now = time.Now
	}
	if err := d.begin(ctx, o); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return d, nil
}

// begin finds out whether the database may be used, and how.
func (d *DB) begin(ctx context.Context, o Options) error {
	if o.Keep {
		if err := d.kind.inspect(ctx, d.log, d.pools); err != nil {
			return err
		}
	}
	refuse := d.refuseNewer
	if o.ReadOnly {
		refuse = d.refuseOther
	}
	if err := errors.Join(d.readTime(ctx), refuse(ctx)); err != nil {
		return d.kind.advise(err)
	}
	if o.Keep {
		if err := d.kind.keep(ctx, d.pools); err != nil {
			return err
		}
	}
	d.kept = o.Keep
	return nil
}

func kindOf(dsn string, readOnly bool) (kind, error) {
	scheme, rest, ok := strings.Cut(dsn, ":")
	switch {
	case isPostgres(dsn):
		return newPostgres(dsn, readOnly)
	case ok && scheme == "sqlite":
		return newSQLite(rest, readOnly)
	case strings.Contains(dsn, "://"):
		// The address may hold a password, so only its scheme is named.
		return nil, fmt.Errorf("store %s:// is not supported: name an SQLite file, e.g. attache.db, or a postgres:// address", scheme)
	}
	return newSQLite(dsn, readOnly)
}

// releasePatience bounds how long Close waits for a statement of somebody else's.
const releasePatience = 5 * time.Second

// Close ends all connections. Open transactions are rolled back.
func (d *DB) Close() error {
	if d.kept {
		d.kept = false
		ctx, cancel := context.WithTimeout(context.Background(), releasePatience)
		defer cancel()
		if err := d.kind.release(ctx, d.pools); err != nil {
			d.log.WarnContext(ctx, "the database could not be marked as closed; the next start checks it", "error", err)
		}
	}
	return d.pools.close()
}

// Name tells which kind of database it is.
func (d *DB) Name() Name { return d.kind.name() }

// Read are the connections for statements that change nothing.
func (d *DB) Read() *sql.DB { return d.pools.read }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.pools.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Sole reports whether no other process can use the database.
func (d *DB) Sole() bool { return d.kind.sole() }

// Size returns how many bytes the database takes on disk and, where it is
// apart, how many of them the log of changes does; 0 where that is not known.
func (d *DB) Size(ctx context.Context) (data, log int64, err error) {
	return d.kind.size(ctx, d.pools.read)
}

// Tidy gives back what can be given back after rows were deleted, without
// holding others up.
func (d *DB) Tidy(ctx context.Context) error { return d.kind.tidy(ctx, d.pools.write) }

// Notify tells all listening processes, this one too, some news once the
// transaction is committed. Where one process at most uses the database there
// are no listeners.
func (d *DB) Notify(ctx context.Context, tx Querier, news string) error {
	return d.kind.notify(ctx, tx, news)
}

// Listen calls heard with what is told by [DB.Notify], until ctx ends. Whenever
// listening begins anew it calls heard with each of news, since that may have
// been told meanwhile.
func (d *DB) Listen(ctx context.Context, news []string, heard func(string)) {
	d.kind.listen(ctx, d.log, news, heard)
}

// texts reads the only column of rows, and closes them.
func texts(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
