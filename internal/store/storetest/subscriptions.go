package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

func testSubscriptions(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a subscription comes back as it was saved", func(k kit) {
			k.join("g")
			want := k.subscribe("g", "c1", "ceasefire")
			if want.ID == 0 {
				k.t.Fatal("no id")
			}
			same(k, "list", must(k.Subscriptions(k.ctx, "g"))(k), []subscription.Subscription{want})
		}},
		{"lists are by channel and then by age", func(k kit) {
			b, a, c := k.subscribe("g", "c2", "coup"), k.subscribe("g", "c1", "treaty"), k.subscribe("g", "c2", "ceasefire")
			same(k, "list", must(k.Subscriptions(k.ctx, "g"))(k), []subscription.Subscription{a, b, c})
		}},
		{"what a subscription asks for is kept", func(k kit) {
			k.join("g")
			want := subscription.Subscription{
				Guild: "g", Channel: "c1", Topic: "ceasefire", Role: "5", Mention: subscription.TwoVoices, Updates: subscription.Edit,
				Stages: []topic.Stage{"agreed", "violated"}, Standings: []story.Standing{story.Confirmed}, CreatedBy: "u", Created: start(),
				Countries: []string{"UA", "RU"}, Languages: []string{"en"}, Tiers: []source.Tier{source.Wire}, Independent: true,
				Silent: true, Way: subscription.Digest, PerHour: 3,
			}
			got := must(k.Subscribe(k.ctx, want))(k)
			want.ID = got.ID
			same(k, "subscribed", got, want)
			same(k, "list", must(k.Subscriptions(k.ctx, "g"))(k), []subscription.Subscription{want})
			same(k, "wanting", must(k.Wanting(k.ctx, []topic.ID{"ceasefire"}))(k), []subscription.Subscription{want})
		}},
		{"what it does not say is what most want", func(k kit) {
			k.join("g")
			got := must(k.Subscribe(k.ctx, subscription.Subscription{Guild: "g", Channel: "c1", Topic: "ceasefire", Created: start()}))(k)
			same(k, "wishes", []any{got.Mention, got.Updates, got.Way}, []any{subscription.AnyReport, subscription.Reply, subscription.Instant})
		}},
		{"a subscription is given other wishes and another channel", func(k kit) {
			k.join("g")
			want := k.subscribe("g", "c1", "ceasefire")
			want.Channel, want.Role, want.Countries, want.PerHour, want.Silent = "c2", "", []string{"UA"}, 2, true
			k.ok(k.ChangeSubscription(k.ctx, want))
			same(k, "list", must(k.Subscriptions(k.ctx, "g"))(k), []subscription.Subscription{want})
		}},
		{"a subscription is not moved to where its topic is, nor to another guild's channel", func(k kit) {
			s, o := k.subscribe("g", "c1", "ceasefire"), k.subscribe("g", "c2", "ceasefire")
			k.subscribe("h", "c3", "coup")
			moved := s
			moved.Channel = "c2"
			k.is(k.ChangeSubscription(k.ctx, moved), subscription.ErrExists)
			moved.Channel = "c3"
			k.is(k.ChangeSubscription(k.ctx, moved), guild.ErrForeignChannel)
			foreign := s
			foreign.Guild, foreign.Channel = "h", "c3"
			k.is(k.ChangeSubscription(k.ctx, foreign), subscription.ErrNotFound)
			same(k, "list", must(k.Subscriptions(k.ctx, "g"))(k), []subscription.Subscription{s, o})
		}},
		{"a channel has one subscription for a topic", func(k kit) {
			s := k.subscribe("g", "c1", "ceasefire")
			_, err := k.Subscribe(k.ctx, s)
			k.is(err, subscription.ErrExists)
		}},
		{"a guild sees and removes only its own", func(k kit) {
			s := k.subscribe("g", "c1", "ceasefire")
			same(k, "another's list", must(k.Subscriptions(k.ctx, "h"))(k), nil)
			k.is(k.Unsubscribe(k.ctx, "h", "c1", "ceasefire"), subscription.ErrNotFound)
			same(k, "list", must(k.Subscriptions(k.ctx, "g"))(k), []subscription.Subscription{s})
		}},
		{"a channel of another guild is refused", func(k kit) {
			k.subscribe("g", "c1", "ceasefire")
			_, err := k.Subscribe(k.ctx, subscription.Subscription{Guild: "h", Channel: "c1", Topic: "coup"})
			k.is(err, guild.ErrForeignChannel)
			same(k, "list", must(k.Subscriptions(k.ctx, "h"))(k), nil)
		}},
		{"unsubscribing removes it once and keeps what was planned", func(k kit) {
			k.subscribe("g", "c1", "ceasefire")
			k.alerts("c1", start())
			k.ok(k.Unsubscribe(k.ctx, "g", "c1", "ceasefire"))
			k.is(k.Unsubscribe(k.ctx, "g", "c1", "ceasefire"), subscription.ErrNotFound)
			same(k, "wanting", must(k.Wanting(k.ctx, []topic.ID{"ceasefire"}))(k), nil)
			k.claimOne(start())
			k.subscribe("g", "c1", "ceasefire")
		}},
		{"a guild has a quota", func(k kit) {
			for i := range subscription.MaxPerGuild {
				must(k.Subscribe(k.ctx, subscription.Subscription{
					Guild: "g", Channel: fmt.Sprint("c", i%25), Topic: topic.ID(fmt.Sprint("t", i/25)), Created: hourOf(i),
				}))(k)
			}
			_, err := k.Subscribe(k.ctx, subscription.Subscription{Guild: "g", Channel: "c0", Topic: "one-more"})
			k.is(err, subscription.ErrQuota)
			_, err = k.Subscribe(k.ctx, subscription.Subscription{Guild: "g", Channel: "c0", Topic: "t0"})
			k.is(err, subscription.ErrExists)
			k.subscribe("h", "d", "t0")
		}},
		{"what a guild adds within an hour is limited, whatever it removes meanwhile", testAddedPerHour},
		{"many topics can be wanted at once", func(k kit) {
			k.subscribe("g", "c1", "t299")
			topics := make([]topic.ID, 300)
			for i := range topics {
				topics[i] = topic.ID(fmt.Sprint("t", i))
			}
			same(k, "wanting", len(must(k.Wanting(k.ctx, topics))(k)), 1)
		}},
	}.run(t, open)
}

