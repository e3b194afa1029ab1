package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
)

// posted posts alerts in a channel, one a minute from the start on.
func (k kit) posted(channel string, n int) {
	k.t.Helper()
	var at []time.Time
	for i := range n {
		at = append(at, start().Add(time.Duration(i)*time.Minute))
	}
	k.alerts(channel, at...)
	for i := range n {
		d := k.claimOne(start().Add(time.Duration(i) * time.Minute))
		k.settle(at[i], d, alert.Settlement{State: alert.Sent, Message: "m" + string(rune('1'+i))})
	}
}

func (k kit) publications(now time.Time) []alert.Publication {
	k.t.Helper()
	return must(k.ClaimPublications(k.ctx, now, 10, time.Minute))(k)
}

func testPublications(t *testing.T, open func(t *testing.T) *store.Store) {
	later := start().Add(10 * time.Minute)
	cases{
		{"alerts of an announcement channel are published, oldest first, once", func(k kit) {
			k.join("g")
			k.subscribe("g", "c1", "ceasefire")
			k.ok(k.NoteChannel(k.ctx, guild.Channel{ID: "c1", Guild: "g", Kind: guild.Announcement}))
			k.posted("c1", 2)
			same(k, "kind", k.queue("c1")[0].In, guild.Announcement)
			due, ok, err := k.NextPublication(k.ctx)
			k.ok(err)
			same(k, "due", due, start())
			same(k, "is due", ok, true)
			first := k.publications(later)
			same(k, "claimed", len(first), 1)
			same(k, "first", first[0].Message, "m1")
			same(k, "posted", first[0].Posted, start())
			same(k, "held", len(k.publications(later)), 0)
			stale := first[0]
			again := k.publications(later.Add(time.Minute)) // its process died
			k.is(k.SettlePublication(k.ctx, later, stale, alert.PublishSettlement{Outcome: alert.Published}), alert.ErrStale)
			k.ok(k.SettlePublication(k.ctx, later, again[0], alert.PublishSettlement{Outcome: alert.PublishWaits, Due: later.Add(2 * time.Minute), Failures: 1, Reason: "no-answer"}))
			again = k.publications(later.Add(2 * time.Minute))
			same(k, "failures", again[0].Failures, 1)
			k.ok(k.SettlePublication(k.ctx, later, again[0], alert.PublishSettlement{Outcome: alert.Published}))
			second := k.publications(later.Add(2 * time.Minute))
			same(k, "second", second[0].Message, "m2")
			same(k, "published before", second[0].Published, []time.Time{later})
			k.ok(k.SettlePublication(k.ctx, later.Add(3*time.Minute), second[0], alert.PublishSettlement{Outcome: alert.Unpublished, Reason: "hour-full"}))
			_, ok, err = k.NextPublication(k.ctx)
			k.ok(err)
			same(k, "is due", ok, false)
			same(k, "left", must(k.Unpublished(k.ctx, "g", start()))(k), 1)
			same(k, "left lately", must(k.Unpublished(k.ctx, "g", later.Add(time.Hour)))(k), 0)
			same(k, "left elsewhere", must(k.Unpublished(k.ctx, "h", start()))(k), 0)
		}},
		{"those of other channels, or that nobody wants published, are not", func(k kit) {
			k.join("g")
			k.subscribe("g", "c1", "ceasefire")
			k.posted("c1", 1)
			want := must(k.Subscribe(k.ctx, subscription.Subscription{Guild: "g", Channel: "c2", Topic: "ceasefire", Unpublished: true, CreatedBy: "u", Created: start()}))(k)
			same(k, "wish", must(k.Subscriptions(k.ctx, "g"))(k)[1], want)
			k.ok(k.NoteChannel(k.ctx, guild.Channel{ID: "c2", Guild: "g", Kind: guild.Announcement}))
			k.posted("c2", 1)
			same(k, "claimed", len(k.publications(later)), 0)
		}},
		{"a person has a quota of its own", func(k kit) {
			account := guild.Personal("7")
			for i := range guild.MaxPersonal {
				k.subscribe(account, "d1", numbered(i))
			}
			_, err := k.Subscribe(k.ctx, subscription.Subscription{Guild: account, Channel: "d1", Topic: "ceasefire", CreatedBy: "7", Created: start()})
			k.is(err, subscription.ErrQuota)
			k.subscribe("7", "c1", "ceasefire") // a guild of that number is another
		}},
		{"a channel's kind changes, that of another guild's does not", func(k kit) {
			k.join("g")
			k.subscribe("g", "c1", "ceasefire")
			k.ok(k.NoteKinds(k.ctx, "g", map[string]guild.ChannelKind{"c1": guild.Announcement, "c9": guild.Forum}))
			k.ok(k.NoteKinds(k.ctx, "h", map[string]guild.ChannelKind{"c1": guild.Plain}))
			k.is(k.NoteChannel(k.ctx, guild.Channel{ID: "c1", Guild: "h"}), guild.ErrForeignChannel)
			k.posted("c1", 1)
			same(k, "kind", k.queue("c1")[0].In, guild.Announcement)
			k.ok(k.NoteKinds(k.ctx, "g", map[string]guild.ChannelKind{"c1": guild.Plain}))
			same(k, "kind", k.queue("c1")[0].In, guild.Plain)
		}},
	}.run(t, open)
}
