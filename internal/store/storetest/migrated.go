package storetest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/attache-bot/attache/internal/store"
)

// empty is an SQLite file of an empty store with the program's schema, made once
// for all tests of a package: with the race detector the migrations take longer
// than most of those tests.
var empty = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "attache-storetest-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "attache.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // just made
})

// SQLite returns the path of a file of tb's own, which is an empty store with the
// program's schema.
func SQLite(tb testing.TB) string {
	tb.Helper()
	file, err := empty()
	path := filepath.Join(tb.TempDir(), "attache.db")
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// migrate gives a database the program's schema.
func migrate(dsn string) error {
	ctx := context.Background() // of no test, since more than one needs it
	s, err := store.Open(ctx, store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(ctx), s.Close())
}
