package storetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/schedule"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// hourOf spreads many additions, a hundred an hour.
func hourOf(i int) time.Time { return start().Add(time.Duration(i/100) * time.Hour) }

// testAddedPerHour fills a guild's hour but for one, adds that, is refused the
// next with the time at which it may go on, and goes on then.
func testAddedPerHour(k kit) {
	for kind, add := range map[guild.Addition]func(guildID string, i int, now time.Time) error{
		guild.AddsSubscription: func(g string, i int, now time.Time) error {
			_, err := k.Subscribe(k.ctx, subscription.Subscription{Guild: g, Channel: "c" + g, Topic: topic.ID(fmt.Sprint("t", i)), Created: now})
			return err
		},
		guild.AddsTopic: func(g string, i int, now time.Time) error {
			_, err := k.CreateTopic(k.ctx, guild.Topic{Guild: g, Name: fmt.Sprint("n", i), Query: "truce kyiv", Created: now})
			return err
		},
		guild.AddsDigest: func(g string, i int, now time.Time) error {
			d := byCron("c"+g, schedule.Expression(fmt.Sprintf("%d 8 * * *", i)))
			d.Guild, d.Created = g, now
			_, err := k.AddDigest(k.ctx, d)
			if i == 0 && err == nil {
				err = k.RemoveDigest(k.ctx, g, must(k.Digests(k.ctx, g))(k)[0].ID)
			}
			return err
		},
	} {
		g := string(kind)
		k.ok(k.Admit(k.ctx, g, kind, kind.PerHour()-1, start()))
		now := start().Add(20 * time.Minute)
		k.ok(add(g, 0, now))
		var soon *guild.TooSoonError
		if err := add(g, 1, now); !errors.As(err, &soon) || soon.Kind != kind || !soon.Again.Equal(start().Add(time.Hour)) {
			k.t.Fatalf("%s: one too many got %v", kind, err)
		}
		k.ok(add(g+"2", 1, now))
		k.ok(add(g, 1, soon.Again))
	}
	same(k, "nothing else was added", len(must(k.Digests(k.ctx, string(guild.AddsDigest)))(k)), 1)
	same(k, "nor subscribed", len(must(k.Subscriptions(k.ctx, string(guild.AddsSubscription)))(k)), 2)
	_, failed := k.Failures()
	same(k, "the database is not blamed", failed, 0)
}
