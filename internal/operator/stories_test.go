package operator

import (
	"bytes"
	"testing"

	"github.com/attache-bot/attache/internal/story"
)

func TestEveryOutcomeOfAChangeIsTold(t *testing.T) {
	t.Parallel()
	c := story.Change{Kind: story.Merge, Story: 5, Other: 2}
	for outcome, want := range map[story.ChangeOutcome]string{
		story.AlreadyOne:  "both are one story already",
		story.OtherFeed:   "one of them is told by a server's own feed alone, which nobody else may see",
		story.NoSuchStory: "there is no such story: it was never stored, or deleted because it was old (retention.reports)",
		story.LeadStays:   "the report that opened the story cannot part from it: name the other reports instead",
		story.NotInStory:  "a report is not in this story: see attache trace for those that are",
		story.KeptApart:   "not done: kept-apart",
	} {
		var out bytes.Buffer
		if err := tellChange(c, outcome, 0, &out); err == nil || err.Error() != want || out.Len() != 0 {
			t.Errorf("%s: %v, %q", outcome, err, &out)
		}
	}
}
