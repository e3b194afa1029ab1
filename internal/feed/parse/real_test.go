package parse

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"

	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/text"
)

var captured = time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)

func newParser(tb testing.TB) *Parser {
	tb.Helper()
	p, err := New(Options{Timeout: time.Minute})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestRealFeedsGiveSaneItems(t *testing.T) {
	t.Parallel()
	p := newParser(t)
	for _, file := range feedFiles(t) {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		doc, err := p.Parse(t.Context(), Input{Body: body, Now: captured})
		if err != nil {
			t.Errorf("%s: %v", name, errors.Unwrap(err))
			continue
		}
		if doc.Title == "" || doc.Link == "" || len(doc.Items) < 5 {
			t.Errorf("%s: title %q, link %q, %d items", name, doc.Title, doc.Link, len(doc.Items))
		}
		undated, foreign := 0, 0
		for _, it := range doc.Items {
			checkItem(t, name, it, captured)
			if it.Link == "" {
				t.Errorf("%s: %q has no link", name, it.Title)
			}
			if it.Language != "en" { // a short headline of names may be mistaken
				foreign++
			}
			if it.Published.IsZero() {
				undated++
			}
		}
		if undated*4 > len(doc.Items) || foreign*20 > len(doc.Items) {
			t.Errorf("%s: of %d items %d have no date, %d are not in English", name, len(doc.Items), undated, foreign)
		}
		t.Logf("%s: %d items, notes %v", name, len(doc.Items), doc.Notes)
	}
}

// checkItem holds an item, whatever it was read from, to what Item promises.
func checkItem(tb testing.TB, where string, it Item, now time.Time) {
	tb.Helper()
	if it.Title == "" {
		tb.Errorf("%s: item without title: %+v", where, it)
	}
	if it.Title != text.Clean(it.Title) || strings.Contains(it.Title, "\n") {
		tb.Errorf("%s: title %q is not clean", where, it.Title)
	}
	if it.Summary != text.CleanLines(it.Summary) || it.Content != text.CleanLines(it.Content) {
		tb.Errorf("%s: text of %q is not clean", where, it.Title)
	}
	for what, n := range map[string][2]int{
		it.Title: {maxTitle}, it.Summary: {maxSummary}, it.Content: {maxContent}, it.Author: {maxShortText},
	} {
		if utf8.RuneCountInString(what) > n[0] {
			tb.Errorf("%s: text over %d: %.60q", where, n[0], what)
		}
	}
	if len(it.GUID) > maxGUID || len(it.Categories) > maxCategories {
		tb.Errorf("%s: id of %d bytes, %d categories", where, len(it.GUID), len(it.Categories))
	}
	for _, link := range []string{it.Link, it.Image} {
		if link == "" {
			continue
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(link) > maxURL ||
			strings.ContainsAny(link, " <>\"`\n\r\t") {
			tb.Errorf("%s: link %q", where, link)
		}
	}
	if it.Published.After(now) || !it.Published.IsZero() && it.Published.Year() < earliestYear {
		tb.Errorf("%s: date %v", where, it.Published)
	}
}

// The figures stand for what a change may not make worse; the files beyond
// them are not feeds (OPML, KML), broken on purpose or in unknown charsets.
func TestConformanceSuites(t *testing.T) {
	t.Parallel()
	tests := []struct {
		archive     string
		files, read int
	}{
		{"conformance-feedparser.tar.gz", 2092, 2000},
		{"conformance-feedvalidator.tar.gz", 2156, 1800},
	}
	for _, tt := range tests {
		t.Run(tt.archive, func(t *testing.T) {
			t.Parallel()
			p := newParser(t)
			files, items := 0, 0
			classes := map[Class]int{}
			noted := map[Reason]int{}
			slowest, slowestName := time.Duration(0), ""
			eachFile(t, sharedtest.Path(t, "data", tt.archive), func(name string, body []byte) {
				if strings.Contains(strings.ToUpper(filepath.Base(name)), "LICENSE") || filepath.Ext(name) == ".md" {
					return
				}
				files++
				start := time.Now()
				doc, err := p.Parse(context.Background(), Input{Body: body, BaseURL: "https://example.org/feed", Now: captured})
				if d := time.Since(start); d > slowest {
					slowest, slowestName = d, name
				}
				var pe *Error
				switch {
				case errors.As(err, &pe):
					classes[pe.Class]++
					if pe.Class == ClassFault || pe.Class == ClassTimeout || pe.Class == ClassTooDeep || pe.Class == ClassTooBig {
						t.Errorf("%s: %s: %v", name, pe.Class, pe.Unwrap())
					}
					if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err == nil {
						t.Errorf("%s: refused as %s (%v), though gofeed reads it", name, pe.Class, pe.Unwrap())
					}
				case err != nil:
					t.Errorf("%s: error %T", name, err)
				default:
					classes["read"]++
				}
				for _, it := range doc.Items {
					items++
					checkItem(t, name, it, captured)
				}
				for _, n := range doc.Notes {
					noted[n.Reason]++
				}
			})
			t.Logf("%d files, %v, %d items, slowest %s %s", files, classes, items, slowest, slowestName)
			t.Logf("notes %v", noted)
			if files < tt.files || classes["read"] < tt.read {
				t.Errorf("%d files, %d read; want %d and %d", files, classes["read"], tt.files, tt.read)
			}
		})
	}
}
