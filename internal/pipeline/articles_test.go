package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
)

// articleRig is a pause rig in which the pages of the wire's feed may be read.
// What an article says goes by its first word.
func articleRig(t *testing.T) *rig {
	t.Helper()
	r := pauseRig(t)
	r.articles = r.feeds["wire"].ID
	r.claims = pauses()
	r.restart()
	return r
}

// sayingIn are claims by the title of a report, and by the text of an article
// that is read as its description.
type sayingIn struct {
	saying
	articles map[string][]claim.Claim
}

func (s sayingIn) Extract(r report.Report) []claim.Claim {
	return slices.Concat(s.saying.Extract(r), s.articles[r.Description])
}

// reads settles the pages that are due with a text.
func (r *rig) reads(body string) int {
	r.tb.Helper()
	ctx := r.tb.Context()
	due, err := r.store.ClaimArticles(ctx, r.now, 10, time.Minute)
	must(r.tb, err)
	for _, w := range due {
		must(r.tb, r.store.SettleArticle(ctx, w, article.Settlement{State: article.Read, Text: body}))
	}
	return len(due)
}

const (
	denial   = "The Kremlin, whose spokesman spoke to reporters in Moscow on Friday, said that there had been no such agreement at all."
	denialBy = "Kremlin"
)

func denies() map[string][]claim.Claim {
	return map[string][]claim.Claim{denial: {{Speaker: denialBy, Side: "RU", Act: claim.Deny, Field: claim.Lead}}}
}

func TestWhatAnArticleSaysIsEditedIntoTheAlert(t *testing.T) {
	t.Parallel()
	r := articleRig(t)
	r.extractor = sayingIn{pauses(), denies()}
	r.restart()
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", pauseClaimed)
	r.edited("10")
	if n := r.reads(denial); n != 1 {
		t.Fatalf("%d pages are wanted, want 1", n)
	}
	r.place()
	got := r.edited("10")
	if got.Standing != story.Denied || got.Headline != pauseClaimed {
		t.Errorf("%q is %s, want %s", got.Headline, got.Standing, story.Denied)
	}
	var said []string
	for _, s := range got.Said {
		said = append(said, s.Speaker)
	}
	if diff := cmp.Diff([]string{"Trump", denialBy}, said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
	if !slices.ContainsFunc(r.stories(), func(s story.Told) bool { return s.Story.Testimony.Standing() == story.Denied }) {
		t.Error("the story does not keep it")
	}
	if diff := cmp.Diff([]string{"post[] claimed"}, r.queued("10")); diff != "" {
		t.Errorf("an article brings more than an edit (-want +got):\n%s", diff)
	}
}

func TestALaterReportHasTheLastWordBeforeAnEarlierArticle(t *testing.T) {
	t.Parallel()
	r := articleRig(t)
	r.extractor = sayingIn{pauses(), denies()}
	r.restart()
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", pauseClaimed)
	r.tells("state", pauseAgreed)
	r.reads(denial)
	r.place()
	if got := r.edited("10"); got.Standing != story.Confirmed {
		t.Errorf("the story is %s, want %s", got.Standing, story.Confirmed)
	}
}

func TestOnlyAllowedPagesOfReportsWithATopicAreWanted(t *testing.T) {
	t.Parallel()
	r := articleRig(t)
	r.tells("post", pauseClaimed)                                           // its feed allows none
	r.tells("wire", "Village fair draws a crowd of visitors in the autumn") // it bears no topic
	r.bring(func() report.Report {
		x := r.told("wire", pauseThanked, "")
		x.Hush = report.HushFirstImport
		return x
	}(), func() report.Report {
		x := r.told("wire", pauseDeclined, "")
		x.Body = "The feed brings the text."
		return x
	}())
	r.place()
	if n := r.reads("text"); n != 0 {
		t.Errorf("%d pages are wanted", n)
	}
}

func TestAnArticleIsUsedOnceHoweverThePlacerEnds(t *testing.T) {
	t.Parallel()
	r := articleRig(t)
	r.extractor = sayingIn{pauses(), denies()}
	r.restart()
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", pauseClaimed)
	r.edited("10")
	r.reads(denial)
	cut := errors.New("cut")
	if _, err := r.placerOver(unheard{r.store, cut}).Place(t.Context()); !errors.Is(err, cut) {
		t.Fatalf("got %v", err)
	}
	r.restart()
	r.place()
	if got := r.edited("10"); got.Standing != story.Denied {
		t.Errorf("after a restart the alert tells %q", got.Standing)
	}
	before := r.stories()
	r.restart()
	r.place()
	if diff := cmp.Diff(before, r.stories()); diff != "" {
		t.Errorf("once more (-want +got):\n%s", diff)
	}
}

// unheard is the store, but what articles say cannot be saved.
type unheard struct {
	*store.Store
	err error
}

func (s unheard) SaveHeard(context.Context, []pipeline.Heard) error { return s.err }

func TestAnAlertIsToldInTheWordsOfAnArticleUntilItIsFull(t *testing.T) {
	t.Parallel()
	r := articleRig(t)
	r.subscribe("10", "ceasefire", "")
	r.now = r.now.Add(time.Minute)
	r.bring(r.told("wire", pauseClaimed, ""))
	r.place()
	r.edited("10")
	const first = "President Trump told reporters in Iowa that Moscow would hold fire for a week."
	r.reads(first)
	r.place()
	got := r.edited("10").Sentences
	if len(got) != 1 || got[0].Text != first || got[0].Outlet.Name != "Example Wire" {
		t.Errorf("got %+v", got)
	}
}
