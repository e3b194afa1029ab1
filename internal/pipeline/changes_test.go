package pipeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// Two headlines of one development that do not find each other.
const (
	halfOne = "Lebanon army and Hezbollah sign ceasefire in Naqoura"
	halfTwo = "Guns fall silent on the Blue Line as truce begins at dawn"
)

// ask asks for a change and has it made.
func (r *rig) ask(c story.Change) (story.ChangeOutcome, story.ID) {
	r.tb.Helper()
	id, err := r.store.AskChange(r.tb.Context(), r.now, c)
	must(r.tb, err)
	r.place()
	outcome, other, err := r.store.ChangeOutcome(r.tb.Context(), id)
	must(r.tb, err)
	return outcome, other
}

func (r *rig) merge(a, b story.ID) story.ChangeOutcome {
	r.tb.Helper()
	outcome, _ := r.ask(story.Change{Kind: story.Merge, Story: a, Other: b, Reason: "operator"})
	return outcome
}

// posts posts what is due, and returns how many first messages each channel got.
func (r *rig) posts() map[string]int {
	r.tb.Helper()
	got := map[string]int{}
	for {
		due, err := r.store.Claim(r.tb.Context(), r.now, 100, time.Minute)
		must(r.tb, err)
		if len(due) == 0 {
			return got
		}
		for _, d := range due {
			if d.Kind == alert.Post {
				got[d.Channel]++
			}
			must(r.tb, r.store.Settle(r.tb.Context(), r.now, d, alert.Settlement{State: alert.Sent, Message: fmt.Sprint("m", d.ID)}))
		}
	}
}

// open are the ids of the open stories.
func (r *rig) open() []story.ID {
	r.tb.Helper()
	var out []story.ID
	for _, t := range r.stories() {
		out = append(out, t.Story.ID)
	}
	return out
}

func TestTwoStoriesThatAreOneAreToldByTheOlderMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("both", "ceasefire", "")
	r.tells("wire", halfOne)
	r.subscribe("late", "ceasefire", "")
	r.tells("post", halfTwo)
	if diff := cmp.Diff(map[string]int{"both": 2, "late": 1}, r.posts()); diff != "" {
		t.Fatalf("before (-want +got):\n%s", diff)
	}
	ids := r.open()
	if len(ids) != 2 {
		t.Fatalf("stories: %v", ids)
	}
	if got := r.merge(ids[1], ids[0]); got != story.Changed {
		t.Fatalf("merged: %s", got)
	}
	told := r.stories()
	if len(told) != 1 || told[0].Story.ID != ids[0] || len(told[0].Reports) != 2 || told[0].Story.Reports != 2 || told[0].Story.Sources != 2 {
		t.Fatalf("stories: %+v", told)
	}
	edits, err := r.store.ClaimEdits(t.Context(), r.now.Add(time.Hour), 100, time.Minute)
	must(t, err)
	var edited []string
	for _, e := range edits {
		edited = append(edited, fmt.Sprintf("%s: %s, %d voices", e.Channel, e.Content.Headline, e.Content.Independent))
	}
	slices.Sort(edited)
	// The younger message of the channel that has both stays as it is.
	want := []string{"both: " + halfOne + ", 2 voices", "late: " + halfTwo + ", 2 voices"}
	if diff := cmp.Diff(want, edited); diff != "" {
		t.Errorf("edits (-want +got):\n%s", diff)
	}
	r.tells("state", halfOne, halfTwo)
	if got := r.posts(); len(got) != 0 {
		t.Errorf("more of the same is posted: %v", got)
	}
	if got := r.open(); len(got) != 1 {
		t.Errorf("more of the same is in the stories %v", got)
	}
	if got := r.merge(ids[0], ids[1]); got != story.AlreadyOne {
		t.Errorf("once more: %s", got)
	}
	if got := r.merge(ids[0], 999); got != story.NoSuchStory {
		t.Errorf("with nothing: %s", got)
	}
}

func TestASecondAlertThatWaitsIsNotPostedOnceBothAreOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", halfOne)
	r.tells("post", halfTwo)
	ids := r.open()
	r.merge(ids[0], ids[1])
	if diff := cmp.Diff(map[string]int{"10": 1}, r.posts()); diff != "" {
		t.Errorf("posted (-want +got):\n%s", diff)
	}
	var states []string
	for _, d := range r.alerts() {
		states = append(states, fmt.Sprint(d.State, " ", d.Reason))
	}
	if diff := cmp.Diff([]string{"sent ", "expired story-joined"}, states); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}

