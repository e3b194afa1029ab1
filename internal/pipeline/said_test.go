package pipeline

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// living is what an alert tells of a story whose reports, of one outlet each, make
// these claims.
func living(t *testing.T, reports ...[]claim.Claim) alert.Living {
	t.Helper()
	sources, err := source.NewCatalogue([]source.Source{
		{ID: "s0", Name: "Northwire", Country: "GB", Language: "en", Tier: source.Wire},
		{ID: "s1", Name: "State Herald", Country: "RU", Language: "en", Tier: source.National, StateControlled: true},
		{ID: "s2", Name: "Carrier", Country: "US", Language: "en", Tier: source.National, Wires: []source.ID{"s0"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(nil, nil, sources, Options{Batch: 1, MaxAge: time.Hour, Now: time.Now, Logger: slog.New(slog.DiscardHandler), Claims: never{}})
	if err != nil {
		t.Fatal(err)
	}
	p.index = newIndexes(nil)
	var s story.Story
	for i, claims := range reports {
		r := report.Report{
			ID: report.ID(i + 1), Source: source.ID("s" + string(rune('0'+i))), Language: "en", Title: "Pause in attacks on Kyiv for a week",
			Seen: begin.Add(time.Duration(i) * time.Minute), Keys: []report.Key{"l:0123"},
		}
		s, _ = p.index.common.Hear(p.index.common.Place(r, nil).Story.ID, r, claims)
	}
	return p.living(s)
}

var begin = time.Date(2026, 1, 29, 18, 0, 0, 0, time.UTC)

// never reads no claims: the tests have them.
type never struct{}

func (never) Extract(report.Report) []claim.Claim { return nil }

var (
	claimed = claim.Claim{Speaker: "Trump", Side: "US", Act: claim.Assert, Party: "Putin", Parties: []string{"RU"}, Field: claim.Title}
	silent  = claim.Claim{Speaker: "Kremlin", Side: "RU", Act: claim.NoComment, Field: claim.Lead, Aside: true}
	thanks  = claim.Claim{Speaker: "Zelensky", Side: "UA", Act: claim.Assert, Tone: claim.Welcome, Field: claim.Lead, Aside: true}
	history = claim.Claim{Speaker: "Kyiv", Side: "UA", Act: claim.Accuse, Parties: []string{"RU"}, Field: claim.Lead, Aside: true}
	agrees  = claim.Claim{Speaker: "Peskov", Side: "RU", Act: claim.Confirm, Field: claim.Title}
)

func TestWhatAnAlertSaysOfItsClaims(t *testing.T) {
	t.Parallel()
	lead := claimed
	lead.Speaker, lead.Field = "US president", claim.Lead
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
		got := living(t, c.claims)
		if diff := cmp.Diff(c.want, got.Said); diff != "" || got.Standing != c.standing {
			t.Errorf("%s: %s, want %s (-want +got):\n%s", c.name, got.Standing, c.standing, diff)
		}
	}
}

func TestWhatAnAlertTellsOfAStoryThatGoesOn(t *testing.T) {
	t.Parallel()
	got := living(t, []claim.Claim{claimed, silent}, []claim.Claim{agrees, thanks}, []claim.Claim{agrees})
	want := alert.Living{
		Standing: story.Confirmed,
		Said: []alert.Said{
			{Speaker: "Trump", Act: claim.Assert, About: "Putin"},
			{Speaker: "Peskov", Act: claim.Confirm},
			{Speaker: "Zelensky", Act: claim.Assert, Tone: claim.Welcome},
		},
		Voices: []alert.Outlet{
			{Name: "Northwire", Country: "GB", Tier: source.Wire},
			{Name: "State Herald", Country: "RU", Tier: source.National, StateControlled: true},
		},
		Independent: 2, Repeats: 1,
		Timeline: []alert.Moment{
			{At: begin, Said: alert.Said{Speaker: "Trump", Act: claim.Assert, About: "Putin"}, Standing: story.Claimed},
			{At: begin, Said: alert.Said{Speaker: "Kremlin", Act: claim.NoComment}},
			{At: begin.Add(time.Minute), Said: alert.Said{Speaker: "Peskov", Act: claim.Confirm}, Standing: story.Confirmed},
			{At: begin.Add(time.Minute), Said: alert.Said{Speaker: "Zelensky", Act: claim.Assert, Tone: claim.Welcome}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATimelineTellsTheFirstAndTheLast(t *testing.T) {
	t.Parallel()
	flips := [][]claim.Claim{{claimed}}
	for i := range 9 {
		c := agrees
		c.Act = []claim.Act{claim.Confirm, claim.Deny}[i%2]
		flips = append(flips, []claim.Claim{c})
	}
	got := living(t, flips...).Timeline
	if len(got) != alert.MaxMoments || got[0].Said.Speaker != "Trump" || got[len(got)-1].At != begin.Add(9*time.Minute) {
		t.Errorf("%d moments: %+v", len(got), got)
	}
}
