package pipeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
)

// The reports of one pause in attacks, from the claim to the answers.
const (
	pauseClaimed  = "Trump says Putin agreed to week-long pause in attacks on Kyiv during extreme cold"
	pauseDeclined = "Kremlin spokesman declines to comment on pause in attacks on Kyiv announced by Trump"
	pauseThanked  = "Zelensky thanks Trump for pause in attacks on Kyiv and expects it to be carried out"
	pauseAgreed   = "Kremlin confirms Russia agreed to pause in attacks on Kyiv announced by Trump"
	pauseDenied   = "Kremlin denies agreed pause in attacks on Kyiv announced by Trump, calls it untrue"
)

// pauses is what the parties say in them.
func pauses() saying {
	return saying{
		pauseClaimed:  {{Speaker: "Trump", Side: "US", Act: claim.Assert, Party: "Putin", Parties: []string{"RU"}}},
		pauseDeclined: {{Speaker: "Peskov", Side: "RU", Act: claim.NoComment}},
		pauseThanked:  {{Speaker: "Zelensky", Side: "UA", Act: claim.Assert, Tone: claim.Welcome}},
		pauseAgreed:   {{Speaker: "Kremlin", Side: "RU", Act: claim.Confirm}},
		pauseDenied:   {{Speaker: "Kremlin", Side: "RU", Act: claim.Deny}},
	}
}

// pauseRig is a rig that knows how rare words are and reads those claims.
func pauseRig(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, builtIn(t))
	r.claims = pauses()
	r.restart()
	for n := range 40 {
		r.bring(r.told("wire", fmt.Sprintf("Unrelated%d matter%d of village%d", n, n, n), ""))
	}
	r.place()
	return r
}

// subscribes adds a subscription to ceasefires.
func (r *rig) subscribes(channel string, change func(*subscription.Subscription)) {
	r.tb.Helper()
	s := subscription.Subscription{Guild: "1", Channel: channel, Topic: "ceasefire", CreatedBy: "2", Created: noon}
	change(&s)
	_, err := r.store.Subscribe(r.tb.Context(), s)
	must(r.tb, err)
}

// tells brings the reports of an outlet and places them.
func (r *rig) tells(src source.ID, titles ...string) {
	r.tb.Helper()
	for _, title := range titles {
		r.now = r.now.Add(time.Minute)
		r.bring(r.told(src, title, "Told by "+string(src)+", which has its own words for it."))
		r.place()
	}
}

// queued are the deliveries of a channel: their kind, the roles that they mention,
// and the standing that they tell.
func (r *rig) queued(channel string) []string {
	r.tb.Helper()
	var out []string
	for _, d := range r.alerts() {
		if d.Channel == channel {
			out = append(out, fmt.Sprint(d.Kind, d.Roles, " ", d.Content.Standing))
		}
	}
	return out
}

// edited posts what is due and returns what a channel's only message tells then.
func (r *rig) edited(channel string) alert.Content {
	r.tb.Helper()
	ctx := r.tb.Context()
	for {
		due, err := r.store.Claim(ctx, r.now, 100, time.Minute)
		must(r.tb, err)
		if len(due) == 0 {
			break
		}
		for _, d := range due {
			must(r.tb, r.store.Settle(ctx, r.now, d, alert.Settlement{State: alert.Sent, Message: "m" + d.Channel}))
		}
	}
	due, err := r.store.ClaimEdits(ctx, r.now, 100, time.Minute)
	must(r.tb, err)
	var out alert.Content
	for _, e := range due {
		must(r.tb, r.store.SettleEdit(ctx, r.now, e, alert.EditSettlement{Outcome: alert.EditDone, Due: r.now}))
		if e.Channel == channel {
			out = e.Content
		}
	}
	return out
}

func TestAChannelHasOneMessageFromTheClaimToTheAnswers(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", pauseClaimed)
	r.edited("10")
	r.tells("wire", pauseDeclined, pauseThanked, pauseAgreed)
	got := r.edited("10")
	var said []string
	for _, s := range got.Said {
		said = append(said, s.Speaker)
	}
	if diff := cmp.Diff([]string{"Trump", "Kremlin", "Zelensky"}, said); diff != "" || got.Headline != pauseClaimed || got.Standing != story.Confirmed {
		t.Errorf("%q is %s; it names %v (-want +got):\n%s", got.Headline, got.Standing, said, diff)
	}
	if n := len(got.Timeline); n != 4 {
		t.Errorf("%d moments: %+v", n, got.Timeline)
	}
	if diff := cmp.Diff([]string{"post[] claimed", "reply[] confirmed"}, r.queued("10")); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	r.tells("post", pauseAgreed, pauseDeclined)
	if got := r.queued("10"); len(got) != 2 {
		t.Errorf("copies of the answers bring %v", got[2:])
	}
	open := r.stories()
	answers := 0
	for _, s := range open {
		if s.Story.Answers != 0 {
			answers++
		}
	}
	if answers == 0 {
		t.Error("no answer is a story of its own: the test shows nothing")
	}
}

