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
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver behind which schemas are made
)

// Server is a PostgreSQL server for tests.
type Server struct{ address string }

// Postgres returns a server: the one that ATTACHE_POSTGRES names, or else one
// that is started from the programs of this machine and ends with tb. Where
// there is neither, tb is skipped; in CI it fails.
func Postgres(tb testing.TB) Server {
	tb.Helper()
	if address := os.Getenv("ATTACHE_POSTGRES"); address != "" {
		return Server{address}
	}
	return Server{startPostgres(tb)}
}

// Schema returns the address of an empty schema, which is gone at the end of
// tb.
func (s Server) Schema(tb testing.TB) string {
	tb.Helper()
	u, err := url.Parse(s.address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		tb.Fatal("ATTACHE_POSTGRES must be an address such as postgres://user@127.0.0.1:5432/database")
	}
	db, err := sql.Open("pgx", s.address)
	if err != nil {
		tb.Fatal(err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(tb.Context(), "CREATE SCHEMA "+name); err != nil {
		tb.Fatal(errors.Join(err, db.Close()))
	}
	tb.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		if err := errors.Join(err, db.Close()); err != nil {
			tb.Error(err)
		}
	})
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// startPostgres starts a server that ends with tb and returns its address.
func startPostgres(tb testing.TB) string {
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
	command(tb, "postgres", filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-l", filepath.Join(folder, "log"), "-o",
		"-c listen_addresses= -c max_connections=600 -c unix_socket_directories="+folder, "start")
	tb.Cleanup(func() {
		command(tb, "postgres", filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
	})
	return fmt.Sprintf("postgres://attache@/postgres?host=%s", url.QueryEscape(folder))
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
