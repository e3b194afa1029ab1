package story_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

func TestMerged(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 1, 29, 12, minute, 0, 0, time.UTC) }
	word := func(id report.ID, minute int, by string, act claim.Act, why story.TurnReason, s story.Standing) story.Turn {
		return story.Turn{By: by, Speaker: by, Act: act, Reason: why, Standing: s, Report: id, At: at(minute)}
	}
	claimed := word(1, 0, "US", claim.Assert, story.OthersClaim, story.Claimed)
	denied := word(3, 20, "RU", claim.Deny, story.PartyDenies, story.Denied)
	confirmed := word(2, 10, "RU", claim.Confirm, story.PartyAffirms, story.Confirmed)
	older := story.Story{
		ID: 1, Lead: 1, Title: "one", Opened: at(0), Updated: at(20), Reports: 2, Sources: 2, Revision: 4,
		Topics:    []story.TopicStage{{Topic: "ceasefire", Stage: "agreed"}},
		Testimony: story.Testimony{Bound: map[string]story.Stance{"RU": story.Denies}, Claimants: []string{"US"}},
		Turns:     []story.Turn{claimed, denied},
	}
	younger := story.Story{
		ID: 2, Lead: 2, Title: "two", Opened: at(10), Updated: at(15), Reports: 1, Sources: 1, Revision: 7, Follows: 1,
		Topics:    []story.TopicStage{{Topic: "ceasefire", Stage: "in-effect"}, {Topic: "summit"}},
		Testimony: story.Testimony{Bound: map[string]story.Stance{"RU": story.Affirms, "UA": story.Silent}},
		Turns:     []story.Turn{confirmed},
	}
	got := story.Merged(older, younger, 2)
	want := story.Story{
		ID: 1, Lead: 1, Title: "one", Opened: at(0), Updated: at(20), Reports: 3, Sources: 2, Revision: 8,
		Topics: []story.TopicStage{{Topic: "ceasefire", Stage: "agreed"}, {Topic: "summit"}},
		// The denial came last, and one who is bound has not spoken.
		Testimony: story.Testimony{Bound: map[string]story.Stance{"RU": story.Denies, "UA": story.Silent}, Claimants: []string{"US"}},
		Turns:     []story.Turn{claimed, confirmed, denied},
	}
	want.Turns[2].Standing = story.Disputed
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if older.Turns[1].Standing != story.Denied {
		t.Error("the older story was changed")
	}
	younger.Turns[0].At, younger.Updated = at(30), at(30)
	later := story.Merged(older, younger, 2)
	if later.Testimony.Bound["RU"] != story.Affirms || later.Topics[0].Stage != "in-effect" {
		t.Errorf("the later word and stage do not hold: %+v", later)
	}
}
