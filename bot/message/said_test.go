package message_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
)

// TestVerbsAgreeWithWhoSpeaks holds which speakers are more than one.
func TestVerbsAgreeWithWhoSpeaks(t *testing.T) {
	t.Parallel()
	for speaker, many := range map[string]bool{
		"Trump": false, "Russia and Ukraine": true, "Росія та Україна": true, "EU ambassadors": true, "US officials": true,
		"officials of the ministry": true, "residents in Kharkiv": true, "police": true, "Hamas": false, "United Nations": false,
		"United States": false, "Reuters": false, "the White House press": false, "Russia's defence ministry": false,
		"Ministry of Health and Welfare": false, "Justice and Development Party": false, "a news agency": false, "Kremlin spokesman": false,
		"Officials": true, "Palestinians": true, "Doe, Roe": true, "Paris": false, "Frankreich und Deutschland": true, "la France et l’Allemagne": true,
	} {
		said := string(message.Said(alert.Said{Speaker: speaker, Act: claim.Confirm}, wording.Speaker{}))
		if got := strings.HasSuffix(said, " confirm it"); got != many {
			t.Errorf("%q: %s", speaker, said)
		}
	}
}

// TestSeveralSpeakersAreTold holds what several speakers do, in all languages.
func TestSeveralSpeakersAreTold(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, lang := range wording.Languages() {
		for _, act := range []claim.Act{claim.Announce, claim.Assert, claim.Confirm, claim.Deny, claim.Reject, claim.NoComment, claim.Accuse, claim.Threaten, claim.Demand} {
			for _, about := range []string{"", "Putin"} {
				fmt.Fprintln(&got, message.Said(alert.Said{Speaker: "EU ambassadors", Act: act, About: about}, wording.In(lang)))
			}
		}
		for _, tone := range []claim.Tone{claim.Welcome, claim.Doubt} {
			fmt.Fprintln(&got, message.Said(alert.Said{Speaker: "EU ambassadors", Act: claim.Assert, Tone: tone}, wording.In(lang)))
		}
	}
	const file = "testdata/said-many.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("what people read differs (-want +got):\n%s", diff)
	}
}
