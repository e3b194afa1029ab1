package story_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// pause are reports of one pause in attacks, from the claim to the last answer,
// placed in order.
type pause struct {
	x *story.Index
	n int
	// first is the story of the claim as it was last seen.
	first story.Story
}

// tell places a report with its claims and returns its story.
func (p *pause) tell(title string, bears topic.ID, claims ...claim.Claim) story.Story {
	p.n++
	r := tell(p.n, title)
	return p.report(r, bears, claims...)
}

func (p *pause) report(r report.Report, bears topic.ID, claims ...claim.Claim) story.Story {
	placed := p.x.Place(r, []topic.Match{{Topic: bears, Score: 3}})
	s, answered := p.x.Hear(placed.Story.ID, r, claims)
	if answered.ID != 0 {
		p.first = answered
	}
	return s
}

const (
	claimTitle   = "Trump says Putin agreed to week-long pause in attacks on Kyiv during extreme cold"
	declineTitle = "Kremlin spokesman declines to comment on pause in attacks on Kyiv announced by Trump"
	confirmTitle = "Kremlin confirms Russia agreed to pause in attacks on Kyiv announced by Trump"
	doubtTitle   = "Zelensky doubts pause in attacks on Kyiv announced by Trump, energy workers stay alert"
)

func claimed() *pause {
	p := &pause{x: story.NewIndex(nil)}
	busy(p.x)
	p.first = p.tell(claimTitle, "ceasefire", trumpClaims)
	return p
}

// kyivDoubts is how a party that is not bound takes it.
var kyivDoubts = claim.Claim{Speaker: "Zelensky", Side: "UA", Act: claim.Assert, Tone: claim.Doubt}

func main(c claim.Claim) claim.Claim { c.Aside = false; return c }

func TestAnAnswerIsToldInTheStoryThatItAnswers(t *testing.T) {
	t.Parallel()
	p := claimed()
	first := p.first
	for _, answer := range []struct {
		title string
		claim claim.Claim
	}{{declineTitle, main(kremlinSilent)}, {doubtTitle, kyivDoubts}, {confirmTitle, kremlinAgrees}} {
		s := p.tell(answer.title, "ceasefire", answer.claim)
		if s.ID == first.ID || s.Answers != first.ID {
			t.Errorf("%q is in story %d, which follows %d and answers %d, want one that answers %d", answer.title, s.ID, s.Follows, s.Answers, first.ID)
		}
	}
	want := []string{
		"1: Trump claim: others-claim, claimed",
		"2: Kremlin no-comment: new-word, claimed",
		"3: Zelensky claimdoubt: new-word, claimed",
		"4: Peskov confirm: party-affirms, confirmed",
	}
	if diff := cmp.Diff(want, turnWords(p.first.Turns)); diff != "" {
		t.Errorf("turns of the claim's story (-want +got):\n%s", diff)
	}
	if p.first.Reports != 1 || p.first.Revision != first.Revision+3 {
		t.Errorf("the claim's story has %d reports and revision %d, after %d", p.first.Reports, p.first.Revision, first.Revision)
	}
	revision := p.first.Revision
	p.tell(confirmTitle, "ceasefire", kremlinAgrees)
	if p.first.Revision != revision {
		t.Error("a copy of the confirmation changed the claim's story")
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, title string
		bears       topic.ID
		claims      []claim.Claim
	}{
		{"somebody who is not bound", confirmTitle, "ceasefire", []claim.Claim{{Speaker: "Ankara", Side: "TR", Act: claim.Confirm}}},
		{"another topic", confirmTitle, "sanctions", []claim.Claim{kremlinAgrees}},
		{"a refusal", "Kremlin rejects pause in attacks on Kyiv announced by Trump", "ceasefire", []claim.Claim{{Speaker: "Kremlin", Side: "RU", Act: claim.Reject}}},
		{"the answer in the background", confirmTitle, "ceasefire", []claim.Claim{kremlinSilent}},
		{"nobody speaks", confirmTitle, "ceasefire", nil},
		{"another affair", "Kremlin confirms arrest of a banker in Vienna over smuggled paintings", "ceasefire", []claim.Claim{kremlinAgrees}},
	} {
		p := claimed()
		before := p.first
		s := p.tell(c.title, c.bears, c.claims...)
		if s.Answers != 0 || s.ID == before.ID {
			t.Errorf("%s: story %d answers %d", c.name, s.ID, s.Answers)
		}
		if diff := cmp.Diff(before.Turns, p.first.Turns); diff != "" {
			t.Errorf("%s: turns of the claim's story (-before +after):\n%s", c.name, diff)
		}
	}
}

func TestWhatOutletsTellThemselvesHasNoAnswers(t *testing.T) {
	t.Parallel()
	p := &pause{x: story.NewIndex(nil)}
	busy(p.x)
	p.tell(claimTitle, "ceasefire")
	if s := p.tell(confirmTitle, "ceasefire", kremlinAgrees); s.Answers != 0 {
		t.Errorf("it answers %d, in which nobody speaks", s.Answers)
	}
}

func TestAStoryThatHasClosedHearsNoMoreAnswers(t *testing.T) {
	t.Parallel()
	p := claimed()
	p.tell(declineTitle, "ceasefire", main(kremlinSilent))
	turns := len(p.first.Turns)
	again := func(id report.ID, after time.Duration) report.Report {
		r := tell(2, declineTitle) // by its link
		r.ID, r.Seen = id, start.Add(after)
		return r
	}
	p.report(again(3, story.Window-time.Hour), "ceasefire", main(kremlinSilent)) // the answer goes on, the claim is silent
	late := again(4, story.Window+time.Hour)
	if s := p.report(late, "ceasefire", kremlinAgrees); s.Answers != p.first.ID || len(p.first.Turns) != turns {
		t.Errorf("story %d answers %d, whose turns are %q", s.ID, s.Answers, turnWords(p.first.Turns))
	}
}
