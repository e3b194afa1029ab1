package command_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// tellStory stores a story of four reports: a claim, a copy of it, an answer, and
// one that confirms, with the word of a fifth that opened a story of its own. It
// follows another story, unless that is 0. It returns the story's name.
func (b bench) tellStory(t testing.TB, follows story.ID) string {
	t.Helper()
	rs := b.poll(t,
		told{"wire", "Trump says Putin agreed to halt attacks", "https://wire.example/halt", "", "", 50, nil},
		told{"daily", "Putin agreed to halt attacks, Trump says", "https://daily.example/halt", "", "", 45, nil},
		told{"state", "Kremlin does not comment on the pause", "https://state.example/no-comment", "", "", 30, nil},
		told{"gone", "Peskov confirms the pause <@1>", "javascript:alert(1)", "", "", 10, nil},
		told{"wire", "Erdogan welcomes the halt", "https://wire.example/welcome", "", "", 8, nil},
	)
	first := rs[0]
	s := story.Story{
		ID: story.ID(first.ID), Lead: first.ID, Title: first.Title, Language: "en", Opened: first.Seen, Updated: rs[3].Seen,
		Reports: 4, Sources: 4, Revision: 4, Follows: follows, Topics: []story.TopicStage{{Topic: "ceasefire", Stage: "agreed"}},
		Testimony: story.Testimony{Bound: map[string]story.Stance{"RU": story.Affirms, "UA": story.Silent}, Claimants: []string{"US"}},
	}
	said := func(by, speaker string, act claim.Act, about string, why story.TurnReason, left story.Standing, r report.Report) {
		s.Turns = append(s.Turns, story.Turn{
			By: by, Speaker: speaker, Act: act, About: about, Reason: why, Standing: left, Report: r.ID, Source: r.Source, At: r.Seen,
		})
	}
	said("US", "Trump", claim.Assert, "Putin", story.OthersClaim, story.Claimed, rs[0])
	s.Turns = append(s.Turns, story.Turn{Topic: "ceasefire", Stage: "agreed", Reason: story.StageMoves, Standing: story.Claimed, Report: rs[1].ID, Source: rs[1].Source, At: rs[1].Seen})
	said("RU", "Kremlin", claim.NoComment, "", story.NewWord, story.Claimed, rs[2])
	said("RU", "Peskov @everyone", claim.Confirm, "", story.PartyAffirms, story.PartlyConfirmed, rs[3])
	// An answer that opened a story of its own is told here too.
	answer := rs[4]
	s.Turns = append(s.Turns, story.Turn{
		By: "TR", Speaker: "Erdogan", Act: claim.Assert, Tone: claim.Welcome, Reason: story.NewWord, Standing: story.PartlyConfirmed, Report: answer.ID, Source: answer.Source, At: answer.Seen,
	})
	placed := []pipeline.Placed{{Placement: story.Placement{Report: answer.ID, Opened: true, Reason: story.OpensNew, Story: story.Story{
		ID: story.ID(answer.ID), Lead: answer.ID, Title: answer.Title, Opened: answer.Seen, Updated: answer.Seen, Reports: 1, Sources: 1, Revision: 1, Follows: s.ID,
	}}}}
	for i, r := range rs[:4] {
		p := story.Placement{Report: r.ID, Story: s, Opened: i == 0, Reason: story.Alike}
		p.Matches = []topic.Match{{Topic: "ceasefire", Stage: "agreed", Score: 3}}
		placed = append(placed, pipeline.Placed{Placement: p})
	}
	if err := b.store.SavePlacements(t.Context(), now, placed); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint("s", s.ID)
}

func TestAStoryIsFoundByWhatPeopleHave(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	name := b.tellStory(t, 0)
	b.tell(t, told{"wire", "Envoys pause for lunch", "https://wire.example/lunch", "peace-talks", "", 3, nil})
	for typed, want := range map[string]string{
		name:                                     "[Trump says Putin agreed",
		"https://wire.example/halt?utm_source=x": "[Trump says Putin agreed",
		"<https://state.example/no-comment>":     "[Trump says Putin agreed",
		"kremlin comment":                        "[Trump says Putin agreed",
		"pause":                                  "More than one story tells of “pause”",
		"football":                               "I know no story “football”",
		"!?":                                     "I know no story “!?”",
		"s999":                                   "I know no such story",
		"s0":                                     "I know no story “s0”",
		"https://wire.example/other":             "I have read no report with this link",
	} {
		if s := b.do(t, use("story", option("story", 3, typed))); !strings.Contains(s.text(), want) {
			t.Errorf("%q: %s", typed, s.text())
		}
	}
	for typed, want := range map[string][]string{
		"": {"s6", name}, "putin agr": {name}, "lun": {"s6"}, "truce": {name}, "comment": {name}, "football": nil, "negotiations": {"s6"},
	} {
		if got := offered(b.do(t, typing("story", "story", typed))); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q offers %v, want %v", typed, got, want)
		}
	}
}

func TestALongStoryIsPaged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.poll(t, told{"wire", "A long story", "https://wire.example/long", "", "", 50, nil})[0]
	s := story.Story{ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1}
	for i := range 60 {
		s.Turns = append(s.Turns, story.Turn{
			By: fmt.Sprint("p", i), Speaker: fmt.Sprintf("Minister number %d of a country with a long name", i), Act: claim.Demand, Reason: story.NewWord,
			Standing: story.Reported, Report: r.ID, Source: r.Source, At: r.Seen.Add(time.Duration(i) * time.Second),
		})
	}
	if err := b.store.SavePlacements(t.Context(), now, []pipeline.Placed{{Placement: story.Placement{Report: r.ID, Story: s, Opened: true}}}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	page := b.do(t, use("story", option("story", 3, "long")))
	for pages := 1; ; pages++ {
		for l := range strings.SplitSeq(page.text(), "\n") {
			if strings.HasPrefix(l, "• **Minister") {
				who, _, _ := strings.Cut(l, " of ")
				seen[who]++
			}
		}
		next := page.button()
		if next == "" {
			break
		}
		if pages > 9 {
			t.Fatal("the pages do not end")
		}
		page = b.do(t, press(next))
	}
	for i := range 60 { // each stands among the words and in the timeline
		if n := seen[fmt.Sprintf("• **Minister number %d", i)]; n != 2 {
			t.Errorf("minister %d is shown %d times", i, n)
		}
	}
	if s := b.do(t, press("m1:y:1:s999")); !strings.Contains(s.text(), "I know no such story") {
		t.Errorf("a story that is gone: %s", s.text())
	}
}
