package storetest

import (
	"testing"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/upkeep"
)

func testErasing(t *testing.T, open func(t *testing.T) *store.Store) {
	// furnish gives guild g and another one something of everything.
	furnish := func(k kit) (own guild.Topic) {
		k.ok(k.PutGuild(k.ctx, guild.Guild{ID: "g", Name: "Desk", Joined: start()}))
		k.subscribe("h", "x", "ceasefire")
		must(k.AddDigest(k.as("7", 1), daily("c1", 480)))(k)
		own = must(k.CreateTopic(k.as("7", 2), guild.Topic{Guild: "g", Name: "Hormuz", Query: "hormuz", Created: start()}))(k)
		k.subscribe("g", "c1", "ceasefire")
		k.alerts("c1", start(), start().Add(minute), start().Add(2*minute))
		return own
	}
	empty := func(k kit) {
		k.t.Helper()
		same(k, "subscriptions", len(must(k.Subscriptions(k.ctx, "g"))(k)), 0)
		same(k, "digests", len(must(k.Digests(k.ctx, "g"))(k)), 0)
		same(k, "topics", len(must(k.OwnTopics(k.ctx, "g"))(k)), 0)
		same(k, "deliveries", len(must(k.Deliveries(k.ctx, store.DeliveryQuery{Guild: "g"}))(k)), 0)
		same(k, "the other guild's", len(must(k.Subscriptions(k.ctx, "h"))(k)), 1)
	}
	cases{
		{"a guild that the bot left goes after its time, a few rows at a time", func(k kit) {
			own := furnish(k)
			_, revision, err := k.ChangedTopics(k.ctx, 0)
			k.ok(err)
			left := start().Add(day)
			k.ok(k.LeaveGuild(k.ctx, "g", left))
			same(k, "on the day", must(k.DeleteGuilds(k.ctx, start(), left, 2))(k), upkeep.Deleted{})
			var sum upkeep.Deleted
			for i := 0; sum.Guilds == 0; i++ {
				d := must(k.DeleteGuilds(k.ctx, left.Add(30*day), left.Add(minute), 2))(k)
				if n := d.Deliveries + d.Alerts + d.Changes; n > 2 || i > 20 {
					k.t.Fatalf("%d rows at once, the %d. time", n, i)
				}
				sum.Add(d)
			}
			same(k, "sum", sum, upkeep.Deleted{Deliveries: 3, Alerts: 3, Changes: 2, Guilds: 1})
			empty(k)
			_, err = k.Guild(k.ctx, "g")
			k.is(err, archive.ErrNotFound)
			gone, _, err := k.ChangedTopics(k.ctx, revision)
			k.ok(err)
			same(k, "topics that placers learn are gone", []any{len(gone), gone[0].ID, gone[0].Gone, gone[0].Guild, gone[0].Name}, []any{1, own.ID, true, "", ""})
		}},
		{"a guild that comes back in time has everything", func(k kit) {
			furnish(k)
			same(k, "present", must(k.PresentGuilds(k.ctx))(k), []string{"g"})
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			same(k, "present after leaving", must(k.PresentGuilds(k.ctx))(k), nil)
			k.ok(k.PutGuild(k.ctx, guild.Guild{ID: "g", Name: "Desk", Joined: start().Add(day)}))
			same(k, "deleted", must(k.DeleteGuilds(k.ctx, start().Add(99*day), start().Add(60*day), 100))(k), upkeep.Deleted{})
			same(k, "subscriptions", len(must(k.Subscriptions(k.ctx, "g"))(k)), 1)
			same(k, "digests", len(must(k.Digests(k.ctx, "g"))(k)), 1)
			same(k, "topics", len(must(k.OwnTopics(k.ctx, "g"))(k)), 1)
		}},
		{"a guild that has the bot can have everything erased, and begin again", func(k kit) {
			furnish(k)
			k.ok(k.EraseGuild(k.as("9", 9), "g", start().Add(minute)))
			empty(k)
			same(k, "its name", must(k.Guild(k.ctx, "g"))(k).Name, "")
			same(k, "who asked for it", k.noted(guild.ChangeQuery{}), []guild.Change{{Guild: "g", User: "9", At: start().Add(9 * minute), Act: guild.ActDelete}})
			k.subscribe("g", "c1", "ceasefire")
			k.alerts("c2", start().Add(day))
			same(k, "what can be delivered", len(k.claim(start().Add(day))), 1)
			k.ok(k.EraseGuild(k.ctx, "unknown", start()))
		}},
		{"what is kept is counted, and a person is forgotten", func(k kit) {
			furnish(k)
			sub := wants("c3", "sanctions")
			sub.CreatedBy = "8"
			must(k.Subscribe(k.as("8", 3), sub))(k)
			k.ok(k.SaveDraft(k.ctx, guild.Draft{Guild: "h", User: "8", Kind: "x", Body: "y", Made: start()}))
			want := guild.Kept{Made: 1, Changes: 1, Drafts: 1, Subscriptions: 2, Digests: 1, Topics: 1, Channels: 2, Messages: 3, Notes: 3}
			same(k, "kept", must(k.Kept(k.ctx, "g", "8"))(k), want)
			own := wants("dm8", "sanctions")
			own.Guild, own.CreatedBy = guild.Personal("8"), "8"
			must(k.Subscribe(k.as("8", 4), own))(k)
			k.ok(k.ForgetPerson(k.as("8", 5), "8"))
			same(k, "in direct messages", len(must(k.Subscriptions(k.ctx, own.Guild))(k)), 0)
			same(k, "its notes", len(must(k.Changes(k.ctx, guild.ChangeQuery{Guild: own.Guild, Limit: 9}))(k)), 0)
			_, err := k.Guild(k.ctx, own.Guild)
			k.is(err, archive.ErrNotFound)
			want.Made, want.Changes, want.Drafts = 0, 0, 0
			same(k, "kept of who is forgotten", must(k.Kept(k.ctx, "g", "8"))(k), want)
			same(k, "who subscribed", must(k.Subscriptions(k.ctx, "g"))(k)[1].CreatedBy, "")
			same(k, "who changed it", k.noted(guild.ChangeQuery{})[0].User, "")
		}},
		{"a delivery on its way while its guild is erased ends without harm", func(k kit) {
			furnish(k)
			d := k.claimOne(start().Add(3 * minute))
			k.ok(k.EraseGuild(k.ctx, "g", start().Add(3*minute)))
			k.is(k.Settle(k.ctx, start().Add(4*minute), d, alert.Settlement{State: alert.Sent, Message: "1"}), alert.ErrStale)
		}},
	}.run(t, open)
}
