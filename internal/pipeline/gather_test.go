package pipeline_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
)

// wish subscribes a channel to ceasefires with more wishes.
func (r *rig) wish(channel string, edit func(s *subscription.Subscription)) subscription.Subscription {
	r.tb.Helper()
	s := subscription.Subscription{Guild: "1", Channel: channel, Topic: "ceasefire", CreatedBy: "2", Created: noon}
	edit(&s)
	s, err := r.store.Subscribe(r.tb.Context(), s)
	must(r.tb, err)
	return s
}

// gather tells what is gathered and due, with the rig's clock.
func (r *rig) gather() int {
	r.tb.Helper()
	c, err := source.NewCatalogue(outlets())
	must(r.tb, err)
	x := pipeline.Digests{Store: r.store, Topics: r.topics, Sources: c, Now: func() time.Time { return r.now }, Logger: slog.New(slog.DiscardHandler)}
	n, err := x.Gather(r.tb.Context())
	must(r.tb, err)
	return n
}

// truces brings stories, a minute apart, and places them.
func (r *rig) truces(src source.ID, numbers ...int) (titles []string) {
	r.tb.Helper()
	for _, n := range numbers {
		r.now = r.now.Add(time.Minute)
		title, text := truce(n)
		r.bring(r.told(src, title, text))
		r.place()
		titles = append(titles, title)
	}
	return titles
}

func TestAChannelGetsSoManyAnHourAndTheRestTogether(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wish("10", func(s *subscription.Subscription) { s.PerHour, s.Silent = 2, true })
	r.wish("11", func(*subscription.Subscription) {})
	said := r.truces("wire", 11, 222, 3333, 44444, 555555)
	of := func(channel string) (out []string) {
		ds, err := r.store.Deliveries(t.Context(), store.DeliveryQuery{Channel: channel})
		must(t, err)
		for _, d := range ds {
			line := fmt.Sprintf("%s %v %s", d.Kind, d.Content.Silent, d.Content.Headline)
			for _, it := range d.Content.Items {
				line += "; " + it.Headline
			}
			out = append(out, line)
		}
		return out
	}
	r.want("a channel without a limit", of("11"), "post false "+said[0], "post false "+said[1], "post false "+said[2], "post false "+said[3], "post false "+said[4])
	r.want("the hour's first two", of("10"), "post true "+said[0], "post true "+said[1])
	if n := r.gather(); n != 0 {
		t.Errorf("%d messages were told within the hour", n)
	}
	r.restart() // the limit is not forgotten
	r.now = noon.Add(time.Hour + 30*time.Second)
	late := r.truces("post", 666666) // room for one, but others wait
	if r.gather() != 1 || r.gather() != 0 {
		t.Error("what was gathered is not told once")
	}
	all := "digest true Ceasefire: 4 stories; " + said[2] + "; " + said[3] + "; " + said[4] + "; " + late[0]
	r.want("then the rest", of("10"), "post true "+said[0], "post true "+said[1], all)
	r.now = r.now.Add(3 * time.Minute)
	last := r.truces("wire", 7777777)
	r.want("and the next at once", of("10"), "post true "+said[0], "post true "+said[1], all, "post true "+last[0])
	// More of a story that was gathered is no news.
	title, text := truce(3333)
	r.bring(r.told("post", title, text))
	r.place()
	r.now = r.now.Add(2 * time.Hour)
	if n := r.gather(); n != 0 || len(of("10")) != 4 {
		t.Errorf("a story was told twice: %q", of("10"))
	}
}

func TestAStoryThatAnUnwantedOutletTellsFirstWaitsForAWantedOne(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wish("10", func(s *subscription.Subscription) { s.Independent = true })
	r.wish("11", func(s *subscription.Subscription) { s.Tiers = []source.Tier{source.Wire} })
	title, text := truce(1)
	r.bring(r.told("state", title, text))
	r.place()
	r.want("nobody wants that outlet", r.headlines())
	r.now = noon.Add(8 * time.Hour) // too old for a story that everybody had
	r.bring(r.told("post", title, text))
	r.place()
	r.want("the one that only wants no state", r.headlines(), "10: "+title)
	r.now = noon.Add(9 * time.Hour)
	r.bring(r.told("wire", title, text))
	r.place()
	r.want("and the one that wants wires", r.headlines(), "10: "+title, "11: "+title)
}

func TestADigestTellsWhatASubscriptionLeavesToIt(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wish("10", func(s *subscription.Subscription) { s.Way = subscription.Digest })
	r.wantDigest("10", "sanctions", 8*60) // whatever it is about
	said := r.truces("wire", 1)
	r.want("at once", r.headlines())
	if r.gather() != 0 {
		t.Error("it did not wait for the digest")
	}
	r.now = time.Date(2026, 1, 30, 8, 0, 0, 0, time.UTC)
	r.digests()
	r.now = r.now.Add(24 * time.Hour)
	r.digests()
	r.want("digests", r.posted(), "10 Digest: Sanctions: "+said[0]+".")
}

func TestWithoutADigestStoriesAreToldAfterADay(t *testing.T) {
	t.Parallel()
	of := func(way subscription.Way, edit func(g *pipeline.Gathering)) pipeline.Gathering {
		g := pipeline.Gathering{Way: way, PerHour: 1, Oldest: noon}
		edit(&g)
		return g
	}
	for _, c := range []struct {
		name  string
		g     pipeline.Gathering
		after time.Duration
		why   pipeline.GatherReason
		due   bool
	}{
		{"room", of(subscription.Instant, func(*pipeline.Gathering) {}), 0, pipeline.GatherRoom, true},
		{"a full hour", of(subscription.Instant, func(g *pipeline.Gathering) { g.Pace.Sent = []time.Time{noon} }), time.Minute, pipeline.GatherFull, false},
		{"an ended subscription", of(subscription.Instant, func(g *pipeline.Gathering) { g.Gone, g.Pace.Sent = true, []time.Time{noon} }), time.Minute, pipeline.GatherEnded, true},
		{"a digest comes", of(subscription.Digest, func(g *pipeline.Gathering) { g.Digests, g.Gone = true, true }), 48 * time.Hour, pipeline.GatherDigest, false},
		{"none comes yet", of(subscription.Digest, func(*pipeline.Gathering) {}), 23 * time.Hour, pipeline.GatherNoDigest, false},
		{"none came for a day", of(subscription.Digest, func(*pipeline.Gathering) {}), 24 * time.Hour, pipeline.GatherNoDigest, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if why, due := c.g.Due(noon.Add(c.after)); why != c.why || due != c.due {
				t.Errorf("%s, %v", why, due)
			}
		})
	}
}
