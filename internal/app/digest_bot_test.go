package app_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/store"
)

// TestADigestIsPostedOnce has a digest fall due while the bot is away: it is posted
// when the bot is back, and not again at its next start.
func TestADigestIsPostedOnce(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.alert(n.general, truces[0])
	n.must(n.stop())
	n.must(n.WaitOffline(n.ctx))
	n.wantDigest(n.wire)
	n.start()
	m := n.alert(n.wire, "Digest: Ceasefire")
	if d := m.Embeds[0].Description; !strings.Contains(d, truces[0]) || !strings.Contains(d, "Example Wire") {
		t.Errorf("the digest says %q", d)
	}
	n.restart()
	n.outlets.publish("gazette", item{title: truces[1]})
	n.alert(n.general, truces[1]) // by then the digests were looked at again
	if got := n.alerts(n.wire); !slices.Equal(got, []string{"Digest: Ceasefire"}) {
		t.Errorf("the channel has %q", got)
	}
}

// wantDigest has a channel get a digest of ceasefires that is due at once. The bot
// must not run.
func (n *newsroom) wantDigest(channel string) {
	n.t.Helper()
	s, err := store.Open(n.ctx, store.Options{DSN: n.cfg.Store.Path, Logger: slog.New(slog.DiscardHandler)})
	n.must(err)
	defer func() { n.must(s.Close()) }()
	ago := time.Now().Add(-72 * time.Hour)
	_, err = s.AddDigest(n.ctx, digest.Digest{
		Guild: n.guild, Channel: channel, Topic: "ceasefire", Schedule: digest.Schedule{Days: digest.Daily, Zone: time.UTC},
		Done: digest.MomentOf(ago), Until: ago, CreatedBy: n.mara, Created: ago,
	})
	n.must(err)
}

// TestDigestsAreSetUpByCommand takes a newcomer's way.
func TestDigestsAreSetUpByCommand(t *testing.T) {
	t.Parallel()
	n := open(t)
	for _, c := range []struct {
		sub  string
		o    options
		want string
	}{
		{"list", nil, "No channel of this server gets digests yet"},
		{"add", options{"at": "8:00", "zone": "Europe/Kyiv", "topic": "ceasefire", "channel": n.wire}, "#wire gets a digest of Ceasefire every day at 08:00"},
		{"list", nil, "#wire: Ceasefire, every day at 08:00"},
		{"remove", options{"digest": "1"}, "#wire gets no more digests"},
	} {
		if got := strings.ReplaceAll(n.say(n.mara, "digest "+c.sub, c.o), "**", ""); !strings.Contains(got, c.want) {
			t.Errorf("/digest %s: %q, want %q", c.sub, got, c.want)
		}
	}
}
