package story

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
)

// mergeWithin is how far apart two stories may have been opened that turn out to
// be one.
const mergeWithin = 48 * time.Hour

// ChangeKind says what is done to stories.
type ChangeKind string

// The kinds of change.
const (
	// Merge makes the younger of two stories a part of the older one.
	Merge ChangeKind = "merge"
	// Split makes some reports of a story one of their own.
	Split ChangeKind = "split"
)

// Change is what is to be done to stories that are there.
type Change struct {
	// ID is its number in the store, zero until it has one.
	ID   int64
	Kind ChangeKind
	// Story is the older one of a merge, or the one that is split; Other the younger
	// one of a merge, or zero.
	Story, Other ID
	// Reports are those that part from a story.
	Reports []report.ID
	// Reason is who or what asks for it.
	Reason string
	Asked  time.Time
}

// NearBoth is the reason of a merge for which a report asks whose title or text is
// nearly the same in both.
const NearBoth = "near-both"

// ChangeOutcome names what became of a change.
type ChangeOutcome string

// The outcomes.
const (
	Changed ChangeOutcome = "done"
	// AlreadyOne means that both are one story by now.
	AlreadyOne ChangeOutcome = "already-one"
	// KeptApart means that somebody has split them, and only a report asks.
	KeptApart ChangeOutcome = "kept-apart"
	// OtherFeed means that one of them is told by a guild's own feed alone, and the
	// other one is not.
	OtherFeed ChangeOutcome = "other-feed"
	// NoSuchStory means that one of them is not stored.
	NoSuchStory ChangeOutcome = "no-such-story"
	// LeadStays means that the report which opened a story cannot part from it.
	LeadStays ChangeOutcome = "lead-stays"
	// NotInStory means that a report is in another story.
	NotInStory ChangeOutcome = "not-in-story"
)

// other is another open story than e that has a report with nearly the title or
// the text of r: then both tell of one development. It asks only where r joined e
// for the same reason. A common link is none, since pages are written on.
func (x *Index) other(e *entry, r report.Report, g *gist, why Reason) *entry {
	if why != SameText && why != NearTitle {
		return nil
	}
	apart := func(o *entry) bool {
		return o != e && r.Seen.Sub(o.story.Updated) <= Window && o.story.Opened.Sub(e.story.Opened).Abs() <= mergeWithin &&
			o.story.Answers != e.story.ID && e.story.Answers != o.story.ID
	}
	if o := x.findKey(r.Keys, report.KeyText, apart); o != nil {
		return o
	}
	return x.titles.find(g.title, apart)
}

// Merge makes the story from a part of the story into, which is joined afterwards,
// and reports whether both were held. What followed or answered the one follows or
// answers the other.
func (x *Index) Merge(into, from ID, joined Story) bool {
	a, b := x.stories[into], x.stories[from]
	if a == nil || b == nil || a == b {
		return false
	}
	for _, k := range b.keys {
		x.byKey[k] = slices.DeleteFunc(x.byKey[k], func(o *entry) bool { return o == b })
		if !slices.Contains(x.byKey[k], a) {
			x.byKey[k], a.keys = append(x.byKey[k], a), append(a.keys, k)
		}
	}
	for _, h := range b.titles {
		h.of = a
	}
	for _, key := range b.tellings {
		for _, t := range x.tellings[key] {
			if t.of == b {
				t.of = a
			}
		}
		if !slices.Contains(a.tellings, key) {
			a.tellings = append(a.tellings, key)
		}
	}
	for _, m := range x.terms.members {
		if m.of == b {
			m.of = a
		}
	}
	a.titles = append(a.titles, b.titles...)
	for _, s := range b.sources {
		if !slices.Contains(a.sources, s) {
			a.sources = append(a.sources, s)
		}
	}
	a.tellers = slices.Concat(a.tellers, b.tellers)
	slices.SortFunc(a.tellers, func(s, t Teller) int { return cmp.Compare(s.Report, t.Report) })
	a.tellers = a.tellers[:min(len(a.tellers), maxTellers)]
	a.story = joined
	delete(x.stories, from)
	for _, e := range x.stories {
		e.story.Follows, e.story.Answers = moved(e.story.Follows, from, into), moved(e.story.Answers, from, into)
	}
	return true
}

