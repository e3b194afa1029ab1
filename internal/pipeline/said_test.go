package pipeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/story"
)

func TestWhatAnAlertSaysOfItsClaims(t *testing.T) {
	t.Parallel()
	claimed := claim.Claim{Speaker: "Trump", Side: "US", Act: claim.Assert, Party: "Putin", Parties: []string{"RU"}, Field: claim.Title}
	lead := claimed
	lead.Speaker, lead.Field = "US president", claim.Lead
	silent := claim.Claim{Speaker: "Kremlin", Side: "RU", Act: claim.NoComment, Field: claim.Lead, Aside: true}
	thanks := claim.Claim{Speaker: "Zelensky", Side: "UA", Act: claim.Assert, Tone: claim.Welcome, Field: claim.Lead, Aside: true}
	history := claim.Claim{Speaker: "Kyiv", Side: "UA", Act: claim.Accuse, Parties: []string{"RU"}, Field: claim.Lead, Aside: true}
	trump := alert.Said{Speaker: "Trump", Act: claim.Assert, About: "Putin"}
	for _, c := range []struct {
		name     string
		claims   []claim.Claim
		standing story.Standing
		want     []alert.Said
	}{
		{"nobody says it: the outlet does", nil, story.Reported, nil},
		{"background alone: the outlet does", []claim.Claim{history}, story.Reported, nil},
		{
			"the main claim, the answer of the one it binds, and a welcome",
			[]claim.Claim{claimed, silent, thanks},
			story.Claimed,
			[]alert.Said{trump, {Speaker: "Kremlin", Act: claim.NoComment}, {Speaker: "Zelensky", Act: claim.Assert, Tone: claim.Welcome}},
		},
		{"not what went before", []claim.Claim{claimed, history}, story.Claimed, []alert.Said{trump}},
		{"not twice what the lead repeats", []claim.Claim{claimed, lead}, story.Claimed, []alert.Said{trump}},
	} {
		standing, got := said(c.claims)
		if diff := cmp.Diff(c.want, got); diff != "" || standing != c.standing {
			t.Errorf("%s: %s, want %s (-want +got):\n%s", c.name, standing, c.standing, diff)
		}
	}
}
