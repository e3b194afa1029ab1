package summary

import (
	"slices"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
)

// heads are the claims of each report's title and description: what a story goes
// by, without the background that a body tells.
func (m *Maker) heads(reports []report.Report) [][]claim.Claim {
	out := make([][]claim.Claim, len(reports))
	for i, r := range reports {
		r.Body = ""
		out[i] = m.extract(r)
	}
	return out
}

// answered are the parties that have spoken for themselves, each with the place of
// the last report that tells it.
func answered(heads [][]claim.Claim) map[string]int {
	out := map[string]int{}
	for i, claims := range heads {
		for _, c := range claims {
			switch c.Act {
			case claim.Confirm, claim.Deny, claim.Reject:
				if c.Side != "" {
					out[c.Side] = i
				}
			}
		}
	}
	return out
}

// overtaken reports whether all that a sentence of the report at the place says is
// that a party keeps silent, which has answered in a later report: the reader, who
// sees both, would not know which holds.
func overtaken(claims []claim.Claim, at int, answered map[string]int) bool {
	return len(claims) > 0 && !slices.ContainsFunc(claims, func(c claim.Claim) bool {
		later, ok := answered[c.Side]
		return c.Act != claim.NoComment || !ok || later <= at
	})
}
