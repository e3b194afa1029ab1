package app

import (
	"maps"
	"slices"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

// catalogue tells the commands of the topics.
type catalogue struct{ topics *topic.Set }

// Topics implements [command.Catalogue].
func (c catalogue) Topics() []desk.TopicInfo {
	var out []desk.TopicInfo
	for _, d := range c.topics.Definitions() {
		// People look for a topic in their own language; English comes first.
		aliases := slices.Clone(d.Keywords["en"])
		for _, lang := range slices.Sorted(maps.Keys(d.Keywords)) {
			if lang != "en" {
				aliases = append(aliases, d.Keywords[lang]...)
			}
			if t := d.Title[lang]; t != "" && lang != "en" {
				aliases = append(aliases, t)
			}
		}
		out = append(out, desk.TopicInfo{ID: d.ID, Title: d.Title["en"], Description: d.About, Stages: d.Stages, Aliases: aliases})
	}
	return out
}

// explainer judges every topic in a report again.
func explainer(set *topic.Set) func(report.Report) []topic.Verdict {
	return func(r report.Report) []topic.Verdict {
		return set.Explain(topic.Doc{Title: r.Title, Lead: r.Description, Body: r.Body, Language: r.Language})
	}
}
