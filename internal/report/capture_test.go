package report_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/sharedtest"
)

// memory is what a source's reports have been known by.
type memory map[report.Key]report.Raw

// known returns the report that one of keys belongs to.
func (m memory) known(keys []report.Key) (report.Raw, report.Key, bool) {
	for _, k := range keys {
		if r, ok := m[k]; ok {
			return r, k, true
		}
	}
	return report.Raw{}, "", false
}

// Several captures of one feed, in order: an item that comes again must be
// known, a new one must not be. Nothing labels them, so what could be wrong is
// counted, was read, and may not become more:
//
//   - lost: an id or a link seen before, word for word, and yet not known;
//   - joined: known, but under another headline and another link;
//   - split: not known, but under the headline of an earlier item. The seven
//     of CNN are pages that collect links under the headline of the first of
//     them, beside the article itself.
//
// Of the items known under another headline and the same link all are the same
// article with a better headline, except four of those collecting pages.
func TestItemsKeepTheirIdentityAcrossCaptures(t *testing.T) {
	t.Parallel()
	p, err := parse.New(parse.Options{Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := filepath.Glob(filepath.Join(sharedtest.Path(t, "data", "feeds"), "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no feeds: %v", err)
	}
	maxSplit := map[string]int{"cnn-2020": 7}
	for _, dir := range dirs {
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
			if err != nil {
				t.Fatal(err)
			}
			var c comparison
			for _, file := range files {
				c.add(t, capture(t, p, file))
			}
			t.Logf("%d captures, %d items after the first, %d known (%d%%), %d of them under another headline",
				len(files), c.items, c.known, c.known*100/max(c.items, 1), c.retitled)
			if c.lost > 0 || c.joined > 0 || c.split > maxSplit[name] {
				t.Errorf("%d lost, %d joined, %d split", c.lost, c.joined, c.split)
			}
			if c.known == 0 {
				t.Error("nothing was recognised")
			}
		})
	}
}

// comparison follows the captures of one feed.
type comparison struct {
	seen    memory
	titles  map[string]bool
	strings map[string]bool // ids and links as they came

	captures, items, known, retitled, lost, joined, split int
}

func (c *comparison) add(t *testing.T, raws []report.Raw) {
	t.Helper()
	if c.captures++; c.captures == 1 {
		c.seen, c.titles, c.strings = memory{}, map[string]bool{}, map[string]bool{}
	}
	for i, keys := range report.Identify(raws) {
		raw := raws[i]
		old, key, known := c.seen.known(keys)
		if c.captures > 1 {
			c.items++
		}
		switch {
		case known && c.captures > 1:
			c.known++
			if old.Title != raw.Title {
				c.retitled++
				if old.Link != raw.Link {
					c.joined++
					t.Logf("joined by %s: %q %s and %q %s", key.Kind(), raw.Title, raw.Link, old.Title, old.Link)
				}
			}
		case !known && (c.strings[raw.GUID] || c.strings[raw.Link]):
			c.lost++
			t.Logf("lost: %+v", raw)
		case !known && c.titles[raw.Title]:
			c.split++
		}
		c.titles[raw.Title] = true
		for _, s := range []string{raw.GUID, raw.Link} {
			if s != "" {
				c.strings[s] = true
			}
		}
		for _, k := range keys {
			if _, ok := c.seen[k]; !ok {
				c.seen[k] = raw
			}
		}
	}
}

func capture(t *testing.T, p *parse.Parser, file string) []report.Raw {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := p.Parse(t.Context(), parse.Input{Body: body, Now: time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	raws := make([]report.Raw, len(doc.Items))
	for i, it := range doc.Items {
		raws[i] = report.Raw{GUID: it.GUID, Link: it.Link, Title: it.Title, Description: it.Summary}
	}
	return raws
}
