package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/store"
)

// sentences are those of a summary.
func sentences(texts ...string) []alert.Sentence {
	var out []alert.Sentence
	for _, s := range texts {
		out = append(out, alert.Sentence{Text: s})
	}
	return out
}

// tells has the alerts of the story tell l from its next revision on.
func (l *lives) tells(name string, living alert.Living) {
	l.t.Helper()
	unplaced := l.stored(name)
	l.p = joins(l.p, unplaced[len(unplaced)-1])
	l.place(start(), pipeline.Placed{Placement: l.p, Tellings: []alert.Telling{{
		Story: l.p.Story.ID, Revision: l.p.Story.Revision, Living: living,
	}}})
}

// telling is a story with two sentences that a channel was told.
func (k kit) telling() *lives {
	k.t.Helper()
	l := k.told("c1")
	l.post(start(), "m1")
	l.tells("b", alert.Living{Sentences: sentences("one", "two")})
	k.settleEdit(start(), k.editOne(start()), alert.EditDone, start())
	return l
}

func (k kit) phrasings(now time.Time) []phrase.Wanted {
	k.t.Helper()
	return must(k.ClaimPhrasing(k.ctx, now, 10, minute))(k)
}

// phrasing claims the only sentences that are to be put.
func (k kit) phrasing(now time.Time) phrase.Wanted {
	k.t.Helper()
	got := k.phrasings(now)
	if len(got) != 1 {
		k.t.Fatalf("%d are to be put, want 1", len(got))
	}
	return got[0]
}

func testPhrasings(t *testing.T, open func(t *testing.T) *store.Store) {
	later := start().Add(minute)
	put := phrase.Settlement{Reason: phrase.Accepted, Text: "one, and two"}
	cases{
		{"what was put is told by an edit, and is not asked for again", func(k kit) {
			l := k.telling()
			w := k.phrasing(start())
			same(k, "wanted", w, phrase.Wanted{
				Story: l.p.Story.ID, Of: alert.Of(sentences("one", "two")), Asked: 1, Tries: 1, Sentences: []string{"one", "two"},
			})
			same(k, "while it is held", k.phrasings(later.Add(-1)), nil)
			k.ok(k.SettlePhrasing(k.ctx, start(), w, put))
			e := k.editOne(later)
			same(k, "told", []string{e.Content.In("").Phrased, e.Message}, []string{"one, and two", "m1"})
			k.settleEdit(later, e, alert.EditDone, later)
			same(k, "edits afterwards", k.claimEdits(later.Add(time.Hour)), nil)
			same(k, "wanted afterwards", k.phrasings(later.Add(time.Hour)), nil)
		}},
		{"a refusal asks for no edit, and for no more tries", func(k kit) {
			k.telling()
			k.ok(k.SettlePhrasing(k.ctx, start(), k.phrasing(start()), phrase.Settlement{Reason: phrase.NewWord}))
			same(k, "edits", k.claimEdits(later), nil)
			same(k, "wanted", k.phrasings(later.Add(time.Hour)), nil)
		}},
		{"a process that ends over a try leaves it to be made again, a few times", func(k kit) {
			k.telling()
			now := start()
			for i := range phrase.MaxTries {
				same(k, "tries", k.phrasing(now).Tries, i+1)
				now = now.Add(minute)
			}
			same(k, "after that", k.phrasings(now.Add(time.Hour)), nil)
		}},
		{"an outcome that comes too late is not recorded", func(k kit) {
			l := k.telling()
			first := k.phrasing(start())
			second := k.phrasing(later)
			k.is(k.SettlePhrasing(k.ctx, later, first, put), phrase.ErrStale)
			l.tells("c", alert.Living{Sentences: sentences("three", "four")})
			k.is(k.SettlePhrasing(k.ctx, later, second, put), phrase.ErrStale)
			same(k, "told", k.editOne(later).Content.In("").Phrased, "")
			same(k, "asked", k.phrasing(later).Asked, 3)
		}},
		{"what was put stays while the story goes on with the same sentences", func(k kit) {
			l := k.telling()
			k.ok(k.SettlePhrasing(k.ctx, start(), k.phrasing(start()), put))
			l.tells("c", alert.Living{Independent: 2, Sentences: sentences("one", "two")})
			e := k.editOne(later)
			same(k, "told", []any{e.Content.In("").Phrased, e.Content.Independent}, []any{"one, and two", 2})
			same(k, "wanted", k.phrasings(later), nil)
		}},
		{"an edit under way when sentences were put is made again", func(k kit) {
			l := k.telling()
			l.tells("c", alert.Living{Independent: 2, Sentences: sentences("one", "two")})
			e := k.editOne(later)
			k.ok(k.SettlePhrasing(k.ctx, later, k.phrasing(later), put))
			k.is(k.SettleEdit(k.ctx, later, e, alert.EditSettlement{Outcome: alert.EditDone, Due: later}), alert.ErrStale)
			same(k, "told", k.editOne(later.Add(lease)).Content.In("").Phrased, "one, and two")
		}},
		{"a channel that is told later is told what was put once its message is there", func(k kit) {
			l := k.telling()
			k.ok(k.SettlePhrasing(k.ctx, start(), k.phrasing(start()), put))
			k.settleEdit(later, k.editOne(later), alert.EditDone, later)
			unplaced := k.stored("c")
			l.p = joins(l.p, unplaced[len(unplaced)-1])
			a := alertFor(l.p, "c2", later)
			a.Revision = l.p.Story.Revision
			k.place(later, pipeline.Placed{Placement: l.p, Alerts: []alert.Alert{a}})
			same(k, "before", k.claimEdits(later), nil)
			l.post(later, "m2")
			e := k.editOne(later)
			same(k, "told", []string{e.Content.In("").Phrased, e.Message}, []string{"one, and two", "m2"})
		}},
		{"sentences in a language are put where somebody is told it", func(k kit) {
			l := k.told("c1")
			l.tells("b", alert.Living{Tongues: map[string][]alert.Sentence{"uk": sentences("один", "два"), "fr": sentences("un", "deux")}})
			same(k, "nobody's language", k.phrasings(start()), nil)
			k.ok(k.SaveSettings(k.ctx, "g", guild.Settings{Language: "uk"}, start()))
			w := k.phrasing(start())
			same(k, "wanted", []any{w.Tongue, w.Sentences}, []any{"uk", []string{"один", "два"}})
			k.ok(k.SettlePhrasing(k.ctx, start(), w, put))
			l.post(start(), "m1")
			c := k.editOne(later).Content
			same(k, "told", []string{c.In("uk").Phrased, c.In("fr").Phrased, c.In("").Phrased}, []string{put.Text, "", ""})
		}},
	}.run(t, open)
}
