package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3/database"

	"github.com/attache-bot/attache/internal/report"
)

// ErrPlaced means that a report is in another story already: somebody else places
// reports too.
var ErrPlaced = errors.New("report is in another story")

// Options say where a store is.
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
	// Now is the process's clock, time.Now by default; see [Store.Now].
	Now func() time.Time
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	engine engine
	pools  pools
	log    *slog.Logger
	// kept says that Close has a database to give up.
	kept bool
	// failedReads and failedWrites count since Open.
	failedReads, failedWrites atomic.Int64
	// latest is the version of the schema that the program needs.
	latest int64
	// placedBelow is a report below which all are placed: reports become visible
	// in the order of their ids, and none leaves its story. Looking for those that
	// are not from here on passes over the dead rows of those that are.
	placedBelow atomic.Int64
	// joint gathers small writes.
	joint joint
	now   func() time.Time
	// reading is nil where the process's clock is the one that counts.
	reading atomic.Pointer[reading]
}

// engine is what differs between databases.
type engine interface {
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
	// migrations is the folder of the schema's history.
	migrations() string
	// lockSchema waits until no other process looks at the schema or changes it,
	// and keeps them away until unlock.
	lockSchema(ctx context.Context, db *sql.DB) (unlock func() error, err error)
	// bound is the context for the statements of one transaction.
	bound(ctx context.Context) (context.Context, context.CancelFunc)
	// again reports whether a transaction failed only because of another one, so
	// that it may succeed when it is run again.
	again(err error) bool
	// inTurn makes transactions that name the same lock follow each other: the
	// caller goes on when none of the others is under way.
	inTurn(ctx context.Context, tx querier, name string) error
	// forUpdate ends a SELECT of rows that the transaction changes afterwards, so
	// that no other one changes them in between.
	forUpdate() string
	// skipLocked is forUpdate for rows to claim: it passes over those that others
	// hold, so that several processes claim at once without waiting.
	skipLocked() string
	// skipLockedOf is skipLocked for the rows of one table among several.
	skipLockedOf(table string) string
	// size returns how many bytes everything takes on disk and, where it is
	// apart, how many of them the log of changes does.
	size(ctx context.Context, db querier) (data, log int64, err error)
	// backup copies the data into a file and checks the copy.
	backup(ctx context.Context, db *sql.DB, file string, o BackupOptions) (Verified, error)
	// sole reports whether one process at most uses the database.
	sole() bool
	// serverTime is the database's clock, for engines that are not sole.
	serverTime(ctx context.Context, db *sql.DB) (time.Time, error)
	// notify tells the listening processes, this one too, once the transaction is
	// committed.
	notify(ctx context.Context, tx querier, news News) error
	// listen calls heard with what is told, until ctx ends.
	listen(ctx context.Context, log *slog.Logger, heard func(News))
	// unindex forgets the words of reports that are about to be deleted.
	unindex(ctx context.Context, tx querier, reports []report.ID) error
	// tidy gives back what can be given back after rows were deleted, without
	// holding others up.
	tidy(ctx context.Context, db *sql.DB) error
	// index makes the words those under which the reports are found.
	index(ctx context.Context, tx querier, reports []indexed) error
	// search returns the newest reports that hold every phrase, newest first.
	search(ctx context.Context, db querier, f find) ([]report.ID, error)
	// rank returns the same reports, but of the newest f.among of them those that
	// its measure puts first, and of equal ones the newer first.
	rank(ctx context.Context, db querier, f find) ([]report.ID, error)
}

// find is what a search asks of the index.
type find struct {
	phrases [][]string
	// before is above the ids of what is found.
	before report.ID
	// limit is how many to return after the first skip.
	limit, skip int
	// among is how many of the newest are ranked.
	among int
	// own are the guilds' own feeds whose reports may be found too.
	own []int64
}

// News is what processes tell each other, so that none has to look all the time.
type News string

// The news.
const (
	// NewsReports: there are reports to place.
	NewsReports News = "reports"
	// NewsDeliveries: there are deliveries to make.
	NewsDeliveries News = "deliveries"
)

// Listen calls heard with what other processes and this one tell, until ctx
// ends. Some news may come twice, or for nothing; where one process at most
// uses the database there are none.
func (s *Store) Listen(ctx context.Context, heard func(News)) {
	s.engine.listen(ctx, s.log, heard)
}

