package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to damage files with

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// filled is a store with so many reports, and its file.
func filled(t *testing.T, reports int) (*store.Store, string) {
	t.Helper()
	path := storetest.SQLite(t)
	s := openAt(t, path)
	fill(t, s, "a", reports)
	return s, path
}

func fill(t *testing.T, s *store.Store, name string, reports int) {
	t.Helper()
	url := "https://example.org/" + name
	if err := s.SyncFeeds(t.Context(), time.Unix(1, 0), []feed.Feed{{URL: url, Source: source.ID(name), Every: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	feeds, err := s.FeedStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := feed.Outcome{Feed: feeds[0], Result: feed.Changed}
	for i := range reports {
		o.Reports = append(o.Reports, report.Report{
			Source: source.ID(name), Keys: []report.Key{report.Key(fmt.Sprint("g:", i))}, Title: fmt.Sprint("Report ", i),
			Body: strings.Repeat("word ", 200), Language: "en", Seen: time.Unix(2, 0),
		})
	}
	if _, err := s.SavePoll(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

func rows(v store.Verified, table string) int64 {
	i := slices.IndexFunc(v.Counts, func(c store.Count) bool { return c.Table == table })
	if i < 0 {
		return -1
	}
	return v.Counts[i].Rows
}

func TestBackupIsWhatItCopied(t *testing.T) {
	t.Parallel()
	s, _ := filled(t, 500)
	dir := t.TempDir()
	file := filepath.Join(dir, "b.db")
	steps := 0
	v, err := s.Backup(t.Context(), file, store.BackupOptions{Progress: func(done, total int) {
		if steps++; done > total {
			t.Errorf("copied %d of %d", done, total)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if rows(v, "reports") != 500 || v.Bytes == 0 || steps == 0 {
		t.Errorf("%+v after %d steps", v, steps)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	onlyFile(t, dir, "b.db")
	again, err := store.VerifyBackup(t.Context(), file)
	if err != nil || !slices.Equal(again.Counts, v.Counts) {
		t.Errorf("verified anew: %+v, %v", again, err)
	}
	onlyFile(t, dir, "b.db")
	restored := openAt(t, file)
	if r, err := restored.Report(t.Context(), 7); err != nil || r.Title != "Report 6" {
		t.Errorf("restored report %+v, %v", r, err)
	}
}

func onlyFile(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}

// TestBackupWhileOthersWrite backs up again and again beside a writer of another
// process: each copy is one moment.
func TestBackupWhileOthersWrite(t *testing.T) {
	t.Parallel()
	_, path := filled(t, 200)
	w := openAt(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	busy.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			fill(t, w, fmt.Sprint("b", i), 20)
		}
	})
	defer busy.Wait()
	defer cancel()
	r, err := openReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	last := int64(0)
	for i := range 5 {
		v, err := r.Backup(t.Context(), filepath.Join(t.TempDir(), "b.db"), store.BackupOptions{Compact: i%2 == 1})
		if err != nil {
			t.Fatal(err)
		}
		// Twenty reports a transaction, each with one key.
		if n := rows(v, "reports"); n < last || n%20 != 0 || n != rows(v, "report_keys") {
			t.Errorf("%d reports after %d, %d keys: no state of the database", n, last, rows(v, "report_keys"))
		} else {
			last = n
		}
	}
}

func TestBackupReplacesNothingUnasked(t *testing.T) {
	t.Parallel()
	s, path := filled(t, 1)
	dir := t.TempDir()
	there := filepath.Join(dir, "there.db")
	if err := os.WriteFile(there, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, file string
		force      bool
		want       string
	}{
		{"a file that is there", there, false, "is there already"},
		{"the database", path, true, "that is the database itself"},
		{"a link to the database", link, true, "that is the database itself"},
		{"its log", path + "-wal", true, "that is the database itself"},
		{"a folder", dir, true, "not a regular file"},
		{"in no folder", filepath.Join(dir, "none", "b.db"), false, "no such file"},
	} {
		if _, err := s.Backup(t.Context(), c.file, store.BackupOptions{Force: c.force}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s", c.name, err, c.want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Backup(ended, there, store.BackupOptions{Force: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if b, err := os.ReadFile(there); err != nil || string(b) != "precious" {
		t.Errorf("the file holds %q, %v", b, err)
	}
	onlyFile(t, dir, "link.db", "there.db")
	if _, err := s.Backup(t.Context(), there, store.BackupOptions{Force: true}); err != nil {
		t.Errorf("with force: %v", err)
	}
	onlyFile(t, dir, "link.db", "there.db")
}

// TestVerifyFindsDamage damages a sound backup in every way that matters.
func TestVerifyFindsDamage(t *testing.T) {
	t.Parallel()
	s, live := filled(t, 300)
	dir := t.TempDir()
	sound := filepath.Join(dir, "sound.db")
	if _, err := s.Backup(t.Context(), sound, store.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	query := func(text string) func(string) error {
		return func(file string) error {
			db, err := sql.Open("sqlite", file)
			if err != nil {
				return err
			}
			_, err = db.ExecContext(t.Context(), text)
			return errors.Join(err, db.Close())
		}
	}
	for _, c := range []struct {
		name   string
		damage func(file string) error
		want   string
	}{
		{"cut off", func(f string) error { return os.Truncate(f, int64(len(whole)/2)) }, ""},
		{"zeroes in the middle", func(f string) error {
			b := slices.Clone(whole)
			clear(b[len(b)/4 : len(b)/4+20_000])
			return os.WriteFile(f, b, 0o600)
		}, ""},
		{"empty", func(f string) error { return os.Truncate(f, 0) }, "no database of attache"},
		{"text", func(f string) error { return os.WriteFile(f, []byte(strings.Repeat("text ", 1000)), 0o600) }, "not a database"},
		{"somebody else's", func(f string) error { return errors.Join(os.Remove(f), query("CREATE TABLE x (y)")(f)) }, "no database of attache"},
		{"references to nothing", query("DELETE FROM reports WHERE id = 5"), "rows of report_keys refer to rows that are not there"},
		{"of a later release", query("INSERT INTO schema_version (version_id, is_applied) VALUES (99999, 1)"), "newer than this program"},
		{"not there", os.Remove, "no such file"},
	} {
		file := filepath.Join(dir, "damaged.db")
		if err := errors.Join(os.WriteFile(file, whole, 0o600), c.damage(file)); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if _, err := store.VerifyBackup(t.Context(), file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s", c.name, err, c.want)
		}
	}
	if _, err := store.VerifyBackup(t.Context(), live); err == nil || !strings.Contains(err.Error(), "a database in use") {
		t.Errorf("a database in use: %v", err)
	}
}

func TestACompactBackupIsSmaller(t *testing.T) {
	t.Parallel()
	s, path := filled(t, 2000)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), "DELETE FROM report_keys; DELETE FROM reports")
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	sizes := map[bool]int64{}
	for _, compact := range []bool{false, true} {
		v, err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "b.db"), store.BackupOptions{Compact: compact})
		if err != nil {
			t.Fatal(err)
		}
		sizes[compact] = v.Bytes
	}
	if sizes[true]*2 > sizes[false] {
		t.Errorf("%d bytes, compact %d", sizes[false], sizes[true])
	}
}
