package story_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

var turnsBegin = time.Date(2026, 1, 29, 18, 0, 0, 0, time.UTC)

// telling places reports of one story, each with its claims and the stage that it
// tells, and returns the story.
func telling(t *testing.T, x *story.Index, from int, reports ...[]claim.Claim) story.Story {
	t.Helper()
	var s story.Story
	for i, claims := range reports {
		n := from + i
		r := report.Report{
			ID: report.ID(n + 1), Source: "wire", Language: "en", Title: "Pause in attacks on Kyiv for a week",
			Seen: turnsBegin.Add(time.Duration(n) * time.Minute), Keys: []report.Key{"l:0123"},
		}
		stage := []topic.Stage{"proposed", "agreed"}[min(n, 1)]
		p := x.Place(r, []topic.Match{{Topic: "ceasefire", Score: 3, Stage: stage}})
		s, _ = x.Hear(p.Story.ID, r, claims)
	}
	return s
}

func turnWords(turns []story.Turn) []string {
	var out []string
	for _, t := range turns {
		who := t.Speaker
		if t.Stage != "" {
			who = string(t.Topic) + " " + string(t.Stage)
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d: %s %s%s: %s, %s", t.Report, who, t.Act, t.Tone, t.Reason, t.Standing)))
	}
	return out
}

var (
	trumpClaims   = claim.Claim{Speaker: "Trump", Side: "US", Act: claim.Assert, Party: "Putin", Parties: []string{"RU"}}
	kremlinSilent = claim.Claim{Speaker: "Kremlin", Side: "RU", Act: claim.NoComment, Aside: true}
	kremlinAgrees = claim.Claim{Speaker: "Peskov", Side: "RU", Act: claim.Confirm}
	kyivWelcomes  = claim.Claim{Speaker: "Zelensky", Side: "UA", Act: claim.Assert, Tone: claim.Welcome}
	kyivDemands   = claim.Claim{Speaker: "Kyiv", Side: "UA", Act: claim.Demand}
)

func TestAStoryKeepsWhatWasNewInItAndWhy(t *testing.T) {
	t.Parallel()
	x := story.NewIndex(nil)
	first := []claim.Claim{trumpClaims, kremlinSilent}
	s := telling(t, x, 0, first, first, []claim.Claim{kyivWelcomes}, []claim.Claim{kremlinAgrees, kyivDemands}, []claim.Claim{kremlinAgrees})
	want := []string{
		"1: Trump claim: others-claim, claimed",
		"1: Kremlin no-comment: new-word, claimed",
		"2: ceasefire agreed : stage-moves, claimed",
		"3: Zelensky claimwelcome: new-word, claimed",
		"4: Peskov confirm: party-affirms, confirmed",
		"4: Kyiv demand: new-word, confirmed",
	}
	if diff := cmp.Diff(want, turnWords(s.Turns)); diff != "" {
		t.Errorf("turns (-want +got):\n%s", diff)
	}
	want = []string{
		"1: Trump claim: others-claim, claimed",
		"4: Peskov confirm: party-affirms, confirmed",
		"4: Kyiv demand: new-word, confirmed",
	}
	if diff := cmp.Diff(want, turnWords(s.Said())); diff != "" {
		t.Errorf("where the parties stand (-want +got):\n%s", diff)
	}
	if at := s.Turns[4].At; !at.Equal(turnsBegin.Add(3*time.Minute)) || s.Turns[4].Source != "wire" {
		t.Errorf("the confirmation is of %v by %s", at, s.Turns[4].Source)
	}
}

func TestAnswersToNobodyAreNotTold(t *testing.T) {
	t.Parallel()
	welcome := kyivWelcomes
	welcome.Aside = true
	if s := telling(t, story.NewIndex(nil), 0, []claim.Claim{welcome}); len(s.Turns) > 0 {
		t.Errorf("turns of a story in which outlets speak: %v", turnWords(s.Turns))
	}
}

func TestWhatSomebodySaysBesidesIsNoAnswer(t *testing.T) {
	t.Parallel()
	besides := claim.Claim{Speaker: "Ukrainian president", Side: "UA", Act: claim.Assert}
	s := telling(t, story.NewIndex(nil), 0, []claim.Claim{trumpClaims}, []claim.Claim{kyivWelcomes}, []claim.Claim{besides})
	want := []string{"1: Trump claim: others-claim, claimed", "2: Zelensky claimwelcome: new-word, claimed"}
	if diff := cmp.Diff(want, turnWords(s.Said())); diff != "" {
		t.Errorf("where the parties stand (-want +got):\n%s", diff)
	}
	if last := s.Turns[len(s.Turns)-1]; last.By != "UA" || last.Adds(story.Claimed) {
		t.Errorf("the last turn adds something: %+v", last)
	}
}

func TestWhoHasNoNameIsNoFurtherParty(t *testing.T) {
	t.Parallel()
	officials := claim.Claim{Speaker: "officials", Act: claim.Assert}
	s := telling(t, story.NewIndex(nil), 0, []claim.Claim{officials}, []claim.Claim{trumpClaims})
	if diff := cmp.Diff([]string{"1: officials claim: others-claim, claimed", "2: Trump claim: others-claim, claimed"}, turnWords(s.Said())); diff != "" {
		t.Errorf("officials come first (-want +got):\n%s", diff)
	}
	deny := claim.Claim{Speaker: "officials", Act: claim.Deny}
	s = telling(t, story.NewIndex(nil), 0, []claim.Claim{trumpClaims}, []claim.Claim{officials}, []claim.Claim{deny})
	if diff := cmp.Diff([]string{"1: Trump claim: others-claim, claimed", "3: officials deny: others-deny, disputed"}, turnWords(s.Said())); diff != "" {
		t.Errorf("officials come later (-want +got):\n%s", diff)
	}
}

// TestARestoredStoryGoesOn: what joins after a restart turns the story as it
// would have without one.
func TestARestoredStoryGoesOn(t *testing.T) {
	t.Parallel()
	x := story.NewIndex(nil)
	before := telling(t, x, 0, []claim.Claim{trumpClaims, kremlinSilent})
	again := story.NewIndex(nil)
	again.Restore(story.Told{Story: before, Reports: []report.Report{{ID: 1, Source: "wire", Seen: turnsBegin, Keys: []report.Key{"l:0123"}}}})
	for i, claims := range [][]claim.Claim{{kremlinSilent}, {kremlinAgrees}} {
		want, got := telling(t, x, i+1, claims), telling(t, again, i+1, claims)
		if diff := cmp.Diff(want.Turns, got.Turns); diff != "" {
			t.Errorf("turns (-without +with a restart):\n%s", diff)
		}
		if diff := cmp.Diff(x.Tellers(1), again.Tellers(1)); diff != "" {
			t.Errorf("tellers (-without +with a restart):\n%s", diff)
		}
	}
}

func TestTurnsAreBounded(t *testing.T) {
	t.Parallel()
	flips := make([][]claim.Claim, 100)
	for i := range flips {
		flips[i] = []claim.Claim{{Speaker: strings.Repeat("Kremlin ", 100), Side: "RU", Act: []claim.Act{claim.Confirm, claim.Deny}[i%2]}}
	}
	s := telling(t, story.NewIndex(nil), 0, flips...)
	if n := len(s.Turns); n != 64 || s.Turns[0].Report != 1 || s.Turns[n-1].Report != 100 {
		t.Errorf("%d turns, of reports %d to %d", n, s.Turns[0].Report, s.Turns[n-1].Report)
	}
	if n := len(s.Turns[0].Speaker); n > 130 {
		t.Errorf("a name of %d bytes is kept", n)
	}
}

func TestNobodyIsToldAgainWhatASpeakerHolds(t *testing.T) {
	t.Parallel()
	var (
		kyivClaims    = claim.Claim{Speaker: "Kyiv", Side: "UA", Act: claim.Assert, Party: "Putin", Parties: []string{"RU"}}
		pragueDenies  = claim.Claim{Speaker: "Fiala", Side: "CZ", Act: claim.Deny, Party: "Putin", Parties: []string{"RU"}}
		pragueRejects = claim.Claim{Speaker: "Prague", Side: "CZ", Act: claim.Reject}
	)
	s := telling(t, story.NewIndex(nil), 0, []claim.Claim{kyivClaims}, []claim.Claim{pragueDenies}, []claim.Claim{kyivWelcomes}, []claim.Claim{pragueRejects})
	want := []string{
		"1: Kyiv claim: others-claim, claimed",
		"2: ceasefire agreed : stage-moves, claimed",
		"2: Fiala deny: others-deny, disputed",
	}
	if diff := cmp.Diff(want, turnWords(s.Turns)); diff != "" {
		t.Error(diff)
	}
}

func TestARoleIsOnePartyInWhicheverOrderItsWordsStand(t *testing.T) {
	t.Parallel()
	one := claim.Claim{Speaker: "Governor of Tigray", Act: claim.Demand}
	other := claim.Claim{Speaker: "Tigray governor", Act: claim.Demand}
	s := telling(t, story.NewIndex(nil), 0, []claim.Claim{one}, []claim.Claim{other})
	want := []string{"1: Governor of Tigray demand: new-word, reported", "2: ceasefire agreed : stage-moves, reported"}
	if diff := cmp.Diff(want, turnWords(s.Turns)); diff != "" {
		t.Error(diff)
	}
}
