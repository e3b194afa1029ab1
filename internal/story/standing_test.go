package story_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestStandingFollowsTheCourseOfEvents reads each scenario's reports, a headline
// perhaps with its language before it and its description behind it, and holds
// what the parties' words add up to after each of them.
func TestStandingFollowsTheCourseOfEvents(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	x, err := claim.New(g)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("testdata/standing/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := course(x, ar)
			if *update {
				ar.Files[1].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(ar), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(ar.Files[1].Data), got); diff != "" {
				t.Errorf("%s (rewrite it with -update):\n%s", path, diff)
			}
		})
	}
}

// courseOn is when the scenarios' reports appear: it tells who holds which office.
var courseOn = time.Date(2025, time.June, 2, 12, 0, 0, 0, time.UTC)

// course tells the standing after each report of a scenario, with the turns that
// led to it.
func course(x *claim.Extractor, ar *txtar.Archive) string {
	var b strings.Builder
	var told story.Testimony
	for line := range strings.SplitSeq(strings.TrimSpace(string(ar.Files[0].Data)), "\n") {
		lang := "en"
		if inner, rest, ok := strings.Cut(strings.TrimPrefix(line, "("), ") "); ok && strings.HasPrefix(line, "(") {
			lang, line = inner, rest
		}
		title, description, _ := strings.Cut(line, " | ")
		var turns []story.Turn
		told, turns = told.Hear(x.Extract(report.Report{Title: title, Description: description, Language: lang, Published: courseOn}))
		var why []string
		for _, turn := range turns {
			who := fmt.Sprintf("%s (%s): ", turn.By, turn.Speaker)
			if turn.By == "" {
				who = ""
			}
			why = append(why, who+string(turn.Reason))
		}
		fmt.Fprintf(&b, "%s; %s\n", told.Standing(), strings.Join(why, ", "))
	}
	return b.String()
}

// TestCopiesChangeNothing: whatever was heard, hearing it again brings no turn,
// and what was handed in stays as it was.
func TestCopiesChangeNothing(t *testing.T) {
	t.Parallel()
	parties := []string{"", "RU", "UA", "US", "TR"}
	rapid.Check(t, func(t *rapid.T) {
		var told story.Testimony
		for range rapid.IntRange(1, 8).Draw(t, "reports") {
			c := claim.Claim{
				Speaker: rapid.SampledFrom([]string{"Kremlin", "he", "rebels"}).Draw(t, "speaker"),
				Side:    rapid.SampledFrom(parties).Draw(t, "side"), Act: rapid.SampledFrom(claim.Acts()).Draw(t, "act"),
				Voice: rapid.SampledFrom([]string{"", "army", "foreign ministry"}).Draw(t, "voice"), Common: rapid.Bool().Draw(t, "common"),
				Incident: rapid.Bool().Draw(t, "incident"), Retells: rapid.Bool().Draw(t, "retells"), Field: rapid.SampledFrom([]claim.Field{claim.Title, claim.Lead}).Draw(t, "field"),
				Tone: rapid.SampledFrom([]claim.Tone{"", "", claim.Welcome}).Draw(t, "tone"),
			}
			if p := rapid.SampledFrom(parties).Draw(t, "party"); p != "" && p != c.Side {
				c.Parties = []string{p}
			}
			before := told.Standing()
			next, turns := told.Hear([]claim.Claim{c})
			if told.Standing() != before {
				t.Fatal("the testimony that was handed in has changed")
			}
			if again, more := next.Hear([]claim.Claim{c}); len(more) > 0 || again.Standing() != next.Standing() {
				t.Fatalf("heard again, %+v brings %v", c, more)
			}
			if len(turns) == 0 && next.Standing() != before {
				t.Fatalf("%+v turns %s into %s without a reason", c, before, next.Standing())
			}
			told = next
		}
	})
}
