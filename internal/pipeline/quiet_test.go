package pipeline_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// wake makes the summaries that are due and returns how many that were.
func (r *rig) wake() int {
	r.tb.Helper()
	c, err := source.NewCatalogue(outlets())
	must(r.tb, err)
	x := pipeline.Wakes{Store: r.store, Topics: r.topics, Sources: c, Now: func() time.Time { return r.now }, Logger: slog.New(slog.DiscardHandler)}
	n, err := x.Make(r.tb.Context())
	must(r.tb, err)
	return n
}

// messages are what was put into a channel's queue.
func (r *rig) messages(channel string) (out []string) {
	r.tb.Helper()
	for _, d := range r.alerts() {
		if d.Channel != channel {
			continue
		}
		s := string(d.Kind) + ":"
		for _, it := range d.Content.Items {
			s += " " + it.Headline + "."
		}
		if d.Kind != alert.WakeUp {
			s += " " + d.Content.Headline
		} else {
			s += fmt.Sprintf(" +%d %s", d.Content.More, d.Content.Held)
		}
		out = append(out, s)
	}
	return out
}

// nights gives a channel quiet hours from an hour ago for eight hours.
func (r *rig) nights(channel string, through ...topic.ID) (end time.Time) {
	r.tb.Helper()
	begin := r.now.Hour()*60 - 60
	must(r.tb, r.store.SetHours(r.tb.Context(), "1", channel, quiet.Hours{From: begin, To: begin + 8*60, Days: digest.Daily, Zone: time.UTC, Through: through, Set: r.now}))
	return r.now.Add(7 * time.Hour)
}

func TestQuietHoursEndWithOneSummary(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	r.subscribe("11", "ceasefire", "")
	end := r.nights("10")
	one, oneText := truce(1)
	two, twoText := truce(2)
	r.bring(r.told("wire", one, oneText), r.told("wire", two, twoText), r.told("post", two, twoText))
	r.place()
	r.restart() // what waits is in the store
	r.now = end.Add(-time.Minute)
	r.wake()
	r.want("in the night", r.messages("10"))
	r.want("elsewhere", r.messages("11"), "post: "+one, "post: "+two)
	r.now = end
	r.wake()
	r.wake()
	r.want("in the morning", r.messages("10"), "wake-up: "+two+". "+one+". +0 quiet-hours")
	three, threeText := truce(3)
	r.bring(r.told("wire", three, threeText))
	r.place()
	if got := r.messages("10"); len(got) != 2 || got[1] != "post: "+three {
		t.Errorf("by day comes %q", got)
	}
}

func TestChosenTopicsComeThroughQuietHoursAndNotThroughAPause(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	r.nights("10", "ceasefire")
	one, oneText := truce(1)
	r.bring(r.told("wire", one, oneText))
	r.place()
	r.want("through", r.messages("10"), "post: "+one)
	must(t, r.store.Pause(t.Context(), "1", "10", quiet.Pause{Since: r.now, Until: quiet.Forever}))
	for n := range 12 {
		title, text := truce(n + 20)
		r.bring(r.told("wire", title, text))
	}
	r.place()
	r.now = r.now.Add(24 * time.Hour)
	r.wake()
	if got := r.messages("10"); len(got) != 1 {
		t.Errorf("while paused came %q", got[1:])
	}
	held, err := r.store.Resume(t.Context(), r.now, "1", "10")
	must(t, err)
	r.now = r.now.Add(8 * time.Hour) // the quiet hours are over too
	r.wake()
	d := r.alerts()[len(r.alerts())-1]
	if held != 12 || d.Kind != alert.WakeUp || len(d.Content.Items) != alert.MaxItems || d.Content.More != 2 || d.Content.Held != quiet.Paused {
		t.Errorf("%d were held, and %q tells %d and %d more", held, d.Kind, len(d.Content.Items), d.Content.More)
	}
}

func TestADigestOfAPausedChannelIsLeftOut(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wantDigest("10", "ceasefire", 8*60)
	one, oneText := truce(1)
	r.bring(r.told("wire", one, oneText))
	r.place()
	must(t, r.store.Pause(t.Context(), "1", "10", quiet.Pause{Since: r.now, Until: r.now.Add(30 * time.Hour)}))
	r.now = r.now.Add(24 * time.Hour)
	r.digests()
	r.want("paused", r.posted())
	r.now = r.now.Add(24 * time.Hour)
	r.digests()
	r.want("the next tells of that time too", r.posted(), "10 Digest: Ceasefire: "+one+".")
}

func TestWhatIsMutedIsNotTold(t *testing.T) {
	for name, c := range map[string]struct {
		mute quiet.Mute
		want alert.Verdict
	}{
		"a topic": {quiet.Mute{Topic: "ceasefire"}, alert.MutedTopic},
		"a story": {quiet.Mute{Story: 1}, alert.MutedStory},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, builtIn(t))
			one, oneText := truce(1)
			r.bring(r.told("wire", one, oneText))
			r.place() // nobody wants it yet
			r.subscribe("10", "ceasefire", "")
			c.mute.Guild, c.mute.Created, c.mute.Until = "1", r.now, r.now.Add(time.Hour)
			must(t, r.store.Mute(t.Context(), c.mute))
			r.bring(r.told("post", one, oneText))
			r.place()
			r.want("muted", r.messages("10"))
			rec, err := r.store.GuildTrace(t.Context(), "1", 2)
			must(t, err)
			if len(rec.Quiet) != 1 || rec.Quiet[0].Verdict != c.want {
				t.Errorf("the trace says %v", rec.Quiet)
			}
			r.now = r.now.Add(2 * time.Hour)
			r.bring(r.told("state", one, oneText))
			r.place()
			r.want("afterwards", r.messages("10"), "post: "+one)
		})
	}
}

// TestRepliesWaitToo: what an alert of the day comes to at night is told in the
// morning, and only then in messages of its own again.
func TestRepliesWaitToo(t *testing.T) {
	r := pauseRig(t)
	r.subscribe("10", "ceasefire", "")
	r.tells("wire", pauseClaimed)
	end := r.nights("10")
	r.tells("wire", pauseAgreed)
	r.want("in the night", r.messages("10"), "post: "+pauseClaimed)
	r.now = end
	r.wake()
	r.want("in the morning", r.messages("10"), "post: "+pauseClaimed, "wake-up: "+pauseClaimed+". +0 quiet-hours")
	if it := r.alerts()[1].Content.Items[0]; it.Standing == "" || it.Standing == story.Claimed {
		t.Errorf("the summary tells the standing %q of the evening", it.Standing)
	}
}

func TestWhatIsGatheredWaitsForTheEndOfAPause(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wish("10", func(s *subscription.Subscription) { s.PerHour = 1 })
	r.truces("wire", 11, 222, 3333)
	must(t, r.store.Pause(t.Context(), "1", "10", quiet.Pause{Since: r.now, Until: r.now.Add(3 * time.Hour)}))
	r.now = r.now.Add(2 * time.Hour)
	if n := r.gather(); n != 0 {
		t.Errorf("%d messages were told while paused", n)
	}
	r.now = r.now.Add(time.Hour)
	if n := r.gather(); n != 1 {
		t.Errorf("%d messages were told afterwards", n)
	}
}
