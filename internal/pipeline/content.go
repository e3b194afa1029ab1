package pipeline

import (
	"cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/summary"
	"github.com/attache-bot/attache/internal/topic"
)

// content is what an alert says of the report that raises it.
func (p *Placer) content(r report.Report, pl story.Placement, topics []topic.ID) alert.Content {
	c := alert.Content{
		Story: pl.Story.ID, Headline: r.Title, Summary: summary.Lead(r), Link: r.Link,
		Time: r.Time(), Language: r.Language, Outlet: alert.Outlet{Name: string(r.Source)},
	}
	if s, ok := p.sources.Get(r.Source); ok {
		c.Outlet = alert.Outlet{Name: s.Name, Tier: s.Tier, Country: s.Country, StateControlled: s.StateControlled}
	}
	for _, id := range topics {
		c.Topics = append(c.Topics, alert.Topic{ID: id, Title: p.title(id), Stage: stageOf(pl.Matches, id)})
	}
	return c
}

func (p *Placer) title(id topic.ID) string {
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
