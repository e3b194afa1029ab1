package bot

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/rest"
)

func TestDecideGreeting(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		g    gateway.GuildCreate
		want greeting
	}{
		{"just joined", gateway.GuildCreate{ID: "1", SystemChannel: "6", Joined: now.Add(-time.Second)}, greetNow},
		{"by a clock ahead", gateway.GuildCreate{ID: "1", SystemChannel: "6", Joined: now.Add(time.Minute)}, greetNow},
		{"joined while the bot was away", gateway.GuildCreate{ID: "1", SystemChannel: "6", Joined: now.Add(-greetWithin)}, greetNow},
		{"joined long ago", gateway.GuildCreate{ID: "1", SystemChannel: "6", Joined: now.Add(-greetWithin - 1)}, greetKnownLong},
		{"no system channel", gateway.GuildCreate{ID: "1", Joined: now}, greetNowhere},
		{"a system channel that is none", gateway.GuildCreate{ID: "1", SystemChannel: "x", Joined: now}, greetNowhere},
		{"no time", gateway.GuildCreate{ID: "1", SystemChannel: "6"}, greetNoMoment},
		{"an outage", gateway.GuildCreate{ID: "1", SystemChannel: "6", Joined: now, Unavailable: true}, greetOutage},
	} {
		if got := decideGreeting(c.g, now); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestGreetingNonces(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	for _, id := range []string{"1", "18446744073709551615"} {
		for _, joined := range []time.Time{now, now.Add(time.Second), time.UnixMilli(0)} {
			n := greetingNonce(gateway.GuildCreate{ID: id, Joined: joined})
			if len(n) > rest.MaxNonce || seen[n] {
				t.Errorf("nonce %q of %s at %v", n, id, joined)
			}
			seen[n] = true
		}
	}
}
