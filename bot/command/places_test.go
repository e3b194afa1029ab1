package command_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
)

// TestPlaces subscribes channels of every kind and compares what people read
// with testdata/places.txtar.
func TestPlaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := newScript(t)
	s.say(b,
		scene{"subscribe an announcement channel", use("subscribe", about("ceasefire"), into(newsID, with("type", 5)))},
		scene{"subscribe it without publishing", use("subscribe", about("sanctions"), into(newsID, with("type", 5)), option("publish", 5, false))},
		scene{"subscribe it with an answer that is none", use("subscribe", about("Peace talks"), into(newsID, with("type", 5)), option("publish", 5, "maybe"))},
		scene{"subscribe an announcement channel of another server", use("subscribe", about("ceasefire"), into(foreignCh, with("type", 5), with("guild_id", foreignID)))},
		scene{"what these ask for", use("subscriptions")},
	)
	b.unpublished(t, "Truce holds for a second day")
	s.say(b, scene{"status when the hour was full", use("status")})
	b.unpublished(t, "Envoys sign a ceasefire in Doha")
	s.say(b, scene{"status when it was full twice", use("status")})
	compare(t, "testdata/places.txtar", &s.Archive)
}

// unpublished lets an alert of the announcement channel stay unpublished.
func (b bench) unpublished(t *testing.T, title string) {
	t.Helper()
	ctx := t.Context()
	b.tell(t, told{"wire", title, "https://wire.example/" + title[:5], "ceasefire", "in-effect", 0, []string{newsID}})
	claimed, err := b.store.Claim(ctx, now, 10, time.Minute)
	if err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %d deliveries: %v", len(claimed), err)
	}
	if err := b.store.Settle(ctx, now, claimed[0], alert.Judge(now, claimed[0], "900000000000000001", nil)); err != nil {
		t.Fatal(err)
	}
	waiting, err := b.store.ClaimPublications(ctx, now, 10, time.Minute)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d alerts wait to be published: %v", len(waiting), err)
	}
	if err := b.store.SettlePublication(ctx, now, waiting[0], alert.PublishSettlement{Outcome: alert.Unpublished, Reason: string(alert.HourFull)}); err != nil {
		t.Fatal(err)
	}
}
