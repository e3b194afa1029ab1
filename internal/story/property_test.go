package story

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// vocabulary has forms of words, numbers, negations, stop words and names that
// are alike, few enough for titles to meet.
var vocabulary = []string{
	"Russia", "Russian", "Ukraine", "Kyiv", "strike", "strikes", "war", "wars", "warship", "attack", "attacks", "attacked",
	"truce", "talks", "talk", "Niger", "Nigeria", "denies", "not", "two", "14", "the", "in", "|", "–", "Reuters",
	"мир", "мира", "переговоры", "停战", "é", "a",
}

func newTitle(r report.Report) title {
	body := withoutOutlet(r.Title)
	return readTitle(r, text.Tokens(body), text.Shouts(body))
}

func drawTitle(t *rapid.T) string {
	words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 12).Draw(t, "title")
	return strings.Join(words, " ")
}

// drawLike words an earlier title anew: without some words, or with some more.
func drawLike(t *rapid.T, earlier []report.Report) string {
	if len(earlier) == 0 || rapid.Bool().Draw(t, "unlike") {
		return drawTitle(t)
	}
	words := strings.Fields(rapid.SampledFrom(earlier).Draw(t, "like").Title)
	if n := rapid.IntRange(0, min(3, len(words))).Draw(t, "without"); n > 0 {
		at := rapid.IntRange(0, len(words)-n).Draw(t, "from")
		words = slices.Delete(words, at, at+n)
	}
	for range rapid.IntRange(0, 3).Draw(t, "with") {
		words = append(words, rapid.SampledFrom(vocabulary).Draw(t, "word"))
	}
	return strings.Join(words, " ")
}

// drawStream makes reports in sequence over some weeks, with links and texts
// that come back, and a clock that goes back a little now and then.
func drawStream(t *rapid.T) []report.Report {
	seen := time.Date(2026, 1, 29, 18, 0, 0, 0, time.UTC)
	out := make([]report.Report, rapid.IntRange(1, 60).Draw(t, "reports"))
	for i := range out {
		step := rapid.SampledFrom([]time.Duration{time.Minute, time.Minute, time.Hour, 20 * time.Hour, Window, -time.Hour}).Draw(t, "step")
		seen = seen.Add(step)
		r := report.Report{
			ID: report.ID(i + 1), Seen: seen, Title: drawLike(t, out[:i]), Description: drawLike(t, out[:i]),
			Source:   source.ID(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "source")),
			Language: rapid.SampledFrom([]string{"en", "en", "en", "ru"}).Draw(t, "language"),
		}
		if rapid.Bool().Draw(t, "dated") {
			r.Published = seen.Add(-time.Duration(rapid.IntRange(0, 60).Draw(t, "age")) * time.Hour)
		}
		raw := report.Raw{
			Link:  fmt.Sprintf("https://outlet.example/story/%d", rapid.IntRange(0, 40).Draw(t, "link")),
			Title: fmt.Sprintf("A text in at least five words, number %d", rapid.IntRange(0, 40).Draw(t, "text")),
		}
		r.Keys = report.Identify([]report.Raw{raw})[0]
		out[i] = r
	}
	return out
}

func drawMatches(t *rapid.T) []topic.Match {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) topic.Match {
		return topic.Match{
			Topic: topic.ID(rapid.SampledFrom([]string{"ceasefire", "treaty"}).Draw(t, "topic")),
			Stage: topic.Stage(rapid.SampledFrom([]string{"", "agreed", "ended"}).Draw(t, "stage")),
			Flags: topic.Flags(rapid.IntRange(0, 15).Draw(t, "flags")),
		}
	}), 0, 2).Draw(t, "matches")
}

// shelf keeps stories as a store does.
type shelf struct {
	told    map[ID]Told
	reports map[report.ID]ID
}

func (s shelf) put(r report.Report, p Placement) {
	told := s.told[p.Story.ID]
	told.Story = p.Story
	told.Reports = append(told.Reports, r)
	s.told[p.Story.ID] = told
	s.reports[r.ID] = p.Story.ID
}