func TestAnswersAreToldInAThreadWhereThatIsWanted(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	r.subscribes("10", func(s *subscription.Subscription) { s.Updates = subscription.Thread })
	r.subscribes("11", func(*subscription.Subscription) {})
	r.tells("wire", pauseClaimed)
	r.edited("10")
	r.tells("wire", pauseAgreed)
	got := map[string]string{}
	for _, d := range r.alerts() {
		if d.Kind == alert.Reply {
			got[d.Channel] = d.Content.Thread
		}
	}
	if diff := cmp.Diff(map[string]string{"10": pauseClaimed, "11": ""}, got); diff != "" {
		t.Errorf("threads of the replies (-want +got):\n%s", diff)
	}
}

func TestAChannelThatDidNotGetTheClaimIsAlertedToTheAnswer(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", pauseClaimed)
	r.subscribe("11", "ceasefire", "")
	r.restart() // who was told is read back
	r.tells("wire", pauseAgreed)
	if diff := cmp.Diff([]string{"post[] confirmed"}, r.queued("11")); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	last := r.stories()
	tr, err := r.store.Trace(t.Context(), last[len(last)-1].Story.Lead)
	must(t, err)
	i := slices.IndexFunc(tr.Quiet, func(q pipeline.Quiet) bool { return q.Verdict == alert.Answered })
	if i < 0 || !slices.Equal(tr.Quiet[i].Named, []string{"10"}) {
		t.Errorf("why channel 10 got none is not recorded: %+v", tr.Quiet)
	}
}

func TestADenialRepliesThoughItRaisesNoAlert(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	r.subscribe("10", "ceasefire", "")
	r.subscribes("11", func(s *subscription.Subscription) { s.Updates = subscription.Edit })
	r.tells("wire", pauseClaimed, pauseDenied)
	if diff := cmp.Diff([]string{"post[] claimed", "reply[] denied"}, r.queued("10")); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"post[] claimed"}, r.queued("11")); diff != "" {
		t.Errorf("of a channel that wants edits only (-want +got):\n%s", diff)
	}
	if got := r.edited("11").Standing; got != story.Denied {
		t.Errorf("its message says %s", got)
	}
}

func TestARoleIsMentionedOnceAndPastItsThreshold(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	for i, when := range []subscription.Threshold{subscription.AnyReport, subscription.TwoVoices, subscription.WhenConfirmed} {
		r.subscribes(fmt.Sprint(10+i), func(s *subscription.Subscription) { s.Role, s.Mention = "7", when })
	}
	r.tells("wire", pauseClaimed)
	r.tells("post", pauseClaimed)
	r.restart()
	r.tells("state", pauseClaimed)
	r.tells("wire", pauseAgreed)
	r.tells("post", pauseAgreed)
	for channel, want := range map[string][]string{
		"10": {"post[7] claimed", "reply[] confirmed"},
		"11": {"post[] claimed", "reply[7] claimed", "reply[] confirmed"},
		"12": {"post[] claimed", "reply[7] confirmed"},
	} {
		if diff := cmp.Diff(want, r.queued(channel)); diff != "" {
			t.Errorf("channel %s (-want +got):\n%s", channel, diff)
		}
	}
}

func TestWhatComesLateOrHushedRepliesToNobody(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*report.Report){
		"with a first import": func(x *report.Report) { x.Hush = report.HushFirstImport },
		"after an outage":     func(x *report.Report) { x.Overdue = true },
	} {
		r := pauseRig(t)
		r.subscribe("10", "ceasefire", "")
		r.tells("wire", pauseClaimed)
		x := r.told("post", pauseAgreed, "")
		change(&x)
		r.bring(x)
		r.place()
		if diff := cmp.Diff([]string{"post[] claimed"}, r.queued("10")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got := r.edited("10").Standing; got != story.Confirmed {
			t.Errorf("%s: the message says %q", name, got)
		}
	}
}

func TestANewVoiceWithoutATopicIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	title, text := truce(1)
	r.bring(r.told("wire", title, text))
	r.place()
	r.edited("10")
	second := r.told("post", "What we know", "")
	for _, k := range r.stories()[0].Reports[0].Keys {
		if k.Kind() == report.KeyLink {
			second.Keys = append(second.Keys, k)
		}
	}
	r.bring(second)
	r.restart()
	r.place()
	if got := r.edited("10"); got.Independent != 2 || got.Headline != title {
		t.Errorf("%q is told by %d voices", got.Headline, got.Independent)
	}
}

func TestOneMoreVoiceIsOneWhateverItsWords(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	r.subscribes("10", func(s *subscription.Subscription) { s.Role, s.Mention = "7", subscription.TwoVoices })
	r.tells("wire", pauseClaimed)
	r.now = r.now.Add(time.Minute)
	other := r.told("post", "What we know of the talk in Iowa", "A page that is written on.")
	other.Link = "https://wire.example/" + fmt.Sprintf("%x", pauseClaimed)
	other.Keys = report.Identify([]report.Raw{{Link: other.Link, Title: other.Title, Description: other.Description}})[0]
	r.bring(other)
	r.place()
	if diff := cmp.Diff([]string{"post[] claimed", "reply[7] claimed"}, r.queued("10")); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}
