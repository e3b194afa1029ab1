package story

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// Window is how long a story stays open after its last report.
const Window = 96 * time.Hour

// Slack is how far behind another one a report may come that was seen before
// it. An [Index] keeps stories for so long after they have closed.
const Slack = 6 * time.Hour

// titleWindow is how far apart two reports with nearly the same title may be:
// headlines such as "Morning briefing" come back. It counts from the first
// report with a title, so that one that comes every day does not become one
// story for ever.
const titleWindow = 48 * time.Hour

// sweepEvery is how often stories are removed for which even the slack is over.
// A sweep looks at every story, so it is seldom.
const sweepEvery = 6 * time.Hour

// Index holds the open stories and finds the one that a report belongs to. What
// it decides depends on the open stories and their reports alone, not on how
// they came into it. It is not safe for concurrent use: placing is serial.
type Index struct {
	stories map[ID]*entry
	// byKey finds stories by the identities of their reports; mostly there is
	// one story for a key.
	byKey  map[report.Key][]*entry
	titles titles
	// parties names the parties of a title; nil switches that step off. tellings
	// finds stories by them.
	parties  Parties
	tellings map[string][]*telling
	// terms finds the reports of the last days by their words.
	terms *terms
	// swept is when closed stories were last removed.
	swept time.Time
}

// entry is a story with what tells its reports apart.
type entry struct {
	story  Story
	titles []*heading
	// lead is the gist of the report that opened it.
	keys    []report.Key
	sources []source.ID
	tellers []Teller
	// tellings are the keys under which it is filed by parties.
	tellings []string
	// removed says that the story is no longer held.
	removed bool
}

// NewIndex returns an index without stories. With parties, reports in different
// languages find each other; nil keeps the languages apart.
func NewIndex(parties Parties) *Index {
	return &Index{
		stories: map[ID]*entry{}, byKey: map[report.Key][]*entry{}, titles: newTitles(),
		parties: parties, tellings: map[string][]*telling{}, terms: newTerms(),
	}
}

// Len returns the number of stories that are held.
func (x *Index) Len() int { return len(x.stories) }

// Covers reports whether the index still has what was open at a time. It has
// not when it placed a report of a much later time since: then a clock was
// wrong, and the stories must be restored into a new index.
func (x *Index) Covers(at time.Time) bool { return !at.Before(x.swept.Add(-Slack)) }

// Restore puts a stored story back, with its reports in sequence. The story
// keeps its stored state; the reports only teach the index to recognise it.
func (x *Index) Restore(t Told) {
	e := &entry{story: t.Story}
	x.stories[t.Story.ID] = e
	for _, r := range t.Reports {
		x.learn(e, r, x.read(r))
	}
}

// Place finds or opens the story of r, which must have an id, adds r to it, and
// returns the decision with the story's new state.
func (x *Index) Place(r report.Report, matches []topic.Match) Placement {
	x.sweep(r.Seen)
	g := x.read(r)
	e, follows, reason := x.find(r, g, matches)
	p := Placement{Report: r.ID, Matches: matches, Reason: reason}
	if e == nil {
		p.Opened = true
		e = &entry{story: Story{
			ID: ID(r.ID), Lead: r.ID, OwnFeed: r.OwnFeed, Title: r.Title, Language: r.Language, Opened: r.Time(), Follows: follows,
		}}
		x.stories[e.story.ID] = e
	} else if o := x.other(e, r, g, reason); o != nil {
		p.Also = o.story.ID
	}
	x.learn(e, r, g)
	e.story = joined(e.story, r, matches, len(e.sources))
	p.Story = e.story
	return p
}

// Like returns the open story that r would join, 0 for none, and leaves the index
// as it is.
func (x *Index) Like(r report.Report, matches []topic.Match) ID {
	g := x.read(r)
	defer x.terms.drop(g)
	if e, _, _ := x.find(r, g, matches); e != nil {
		return e.story.ID
	}
	return 0
}

// Tellers are the reports of an open story in their sequence, as voices.
func (x *Index) Tellers(id ID) []Teller { return slices.Clone(x.stories[id].tellers) }

// read is the gist of r.
func (x *Index) read(r report.Report) *gist {
	var parties []string
	if x.parties != nil {
		parties = x.parties(r.Language, r.Title)
	}
	return x.terms.gist(r, parties)
}

