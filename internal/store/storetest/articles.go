package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
)

// wanting is a placement of a report whose page is to be read.
func wanting(p story.Placement) pipeline.Placed { return pipeline.Placed{Placement: p, Article: true} }

// pages claims all pages that are due for a minute.
func (k kit) pages(now time.Time) []article.Wanted {
	k.t.Helper()
	return must(k.ClaimArticles(k.ctx, now, 100, minute))(k)
}

// reads settles a page with a text.
func (k kit) reads(w article.Wanted, text string) {
	k.t.Helper()
	k.ok(k.MarkArticle(k.ctx, w))
	k.ok(k.SettleArticle(k.ctx, w, article.Settlement{State: article.Read, Reason: article.Done, Text: text}))
}

func testArticles(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a page stands in the queue once, whatever becomes of it", func(k kit) {
			rs := k.stored("a", "b")
			p := opens(rs[0], "ceasefire")
			k.place(start(), wanting(p), placed(opens(rs[1])))
			want := []article.Wanted{{
				Report: rs[0].ID, Feed: rs[0].Feed, Link: rs[0].Link, Title: "a", Told: rs[0].Time(), Attempt: 1,
			}}
			same(k, "claimed", k.pages(start()), want)
			same(k, "while it is held", k.pages(start().Add(minute-1)), nil)
			k.ok(k.SettleArticle(k.ctx, want[0], article.Settlement{State: article.GivenUp, Reason: article.Paywall}))
			k.place(start(), wanting(p))
			same(k, "once it is given up", k.pages(start().Add(time.Hour)), nil)
			same(k, "nothing read", must(k.Bodies(k.ctx, 10))(k), nil)
		}},
		{"one that waits comes back when it is due", func(k kit) {
			k.place(start(), wanting(opens(k.stored("a")[0])))
			w := k.pages(start())[0]
			later := start().Add(10 * minute)
			k.ok(k.SettleArticle(k.ctx, w, article.Settlement{State: article.Waits, Reason: "timeout", Due: later, Failures: 1}))
			same(k, "before", k.pages(later.Add(-1)), nil)
			got := k.pages(later)
			if len(got) != 1 || got[0].Failures != 1 || got[0].Attempt != 2 || got[0].Crashes != 0 {
				k.t.Fatalf("got %+v", got)
			}
		}},
		{"a process that ends over a page is counted, and its outcome comes too late", func(k kit) {
			k.place(start(), wanting(opens(k.stored("a")[0])))
			first := k.pages(start())[0]
			k.ok(k.MarkArticle(k.ctx, first))
			second := k.pages(start().Add(minute))[0] // whose process ended before it was read
			same(k, "crashes", second.Crashes, 1)
			third := k.pages(start().Add(2 * minute))[0]
			same(k, "crashes", third.Crashes, 1)
			for _, w := range []article.Wanted{first, second} {
				k.is(k.MarkArticle(k.ctx, w), article.ErrStale)
				k.is(k.SettleArticle(k.ctx, w, article.Settlement{State: article.Read, Text: "text"}), article.ErrStale)
			}
			k.reads(third, "text")
			k.is(k.SettleArticle(k.ctx, third, article.Settlement{State: article.GivenUp}), article.ErrStale)
		}},
		{"its text is used once, and tells the story from then on", func(k kit) {
			bodied := item("b")
			bodied.Body = "The feed's own text."
			k.poll(k.feed("https://wire.example/feed", "wire"), item("a"), bodied)
			rs := must(k.Unplaced(k.ctx, 10))(k)
			p := opens(rs[0], "ceasefire")
			q := joins(p, rs[1])
			k.place(start(), wanting(p), wanting(q))
			for _, w := range k.pages(start()) {
				k.reads(w, "Of "+w.Title+"\x00.")
			}
			got := must(k.Bodies(k.ctx, 1))(k)
			plain := rs[0]
			plain.Keys = nil
			same(k, "first", got, []pipeline.Body{{Report: plain, Story: p.Story.ID, Text: "Of a."}})
			same(k, "bodies", ids(must(k.Telling(k.ctx, p.Story.ID, 10))(k), func(r report.Report) string { return r.Body }),
				[]string{"Of a.", "The feed's own text."})
			next := q.Story
			next.Revision++
			next.Testimony.Claimants = append(next.Testimony.Claimants, "ua")
			heard := []pipeline.Heard{{Report: rs[0].ID, Stories: []story.Story{next}}}
			k.ok(k.SaveHeard(k.ctx, heard))
			k.ok(k.SaveHeard(k.ctx, heard))
			same(k, "story", must(k.Story(k.ctx, p.Story.ID))(k).Story, next)
			same(k, "left", ids(must(k.Bodies(k.ctx, 10))(k), func(b pipeline.Body) string { return b.Text }), []string{"Of b."})
			k.ok(k.SaveHeard(k.ctx, []pipeline.Heard{{Report: rs[1].ID}})) // its story has closed
			same(k, "none left", must(k.Bodies(k.ctx, 10))(k), nil)
		}},
		{"what it adds is edited into the alerts", func(k kit) {
			k.join("g")
			p := opens(k.stored("a")[0], "ceasefire")
			a := alertFor(p, "1", start())
			a.Revision = 1
			d := wanting(p)
			d.Alerts = []alert.Alert{a}
			d.Tellings = []alert.Telling{{Story: p.Story.ID, Revision: 1}}
			k.place(start(), d)
			k.settle(start(), k.claimOne(start()), alert.Settlement{State: alert.Sent, Message: "m"})
			k.reads(k.pages(start())[0], "text")
			next := p.Story
			next.Revision = 2
			told := alert.Living{Sentences: []alert.Sentence{{Text: "text"}}}
			k.ok(k.SaveHeard(k.ctx, []pipeline.Heard{{
				Report: p.Report, Stories: []story.Story{next}, Tellings: []alert.Telling{{Story: next.ID, Revision: 2, Living: told}},
			}}))
			edits := must(k.ClaimEdits(k.ctx, start(), 10, minute))(k)
			if len(edits) != 1 || edits[0].Revision != 2 {
				k.t.Fatalf("edits: %+v", edits)
			}
			same(k, "told", edits[0].Content.Living, told)
		}},
		{"it goes with its report", func(k kit) {
			p := opens(k.stored("a")[0])
			k.place(start(), wanting(p))
			w := k.pages(start())[0]
			later := start().Add(1000 * time.Hour)
			must(k.DeleteStories(k.ctx, later, later, []story.ID{p.Story.ID}, 10))(k)
			k.is(k.SettleArticle(k.ctx, w, article.Settlement{State: article.Read}), article.ErrStale)
			same(k, "none", k.pages(later), nil)
		}},
	}.run(t, open)
}
