package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
)

// gathers stores a story for each name, which waits for a channel.
func (k kit) gathers(channel string, of subscription.Subscription, at time.Time, names ...string) (out []story.ID) {
	k.t.Helper()
	for _, r := range k.stored(names...) {
		p := opens(r, "ceasefire")
		w := alert.Waiting{Guild: "g", Channel: channel, Story: p.Story.ID, Report: r.ID, Subscription: of.ID, Way: of.Way, At: at}
		k.place(at, pipeline.Placed{Placement: p, Gathered: []alert.Waiting{w}})
		out = append(out, p.Story.ID)
	}
	return out
}

// limited is a subscription of guild g with a limit.
func (k kit) limited(channel string, way subscription.Way) subscription.Subscription {
	k.t.Helper()
	k.join("g")
	return must(k.Subscribe(k.ctx, subscription.Subscription{
		Guild: "g", Channel: channel, Topic: "ceasefire", PerHour: 2, Way: way, Silent: true, CreatedBy: "u", Created: start(),
	}))(k)
}

// waiting are the headlines that wait in a gathering.
func (k kit) waiting(g pipeline.Gathering, limit int) (out []string) {
	k.t.Helper()
	for _, s := range must(k.Waiting(k.ctx, g, limit))(k) {
		out = append(out, s.Report.Title)
	}
	return out
}

// gatheredFor has a story wait for more channels.
func gatheredFor(k kit, id story.ID, channels ...string) {
	k.t.Helper()
	of := must(k.Story(k.ctx, id))(k).Story
	s := must(k.Gatherings(k.ctx, start()))(k)[0]
	p := pipeline.Placed{Placement: story.Placement{Report: of.Lead, Story: of}}
	for _, channel := range channels {
		p.Gathered = append(p.Gathered, alert.Waiting{
			Guild: "g", Channel: channel, Story: id, Report: of.Lead, Subscription: s.Subscription, Way: s.Way, At: start(),
		})
	}
	k.place(start(), p)
}

// sorted is a list in order.
func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