// joined is s after r joined it.
func joined(s Story, r report.Report, matches []topic.Match, sources int) Story {
	s.Topics = slices.Clone(s.Topics)
	for _, m := range matches {
		stage := m.Stage
		if !m.Alerts() {
			stage = "" // what is denied or remembered is not where it stands
		}
		i := slices.IndexFunc(s.Topics, func(t TopicStage) bool { return t.Topic == m.Topic })
		switch {
		case i < 0:
			s.Topics = append(s.Topics, TopicStage{Topic: m.Topic, Stage: stage})
		case stage != "" && s.Topics[i].Stage != stage && !looksBack(r, m):
			s = s.turn(r, Turn{Topic: m.Topic, Stage: stage, Was: s.Topics[i].Stage, Titled: titled(m), Reason: StageMoves, Standing: s.Testimony.Standing()})
			s.Topics[i].Stage = stage
		}
	}
	if s.Updated.Before(r.Seen) {
		s.Updated = r.Seen
	}
	s.Reports++
	s.Revision++
	s.Sources = sources
	return s
}

// looksBack reports whether the title of r tells the stage of a match only behind a
// word such as "after": it had come there before, and the news is another.
func looksBack(r report.Report, m topic.Match) bool {
	if r.Language != actsLanguage {
		return false
	}
	title := text.Tokens(r.Title)
	_, in := words().acts.read(title)
	return slices.ContainsFunc(m.Evidence, func(e topic.Evidence) bool {
		if e.Kind != topic.StageCue || e.Field != topic.Title {
			return false
		}
		for i, t := range title {
			if (in[i] == inNews || in[i] == inBesides) && t.Start >= e.Start && t.End <= e.End {
				return false
			}
		}
		return true
	})
}

// titled reports whether the title tells the stage of a match.
func titled(m topic.Match) bool {
	return slices.ContainsFunc(m.Evidence, func(e topic.Evidence) bool { return e.Kind == topic.StageCue && e.Field == topic.Title })
}

// find returns the open story that r belongs to and why, or nil. Of several,
// the oldest is taken.
func (x *Index) find(r report.Report, g *gist, matches []topic.Match) (_ *entry, follows ID, _ Reason) {
	open := func(e *entry) bool { return r.Seen.Sub(e.story.Updated) <= Window }
	for _, by := range [...]struct {
		kind   report.KeyKind
		reason Reason
	}{{report.KeyLink, SameLink}, {report.KeyText, SameText}} {
		if e := x.findKey(r.Keys, by.kind, open); e != nil {
			return e, 0, by.reason
		}
	}
	if e := x.titles.find(g.title, open); e != nil {
		return e, 0, NearTitle
	}
	if e := x.findParties(g, matches, open); e != nil {
		return e, 0, SameParties
	}
	best, follows := x.findAlike(r, g, matches)
	if best.of != nil {
		return best.of, 0, alikeIn(r, best.words)
	}
	return nil, follows, OpensNew
}

func (x *Index) findKey(keys []report.Key, kind report.KeyKind, open func(*entry) bool) *entry {
	var best *entry
	for _, k := range keys {
		if k.Kind() != kind {
			continue
		}
		for _, e := range x.byKey[k] {
			if (best == nil || e.story.ID < best.story.ID) && open(e) {
				best = e
			}
		}
	}
	return best
}

// learn adds what recognises r to e.
func (x *Index) learn(e *entry, r report.Report, g *gist) {
	for _, k := range r.Keys {
		if kind := k.Kind(); kind != report.KeyLink && kind != report.KeyText {
			continue
		}
		if !slices.Contains(x.byKey[k], e) {
			x.byKey[k] = append(x.byKey[k], e)
			e.keys = append(e.keys, k)
		}
	}
	if !slices.Contains(e.sources, r.Source) {
		e.sources = append(e.sources, r.Source)
	}
	if len(e.tellers) < maxTellers {
		e.tellers = append(e.tellers, teller(r))
	}
	x.terms.add(&member{id: r.ID, day: dayOf(r.Seen), gist: g, of: e})
	x.learnParties(e, g)
	t := *g.title
	if !t.tells() || slices.ContainsFunc(e.titles, func(h *heading) bool { return h.same(&t) }) {
		return
	}
	h := &heading{title: t, of: e}
	x.titles.add(h)
	e.titles = append(e.titles, h)
}

// sweep removes, now and then, the stories that closed longer than [Slack] ago.
func (x *Index) sweep(now time.Time) {
	if since := now.Sub(x.swept); since >= 0 && since < sweepEvery {
		return
	}
	x.swept = now
	x.terms.sweep(now)
	var closed []*entry
	for _, e := range x.stories {
		if now.Sub(e.story.Updated) > Window+Slack {
			closed = append(closed, e)
		}
	}
	for _, e := range closed {
		e.removed = true
		delete(x.stories, e.story.ID)
		x.forgetParties(e)
		for _, k := range e.keys {
			x.byKey[k] = slices.DeleteFunc(x.byKey[k], func(o *entry) bool { return o == e })
			if len(x.byKey[k]) == 0 {
				delete(x.byKey, k)
			}
		}
	}
	x.titles.remove(closed)
}
