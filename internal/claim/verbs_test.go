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
		{"Norway attacks harbour over night", said{"", claim.None}},
		{"Norwegian troops attacked village on Monday", said{"", claim.None}},
		{"Fish minister slaps down skipper over quota", said{"Fish minister", claim.Accuse}},
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
