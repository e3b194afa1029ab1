package storetest

import (
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
