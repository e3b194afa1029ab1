package store_test

import (
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

func TestPostgresConforms(t *testing.T) {
	t.Parallel()
	server := storetest.Postgres(t)
	storetest.Run(t, func(t *testing.T) *store.Store { return openAt(t, server.Migrated(t)) })
}

// TestPostgresBackupNamesItsTool shows the command, and no password.
func TestPostgresBackupNamesItsTool(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{DSN: storetest.Postgres(t).Schema(t), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	file := filepath.Join(t.TempDir(), "b.dump")
	_, err = s.Backup(t.Context(), file, store.BackupOptions{})
	if err == nil || !strings.Contains(err.Error(), "pg_dump --format=custom --host=") || !strings.Contains(err.Error(), " --schema=t_") || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was made")
	}
}

func TestPostgresOpenRefuses(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ name, dsn, want string }{
		{"an address that is none", "postgres://bot:canary@db:port/attache", "cannot be read"},
		{"one with a wrong escape", "postgres://bot:canary%zz@db/attache", "cannot be read"},
		{"one with an unknown way of encrypting", "postgres://bot:canary@db/attache?sslmode=often", "cannot be read"},
		{"a server that does not answer", "postgres://bot:canary@" + closed + "/attache", closed + "/attache"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			refused(t, c.dsn, c.want)
		})
	}
	server := storetest.Postgres(t)
	change := func(t *testing.T, f func(u *url.URL, q url.Values)) string {
		t.Helper()
		u, err := url.Parse(server.Schema(t))
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		f(u, q)
		u.RawQuery = q.Encode()
		return u.String()
	}
	t.Run("a database that is not there", func(t *testing.T) {
		t.Parallel()
		refused(t, change(t, func(u *url.URL, _ url.Values) {
			u.User, u.Path = url.UserPassword(u.User.Username(), "canary"), "/nowhere"
		}), "nowhere")
	})
	t.Run("a schema that is not there", func(t *testing.T) {
		t.Parallel()
		refused(t, change(t, func(_ *url.URL, q url.Values) { q.Set("search_path", "nowhere") }), "search_path")
	})
}

// refused expects that a store does not open, and why, and that nobody learns
// the password.
func refused(t *testing.T, dsn, want string) {
	t.Helper()
	s, err := open(t, dsn)
	if err == nil {
		_ = s.Close()
		t.Fatal("opened")
	}
	if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
		t.Fatalf("got error %q, want it to say %q", err, want)
	}
}