// indexed is a report as the search index gets it.
type indexed struct {
	id      report.ID
	ownFeed int64
	words   []string
	// fresh says that the report had no words before.
	fresh bool
}

// pools are the connections for writing and for reading; they may be the same.
type pools struct{ write, read *sql.DB }

func (p pools) close() error { return errors.Join(p.read.Close(), p.write.Close()) }

// Open connects to the database, creating an empty one where there is none. It
// fails with [ErrNewerSchema] when a later release of the program has changed
// the database. [Store.Migrate] must run before anything else is asked of a
// store that is empty or behind.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Logger == nil {
		return nil, errors.New("open store: logger is missing")
	}
	e, err := newEngine(o.DSN, o.ReadOnly)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	p, err := e.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", e.advise(err))
	}
	s := &Store{engine: e, pools: p, log: o.Logger.With("component", "store"), now: o.Now}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.begin(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), p.close())
	}
	return s, nil
}

// begin finds out whether the database may be used, and how.
func (s *Store) begin(ctx context.Context, o Options) error {
	if o.Keep {
		if err := s.engine.inspect(ctx, s.log, s.pools); err != nil {
			return err
		}
	}
	refuse := s.refuseNewer
	if o.ReadOnly {
		refuse = s.refuseOther
	}
	if err := errors.Join(s.readTime(ctx), refuse(ctx)); err != nil {
		return s.engine.advise(err)
	}
	if o.Keep {
		if err := s.engine.keep(ctx, s.pools); err != nil {
			return err
		}
	}
	s.kept = o.Keep
	return nil
}

func newEngine(dsn string, readOnly bool) (engine, error) {
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

// Close ends all connections. Open transactions are rolled back.
func (s *Store) Close() error {
	if s.kept {
		s.kept = false
		ctx, cancel := context.WithTimeout(context.Background(), releasePatience)
		defer cancel()
		if err := s.engine.release(ctx, s.pools); err != nil {
			s.log.WarnContext(ctx, "the database could not be marked as closed; the next start checks it", "error", err)
		}
	}
	if err := s.pools.close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.pools.read.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		s.failedReads.Add(1)
		return fmt.Errorf("ping store: %w", err)
	}
	return nil
}

// releasePatience bounds how long Close waits for a statement of somebody else's.
const releasePatience = 5 * time.Second

// maxTries bounds how often a transaction is run that others stand in the way
// of.
const maxTries = 5

// write runs f in one transaction, for what the errors call op. When f fails
// or ctx ends before the commit, nothing of it remains. It may run f more than
// once, so f must not build on what an earlier run left in variables.
func (s *Store) write(ctx context.Context, op string, f func(ctx context.Context, tx *sql.Tx) error) error {
	for try := 1; ; try++ {
		err := s.transact(ctx, f)
		switch {
		case err == nil:
			return nil
		case try == maxTries || ctx.Err() != nil || !s.engine.again(err):
			if broken(err) {
				s.failedWrites.Add(1)
			}
			return fmt.Errorf("%s: %w", op, err)
		}
		s.log.DebugContext(ctx, "transaction is run again", "op", op, "try", try, "error", err)
	}
}

func (s *Store) transact(ctx context.Context, f func(ctx context.Context, tx *sql.Tx) error) (err error) {
	conn, err := s.pools.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	inner, cancel := s.engine.bound(ctx)
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
	said := &spoken{}
	if err := f(context.WithValue(inner, spokenKey{}, said), tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.engine.index(inner, tx, said.inOrder()); err != nil {
		return err
	}
	for _, n := range said.news {
		if err := s.engine.notify(inner, tx, n); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Install returns the random name of this installation, made at the first call
// and the same for ever after.
func (s *Store) Install(ctx context.Context) (string, error) {
	var raw [16]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", fmt.Errorf("name installation: %w", err)
	}
	var name string
	err := s.write(ctx, "name installation", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			"INSERT INTO meta (name, value) VALUES ('install', $1) ON CONFLICT (name) DO NOTHING", hex.EncodeToString(raw[:]))
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'install'").Scan(&name)
	})
	return name, err
}
