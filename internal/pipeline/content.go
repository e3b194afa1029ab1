package pipeline

import (
	"cmp"
	"slices"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/summary"
	"github.com/attache-bot/attache/internal/topic"
)

// content is what an alert says of the report that raises it, to every channel.
func (p *Placer) content(r report.Report, id story.ID, claims []claim.Claim) alert.Content {
	c := alert.Content{
		Story: id, Headline: r.Title, Summary: summary.Lead(r), Link: r.Link,
		Time: r.Time(), Language: r.Language, Outlet: alert.Outlet{Name: string(r.Source)},
	}
	if s, ok := p.sources.Get(r.Source); ok {
		c.Outlet = alert.Outlet{Name: s.Name, Tier: s.Tier, Country: s.Country, StateControlled: s.StateControlled}
	}
	if p.o.Claims != nil {
		c.Standing, c.Said = said(claims)
	}
	return c
}

// maxSaid is how many speakers an alert names.
const maxSaid = 4

// said are the claims that an alert tells, with what they add up to: the main
// one and those beside it, and from the background the answers of parties that
// are bound. Without a main claim the outlet speaks for itself.
func said(claims []claim.Claim) (story.Standing, []alert.Said) {
	first, ok := claim.Main(claims)
	if !ok {
		return story.Reported, nil
	}
	told, _ := story.Testimony{}.Hear(claims)
	var out []alert.Said
	heard := map[string]bool{} // the parties that have a line
	for _, c := range claims {
		answers := c.Side != "" && slices.Contains(first.Parties, c.Side) && (c.Act == claim.Confirm || c.Act == claim.Deny || c.Act == claim.NoComment)
		again := heard[c.Side] && (c.Act == first.Act || c.Act == claim.Assert && c.Tone == "")
		if c.Aside && !answers && c.Tone == "" || again {
			continue
		}
		heard[c.Side] = c.Side != ""
		if out = append(out, alert.Said{Speaker: c.Speaker, Act: c.Act, Tone: c.Tone, About: c.Party}); len(out) == maxSaid {
			break
		}
	}
	return told.Standing(), out
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
