package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"

	"github.com/attache-bot/attache/internal/store/engine"
)

// ErrPlaced means that a report is in another story already: somebody else places
// reports too.
var ErrPlaced = errors.New("report is in another story")

// Options say where a store is, and what it is opened for.
type Options = engine.Options

// Store is the database. It is safe for concurrent use.
type Store struct {
	db *engine.DB
	// read are the connections for what changes nothing; what does goes through
	// write, together or inTurn.
	read  *sql.DB
	index wordIndex
	// failedReads and failedWrites count since Open.
	failedReads, failedWrites atomic.Int64
	// placedBelow is a report below which all are placed: reports become visible
	// in the order of their ids, and none leaves its story. Looking for those that
	// are not from here on passes over the dead rows of those that are.
	placedBelow atomic.Int64
	// joint gathers small writes.
	joint joint
}

//go:embed migrations
var migrations embed.FS

// schema are the steps of the schema, in a folder for each kind of database.
func schema() (fs.FS, error) { return fs.Sub(migrations, "migrations") }

// Open connects to the database, creating an empty one where there is none. It
// fails with [ErrNewerSchema] when a later release of the program has changed
// the database. [Store.Migrate] must run before anything else is asked of a
// store that is empty or behind.
func Open(ctx context.Context, o Options) (*Store, error) {
	steps, err := schema()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if o.Logger != nil {
		o.Logger = o.Logger.With("component", "store")
	}
	db, err := engine.Open(ctx, o, steps)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{db: db, read: db.Read(), index: sqliteIndex{}}
	if db.Name() == engine.Postgres {
		s.index = postgresIndex{}
	}
	return s, nil
}

// Close ends all connections. Open transactions are rolled back.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// write runs f in one transaction, for what the errors call op. When f fails
// or ctx ends before the commit, nothing of it remains. It may run f more than
// once, so f must not build on what an earlier run left in variables.
func (s *Store) write(ctx context.Context, op string, f func(ctx context.Context, tx *sql.Tx) error) error {
	err := s.db.Write(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		said := &spoken{}
		if err := f(context.WithValue(ctx, spokenKey{}, said), tx); err != nil {
			return err
		}
		return s.finish(ctx, tx, said)
	})
	if err != nil && broken(err) {
		s.failedWrites.Add(1)
	}
	return err
}

// finish does what a transaction has left for its end.
func (s *Store) finish(ctx context.Context, tx querier, said *spoken) error {
	if err := s.index.put(ctx, tx, said.inOrder()); err != nil {
		return err
	}
	for _, n := range said.news {
		if err := s.db.Notify(ctx, tx, string(n)); err != nil {
			return err
		}
	}
	return nil
}

// snapshot runs reads that must see one state of the database, for what the
// errors call op.
func (s *Store) snapshot(ctx context.Context, op string, f func(tx querier) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return s.failedRead(op+": begin", err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	if err := f(tx); err != nil {
		return s.failedRead(op, err)
	}
	return nil
}

// failedRead counts a read that failed, and names it.
func (s *Store) failedRead(op string, err error) error {
	if broken(err) {
		s.failedReads.Add(1)
	}
	return fmt.Errorf("%s: %w", op, err)
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
