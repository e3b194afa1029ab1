package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/summary"
	"github.com/attache-bot/attache/internal/topic"
)

// content is what an alert says of the report that raises it, to every channel.
func (p *Placer) content(r report.Report, id story.ID, l alert.Living) alert.Content {
	return alert.Content{
		Story: id, Headline: r.Title, Link: r.Link,
		Time: r.Time(), Language: r.Language, Outlet: p.outlet(r.Source), Living: l,
	}
}

// retell puts the sentences into l in which a story is told: those that t tells
// already as long as the parties have said nothing else, since a message that
// changed with every report would be read by nobody. r is the latest report, which
// may be of a story that answers this one.
func (p *Placer) retell(ctx context.Context, r report.Report, in story.ID, s story.Story, t *telling, l *alert.Living) error {
	_, known := t.living.Tongues[r.Language]
	if t.living.Sentences != nil && (known || r.Language == s.Language) && t.living.Standing == l.Standing && reflect.DeepEqual(t.living.Said, l.Said) {
		l.Sentences, l.Tongues = t.living.Sentences, t.living.Tongues
		return nil
	}
	reports, at := append(slices.Clone(p.batch[s.ID]), r), len(p.batch[s.ID])
	if in == s.ID {
		at++
	}
	if at < s.Reports {
		stored, err := p.store.Telling(ctx, s.ID, summary.MaxReports)
		if err != nil {
			return fmt.Errorf("read the reports of story %d: %w", s.ID, err)
		}
		reports = append(stored, reports...)
	}
	l.Sentences, l.Tongues = p.sentences(ctx, s, reports)
	return nil
}

// sentences tell a story in the words of its reports, in its own language and in
// the others that reports are in; empty, and not nil, when there are none.
func (p *Placer) sentences(ctx context.Context, s story.Story, reports []report.Report) ([]alert.Sentence, map[string][]alert.Sentence) {
	var tongues map[string][]alert.Sentence
	for _, r := range reports {
		if _, done := tongues[r.Language]; done || r.Language == s.Language {
			continue
		}
		if tongues == nil {
			tongues = map[string][]alert.Sentence{}
		}
		other := s
		other.Language = r.Language
		tongues[r.Language] = p.sentencesIn(ctx, other, slices.DeleteFunc(slices.Clone(reports), func(o report.Report) bool {
			return o.Language != r.Language
		}))
	}
	return p.sentencesIn(ctx, s, reports), tongues
}

func (p *Placer) sentencesIn(ctx context.Context, s story.Story, reports []report.Report) []alert.Sentence {
	out := []alert.Sentence{}
	for _, one := range p.summarise(ctx, s, reports) {
		out = append(out, alert.Sentence{Text: one.Text, Outlet: p.outlet(one.Source), Link: one.Link})
	}
	return out
}

// summarise tells a story in the words of its reports. A fault costs its alerts
// their summary only.
func (p *Placer) summarise(ctx context.Context, s story.Story, reports []report.Report) (out []summary.Sentence) {
	defer func() {
		if fault := recover(); fault != nil {
			p.log.ErrorContext(ctx, "a story could not be summarised", "story", s, "fault", fault, "stack", string(debug.Stack()))
			out = nil
		}
	}()
	return p.summaries.Story(s.Title, reports, s.Language)
}

func (p *Placer) outlet(id source.ID) alert.Outlet {
	return outletOf(p.sources, id)
}

// source is an outlet with what the catalogue knows of it.
func (p *Placer) source(id source.ID) source.Source { return known(p.sources, id) }

// named are the topics for which a channel gets the alert.
func (p *Placer) named(matches []topic.Match, ids []topic.ID) []alert.Topic {
	var out []alert.Topic
	for _, id := range ids {
		out = append(out, alert.Topic{ID: id, Title: p.title(id), Stage: stageOf(matches, id)})
	}
	return out
}

func (p *Placer) title(id topic.ID) string {
	if name, ok := p.own.name(id); ok {
		return name
	}
	d, ok := p.topics.Lookup(id)
	if !ok {
		return string(id)
	}
	return cmp.Or(d.Title["en"], string(id))
}

func stageOf(matches []topic.Match, id topic.ID) topic.Stage {
	for _, m := range matches {
		if m.Topic == id {
			return m.Stage
		}
	}
	return ""
}