// moved is id, or into in the place of from.
func moved(id, from, into ID) ID {
	if id == from {
		return into
	}
	return id
}

// Merged is what two stories are together: the older one, which has taken the
// younger one in. sources counts the distinct outlets of both.
func Merged(older, younger Story, sources int) Story {
	s := older
	s.Topics = slices.Clone(older.Topics)
	for _, t := range younger.Topics {
		i := slices.IndexFunc(s.Topics, func(o TopicStage) bool { return o.Topic == t.Topic })
		switch {
		case i < 0:
			s.Topics = append(s.Topics, t)
		case t.Stage != "" && (s.Topics[i].Stage == "" || younger.Updated.After(older.Updated)):
			s.Topics[i].Stage = t.Stage
		}
	}
	s.Testimony = older.Testimony.with(younger.Testimony, func(by string) bool {
		return younger.spokeAt(by).After(older.spokeAt(by))
	})
	s.Turns = slices.Concat(older.Turns, younger.Turns)
	slices.SortStableFunc(s.Turns, func(a, b Turn) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Report, b.Report))
	})
	if over := len(s.Turns) - maxTurns; over > 0 {
		s.Turns = slices.Concat(s.Turns[:1], s.Turns[1+over:])
	}
	if n := len(s.Turns); n > 0 { // what comes next is compared with it
		s.Turns[n-1].Standing = s.Testimony.Standing()
	}
	if younger.Opened.Before(s.Opened) {
		s.Opened = younger.Opened
	}
	if younger.Updated.After(s.Updated) {
		s.Updated = younger.Updated
	}
	s.Follows, s.Answers = outside(s.Follows, younger.ID), outside(s.Answers, younger.ID)
	s.Reports, s.Sources, s.Revision = older.Reports+younger.Reports, sources, max(older.Revision, younger.Revision)+1
	return s
}

// outside is id, or none in the place of within.
func outside(id, within ID) ID { return moved(id, within, 0) }

// spokeAt is when a party last said something that is told; zero for never.
func (s Story) spokeAt(by string) (at time.Time) {
	for _, t := range s.Turns {
		if t.By == by && t.At.After(at) {
			at = t.At
		}
	}
	return at
}

// with is what two testimonies are together. Of a party that is bound in both, the
// word of o counts where later says so, or t has none.
func (t Testimony) with(o Testimony, later func(by string) bool) Testimony {
	out := Testimony{Bound: maps.Clone(t.Bound), Voices: maps.Clone(t.Voices), Against: maps.Clone(t.Against), OwnVoice: t.OwnVoice || o.OwnVoice}
	for _, by := range slices.Sorted(maps.Keys(o.Bound)) {
		was, ok := out.Bound[by]
		switch {
		case !ok && len(out.Bound) >= maxParties:
		case !ok, !was.Spoken(), o.Bound[by].Spoken() && later(by):
			if out.Bound == nil {
				out.Bound = map[string]Stance{}
			}
			out.Bound[by] = o.Bound[by]
			out.Voices, out.Against = noted(out.Voices, by, o.Voices[by]), noted(out.Against, by, o.Against[by])
		}
	}
	both := func(a, b []string) (all []string) {
		for _, by := range slices.Concat(a, b) {
			if _, bound := out.Bound[by]; !bound && !slices.Contains(all, by) && len(all) < maxParties {
				all = append(all, by)
			}
		}
		return all
	}
	out.Claimants, out.Contradictors = both(t.Claimants, o.Claimants), both(t.Contradictors, o.Contradictors)
	for _, by := range out.Claimants {
		if t.onlyTells(by) && o.onlyTells(by) {
			out.Tellers = append(out.Tellers, by)
		}
	}
	for _, by := range slices.Concat(t.Contradictors, o.Contradictors) {
		if s, ok := out.Bound[by]; ok && !s.Spoken() { // it was not known to be bound when it spoke
			out.Bound[by] = Denies
		}
	}
	return out
}

// onlyTells reports whether somebody claims no more than an incident.
func (t Testimony) onlyTells(by string) bool {
	return !slices.Contains(t.Claimants, by) || slices.Contains(t.Tellers, by)
}