// restore makes an index of the stories updated since, in the store's order.
func (s shelf) restore(since time.Time) *Index {
	var all []Told
	for _, t := range s.told {
		if !t.Story.Updated.Before(since) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b Told) int { return a.Story.Updated.Compare(b.Story.Updated) })
	x := NewIndex(nil)
	for _, t := range all {
		x.Restore(t)
	}
	return x
}

func TestARestoredIndexDecidesAsTheOneThatWentOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kept := shelf{told: map[ID]Told{}, reports: map[report.ID]ID{}}
		x := NewIndex(nil)
		for _, r := range drawStream(t) {
			m := drawMatches(t)
			y := kept.restore(r.Seen.Add(-Window))
			want, got := x.Place(r, m), y.Place(r, m)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("report %d %q: %s", r.ID, r.Title, diff)
			}
			kept.put(r, want)
			if rapid.IntRange(0, 9).Draw(t, "restart") == 0 {
				x = kept.restore(r.Seen.Add(-Window - Slack))
			}
		}
	})
}

// plainFind is [Index.find] without any short cut.
func plainFind(t *rapid.T, x *Index, r report.Report, m []topic.Match) (ID, Reason) {
	best, why := ID(0), OpensNew
	take := func(e *entry, by Reason) {
		if r.Seen.Sub(e.story.Updated) <= Window && (why != by || e.story.ID < best) {
			best, why = e.story.ID, by
		}
	}
	shares := func(e *entry, kind report.KeyKind) bool {
		return slices.ContainsFunc(e.keys, func(k report.Key) bool { return k.Kind() == kind && slices.Contains(r.Keys, k) })
	}
	own := newTitle(r)
	for _, by := range []struct {
		reason Reason
		fits   func(*entry) bool
	}{
		{SameLink, func(e *entry) bool { return shares(e, report.KeyLink) }},
		{SameText, func(e *entry) bool { return shares(e, report.KeyText) }},
		{NearTitle, func(e *entry) bool {
			return slices.ContainsFunc(e.titles, func(h *heading) bool { return own.near(&h.title) })
		}},
	} {
		for _, e := range x.stories {
			if by.fits(e) {
				take(e, by.reason)
			}
		}
		if best != 0 {
			return best, why
		}
	}
	if id := plainAlike(t, x, r, m); id != 0 {
		return id, Alike
	}
	return 0, OpensNew
}

// plainAlike is [Index.findAlike] by a look at every report: what the words
// weigh is counted anew, and each report is asked for what it shares.
func plainAlike(t *rapid.T, x *Index, r report.Report, matches []topic.Match) ID {
	g := x.read(r)
	if g.genre&gathers != 0 {
		return 0
	}
	l := x.terms.look(r.Language, r.Seen)
	var recent []*member
	for _, m := range x.terms.members {
		if m.day >= l.from && m.gist.language == r.Language {
			recent = append(recent, m)
		}
	}
	if want := float64(background + 1 + len(recent)); l.total != want {
		t.Fatalf("report %d: %v reports count, want %v", r.ID, l.total, want)
	}
	candidates := l.candidates(g)
	has := func(m *member, w *term) bool {
		return slices.ContainsFunc(m.gist.words, func(o gistWord) bool { return o.term == w })
	}
	var rare []*term
	under := map[*term][]*member{}
	for _, w := range g.words {
		for _, m := range recent {
			if has(m, w.term) {
				under[w.term] = append(under[w.term], m)
			}
		}
		n := len(under[w.term])
		if got := w.term.days.since(l.from); got != n {
			t.Fatalf("report %d: %q is in %d reports, want %d", r.ID, w.term.word, got, n)
		}
		if n > 0 {
			rare = append(rare, w.term)
		}
	}
	for _, m := range recent {
		shares := 0
		for _, w := range rare {
			if slices.Contains(under[w], m) {
				shares++
			}
		}
		if got := slices.Contains(candidates, m); len(recent) <= maxCompared && len(rare) <= maxLookups && got != (shares >= minShared) {
			t.Fatalf("report %d: %d shares %d words, compared %v", r.ID, m.id, shares, got)
		}
	}
	stories, order := map[ID]*tally{}, []ID{}
	for _, m := range candidates {
		if !slices.Contains(recent, m) {
			t.Fatalf("report %d: %d is a candidate", r.ID, m.id)
		}
		s := stories[m.of.story.ID]
		if s == nil {
			s = &tally{of: m.of, most: unlike, leads: noLeads, apart: math.MaxInt64}
			stories[m.of.story.ID] = s
			order = append(order, m.of.story.ID)
		}
		like := l.compare(g, m.gist)
		score := like.sum + stageWeight*sameStages(matches, m.of.story)
		if g.onlyFollows(m.gist) {
			score = unlike
		}
		s.most, s.leads = max(s.most, score), max(s.leads, like.leads)
		s.told = append(s.told, m.gist)
		s.apart = min(s.apart, g.time.Sub(m.gist.time).Abs())
	}
	var all []tally
	for _, id := range order { // a sum depends on the order of what is added
		all = append(all, *stories[id])
	}
	best, most := ID(0), float64(joinAt)
	for id, s := range stories {
		if v := l.fit(g, *s, all); v > most || v == most && best != 0 && id < best {
			best, most = id, v
		}
	}
	return best
}

