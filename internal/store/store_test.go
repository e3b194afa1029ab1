package store_test

import (
	"log/slog"
	"testing"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// openSQLite returns a migrated store in a file of its own.
func openSQLite(tb testing.TB) *store.Store {
	tb.Helper()
	return openAt(tb, storetest.SQLite(tb))
}

func openAt(tb testing.TB, path string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), store.Options{DSN: path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	if err := s.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestSQLiteConforms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store { return openSQLite(t) })
}
