package store_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

func openReadOnly(ctx context.Context, path string) (*store.Store, error) {
	return store.Open(ctx, store.Options{DSN: path, Logger: slog.New(slog.DiscardHandler), ReadOnly: true})
}

// TestReadOnlyBesideAWriter reads what another store commits meanwhile, and can
// write nothing.
func TestReadOnlyBesideAWriter(t *testing.T) {
	t.Parallel()
	path := storetest.SQLite(t)
	w := openAt(t, path)
	r, err := openReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := w.SyncFeeds(t.Context(), time.Unix(1, 0), []feed.Feed{{URL: "https://example.org/rss", Source: "s", Every: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	feeds, err := r.FeedStatus(t.Context())
	if err != nil || len(feeds) != 1 {
		t.Errorf("reads %v, %v", feeds, err)
	}
	if err := r.SyncFeeds(t.Context(), time.Unix(1, 0), nil); err == nil {
		t.Error("it could write")
	}
}

// TestReadOnlyMakesNothing is about files that are no database of ours.
func TestReadOnlyMakesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty, text := filepath.Join(dir, "empty"), filepath.Join(dir, "text")
	for name, content := range map[string]string{empty: "", text: strings.Repeat("no database ", 1000)} {
		if err := os.WriteFile(name, []byte(content), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none"): "there is no database at", dir: "is not a regular file",
		empty: "this is no database of attache", text: "file is not a database",
	} {
		s, err := openReadOnly(t.Context(), path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want …%s", path, err, want)
		}
		if err == nil {
			_ = s.Close()
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a file was made")
	}
	if info, err := os.Stat(empty); err != nil || info.Size() != 0 || info.Mode().Perm() != 0o640 {
		t.Errorf("the empty file was changed: %v, %v", info, err)
	}
}
