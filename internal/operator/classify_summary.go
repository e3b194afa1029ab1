package operator

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/summary"
	"github.com/attache-bot/attache/internal/text"
)

// maxGists is how many stories' reports are kept before those of closed stories
// go, and maxGistText how much of each report's texts, in code points.
const (
	maxGists    = 20_000
	maxGistText = 8 << 10
)

// gists make the summaries of the open stories.
type gists struct {
	maker   *summary.Maker
	stories map[story.ID]gist
}

// gist are the reports of a story that a summary is made of.
type gist struct {
	reports []report.Report
	updated time.Time
}

func newGists(claims summary.Claims) (gists, error) {
	maker, err := summary.New(claims)
	if err != nil {
		return gists{}, fmt.Errorf("read the grammars of summaries: %w", err)
	}
	return gists{maker: maker, stories: map[story.ID]gist{}}, nil
}

// summarise makes the summary of a story that r has joined. Its headline is r's,
// as in an alert.
func (c *classifier) summarise(s story.Story, r report.Report) (*string, []classifiedSentence) {
	g := c.gists.stories[s.ID]
	r.Description, r.Body = strings.Clone(text.Cut(r.Description, maxGistText)), strings.Clone(text.Cut(r.Body, maxGistText))
	if g.reports = append(g.reports, r); len(g.reports) > summary.MaxReports {
		g.reports = summary.Telling(g.reports)
	}
	g.updated = s.Updated
	c.gists.stories[s.ID] = g
	if len(c.gists.stories) > maxGists {
		maps.DeleteFunc(c.gists.stories, func(_ story.ID, o gist) bool { return o.updated.Before(s.Updated.Add(-story.Window)) })
	}
	made := c.gists.maker.Story(r.Title, g.reports, r.Language)
	out := make([]classifiedSentence, len(made))
	for i, m := range made {
		out[i] = classifiedSentence{Text: m.Text, Outlet: c.outlet(m.Source), Link: m.Link}
	}
	whole := summary.Text(made)
	return &whole, out
}

// outlet names a source as readers call it.
func (c *classifier) outlet(id source.ID) string {
	if s, ok := c.input.sources[string(id)]; ok {
		return s.Name
	}
	return string(id)
}