func TestAStoryIsSplitWithoutAnotherAlert(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", halfOne)
	r.tells("post", halfTwo)
	r.posts()
	ids := r.open()
	r.merge(ids[0], ids[1])
	before := r.stories()[0]
	outcome, other := r.ask(story.Change{Kind: story.Split, Story: ids[0], Reports: []report.ID{before.Reports[1].ID}, Reason: "operator"})
	if outcome != story.Changed || other != ids[1] {
		t.Fatalf("split: %s, story %d", outcome, other)
	}
	told := r.stories()
	if len(told) != 2 || told[1].Story.Title != halfTwo || told[1].Story.Follows != ids[0] || told[0].Story.Reports != 1 || told[1].Story.Reports != 1 {
		t.Fatalf("stories: %+v", told)
	}
	for _, c := range []struct {
		reports []report.ID
		want    story.ChangeOutcome
	}{
		{[]report.ID{before.Reports[0].ID}, story.LeadStays},
		{[]report.ID{before.Reports[1].ID}, story.NotInStory},
		{nil, story.NotInStory},
	} {
		if got, _ := r.ask(story.Change{Kind: story.Split, Story: ids[0], Reports: c.reports}); got != c.want {
			t.Errorf("split of %v: %s, want %s", c.reports, got, c.want)
		}
	}
	// A report cannot undo what somebody has decided.
	if got, _ := r.ask(story.Change{Kind: story.Merge, Story: ids[0], Other: ids[1], Reason: story.NearBoth}); got != story.KeptApart {
		t.Errorf("a report asks to merge them: %s", got)
	}
	r.tells("state", halfOne, halfTwo)
	if got := r.posts(); len(got) != 0 {
		t.Errorf("posted again: %v", got)
	}
}

func TestAReportThatIsNearBothMakesTwoStoriesOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	src := source.ID("wire")
	tells := func(title, text string) int {
		r.now = r.now.Add(time.Minute)
		r.bring(r.told(src, title, text))
		r.place()
		return len(r.open())
	}
	tells("Lebanon army and Hezbollah sign ceasefire", "In the north the guns are silent.")
	if n := tells("Hezbollah sign ceasefire in Naqoura on Thursday", "Envoys had gathered for weeks, diplomats told reporters."); n != 2 {
		t.Fatalf("%d stories, want 2", n)
	}
	if n := tells("Lebanon army and Hezbollah sign ceasefire in Naqoura Thursday", "A text of its own."); n != 1 {
		t.Fatalf("%d stories, want 1", n)
	}
	if diff := cmp.Diff(map[string]int{"10": 1}, r.posts()); diff != "" {
		t.Errorf("posted (-want +got):\n%s", diff)
	}
	s := r.stories()[0].Story
	r.restart()
	src = "post"
	if n := tells("Hezbollah sign ceasefire in Naqoura on Thursday", "A fourth text."); n != 1 || s.Reports != 3 || r.stories()[0].Story.Reports != 4 {
		t.Errorf("%d stories, the first with %d reports and then %d", n, s.Reports, r.stories()[0].Story.Reports)
	}
}

// move is one thing that happens in [TestNobodyIsAlertedTwice]: a report of a
// place comes, reports part, stories are merged, or the placer begins anew.
type move struct {
	kind, place, outlet, one, other int
	post                            bool
}

func courses() *rapid.Generator[[]move] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) move {
		n := rapid.IntRange(0, 1000)
		return move{
			kind: rapid.IntRange(0, 6).Draw(t, "kind"), place: rapid.IntRange(0, 7).Draw(t, "place"),
			outlet: rapid.IntRange(0, 2).Draw(t, "outlet"), one: n.Draw(t, "one"), other: n.Draw(t, "other"), post: rapid.Bool().Draw(t, "post"),
		}
	}), 10, 30)
}

// do makes one move.
func (r *rig) do(s move, round int) {
	open := r.stories()
	switch {
	case s.kind < 3 || len(open) == 0:
		title, text := truce(100*round + s.place)
		r.now = r.now.Add(time.Minute)
		r.bring(r.told(outlets()[s.outlet].ID, title, text))
		r.place()
	case s.kind == 3:
		t := open[s.one%len(open)]
		r.ask(story.Change{Kind: story.Split, Story: t.Story.ID, Reports: []report.ID{t.Reports[s.other%len(t.Reports)].ID}})
	case s.kind < 6:
		r.merge(open[s.one%len(open)].Story.ID, open[s.other%len(open)].Story.ID)
	default:
		r.restart()
	}
	if s.post {
		r.posts()
	}
}

// TestNobodyIsAlertedTwice takes random courses of reports, merges, splits and
// restarts.
func TestNobodyIsAlertedTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	for round := range 6 {
		channel := fmt.Sprint("c", round)
		r.now = r.now.Add(200 * time.Hour) // what was before has closed
		r.subscribe(channel, "ceasefire", "")
		course := courses().Example(round)
		for _, s := range course {
			r.do(s, round)
		}
		r.posts()
		r.once(channel, course)
	}
}

// once checks that a channel got each headline once at most, and that each report
// is in the one story that counts it.
func (r *rig) once(channel string, course []move) {
	r.tb.Helper()
	seen := map[string]bool{}
	for _, d := range r.alerts() {
		if d.Channel != channel || d.State != alert.Sent || d.Kind != alert.Post {
			continue
		}
		if seen[d.Content.Headline] {
			r.tb.Errorf("%q was posted twice after %+v", d.Content.Headline, course)
		}
		seen[d.Content.Headline] = true
	}
	if len(seen) == 0 {
		r.tb.Errorf("nothing was posted to %s", channel)
	}
	placed := map[report.ID]bool{}
	for _, s := range r.stories() {
		if len(s.Reports) != s.Story.Reports {
			r.tb.Errorf("story %d counts %d reports and has %d after %+v", s.Story.ID, s.Story.Reports, len(s.Reports), course)
		}
		for _, x := range s.Reports {
			if placed[x.ID] {
				r.tb.Errorf("report %d is in two stories", x.ID)
			}
			placed[x.ID] = true
		}
	}
}