func testGuilds(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a guild comes back as it was saved", func(k kit) {
			k.join("g")
			k.ok(k.PutGuild(k.ctx, guild.Guild{ID: "g", Name: "Renamed", Locale: "fr", Joined: start()}))
			same(k, "guild", must(k.Guild(k.ctx, "g"))(k), guild.Guild{ID: "g", Name: "Renamed", Locale: "fr", Joined: start()})
			_, err := k.Guild(k.ctx, "h")
			k.is(err, archive.ErrNotFound)
		}},
		{"leaving expires what waits and coming back restores what was wanted", func(k kit) {
			k.join("g")
			s := k.subscribe("g", "c1", "ceasefire")
			k.alerts("c1", start(), start())
			k.ok(k.LeaveGuild(k.ctx, "g", start().Add(minute)))
			same(k, "states", k.states("c1"), []string{"post expired guild-gone", "post expired guild-gone"})
			same(k, "claimed", k.claim(start().Add(time.Hour)), nil)
			same(k, "wanting", must(k.Wanting(k.ctx, []topic.ID{"ceasefire"}))(k), nil)
			k.ok(k.LeaveGuild(k.ctx, "g", start().Add(2*minute)))
			same(k, "left", must(k.Guild(k.ctx, "g"))(k).Left, start().Add(minute))
			k.join("g")
			same(k, "restored", must(k.Wanting(k.ctx, []topic.ID{"ceasefire"}))(k), []subscription.Subscription{s})
			same(k, "gone is gone", k.claim(start().Add(time.Hour)), nil)
			k.alerts("c1", start())
			k.claimOne(start())
		}},
		{"a delivery that is being tried keeps its outcome when the guild is left", func(k kit) {
			k.join("g")
			k.alerts("c1", start())
			d := k.claimOne(start())
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			k.settle(start(), d, sent())
			same(k, "states", k.states("c1"), []string{"post sent"})
		}},
		{"other guilds are not touched by leaving", func(k kit) {
			k.join("g")
			k.join("h")
			k.alerts("c1", start())
			k.ok(k.LeaveGuild(k.ctx, "h", start()))
			k.ok(k.LeaveGuild(k.ctx, "unknown", start()))
			k.claimOne(start())
		}},
		{"channels are tried again after coming back", func(k kit) {
			k.join("g")
			k.alerts("c1", start())
			k.settle(start(), k.claimOne(start()), alert.Settlement{
				State: alert.Pending, Due: start(), Reason: alert.ReasonNoAccess, Form: alert.Full, BlockChannel: true,
			})
			k.join("g")
			same(k, "still blocked", len(must(k.Blocked(k.ctx, "g"))(k)), 1)
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			k.join("g")
			same(k, "blocked", must(k.Blocked(k.ctx, "g"))(k), nil)
		}},
	}.run(t, open)
}
