package claim_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/claim"
)

// TestVerbsOfForceAreSpeechOfPersons: who attacks a rival over something speaks, and who
// attacks a village does not.
func TestVerbsOfForceAreSpeechOfPersons(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		title string
		want  said
	}{
		{"Jane Hansen attacks rival over cod tax", said{"Jane Hansen", claim.Accuse}},
		{"Fish minister attacks 'lazy' fleet", said{"Fish minister", claim.Accuse}},
		{"Fishermen attack 'lazy' fleet", said{"Fishermen", claim.Accuse}},
		{"Norway attacks harbour over night", said{"", claim.None}},
		{"Norwegian troops attacked village on Monday", said{"", claim.None}},
		{"Fish minister slaps down skipper over quota", said{"Fish minister", claim.Accuse}},
		{"Norwegian army hasn't ruled out second cod raid", said{"Norwegian army", claim.Assert}},
		{"Jane Hansen fires back when asked about cod", said{"Jane Hansen", claim.Assert}},
		{"Norwegian rebels fire back as army shells harbour", said{"", claim.None}},
		{"Jane Hansen hits back at rival's 'lazy' jibe", said{"Jane Hansen", claim.Accuse}},
		{"Jane Hansen hits back at claims of theft", said{"Jane Hansen", claim.Deny}},
		{"Jane Hansen paints rival as 'a threat'", said{"Jane Hansen", claim.Assert}},
		{"Jane Hansen won't commit to cod quota", said{"Jane Hansen", claim.Reject}},
		{"Fish ministers push for wider nets", said{"Fish ministers", claim.Demand}},
		{"Parliament push for wider nets gains ground", said{"", claim.None}},
		{"Jane Hansen gushes over new fleet", said{"Jane Hansen", claim.Assert}},
		{"Norway sees hurdles to cod deal", said{"Norway", claim.Assert}},
		{"Norway objects to wider nets", said{"Norway", claim.Reject}},
	} {
		if got := mainOf(x, english(c.title, "")); got != c.want {
			t.Errorf("%s: got %v, want %v", c.title, got, c.want)
		}
	}
}

// TestWhatEndsOrOpensAHeadlineTellsWhoseWordItIs: what a court hears, what it rules, what
// somebody says of himself behind a colon.
func TestWhatEndsOrOpensAHeadlineTellsWhoseWordItIs(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		title string
		want  said
	}{
		{"Skipper threatened to sink boat, court told", said{"", claim.None}},
		{"Cod ban unlawful, appeal court rules", said{"appeal court", claim.Assert}},
		{"Cod article was unfair, fish regulator rules", said{"fish regulator", claim.Assert}},
		{"Is cod cheap? Fish minister claims it is", said{"Fish minister", claim.Assert}},
		{"Norway says harassment of skippers is unacceptable", said{"Norway", claim.Accuse}},
		{"Norway says terms are unacceptable", said{"Norway", claim.Reject}},
		{"Fish minister calls rival 'unhinged'", said{"Fish minister", claim.Accuse}},
		{"Fish minister says Norway should broker peace", said{"Fish minister", claim.Demand}},
		{"Turn your engines off every night, Norwegian minister tells skippers", said{"Norwegian minister", claim.Demand}},
		{"Norwegian prison inmate rejects chance of pardon", said{"Norwegian prison inmate", claim.Reject}},
		{"UK plan to send boats is unlawful, court rules", said{"court", claim.Assert}},
		{"Starmer: I won’t hand out cod if I become PM", said{"Starmer", claim.Announce}},
		{"Cod live updates: boat found; skipper rescued – latest news", said{"", claim.None}},
		{"Norway calls crisis meeting as cod vanishes", said{"", claim.None}},
		{"Norway calls early election", said{"", claim.None}},
		{"Stocks Shrug Off Cod Angst", said{"", claim.None}},
		{"Fish theft suspects plead not guilty", said{"Fish theft suspects", claim.Deny}},
		{"Fish minister blows off criticism of cod deal", said{"Fish minister", claim.Deny}},
		{"Fish minister calls to end cod ban", said{"Fish minister", claim.Demand}},
		{"Fish minister called to end cod dispute", said{"", claim.None}},
		{"Fish minister defended after cod ban", said{"", claim.None}},
	} {
		if got := mainOf(x, english(c.title, "")); got != c.want {
			t.Errorf("%s: got %v, want %v", c.title, got, c.want)
		}
	}
}
