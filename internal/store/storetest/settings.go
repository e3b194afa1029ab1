package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
)

func testSettings(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"settings come back as they were saved, to their guild alone", func(k kit) {
			k.join("g")
			same(k, "unset", must(k.Settings(k.ctx, "g"))(k), guild.Settings{})
			want := guild.Settings{Language: "uk", Zone: "Europe/Kyiv", ManagerRole: "5"}
			k.ok(k.SaveSettings(k.ctx, "g", want, start()))
			same(k, "saved", must(k.Settings(k.ctx, "g"))(k), want)
			same(k, "another's", must(k.Settings(k.ctx, "h"))(k), guild.Settings{})
			k.ok(k.SaveSettings(k.ctx, "g", guild.Settings{Zone: "Asia/Tokyo"}, start()))
			same(k, "replaced", must(k.Settings(k.ctx, "g"))(k), guild.Settings{Zone: "Asia/Tokyo"})
		}},
		{"what cannot be set is refused and changes nothing", func(k kit) {
			k.ok(k.SaveSettings(k.ctx, "g", guild.Settings{Language: "de"}, start()))
			k.is(k.SaveSettings(k.ctx, "g", guild.Settings{Language: "xx"}, start()), guild.ErrSettings)
			k.is(k.SaveSettings(k.ctx, "g", guild.Settings{Zone: "Local"}, start()), guild.ErrSettings)
			same(k, "settings", must(k.Settings(k.ctx, "g"))(k), guild.Settings{Language: "de"})
		}},
		{"settings last when the bot leaves and comes back", func(k kit) {
			want := guild.Settings{Language: "pl", ManagerRole: "5"}
			k.ok(k.SaveSettings(k.ctx, "g", want, start()))
			k.join("g")
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			k.join("g")
			same(k, "settings", must(k.Settings(k.ctx, "g"))(k), want)
		}},
		{"each setting that really changes is noted", func(k kit) {
			k.ok(k.SaveSettings(k.ctx, "g", guild.Settings{Language: "uk"}, start()))
			by := k
			by.ctx = guild.By(k.ctx, guild.Actor{User: "7", At: start()})
			k.ok(by.SaveSettings(by.ctx, "g", guild.Settings{Language: "uk", Zone: "Europe/Kyiv", ManagerRole: "5"}, start()))
			k.ok(by.SaveSettings(by.ctx, "g", guild.Settings{Language: "uk", Zone: "Europe/Kyiv"}, start()))
			var details []string
			for _, c := range must(k.Changes(k.ctx, guild.ChangeQuery{Guild: "g", Limit: 10}))(k) {
				details = append(details, string(c.Act)+" "+c.User+" "+c.Detail)
			}
			same(k, "notes", details, []string{"settings 7 manager role: none", "settings 7 manager role: 5", "settings 7 time zone: Europe/Kyiv"})
		}},
		{"deliveries and edits are in the guild's language, or else in that which it has in Discord", testSpokenTo},
		{"a draft is its member's, and kept for an hour", func(k kit) {
			d := guild.Draft{Guild: "g", User: "7", Kind: "setup", Body: "first", Made: start()}
			k.ok(k.SaveDraft(k.ctx, d))
			d.Body = "second"
			k.ok(k.SaveDraft(k.ctx, d))
			read := func(guildID, user, kind string, now time.Time) string {
				body, ok, err := k.Draft(k.ctx, guildID, user, kind, now)
				k.ok(err)
				if !ok {
					return "none"
				}
				return body
			}
			same(k, "theirs", read("g", "7", "setup", start().Add(guild.DraftFor)), "second")
			for _, other := range [][3]string{{"h", "7", "setup"}, {"g", "8", "setup"}, {"g", "7", "topic"}} {
				same(k, "another", read(other[0], other[1], other[2], start()), "none")
			}
			same(k, "old", read("g", "7", "setup", start().Add(guild.DraftFor+time.Second)), "none")
			d.User, d.Made = "8", start().Add(guild.DraftFor+time.Second)
			k.ok(k.SaveDraft(k.ctx, d))
			same(k, "forgotten", read("g", "7", "setup", start()), "none")
			k.ok(k.DropDraft(k.ctx, "g", "8", "setup"))
			k.ok(k.DropDraft(k.ctx, "g", "8", "setup"))
			same(k, "dropped", read("g", "8", "setup", d.Made), "none")
			d.Body = strings.Repeat("x", guild.MaxDraft+1)
			if err := k.SaveDraft(k.ctx, d); err == nil {
				k.t.Fatal("a draft without bounds was kept")
			}
		}},
		{"a guild is greeted once for each time that the bot joins", func(k kit) {
			greet := func(guild string, joined time.Time) bool { return must(k.Greet(k.ctx, guild, joined))(k) }
			same(k, "unknown", greet("g", start()), false)
			k.join("g")
			same(k, "joined", greet("g", start()), true)
			same(k, "again", greet("g", start()), false)
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			k.join("g")
			same(k, "an old event", greet("g", start()), false)
			same(k, "joined anew", greet("g", start().Add(time.Hour)), true)
			k.join("h")
			same(k, "another", greet("h", start()), true)
		}},
	}.run(t, open)
}

func testSpokenTo(k kit) {
	k.join("g")
	k.ok(k.PutGuild(k.ctx, guild.Guild{ID: "g", Name: "Newsroom", Locale: "fr", Joined: start()}))
	l := k.told("c1")
	d := k.claimOne(start())
	same(k, "delivery, in Discord's", d.Language, "fr")
	k.settle(start(), d, sent())
	k.ok(k.SaveSettings(k.ctx, "g", guild.Settings{Language: "uk"}, start()))
	l.hears("b", 2)
	later := start().Add(time.Hour)
	same(k, "edit, in the guild's", k.editOne(later).Language, "uk")
}
