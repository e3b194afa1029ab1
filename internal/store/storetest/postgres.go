package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver behind which schemas are made
)

// Server is a PostgreSQL server for tests.
type Server struct {
	address url.URL
	tb      testing.TB // for which it is there
	pattern *pattern
}

// pattern is a database with the program's schema, of which others are copies.
type pattern struct {
	mu   sync.Mutex
	name string // "" until one is needed
}

// Postgres returns a server: the one that ATTACHE_POSTGRES names, or else one
// that is started from the programs of this machine and ends with tb. Where
// there is neither, tb is skipped; in CI it fails.
func Postgres(tb testing.TB) Server {
	tb.Helper()
	if address := os.Getenv("ATTACHE_POSTGRES"); address != "" {
		u, err := url.Parse(address)
		if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
			tb.Fatal("ATTACHE_POSTGRES must be an address such as postgres://user@127.0.0.1:5432/database")
		}
		return Server{*u, tb, &pattern{}}
	}
	return Server{startPostgres(tb), tb, &pattern{}}
}

// Schema returns the address of an empty schema, which is gone at the end of
// tb.
func (s Server) Schema(tb testing.TB) string {
	tb.Helper()
	u := s.address
	q := u.Query()
	q.Set("search_path", s.make(tb, tb, "CREATE SCHEMA %s", "DROP SCHEMA %s CASCADE"))
	u.RawQuery = q.Encode()
	return u.String()
}

// Migrated returns the address of a database of tb's own, which is an empty store
// with the program's schema. Those of one server are copies, which is quicker than
// to migrate each.
func (s Server) Migrated(tb testing.TB) string {
	tb.Helper()
	return s.database(s.make(tb, tb, "CREATE DATABASE %s TEMPLATE "+s.copied(tb), dropDatabase))
}

// copied is the database that others are copies of.
func (s Server) copied(tb testing.TB) string {
	tb.Helper()
	s.pattern.mu.Lock()
	defer s.pattern.mu.Unlock()
	if s.pattern.name == "" {
		name := s.make(tb, s.tb, "CREATE DATABASE %s", dropDatabase)
		if err := migrate(s.database(name)); err != nil {
			tb.Fatal(err)
		}
		s.pattern.name = name
	}
	return s.pattern.name
}

// dropDatabase ends those who are still connected, as processes that were killed
// may be for a moment.
const dropDatabase = "DROP DATABASE %s WITH (FORCE)"

// database is the address of one of the server's databases.
func (s Server) database(name string) string {
	u := s.address
	u.Path = "/" + name
	return u.String()
}

// make makes something under a new name, which is dropped at the end of owner, and
// returns the name.
func (s Server) make(tb, owner testing.TB, create, drop string) string {
	tb.Helper()
	db, err := sql.Open("pgx", s.address.String())
	if err != nil {
		tb.Fatal(err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(tb.Context(), fmt.Sprintf(create, name)); err != nil {
		tb.Fatal(errors.Join(err, db.Close()))
	}
	owner.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), fmt.Sprintf(drop, name))
		if err := errors.Join(err, db.Close()); err != nil {
			owner.Error(err)
		}
	})
	return name
}

// startPostgres starts a server that ends with tb and returns its address.
func startPostgres(tb testing.TB) url.URL {
	tb.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl")
	switch {
	case err != nil:
		tb.Fatal(err)
	case len(found) == 0 && os.Getenv("CI") != "":
		tb.Fatal("no PostgreSQL: install it, or name a server in ATTACHE_POSTGRES")
	case len(found) == 0:
		tb.Skip("no PostgreSQL: install it, or name a server in ATTACHE_POSTGRES")
	}
	slices.Sort(found)
	bin := filepath.Dir(found[len(found)-1])
	// Not tb.TempDir: the server's user could not reach it.
	folder, err := os.MkdirTemp("", "attache-postgres-") //nolint:usetesting // see above
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			tb.Error(err)
		}
	})
	if os.Geteuid() == 0 {
		command(tb, "", "chown", "postgres", folder)
	}
	data := filepath.Join(folder, "data")
	command(tb, "postgres", filepath.Join(bin, "initdb"), "-D", data, "-U", "attache", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	// A socket in its folder only, so that servers never fight over a port.
	options := "-c listen_addresses= -c max_connections=600 -c unix_socket_directories=" + folder
	if _, timed := tb.(*testing.B); !timed {
		options += " -c fsync=off -c full_page_writes=off" // it need not outlive the machine
	}
	command(tb, "postgres", filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-l", filepath.Join(folder, "log"), "-o", options, "start")
	tb.Cleanup(func() {
		command(tb, "postgres", filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
	})
	return url.URL{Scheme: "postgres", User: url.User("attache"), Path: "/postgres", RawQuery: "host=" + url.QueryEscape(folder)}
}

// command runs a program to its end; as another user when this one is root,
// whom the server's programs refuse.
func command(tb testing.TB, as, name string, args ...string) {
	tb.Helper()
	if as != "" && os.Geteuid() == 0 {
		args = append([]string{"-u", as, "--", name}, args...)
		name = "runuser"
	}
	c := exec.CommandContext(context.WithoutCancel(tb.Context()), name, args...) //nolint:gosec // a test runs what it names
	c.Dir = "/"
	// No pipe: the server would inherit it and keep it open.
	log, err := os.CreateTemp(tb.TempDir(), "*.log")
	if err != nil {
		tb.Fatal(err)
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	if err := c.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		tb.Fatalf("%s: %v\n%s", filepath.Base(name), err, said)
	}
}