func testGathered(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"what is gathered waits in order, and counts as told", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			ids := k.gathers("c1", s, start(), "a", "b")
			got := must(k.Gatherings(k.ctx, start()))(k)
			want := pipeline.Gathering{
				Guild: "g", Channel: "c1", Subscription: s.ID, Way: subscription.Instant, Topic: "ceasefire", PerHour: 2, Silent: true,
				Oldest: start(), Pace: subscription.Pace{Waiting: 2},
			}
			same(k, "gatherings", got, []pipeline.Gathering{want})
			same(k, "waiting", k.waiting(want, 10), []string{"a", "b"})
			same(k, "the first", k.waiting(want, 1), []string{"a"})
			same(k, "told", must(k.Alerted(k.ctx, ids[0]))(k), []alert.Recipient{{Channel: "c1", Gathered: true}})
		}},
		{"a gathering is told once, and counts for the hour", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			ids := k.gathers("c1", s, start(), "a", "b")
			g := must(k.Gatherings(k.ctx, start()))(k)[0]
			t := pipeline.Together{Gathering: g, Stories: ids, Content: alert.Content{Headline: "Two", Time: start()}}
			same(k, "saved", must(k.SaveGathered(k.ctx, start(), t))(k), true)
			same(k, "saved again", must(k.SaveGathered(k.ctx, start(), t))(k), false)
			same(k, "queue", k.states("c1"), []string{"digest pending"})
			same(k, "gatherings", must(k.Gatherings(k.ctx, start()))(k), nil)
			same(k, "told", must(k.Alerted(k.ctx, ids[1]))(k), []alert.Recipient{{Channel: "c1", Gathered: true}})
			ask := []subscription.ID{s.ID}
			same(k, "pace", must(k.Paces(k.ctx, ask, start().Add(-time.Hour)))(k)[s.ID], subscription.Pace{Sent: []time.Time{start()}})
			same(k, "pace later", must(k.Paces(k.ctx, ask, start()))(k)[s.ID], subscription.Pace{})
		}},
		{"a story of which a part was told meanwhile is told by neither twice", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			ids := k.gathers("c1", s, start(), "a", "b")
			g := must(k.Gatherings(k.ctx, start()))(k)[0]
			same(k, "one", must(k.SaveGathered(k.ctx, start(), pipeline.Together{Gathering: g, Stories: ids[:1]}))(k), true)
			same(k, "both", must(k.SaveGathered(k.ctx, start(), pipeline.Together{Gathering: g, Stories: ids}))(k), false)
			same(k, "waiting", k.waiting(g, 10), []string{"b"})
		}},
		{"messages of a subscription with a limit are noted with the alert", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			p := opens(k.stored("a")[0], "ceasefire")
			k.place(start(), pipeline.Placed{Placement: p, Sent: []subscription.ID{s.ID}})
			got := must(k.Paces(k.ctx, []subscription.ID{s.ID, s.ID + 1}, start().Add(-time.Hour)))(k)
			same(k, "paces", got, map[subscription.ID]subscription.Pace{s.ID: {Sent: []time.Time{start()}}})
		}},
		{"the channel's digest tells what waits for it", func(k kit) {
			s := k.limited("c1", subscription.Digest)
			ids := k.gathers("c1", s, start(), "a")
			all := pipeline.Gathering{Channel: "c1", Way: subscription.Digest}
			same(k, "no digest", must(k.Gatherings(k.ctx, start()))(k)[0].Digests, false)
			d := must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			same(k, "digest", must(k.Gatherings(k.ctx, start()))(k)[0].Digests, true)
			same(k, "waiting", k.waiting(all, 10), []string{"a"})
			d.Done, d.Until = digest.MomentOf(start().Add(24*time.Hour)), start()
			m := pipeline.Made{Digest: d, Content: alert.Content{Items: []alert.Item{{Headline: "a"}}}, Told: ids}
			same(k, "saved", must(k.SaveDigest(k.ctx, start(), m))(k), true)
			same(k, "waiting", k.waiting(all, 10), nil)
		}},
		{"what an ended subscription gathered still waits, in a guild that is not left", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			k.gathers("c1", s, start(), "a")
			k.ok(k.Unsubscribe(k.ctx, "g", "c1", "ceasefire"))
			same(k, "gone", must(k.Gatherings(k.ctx, start()))(k)[0].Gone, true)
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			same(k, "left", must(k.Gatherings(k.ctx, start()))(k), nil)
		}},
		{"what waits goes over to the story that its own becomes a part of, and is told once", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			all := k.gathers("c1", s, start(), "a", "b")
			gatheredFor(k, all[1], "c2", "c3")
			a, b := must(k.Story(k.ctx, all[0]))(k).Story, must(k.Story(k.ctx, all[1]))(k).Story
			k.place(start(), withAlerts(story.Placement{Report: a.Lead, Story: a}, alertFor(story.Placement{Report: a.Lead, Story: a}, "c2", start())))
			c := k.asked(story.Change{Kind: story.Merge, Story: a.ID, Other: b.ID})
			k.ok(k.SaveChange(k.ctx, start(), merged(c, a, b)))
			same(k, "told", sorted(k.toldOf(a.ID)), []string{"c1", "c2", "c2", "c3"})
			for channel, want := range map[string][]string{"c1": {"a"}, "c2": nil, "c3": {"b"}} {
				g := pipeline.Gathering{Guild: "g", Channel: channel, Subscription: s.ID, Way: s.Way, PerHour: 2}
				same(k, "waiting in "+channel, k.waiting(g, 10), want)
				if want == nil {
					continue
				}
				t := pipeline.Together{Gathering: g, Stories: []story.ID{a.ID}, Content: alert.Content{Headline: "One", Time: start()}}
				same(k, "saved in "+channel, must(k.SaveGathered(k.ctx, start(), t))(k), true)
				same(k, "left in "+channel, k.waiting(g, 10), nil)
			}
		}},
		{"what was told of a part is not told again of the whole", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			all := k.gathers("c1", s, start(), "a", "b")
			g := pipeline.Gathering{Guild: "g", Channel: "c1", Subscription: s.ID, Way: s.Way, PerHour: 2}
			t := pipeline.Together{Gathering: g, Stories: all[1:], Content: alert.Content{Headline: "One", Time: start()}}
			same(k, "saved", must(k.SaveGathered(k.ctx, start(), t))(k), true)
			a, b := must(k.Story(k.ctx, all[0]))(k).Story, must(k.Story(k.ctx, all[1]))(k).Story
			k.ok(k.SaveChange(k.ctx, start(), merged(k.asked(story.Change{Kind: story.Merge, Story: a.ID, Other: b.ID}), a, b)))
			same(k, "waiting", k.waiting(g, 10), nil)
			same(k, "told", k.toldOf(a.ID), []string{"c1"})
		}},
		{"what parts from a story waits as its own, and who waits for one part is told nothing of the other", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			all := k.gathers("c1", s, start(), "a", "b")
			a, b := must(k.Story(k.ctx, all[0]))(k).Story, must(k.Story(k.ctx, all[1]))(k).Story
			gatheredFor(k, b.ID, "c2")
			k.ok(k.SaveChange(k.ctx, start(), merged(k.asked(story.Change{Kind: story.Merge, Story: a.ID, Other: b.ID}), a, b)))
			c := k.asked(story.Change{Kind: story.Split, Story: a.ID, Reports: []report.ID{b.Lead}})
			c.Other = b.ID
			a.Revision, b.Revision = 4, 4
			k.ok(k.SaveChange(k.ctx, start(), pipeline.StoryChange{Change: c, Outcome: story.Changed, Stories: []story.Story{a, b}}))
			for _, id := range all {
				same(k, "told", sorted(k.toldOf(id)), []string{"c1", "c2"})
			}
			for channel, of := range map[string]story.Story{"c1": a, "c2": b} {
				g := pipeline.Gathering{Guild: "g", Channel: channel, Subscription: s.ID, Way: s.Way, PerHour: 2}
				same(k, "waiting in "+channel, k.waiting(g, 10), []string{of.Title})
				t := pipeline.Together{Gathering: g, Stories: []story.ID{of.ID}, Content: alert.Content{Headline: "One", Time: start()}}
				same(k, "saved in "+channel, must(k.SaveGathered(k.ctx, start(), t))(k), true)
			}
		}},
		{"a story is gathered once for a channel", func(k kit) {
			s := k.limited("c1", subscription.Instant)
			p := opens(k.stored("a")[0], "ceasefire")
			w := alert.Waiting{Guild: "g", Channel: "c1", Story: p.Story.ID, Report: p.Story.Lead, Subscription: s.ID, Way: s.Way, At: start()}
			k.place(start(), pipeline.Placed{Placement: p, Gathered: []alert.Waiting{w, w}})
			same(k, "waiting", k.waiting(pipeline.Gathering{Channel: "c1", Way: s.Way, Subscription: s.ID}, 10), []string{"a"})
		}},
	}.run(t, open)
}
