package story

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

// Window is how long a story stays open after its last report.
const Window = 96 * time.Hour

// titleWindow is how far apart two reports with nearly the same title may be:
// headlines such as "Morning briefing" come back.
const titleWindow = 48 * time.Hour

// commonWord is the number of stories beyond which a word is too common to
// lead from one title to another.
const commonWord = 400

// Index holds the open stories and finds the one that a report belongs to. It
// is not safe for concurrent use: placing is serial.
type Index struct {
	stories map[ID]*entry
	// byKey finds stories by the identities of their reports, byWord by the
	// words of their titles.
	byKey  map[report.Key]ID
	byWord map[string][]ID
	// swept is when closed stories were last removed.
	swept time.Time
}

// sweepEvery is how often closed stories are removed. Until then they are
// there, but nothing joins them.
const sweepEvery = time.Hour

// entry is an open story with what tells its reports apart.
type entry struct {
	story   Story
	titles  []title
	keys    []report.Key
	sources []source.ID
}

// NewIndex returns an index without stories.
func NewIndex() *Index {
	return &Index{stories: map[ID]*entry{}, byKey: map[report.Key]ID{}, byWord: map[string][]ID{}}
}

// Len returns the number of open stories.
func (x *Index) Len() int { return len(x.stories) }

// Restore puts a stored story back, with its reports. The story keeps its
// stored state; the reports only teach the index to recognise it.
func (x *Index) Restore(t Told) {
	e := &entry{story: t.Story}
	x.stories[t.Story.ID] = e
	for _, r := range t.Reports {
		x.learn(e, r)
	}
}

// Place finds or opens the story of r, which must have an id, adds r to it, and
// returns the decision with the story's new state.
func (x *Index) Place(r report.Report, matches []topic.Match) Placement {
	x.expire(r.Seen)
	p := Placement{Report: r.ID, Matches: matches}
	e, reason := x.find(r)
	p.Reason = reason
	if e == nil {
		p.Opened = true
		e = &entry{story: Story{
			ID: ID(r.ID), Lead: r.ID, Title: r.Title, Language: r.Language, Opened: r.Time(),
		}}
		x.stories[e.story.ID] = e
	}
	x.learn(e, r)
	e.story = joined(e.story, r, matches, len(e.sources))
	p.Story = e.story
	return p
}

// joined is s after r joined it.
func joined(s Story, r report.Report, matches []topic.Match, sources int) Story {
	s.Topics = slices.Clone(s.Topics)
	for _, m := range matches {
		i := slices.IndexFunc(s.Topics, func(t TopicStage) bool { return t.Topic == m.Topic })
		switch {
		case i < 0:
			s.Topics = append(s.Topics, TopicStage{Topic: m.Topic, Stage: m.Stage})
		case m.Stage != "":
			s.Topics[i].Stage = m.Stage
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

// find returns the open story that r belongs to and why, or nil.
func (x *Index) find(r report.Report) (*entry, Reason) {
	for _, by := range []struct {
		kind   report.KeyKind
		reason Reason
	}{{report.KeyLink, SameLink}, {report.KeyText, SameText}} {
		for _, k := range r.Keys {
			if k.Kind() != by.kind {
				continue
			}
			if e := x.open(x.byKey[k], r.Seen); e != nil {
				return e, by.reason
			}
		}
	}
	if e := x.findTitle(newTitle(r), r.Seen); e != nil {
		return e, NearTitle
	}
	return nil, OpensNew
}

// open returns the story with the id if it has not closed by now.
func (x *Index) open(id ID, now time.Time) *entry {
	if e := x.stories[id]; e != nil && now.Sub(e.story.Updated) <= Window {
		return e
	}
	return nil
}

// findTitle returns the oldest open story with a title near t.
func (x *Index) findTitle(t title, now time.Time) *entry {
	if len(t.words) < minTitleWords {
		return nil
	}
	tried := map[ID]bool{}
	var best *entry
	for _, w := range t.words {
		ids := x.byWord[w]
		if len(ids) > commonWord {
			continue
		}
		for _, id := range ids {
			if tried[id] || best != nil && id > best.story.ID {
				continue
			}
			tried[id] = true
			if e := x.open(id, now); e != nil && slices.ContainsFunc(e.titles, t.near) {
				best = e
			}
		}
	}
	return best
}

// learn adds what recognises r to e.
func (x *Index) learn(e *entry, r report.Report) {
	for _, k := range r.Keys {
		if k.Kind() != report.KeyLink && k.Kind() != report.KeyText {
			continue
		}
		if x.open(x.byKey[k], r.Seen) == nil {
			x.byKey[k] = e.story.ID
			e.keys = append(e.keys, k)
		}
	}
	if !slices.Contains(e.sources, r.Source) {
		e.sources = append(e.sources, r.Source)
	}
	t := newTitle(r)
	if len(t.words) < minTitleWords || slices.ContainsFunc(e.titles, t.same) {
		return
	}
	for _, w := range t.words {
		if ids := x.byWord[w]; len(ids) == 0 || ids[len(ids)-1] != e.story.ID {
			x.byWord[w] = append(ids, e.story.ID)
		}
	}
	e.titles = append(e.titles, t)
}

// expire removes, now and then, the stories without a report for [Window].
func (x *Index) expire(now time.Time) {
	if now.Sub(x.swept) < sweepEvery {
		return
	}
	x.swept = now
	for id, e := range x.stories {
		if now.Sub(e.story.Updated) <= Window {
			continue
		}
		delete(x.stories, id)
		for _, k := range e.keys {
			if x.byKey[k] == id {
				delete(x.byKey, k)
			}
		}
		for _, t := range e.titles {
			for _, w := range t.words {
				x.byWord[w] = slices.DeleteFunc(x.byWord[w], func(o ID) bool { return o == id })
				if len(x.byWord[w]) == 0 {
					delete(x.byWord, w)
				}
			}
		}
	}
}
