package story

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// TestOneTextOfAnOutletBelowTwoNewsTellsNothing: a series has one text below all its
// pieces, which says nothing of any of them; two outlets have one text where both print
// what a wire sent.
func TestOneTextOfAnOutletBelowTwoNewsTellsNothing(t *testing.T) {
	t.Parallel()
	const below = "Follow the war, its people, its price and its diplomacy with our correspondents on the ground, at every hour of the day."
	terms, now := newTerms(), time.Unix(0, 0)
	gist := func(outlet source.ID, title string) *gist {
		return terms.gist(report.Report{Source: outlet, Title: title, Description: below, Language: "en", Seen: now}, nil)
	}
	first := gist("wire", "Coastal Front enters Port Selam at dawn as president calls for calm and minister shuts banks")
	for _, c := range []struct {
		outlet source.ID
		title  string
		apart  bool
	}{
		{"wire", "Weary neighbours see 'gravest challenge' to president in decades, and a minister who sleeps badly", true},
		{"daily", "Weary neighbours see 'gravest challenge' to president in decades, and a minister who sleeps badly", false},
	} {
		got := terms.look("en", now).compare(first, gist(c.outlet, c.title))
		if apart := got.sum == unlike; apart != c.apart {
			t.Errorf("%s: %q: parted %v (%.2f)", c.outlet, c.title, apart, got.sum)
		}
	}
}
