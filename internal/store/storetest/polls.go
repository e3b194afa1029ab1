package storetest

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
)

func testPolls(t *testing.T, open func(t *testing.T) *store.Store) {
	const url = "https://wire.example/feed"
	cases{
		{"a report comes back as it was saved", func(k kit) {
			want := item("truce")
			want.Body, want.Hush = "Body.", report.HushFlood
			want.Keys = []report.Key{"g:1", "l:2", "a:3"}
			f := k.feed(url, "wire")
			same(k, "added", k.poll(f, want), 1)
			got := must(k.Unplaced(k.ctx, 10))(k)
			want.ID, want.Feed = got[0].ID, int64(f.ID)
			same(k, "unplaced", got, []report.Report{want})
			same(k, "by id", must(k.Report(k.ctx, want.ID))(k), want)
		}},
		{"a report without a date keeps none", func(k kit) {
			r := item("undated")
			r.Published = time.Time{}
			k.poll(k.feed(url, "wire"), r)
			if got := must(k.Unplaced(k.ctx, 1))(k)[0]; !got.Published.IsZero() || !got.Seen.Equal(r.Seen) {
				k.t.Fatalf("published %v, seen %v", got.Published, got.Seen)
			}
		}},
		{"an unknown report is not found", func(k kit) {
			_, err := k.Report(k.ctx, 99)
			k.is(err, archive.ErrNotFound)
		}},
		{"reports get their sequence in document order", func(k kit) {
			f := k.feed(url, "wire")
			k.poll(f, item("one"), item("two"))
			k.poll(f, item("three"))
			got := must(k.Unplaced(k.ctx, 10))(k)
			same(k, "order", titles(got), []string{"one", "two", "three"})
			if got[0].ID >= got[1].ID || got[1].ID >= got[2].ID {
				k.t.Fatalf("ids %d, %d, %d do not rise", got[0].ID, got[1].ID, got[2].ID)
			}
			same(k, "limit", titles(must(k.Unplaced(k.ctx, 2))(k)), []string{"one", "two"})
		}},
		{"a report with any known key is known", func(k kit) {
			f := k.feed(url, "wire")
			first := item("first")
			first.Keys = []report.Key{"g:1", "l:1"}
			k.poll(f, first)
			renamed := item("first")
			renamed.Keys = []report.Key{"g:2", "l:1"}
			same(k, "known", must(k.Known(k.ctx, "wire", []report.Report{item("other"), renamed}))(k), []bool{false, true})
			same(k, "in another source", must(k.Known(k.ctx, "paper", []report.Report{renamed}))(k), []bool{false})
			same(k, "added", k.poll(f, renamed), 0)
			moved := item("first")
			moved.Keys = []report.Key{"g:2", "l:3"}
			same(k, "by a key that it gained", k.poll(f, moved), 0)
		}},
		{"the first key of an item decides which report it is", func(k kit) {
			f := k.feed(url, "wire")
			k.poll(f, item("a"), item("b"))
			both := item("a, corrected")
			both.Keys = []report.Key{"g:a", "g:b"}
			k.poll(f, both)
			same(k, "titles", titles(must(k.Unplaced(k.ctx, 10))(k)), []string{"a, corrected", "b"})
		}},
		{"an item listed twice in a document is kept once, as it stands first", func(k kit) {
			again := item("again")
			again.Keys = []report.Key{"g:first", "l:again"}
			f := k.feed(url, "wire")
			same(k, "added", k.poll(f, item("first"), again), 1)
			same(k, "title", titles(must(k.Unplaced(k.ctx, 10))(k)), []string{"first"})
			same(k, "next poll", k.poll(f, item("first"), again), 0)
			same(k, "titles", titles(must(k.Unplaced(k.ctx, 10))(k)), []string{"first"})
		}},
		{"sibling feeds of a source bring a report once", func(k kit) {
			k.poll(k.feed(url, "wire"), item("x"))
			same(k, "added", k.poll(k.feed(url+"/world", "wire"), item("x")), 0)
		}},
		{"two sources keep their own", func(k kit) {
			k.poll(k.feed(url, "wire"), item("x"))
			other := item("x")
			other.Source = "paper"
			same(k, "added", k.poll(k.feed("https://paper.example/", "paper"), other), 1)
		}},
		{"the same document saved twice adds nothing", func(k kit) {
			f := k.feed(url, "wire")
			same(k, "first", k.poll(f, item("x"), item("y")), 2)
			same(k, "second", k.poll(f, item("x"), item("y")), 0)
			same(k, "unplaced", len(must(k.Unplaced(k.ctx, 10))(k)), 2)
		}},
		{"a reworded report is updated and stays placed", testReworded},
		{"a long document is saved as a whole", func(k kit) {
			items := make([]report.Report, 700)
			for i := range items {
				items[i] = item("n" + strconv.Itoa(i))
				items[i].Keys = append(items[i].Keys, report.Key("l:"+strconv.Itoa(i)))
			}
			f := k.feed(url, "wire")
			same(k, "added", k.poll(f, items...), 700)
			got := must(k.Unplaced(k.ctx, 1000))(k)
			same(k, "titles", titles(got), titles(items))
			same(k, "keys", got[650].Keys, items[650].Keys)
			same(k, "again", k.poll(f, items...), 0)
		}},
		{"bytes that are no text do no harm", func(k kit) {
			r := item("odd")
			r.Title = "a\x00b\xffc"
			k.poll(k.feed(url, "wire"), r)
			same(k, "title", titles(must(k.Unplaced(k.ctx, 1))(k)), []string{"ab\uFFFDc"})
		}},
		{"an ended context saves nothing", func(k kit) {
			f := k.feed(url, "wire")
			ctx, cancel := context.WithCancel(k.ctx)
			cancel()
			_, err := k.SavePoll(ctx, feed.Outcome{Feed: f, Reports: []report.Report{item("x")}})
			k.is(err, context.Canceled)
			same(k, "unplaced", must(k.Unplaced(k.ctx, 10))(k), nil)
		}},
	}.run(t, open)
}

func testReworded(k kit) {
	f := k.feed("https://wire.example/feed", "wire")
	k.poll(f, item("x"))
	r := must(k.Unplaced(k.ctx, 1))(k)[0]
	k.place(start(), placed(opens(r, "ceasefire")))
	changed := item("x")
	changed.Title, changed.Description = "x, corrected", "Armistice signed."
	same(k, "added", k.poll(f, changed), 0)
	got := must(k.Report(k.ctx, r.ID))(k)
	same(k, "title", got.Title, "x, corrected")
	same(k, "unplaced", must(k.Unplaced(k.ctx, 10))(k), nil)
	same(k, "found by its new words", len(must(k.Search(k.ctx, archive.Search{Text: "armistice", Limit: 5}))(k)), 1)
	same(k, "not by its old ones", len(must(k.Search(k.ctx, archive.Search{Text: "about", Limit: 5}))(k)), 0)

	other := k.feed("https://wire.example/world", "wire")
	k.poll(other, item("x"))
	same(k, "a sibling's wording", must(k.Report(k.ctx, r.ID))(k).Title, "x, corrected")
}
