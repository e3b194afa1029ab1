package store_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// keepAt opens a store as the bot does. It returns what is logged too.
func keepAt(t *testing.T, path string) (*store.Store, string, error) {
	t.Helper()
	var log bytes.Buffer
	s, err := store.Open(t.Context(), store.Options{DSN: path, Logger: slog.New(slog.NewTextHandler(&log, nil)), Keep: true})
	return s, log.String(), err
}

// lived makes a database that the bot has kept and filled, in two steps: its file
// after the first, and the store that goes on.
func lived(t *testing.T) (s *store.Store, path string, early []byte) {
	t.Helper()
	path = storetest.SQLite(t)
	s, said, err := keepAt(t, path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(said, "checking") {
		t.Errorf("a new database is checked: %s", said)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	settle(t, path)
	early = read(t, path)
	f := oneFeed(t, s)
	for round := range 10 {
		if _, err := s.SavePoll(t.Context(), document(f, round, 20)); err != nil {
			t.Fatal(err)
		}
	}
	return s, path, early
}

// settle copies all of a database's log into its file.
func settle(t *testing.T, path string) {
	t.Helper()
	var busy, frames, copied int
	err := raw(t, path).QueryRowContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &copied)
	if err != nil || busy != 0 {
		t.Fatalf("the log could not be copied: %d, %v", busy, err)
	}
}

// copied makes a database of what a file held.
func copied(t *testing.T, file []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func closed(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestADatabaseThatWasNotClosedIsChecked looks at whether a start checks the
// database, and what it makes of it.
func TestADatabaseThatWasNotClosedIsChecked(t *testing.T) {
	t.Parallel()
	s, path, early := lived(t)
	db, wal := read(t, path), read(t, path+"-wal")
	settle(t, path)
	late := read(t, path)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if _, err := s.Backup(t.Context(), backup, store.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	// What a log that was being copied leaves without its end: newer pages before
	// older ones.
	half := append(bytes.Clone(late[:len(late)/2]), early[min(len(late)/2, len(early)):]...)
	holes := bytes.Clone(late)
	clear(holes[len(early):])

	for _, c := range []struct {
		name, path       string
		checked, damaged bool
	}{
		{"closed in order", copied(t, read(t, path)), false, false},
		{"a backup", backup, false, false},
		{"ended by a kill", func() string {
			path := copied(t, db)
			if err := os.WriteFile(path+"-wal", wal, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}(), true, false},
		{"copied without its log from under the bot", copied(t, db), true, false},
		{"a log that was copied but for some pages, and is lost", copied(t, holes), true, true},
		{"a log that was half copied, and is lost", copied(t, half), false, true}, // which is seen at once
	} {
		before := read(t, c.path)
		s, said, err := keepAt(t, c.path)
		if got := strings.Contains(said, "checking it"); got != c.checked {
			t.Errorf("%s: checked %v, want %v", c.name, got, c.checked)
		}
		if got := strings.Contains(said, "is sound"); got != (c.checked && !c.damaged) {
			t.Errorf("%s: said %s", c.name, said)
		}
		if !c.damaged {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			closed(t, s)
			continue
		}
		if !errors.Is(err, store.ErrDamaged) {
			t.Fatalf("%s: opened with %v", c.name, err)
		}
		for _, want := range []string{c.path + "-wal", "attache backup --verify", "Nothing is posted"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not say %s", c.name, err, want)
			}
		}
		if !bytes.Equal(read(t, c.path), before) {
			t.Errorf("%s: the file was changed", c.name)
		}
		if _, _, err := keepAt(t, c.path); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s: opened at the second try with %v", c.name, err)
		}
	}
}

// TestADatabaseThatOthersReadIsNotClosed has a reader keep the log from being
// copied: the file alone is not all of the database then.
func TestADatabaseThatOthersReadIsNotClosed(t *testing.T) {
	t.Parallel()
	s, path, _ := lived(t)
	reader, err := raw(t, path).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reader.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM reports").Scan(&n); err != nil || n == 0 {
		t.Fatalf("%d reports, %v", n, err)
	}
	f := oneFeed(t, s)
	if _, err := s.SavePoll(t.Context(), document(f, 99, 5)); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	s, said, err := keepAt(t, path)
	if err != nil || !strings.Contains(said, "is sound") {
		t.Fatalf("%v, said %s", err, said)
	}
	closed(t, s)
	s, said, err = keepAt(t, path)
	if err != nil || strings.Contains(said, "checking") {
		t.Fatalf("after an end in order: %v, said %s", err, said)
	}
	closed(t, s)
}
