package story

import (
	"slices"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

// Reading is a report with what was found in it.
type Reading struct {
	Report  report.Report
	Matches []topic.Match
	Claims  []claim.Claim
}

// Retold is a story as its reports, in their sequence, make it. Its number, title
// and lead are those of the first report unless s has them; what it follows and
// answers stays. The revision is one more than that of s.
func Retold(s Story, readings []Reading) Story {
	out := Story{
		ID: s.ID, Lead: s.Lead, Title: s.Title, Language: s.Language, Opened: s.Opened, Follows: s.Follows, Answers: s.Answers, OwnFeed: s.OwnFeed,
	}
	var sources []source.ID
	for i, x := range readings {
		if i == 0 && out.ID == 0 {
			r := x.Report
			out.ID, out.Lead, out.Title, out.Language, out.Opened = ID(r.ID), r.ID, r.Title, r.Language, r.Time()
		}
		if !slices.Contains(sources, x.Report.Source) {
			sources = append(sources, x.Report.Source)
		}
		out = joined(out, x.Report, x.Matches, len(sources))
		if len(x.Matches) > 0 {
			out = out.hear(x.Report, x.Claims)
		}
	}
	out.Revision = s.Revision + 1
	return out
}
