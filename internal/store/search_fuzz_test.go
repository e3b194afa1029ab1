package store_test

import (
	"errors"
	"testing"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
)

// FuzzSearch checks that no text breaks a query, and that a report whose title
// is the text is found by it.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{
		"truce in Gaza", `"a phrase" b`, `a" OR "b`, "a*", "NEAR(a b)", "words:a", "^a - b", "'; DROP TABLE reports --",
		"U.S. 1,000.5 o’brien", "停火", "\xff\x00a", "{x y}:z", "a AND NOT b", "¶", "½ ㎧", "00\x000",
	} {
		f.Add(s)
	}
	s := openSQLite(f)
	src := oneFeed(f, s)
	ctx := f.Context()
	f.Fuzz(func(t *testing.T, text string) {
		r := report.Report{Source: "wire", Keys: []report.Key{"g:the only one"}, Title: text, Language: "und", Seen: now()}
		if _, err := s.SavePoll(ctx, feed.Outcome{Feed: src, Reports: []report.Report{r}}); err != nil {
			t.Fatal(err)
		}
		found, err := s.Search(ctx, archive.Search{Text: text, Limit: 1})
		if err != nil && !errors.Is(err, archive.ErrNoWords) {
			t.Fatalf("search for %q: %v", text, err)
		}
		if err == nil && len(found) != 1 {
			t.Fatalf("search for %q does not find it", text)
		}
	})
}
