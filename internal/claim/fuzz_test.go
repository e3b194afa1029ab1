package claim_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/claim"
)

// FuzzExtract holds what is true of the claims of any text: they are bounded, and
// nothing is said or quoted that the report does not hold.
func FuzzExtract(f *testing.F) {
	f.Add("Trump says Putin agreed to pause", `"We know nothing", said Dmitry Peskov, the spokesman.`)
	f.Add("Kremlin: ‘no comment’ - UN", "He, who said (it), said he said.")
	f.Add("of of and says, says says: says", "According to according to the , , said")
	f.Add("'", "“'‘(says)")
	x := extractor(f)
	f.Fuzz(func(t *testing.T, title, lead string) {
		claims := x.Extract(english(title, lead))
		if len(claims) > 8 {
			t.Errorf("%d claims", len(claims))
		}
		for _, c := range claims {
			field := title
			if c.Field == claim.Lead {
				field = lead
			}
			if c.Speaker == "" || !strings.Contains(title+"\n"+lead, c.Speaker) {
				t.Errorf("speaker %q is not in the report", c.Speaker)
			}
			if c.At < 0 || c.At > len(field) || !strings.HasPrefix(field[c.At:], c.Cue) {
				t.Errorf("cue %q is not at %d of the %s", c.Cue, c.At, c.Field)
			}
			for _, s := range []string{c.Quote, c.Party} {
				if !strings.Contains(title+"\n"+lead, s) {
					t.Errorf("%q is not in the report", s)
				}
			}
			if !slices.Contains(claim.Acts(), c.Act) {
				t.Errorf("%q is no act", c.Act)
			}
		}
	})
}
