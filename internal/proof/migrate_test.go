//go:build unix

package proof

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/attache-bot/attache/internal/crashpoint"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// database is one whose schema can be read beside the program.
type database struct {
	driver, dsn string
	// config is the program's configuration, which names it.
	config string
}

// schemaOf lists everything that makes a schema, one part a line.
var schemaOf = map[string]string{
	"sqlite": "SELECT type || ' ' || name || ': ' || COALESCE(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1",
	"pgx": `
		SELECT 'column ' || table_name || '.' || column_name || ': ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '')
			FROM information_schema.columns WHERE table_schema = current_schema()
		UNION ALL SELECT 'index ' || indexname || ': ' || replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema()
		UNION ALL SELECT 'constraint ' || conrelid::regclass || '.' || conname || ': ' || pg_get_constraintdef(oid)
			FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'
		ORDER BY 1`,
}

func newDatabase(t *testing.T, driver string, onServer func(*testing.T) string) database {
	t.Helper()
	dir := t.TempDir()
	d := database{driver: driver, dsn: filepath.Join(dir, "attache.db"), config: filepath.Join(dir, "attache.yaml")}
	if driver == "pgx" {
		d.dsn = onServer(t)
	}
	if err := os.WriteFile(d.config, fmt.Appendf(nil, "store: {path: %q}\nlisten: off\n", d.dsn), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// migrate runs the program's command of that name and says whether it was killed
// before the n-th statement; 0 is for never.
func (d database) migrate(t *testing.T, file string, n int) (killed bool) {
	t.Helper()
	c := exec.CommandContext(t.Context(), file, "migrate", "--config", d.config) //nolint:gosec // the program that was built
	if n > 0 {
		c.Env = append(os.Environ(), fmt.Sprintf("ATTACHE_CRASHPOINT=%s:%d", crashpoint.Migrating, n))
	}
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	err := c.Run()
	status, ok := c.ProcessState.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatalf("migrate: %v\n%s", err, &said)
	}
	return false
}

// schema is the version that the database says it has, and what it really has.
func (d database) schema(t *testing.T) (version int64, parts []string) {
	t.Helper()
	db, err := sql.Open(d.driver, d.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if d.driver == "sqlite" {
		var sound string
		if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
			t.Fatalf("the database is damaged: %s, %v", sound, err)
		}
	}
	if err := db.QueryRowContext(t.Context(), "SELECT MAX(version_id) FROM schema_version").Scan(&version); err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), schemaOf[d.driver])
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var part string
		if err := rows.Scan(&part); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return version, parts
}

// TestKilledInMigrations kills the program before one statement after the other
// of its migrations, each time with an empty database. What it leaves is the
// schema of the version that the database names, whichever statement of the next
// one it died at; and the next start does the rest.
func TestKilledInMigrations(t *testing.T) {
	t.Parallel()
	file, err := program()
	if err != nil {
		t.Fatalf("build the program: %v", err)
	}
	statements := func(n int) int { return n + 1 } // which come next
	if *size == "short" {
		statements = func(n int) int { return n + 44 }
	}
	for _, driver := range []string{"sqlite", "pgx"} {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			var server func(*testing.T) string
			if driver == "pgx" {
				empty := storetest.Postgres(t)
				server = func(t *testing.T) string { return empty.Schema(t) }
			}
			whole := newDatabase(t, driver, server)
			whole.migrate(t, file, 0)
			latest, complete := whole.schema(t)
			byVersion := map[int64][]string{latest: complete}
			kills := 0
			for n := 1; ; n = statements(n) {
				d := newDatabase(t, driver, server)
				if !d.migrate(t, file, n) {
					break
				}
				kills++
				version, parts := d.schema(t)
				if version >= latest {
					t.Errorf("killed before statement %d, with schema %d of %d", n, version, latest)
				}
				if before, ok := byVersion[version]; ok && !slices.Equal(before, parts) {
					t.Errorf("killed before statement %d, schema %d is another one than it was:\n%s\nand\n%s", n, version, strings.Join(before, "\n"), strings.Join(parts, "\n"))
				}
				byVersion[version] = parts
				d.migrate(t, file, 0)
				if version, parts := d.schema(t); version != latest || !slices.Equal(parts, complete) {
					t.Errorf("killed before statement %d, the next start ended with schema %d:\n%s", n, version, strings.Join(parts, "\n"))
				}
			}
			t.Logf("%d kills, at %d of %d versions", kills, len(byVersion)-1, latest)
			if kills == 0 {
				t.Error("nothing was killed")
			}
		})
	}
}
