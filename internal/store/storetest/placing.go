package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// placed is a placement that alerts nobody.
func placed(p story.Placement) pipeline.Placed { return pipeline.Placed{Placement: p} }

func testPlacing(t *testing.T, open func(t *testing.T) *store.Store) {
	long := start().Add(-24 * time.Hour)
	cases{
		{"placed reports are no longer unplaced, and matches are kept in order", func(k kit) {
			rs := k.stored("a", "b", "c")
			p := opens(rs[0], "summit", "ceasefire")
			k.place(start(), placed(p), placed(opens(rs[1])))
			same(k, "unplaced", titles(must(k.Unplaced(k.ctx, 10))(k)), []string{"c"})
			same(k, "matches", must(k.Matches(k.ctx, rs[0].ID))(k), p.Matches)
			same(k, "no matches", must(k.Matches(k.ctx, rs[1].ID))(k), nil)
		}},
		{"open stories come oldest first with topics and reports in sequence", func(k kit) {
			rs := k.stored("a", "b", "c")
			first, second := opens(rs[0], "summit", "ceasefire"), opens(rs[1])
			first.Story.Updated, second.Story.Updated = start(), start().Add(-time.Hour)
			joined := joins(first, rs[2])
			joined.Story.Updated = start().Add(minute)
			joined.Story.Topics[1].Stage = "begun"
			k.place(start(), placed(first), placed(second), placed(joined))
			want := []story.Told{
				{Story: second.Story, Reports: rs[1:2]},
				{Story: joined.Story, Reports: []report.Report{rs[0], rs[2]}},
			}
			same(k, "open", must(k.OpenStories(k.ctx, long))(k), want)
			same(k, "recent ones", must(k.OpenStories(k.ctx, start().Add(minute)))(k), want[1:])
			same(k, "none", must(k.OpenStories(k.ctx, start().Add(minute+1e6)))(k), nil)
		}},
		{"a story is told by its reports, the first and the newest of many", func(k kit) {
			rs := k.stored("a", "b", "c", "d", "e", "f", "g", "h")
			first := opens(rs[0])
			all := []pipeline.Placed{placed(first), placed(opens(rs[1]))}
			for _, r := range rs[2:] {
				all = append(all, placed(joins(first, r)))
			}
			k.place(start(), all...)
			told := func(limit int) []string { return titles(must(k.Telling(k.ctx, first.Story.ID, limit))(k)) }
			same(k, "three", told(3), []string{"a", "g", "h"})
			same(k, "six", told(6), []string{"a", "c", "e", "f", "g", "h"})
			same(k, "all", told(10), []string{"a", "c", "d", "e", "f", "g", "h"})
			same(k, "of no story", must(k.Telling(k.ctx, 99, 3))(k), nil)
			got := must(k.Telling(k.ctx, story.ID(rs[1].ID), 3))(k)
			rs[1].Keys = nil
			same(k, "whole", got, rs[1:2])
		}},
		{"a story keeps which one it follows", func(k kit) {
			rs := k.stored("a", "b", "c")
			first, second := opens(rs[0]), opens(rs[1])
			second.Story.Follows = first.Story.ID
			k.place(start(), placed(first), placed(second))
			k.place(start(), placed(joins(second, rs[2])))
			for _, t := range must(k.OpenStories(k.ctx, long))(k) {
				want := story.ID(0)
				if t.Story.ID == second.Story.ID {
					want = first.Story.ID
				}
				same(k, t.Story.Title, t.Story.Follows, want)
			}
		}},
		{"a story that loses a topic loses it in look-ups", func(k kit) {
			rs := k.stored("a", "b")
			p := opens(rs[0], "summit", "ceasefire")
			k.place(start(), placed(p))
			j := joins(p, rs[1])
			j.Story.Topics = j.Story.Topics[:1]
			k.place(start(), placed(j))
			same(k, "topics", must(k.OpenStories(k.ctx, long))(k)[0].Story.Topics, j.Story.Topics)
			same(k, "recent", must(k.Recent(k.ctx, archive.Recent{Topic: "ceasefire", Limit: 5}))(k), nil)
		}},
		{"the same placements saved twice change nothing", func(k kit) {
			rs := k.stored("a", "b")
			p := opens(rs[0], "ceasefire")
			both := []pipeline.Placed{
				{Placement: p, Alerts: []alert.Alert{alertFor(p, "c1", start()), alertFor(p, "c2", start())}},
				placed(joins(p, rs[1])),
			}
			k.place(start(), both...)
			told, queue := must(k.OpenStories(k.ctx, long))(k), k.queue("c1")
			k.place(start().Add(minute), both...)
			same(k, "stories", must(k.OpenStories(k.ctx, long))(k), told)
			same(k, "deliveries", k.queue("c1"), queue)
			k.place(start(), both[0])
			same(k, "an older revision", must(k.OpenStories(k.ctx, long))(k), told)
		}},
		{"a report cannot be in two stories", func(k kit) {
			rs := k.stored("a", "b")
			k.place(start(), placed(opens(rs[0])), placed(opens(rs[1])))
			err := k.SavePlacements(k.ctx, start(), []pipeline.Placed{placed(joins(opens(rs[0]), rs[1]))})
			k.is(err, store.ErrPlaced)
			same(k, "story", must(k.OpenStories(k.ctx, long))(k)[0].Story.Reports, 1)
		}},
		{"placing a report that is not stored saves nothing", func(k kit) {
			rs := k.stored("a")
			bad := joins(opens(rs[0]), report.Report{ID: 99})
			err := k.SavePlacements(k.ctx, start(), []pipeline.Placed{placed(opens(rs[0])), placed(bad)})
			k.is(err, archive.ErrNotFound)
			same(k, "unplaced", len(must(k.Unplaced(k.ctx, 10))(k)), 1)
		}},
		{"wanting finds the topics' subscriptions in guilds that are there", testWanting},
	}.run(t, open)
}

