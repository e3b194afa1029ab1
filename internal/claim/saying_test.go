package claim_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/claim"
)

// TestWhoSpeaksIsToldByBothFields: whom a headline or a description calls only by what he
// is, and what outlets are a state's own.
func TestWhoSpeaksIsToldByBothFields(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		name, title, description string
		want                     said
	}{
		{"a leader by his office", "Macron breaks silence on ferries", "French president says the boats must sail.", said{"Macron", claim.Demand}},
		{"a leader behind his state", "France's Macron to visit ferries", "French president says the boats must sail.", said{"Macron", claim.Demand}},
		{"a role of two words", "Ferries stop", "Mercenary leader Jane Hansen stopped the ferries, saying she wanted peace.", said{"Jane Hansen", claim.Assert}},
		{"another's office", "Putin visits Minsk", "French president says the boats must sail.", said{"French president", claim.Demand}},
		{"a candidate by her office", "Jane Hansen to run for mayor", "The former governor said a change was due.", said{"Jane Hansen", claim.Announce}},
		{"a thinktank of a state", "Cod prices to double, says US thinktank; ministers gather", "Fishing may stop, says Institute for the Study of Cod; ministers will talk.", said{"Institute for the Study of Cod", claim.Assert}},
		{"a thinktank before a semicolon", "Cod prices to double, says thinktank; ministers gather", "", said{"thinktank", claim.Assert}},
		{"media of the state", "Norway opens consulate in Mali", "State media says Norway will open the consulate in May.", said{"State media", claim.Assert}},
		{"media of nobody", "Norway opens consulate in Mali", "Local media says the house is old.", said{"", claim.None}},
		{"those who count the dead", "Two found dead after trawler fire", "Officials have confirmed the names.", said{"", claim.None}},
		{"answers in the description", "Hansen responds to claims over trawlers", "He denied the claims of smuggling.", said{"Hansen", claim.Deny}},
		{"introduced by the same word", "Retired deckhand sounds alarm over nets", "Jane Hansen, a retired deckhand who mends nets, warned that they tear.", said{"Jane Hansen", claim.Assert}},
		{"whose plans they are", "Cod prices may not fall", "One of the plans Norway has announced this year helps skippers.", said{"", claim.None}},
		{"a poll of people", "Sailors oppose longer shifts: poll", "", said{"poll", claim.Assert}},
		{"told a hearing", "Trawlers like prisons, deckhand tells inquiry", "", said{"deckhand", claim.Assert}},
	} {
		if got := mainOf(x, english(c.title, c.description)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