func TestTheIndexFindsWhatALookAtEveryStoryFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := NewIndex(nil)
		opened := map[ID]report.ID{}
		for _, r := range drawStream(t) {
			x.sweep(r.Seen)
			m := drawMatches(t)
			id, why := plainFind(t, x, r, m)
			p := x.Place(r, m)
			if p.Opened {
				id = ID(r.ID)
				opened[id] = r.ID
			}
			if p.Story.ID != id || p.Reason.Rule() != why {
				t.Fatalf("report %d %q is in story %d by %s, want %d by %s", r.ID, r.Title, p.Story.ID, p.Reason, id, why)
			}
			if p.Story.Lead != opened[id] || p.Opened != (p.Story.Reports == 1) {
				t.Fatalf("report %d: story %d is led by %d with %d reports, opened %v", r.ID, id, p.Story.Lead, p.Story.Reports, p.Opened)
			}
		}
	})
}

func TestNearIsSymmetricAndASweptIndexIsEmpty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func() title {
			return newTitle(report.Report{Title: drawTitle(t), Language: "en", Seen: time.Unix(1e9, 0)})
		}
		a, b := draw(), draw()
		if a.near(&b) != b.near(&a) {
			t.Fatalf("%q and %q: %v one way, %v the other", a.words, b.words, a.near(&b), b.near(&a))
		}
		if a.tells() && !a.near(&a) {
			t.Fatalf("%q is not near itself", a.words)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		x := NewIndex(nil)
		last := time.Time{}
		for _, r := range drawStream(t) {
			x.Place(r, nil)
			if last.Before(r.Seen) {
				last = r.Seen
			}
		}
		x.sweep(last.Add(10 * Window))
		if len(x.stories)+len(x.byKey)+len(x.titles.byWord)+len(x.titles.byMark)+len(x.terms.all)+len(x.terms.members)+len(x.terms.seen) > 0 {
			t.Fatalf("%d stories, %d keys, %d words and %d marks are left, %d terms of %d reports", len(x.stories), len(x.byKey), len(x.titles.byWord), len(x.titles.byMark), len(x.terms.all), len(x.terms.members))
		}
	})
}

func TestPlaceTakesAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := NewIndex(nil)
		for i := range 4 {
			r := report.Report{ID: report.ID(i + 1), Title: rapid.String().Draw(t, "title"), Description: rapid.String().Draw(t, "description"), Language: rapid.OneOf(rapid.Just("en"), rapid.String()).Draw(t, "language")}
			r.Keys = append(r.Keys, report.Key(rapid.String().Draw(t, "key")))
			if p := x.Place(r, nil); p.Story.ID == 0 {
				t.Fatal("no story")
			}
		}
	})
}
