package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// troubles are those that are known after so many minutes.
func (k kit) troubles(minutes int) []guild.Trouble {
	k.t.Helper()
	return must(k.Troubles(k.ctx, after(minutes)))(k)
}

func after(minutes int) time.Time { return start().Add(time.Duration(minutes) * time.Minute) }

func testTroubles(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a channel that is blocked is told of once, and once when a message arrives again", func(k kit) {
			k.join("g")
			k.ok(k.NoteSystemChannel(k.ctx, "g", "sys"))
			k.ok(k.NoteSystemChannel(k.ctx, "unknown", "sys"))
			k.subscribe("g", "c1", "ceasefire")
			k.alerts("c1", start())
			k.settle(start(), k.claimOne(start()), alert.Settlement{State: alert.Pending, Due: start(), Reason: alert.ReasonNoAccess, BlockChannel: true})
			want := guild.Trouble{Guild: "g", Kind: guild.ChannelBlocked, Subject: "c1", Reason: string(alert.ReasonNoAccess), Since: start()}
			same(k, "troubles", k.troubles(1), []guild.Trouble{want})
			same(k, "told", must(k.Tell(k.ctx, after(5), want, guild.TellFailed))(k), true)
			same(k, "told again", must(k.Tell(k.ctx, after(5), want, guild.TellFailed))(k), false)
			notice := k.claimOne(after(5))
			same(k, "channel", notice.Channel, "sys")
			same(k, "kind", notice.Kind, alert.Notice)
			same(k, "content", notice.Content.Notice, &alert.NoticeContent{Kind: want.Kind, Subject: "c1", Reason: want.Reason, Since: start()})
			// The system channel refuses too, which is nobody's trouble.
			k.settle(after(5), notice, alert.Settlement{State: alert.Pending, Due: after(5), Reason: alert.ReasonNoAccess, BlockChannel: true})
			want.Told = after(5)
			same(k, "troubles", k.troubles(6), []guild.Trouble{want})
			k.ok(k.UnblockGuild(k.ctx, "g"))
			same(k, "nothing has arrived yet", k.troubles(7), []guild.Trouble{want})
			for _, d := range k.claim(after(8)) {
				k.settle(after(8), d, alert.Settlement{State: alert.Sent, Message: "m"})
			}
			want.Mended = after(8)
			same(k, "mended", k.troubles(9), []guild.Trouble{want})
			same(k, "told", must(k.Tell(k.ctx, after(18), want, guild.TellMended))(k), true)
			want.Ended = after(18)
			same(k, "mended notice", k.claimOne(after(18)).Content.Notice.Mended, true)
			// It comes back: that is another one.
			k.alerts("c1", after(20))
			for _, d := range k.claim(after(20)) {
				if d.Channel == "c1" {
					k.settle(after(20), d, alert.Settlement{State: alert.Dead, Reason: alert.ReasonRefused})
				}
			}
			same(k, "both", len(k.troubles(21)), 2)
			k.ok(k.Unsubscribe(k.ctx, "g", "c1", "ceasefire"))
			same(k, "nobody wants it", k.troubles(22), nil)
		}},
		{"what comes back before its end was told has never been over", func(k kit) {
			k.join("g")
			k.subscribe("g", "c1", "ceasefire")
			k.alerts("c1", start(), after(1), after(2))
			fate := []alert.Settlement{
				{State: alert.Dead, Reason: alert.ReasonRefused}, {State: alert.Sent, Message: "m"}, {State: alert.Dead, Reason: alert.ReasonRefused},
			}
			k.settle(start(), k.claimOne(start()), fate[0])
			one := k.troubles(0)[0]
			same(k, "nowhere to tell it", must(k.Tell(k.ctx, after(1), one, guild.TellFailed))(k), false)
			k.settle(after(1), k.claimOne(after(1)), fate[1])
			k.settle(after(2), k.claimOne(after(2)), fate[2])
			one.Told = after(1)
			same(k, "it lasts", k.troubles(3), []guild.Trouble{one})
			same(k, "forgotten", must(k.Tell(k.ctx, after(4), one, guild.Forget))(k), false)
			same(k, "gone", k.troubles(4), nil)
		}},
		{"a role that is gone is mentioned no more, which is told once", func(k kit) {
			k.join("g")
			k.ok(k.NoteSystemChannel(k.ctx, "g", "sys"))
			with := func(guildID, channel, role string, t topic.ID) {
				must(k.Subscribe(k.ctx, subscription.Subscription{Guild: guildID, Channel: channel, Topic: t, Role: role, Created: start()}))(k)
			}
			with("g", "c1", "r1", "ceasefire")
			with("g", "c1", "r1", "sanctions")
			with("g", "c2", "r2", "ceasefire")
			with("g", "c3", "", "ceasefire")
			with("h", "d1", "r1", "ceasefire")
			roles := func(guildID string) (out []string) {
				for _, s := range must(k.Subscriptions(k.ctx, guildID))(k) {
					out = append(out, s.Role)
				}
				return out
			}
			all := func(string) bool { return true }
			k.ok(k.LoseRoles(k.ctx, "g", start(), func(role string) bool { return role == "r1" }))
			same(k, "roles", roles("g"), []string{"", "", "r2", ""})
			same(k, "roles elsewhere", roles("h"), []string{"r1"})
			gone := guild.Trouble{Guild: "g", Kind: guild.RoleGone, Subject: "c1", Reason: "deleted", Since: start()}
			same(k, "troubles", k.troubles(1), []guild.Trouble{gone})
			k.ok(k.LoseRoles(k.ctx, "g", after(1), func(string) bool { return false }))
			same(k, "told", must(k.Tell(k.ctx, after(5), gone, guild.TellFailed))(k), true)
			same(k, "notice", k.claimOne(after(5)).Content.Notice, &alert.NoticeContent{Kind: guild.RoleGone, Subject: "c1", Reason: "deleted", Since: start()})
			// Another role of the same channel goes before the first is forgotten.
			with("g", "c1", "r3", "coup")
			k.ok(k.LoseRoles(k.ctx, "g", after(6), all))
			same(k, "roles", roles("g"), []string{"", "", "", "", ""})
			gone.Since = after(6)
			other := gone
			other.Subject = "c2"
			same(k, "troubles", k.troubles(7), []guild.Trouble{gone, other})
			same(k, "told", must(k.Tell(k.ctx, after(11), gone, guild.TellFailed))(k), true)
			k.ok(k.Unsubscribe(k.ctx, "g", "c2", "ceasefire"))
			same(k, "told, or nobody's any more", k.troubles(12), nil)
		}},
		{"a feed of the guild's own that fails for a day is told where the guild has chosen", func(k kit) {
			k.join("g")
			k.ok(k.SaveSettings(k.ctx, "g", guild.Settings{Notices: "c9"}, start()))
			same(k, "settings", must(k.Settings(k.ctx, "g"))(k).Notices, "c9")
			f := must(k.AddFeed(k.ctx, guild.NewFeed{
				Guild: "g", URL: "https://own.example/feed?key=secret", Title: "Own", Every: time.Hour, By: "u", At: start(), Room: 10,
			}))(k)
			k.ok(k.SetState(k.ctx, f.ID, feed.Failing, "server-error", start()))
			same(k, "not for long", k.troubles(60), nil)
			failing := k.troubles(24 * 60)
			same(k, "name", failing[0].Name, "Own")
			same(k, "told", must(k.Tell(k.ctx, after(1441), failing[0], guild.TellFailed))(k), true)
			same(k, "channel", k.claimOne(after(1441)).Channel, "c9")
			k.ok(k.SetState(k.ctx, f.ID, feed.OK, "", after(1500)))
			same(k, "mended", k.troubles(1501)[0].Mended, after(1501))
		}},
	}.run(t, open)
}