func testWanting(k kit) {
	k.join("g1")
	k.join("g2")
	first := k.subscribe("g2", "c2", "summit")
	second := k.subscribe("g1", "c1", "ceasefire")
	k.subscribe("g1", "c1", "coup")
	gone := k.subscribe("g3", "c3", "summit")
	same(k, "both", must(k.Wanting(k.ctx, []topic.ID{"ceasefire", "summit"}))(k), []subscription.Subscription{first, second, gone})
	k.ok(k.LeaveGuild(k.ctx, "g3", start()))
	same(k, "of guilds that are there", must(k.Wanting(k.ctx, []topic.ID{"ceasefire", "summit"}))(k), []subscription.Subscription{first, second})
	same(k, "none", must(k.Wanting(k.ctx, []topic.ID{"nuclear"}))(k), nil)
	same(k, "no topics", must(k.Wanting(k.ctx, nil))(k), nil)
}

func testAlerts(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"an alert brings one pending delivery with what was decided", func(k kit) {
			rs := k.stored("a")
			p := opens(rs[0], "ceasefire")
			a := alertFor(p, "c1", start().Add(minute))
			k.place(start(), pipeline.Placed{Placement: p, Alerts: []alert.Alert{a}})
			got := k.queue("c1")
			want := []alert.Delivery{{
				ID: got[0].ID, Alert: got[0].Alert, Kind: alert.Post, Guild: "g", Channel: "c1", Roles: a.Roles, Content: a.Content,
				Form: alert.Full, State: alert.Pending, Created: a.Planned, Due: a.Planned, Waits: a.Planned,
			}}
			same(k, "delivery", got, want)
			if got[0].Alert == 0 {
				k.t.Fatal("the delivery names no alert")
			}
			same(k, "by alert", must(k.Deliveries(k.ctx, store.DeliveryQuery{Alert: got[0].Alert}))(k), want)
			same(k, "alerted", must(k.Alerted(k.ctx, p.Story.ID))(k), []alert.Recipient{{Channel: "c1", Mentioned: []string{"r1"}}})
		}},
		{"a channel has one alert for a story", func(k kit) {
			rs := k.stored("a", "b")
			p := opens(rs[0], "ceasefire")
			a := alertFor(p, "c1", start())
			k.place(start(), pipeline.Placed{Placement: p, Alerts: []alert.Alert{a, a}})
			j := joins(p, rs[1])
			k.place(start(), pipeline.Placed{Placement: j, Alerts: []alert.Alert{a, alertFor(p, "c2", start())}})
			same(k, "c1", len(k.queue("c1")), 1)
			same(k, "c2", len(k.queue("c2")), 1)
			same(k, "alerted", must(k.Alerted(k.ctx, p.Story.ID))(k), []alert.Recipient{{Channel: "c1", Mentioned: []string{"r1"}}, {Channel: "c2", Mentioned: []string{"r1"}}})
		}},
		{"a story for many channels reaches them all", func(k kit) {
			rs := k.stored("a", "b")
			var both []pipeline.Placed
			for _, r := range rs {
				p := pipeline.Placed{Placement: opens(r, "ceasefire")}
				for i := range 333 {
					a := alertFor(p.Placement, fmt.Sprint("c", i), start())
					a.Guild = fmt.Sprint("g", i%20) // each may claim some at a time
					p.Alerts = append(p.Alerts, a)
				}
				both = append(both, p)
			}
			k.place(start(), both...)
			first := k.claim(start())
			same(k, "claimed", len(first), 333)
			for _, d := range first {
				if d.Content.Headline != "a" {
					k.t.Fatalf("channel %s is told %q first", d.Channel, d.Content.Headline)
				}
			}
		}},
	}.run(t, open)
}
