package pipeline

import (
	"cmp"

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
		Story: id, Headline: r.Title, Summary: summary.Lead(r), Link: r.Link,
		Time: r.Time(), Language: r.Language, Outlet: p.outlet(r.Source), Living: l,
	}
}

func (p *Placer) outlet(id source.ID) alert.Outlet {
	s, ok := p.sources.Get(id)
	if !ok {
		return alert.Outlet{Name: string(id)}
	}
	return alert.Outlet{Name: s.Name, Tier: s.Tier, Country: s.Country, StateControlled: s.StateControlled}
}

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
