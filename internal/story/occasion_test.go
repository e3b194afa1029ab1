package story

import (
	"testing"

	"github.com/attache-bot/attache/internal/report"
)

// TestTrucesOfOneWarAreNotOne holds when what a truce is called after parts two reports.
func TestTrucesOfOneWarAreNotOne(t *testing.T) {
	t.Parallel()
	x := newTerms()
	gist := func(title, lead string) *gist {
		return x.gist(report.Report{Title: title, Description: lead, Language: "en"}, nil)
	}
	easter := gist("Russia and Ukraine accuse each other of breaking Easter truce", "Both armies said the other had fired first.")
	for title, c := range map[string]struct {
		lead string
		want bool
	}{
		"Ukraine accuses Russia of breaking pause in attacks":     {"Russia denied it.", true},
		"Ukraine says Russia broke the truce thirty times":        {"The Easter truce began on Saturday evening.", false},
		"Kyiv and Moscow trade blame over Easter ceasefire":       {"", false},
		"Kyiv and Moscow trade blame over Christmas ceasefire":    {"", true},
		"Pope calls for peace in Easter message from the balcony": {"", false},
	} {
		o := gist(title, c.lead)
		if got := otherTruce(easter, o); got != c.want || otherTruce(o, easter) != c.want {
			t.Errorf("%s: %v", title, got)
		}
	}
}
