package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver behind raw

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// raw opens the file behind a store's back.
func raw(tb testing.TB, path string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func query(tb testing.TB, db *sql.DB, text string) string {
	tb.Helper()
	var v string
	if err := db.QueryRowContext(tb.Context(), text).Scan(&v); err != nil {
		tb.Fatal(err)
	}
	return v
}

func open(tb testing.TB, dsn string) (*store.Store, error) {
	tb.Helper()
	return store.Open(tb.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	notes := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(notes, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, dsn, want string
	}{
		{"an empty path", "", "name a file"},
		{"an empty path after the scheme", "sqlite:", "name a file"},
		{"an engine that it does not know", "mysql://user:secret@db/attache", "mysql:// is not supported"},
		{"a folder", folder, "not a regular file"},
		{"a file that is no database", notes, "not a database"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := open(t, c.dsn)
			if err == nil {
				_ = s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Fatalf("got error %q, want it to say %q", err, c.want)
			}
		})
	}
	t.Run("a missing logger", func(t *testing.T) {
		t.Parallel()
		if _, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(t.TempDir(), "x.db")}); err == nil {
			t.Fatal("opened")
		}
	})
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new folder", "at 100% ?.db")
	openAt(t, "sqlite:"+path)
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("mode of the file%s is %o, want 600", suffix, got)
		}
	}
}

func TestOpenRestrictsAFileThatOthersCouldRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil { //nolint:gosec // that is the case
		t.Fatal(err)
	}
	openAt(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode of the file is %o, want 600", got)
	}
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	openAt(t, path)
	if _, err := raw(t, path).ExecContext(t.Context(), "INSERT INTO schema_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	s, err := open(t, path)
	if err == nil {
		_ = s.Close()
		t.Fatal("opened")
	}
	if !errors.Is(err, store.ErrNewerSchema) || !strings.Contains(err.Error(), "9999") {
		t.Fatalf("got error %q", err)
	}
}

func TestDataOutlivesTheStore(t *testing.T) {
	t.Parallel()
	path := storetest.SQLite(t)
	s := openAt(t, path)
	before, err := s.Install(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := openAt(t, path).Install(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Fatalf("installation %q became %q", before, after)
	}
}

// document is a poll's outcome with n reports of 3 keys each.
func document(f feed.Feed, round, n int) feed.Outcome {
	f.Polled, f.State = now(), feed.OK
	o := feed.Outcome{Feed: f, Result: feed.Changed}
	for i := range n {
		id := fmt.Sprintf("%d-%d", round, i)
		o.Reports = append(o.Reports, report.Report{
			Source: f.Source, Keys: []report.Key{report.Key("g:" + id), report.Key("l:" + id), report.Key("a:" + id)},
			Title: "Truce talks " + id, Description: "Envoys of both sides met again on Monday to talk about round " + id + ".",
			Link: "https://wire.example/" + id, Language: "en", Seen: now(),
		})
	}
	return o
}

func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func oneFeed(tb testing.TB, s *store.Store) feed.Feed {
	tb.Helper()
	if err := s.SyncFeeds(tb.Context(), now(), []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Minute}}); err != nil {
		tb.Fatal(err)
	}
	feeds, err := s.FeedStatus(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return feeds[0]
}

// TestCrashLosesNothingCommitted copies the files as a power cut would leave
// them, the log cut off or damaged at any point, and opens the copies.
func TestCrashLosesNothingCommitted(t *testing.T) {
	t.Parallel()
	const perPoll, polls = 7, 20
	path := storetest.SQLite(t)
	s := openAt(t, path)
	f := oneFeed(t, s)
	for round := range polls {
		if _, err := s.SavePoll(t.Context(), document(f, round, perPoll)); err != nil {
			t.Fatal(err)
		}
	}
	db, wal := read(t, path), read(t, path+"-wal")
	if len(wal) == 0 {
		t.Fatal("no write-ahead log to damage")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		damaged := append([]byte(nil), wal...)
		cut := r.IntN(len(damaged))
		switch {
		case i == 0: // whole: everything is there
			cut = len(damaged)
		case i%2 == 0:
			damaged = damaged[:cut]
		default:
			copy(damaged[cut:], make([]byte, 512))
		}
		t.Run(fmt.Sprintf("log damaged at %d", cut), func(t *testing.T) {
			t.Parallel()
			n := reopened(t, db, damaged)
			if n%perPoll != 0 {
				t.Errorf("%d reports: a poll was torn", n)
			}
			if i == 0 && n != perPoll*polls {
				t.Errorf("%d reports of %d", n, perPoll*polls)
			}
		})
	}
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// reopened opens copies of the files, checks them and counts the reports.
func reopened(t *testing.T, db, wal []byte) int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	for suffix, content := range map[string][]byte{"": db, "-wal": wal} {
		if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := openAt(t, path)
	direct := raw(t, path)
	if got := query(t, direct, "PRAGMA integrity_check"); got != "ok" {
		t.Errorf("integrity check says %s", got)
	}
	if _, err := direct.ExecContext(t.Context(), "INSERT INTO report_words (report_words) VALUES ('integrity-check')"); err != nil {
		t.Errorf("search index is damaged: %v", err)
	}
	reports, err := s.Unplaced(t.Context(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) > 0 {
		found, err := s.Search(t.Context(), archive.Search{Text: "truce", Limit: 200})
		if err != nil || len(found) != len(reports) {
			t.Errorf("search finds %d of %d, error %v", len(found), len(reports), err)
		}
	}
	return len(reports)
}

func TestAZoneThatIsNotKnownKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	path := storetest.SQLite(t)
	s, ctx := openAt(t, path), t.Context()
	_, err := s.Subscribe(ctx, subscription.Subscription{Guild: "g", Channel: "c", Topic: "ceasefire", CreatedBy: "u", Created: now()})
	if err == nil {
		err = s.SetHours(ctx, "g", "c", quiet.Hours{From: 60, To: 120, Days: digest.Daily, Zone: time.UTC, By: "u", Set: now()})
	}
	if err == nil {
		_, err = s.AddDigest(ctx, digest.Digest{
			Guild: "g", Channel: "c", Schedule: digest.Schedule{Days: digest.Daily, Minute: 60, Zone: time.UTC}, CreatedBy: "u", Created: now(),
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"quiets", "digests"} {
		if _, err := raw(t, path).ExecContext(ctx, "UPDATE "+table+" SET zone = 'Mars/Olympus'"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Quiet(ctx, now(), []topic.ID{"ceasefire"}); err != nil {
		t.Errorf("what is quiet: %v", err)
	}
	if due, err := s.DigestsDue(ctx, now().Add(48*time.Hour), 10); err != nil || len(due) != 1 || due[0].Zone != time.UTC {
		t.Errorf("digests that are due: %+v, %v", due, err)
	}
}
