package command_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/alert"
)

// Forums.
const (
	forumID       = "200000000000000011"
	strictForumID = "200000000000000012"
	silentForumID = "200000000000000013"
)

// tags tell what forums ask of posts.
type tags struct{}

func (tags) NeedsTag(_ context.Context, channel string, t desk.TopicInfo) (bool, error) {
	if channel == silentForumID {
		return false, errors.New("no answer")
	}
	return channel == strictForumID && t.ID != "ceasefire", nil
}

// signs tell what two channels are called.
type signs struct{}

func (signs) Names(_ context.Context, channels ...string) map[string]string {
	out := map[string]string{}
	for _, id := range channels {
		if name := map[string]string{newsID: "news", alertsID: "alerts"}[id]; name != "" {
			out[id] = name
		}
	}
	return out
}

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
		scene{"subscribe a forum", use("subscribe", about("ceasefire"), into(forumID, with("type", 15)))},
		scene{"subscribe a media channel where my permissions are not told", use("subscribe", about("sanctions"), into(forumID, with("type", 16), without("app_permissions")))},
		scene{"subscribe a forum where I may not post in threads", use("subscribe", about("sanctions"), into(forumID, with("type", 15), with("app_permissions", botTalks)))},
		scene{"subscribe a forum where the person may not post", use("subscribe", about("sanctions"), into(forumID, with("type", 15), with("permissions", reader)))},
		scene{"subscribe a forum with updates in threads", use("subscribe", about("Peace talks"), into(forumID, with("type", 15)), option("updates", 3, "thread"))},
		scene{"subscribe a forum that asks for a tag it does not have", use("subscribe", about("sanctions"), into(strictForumID, with("type", 15)))},
		scene{"subscribe a forum that asks for a tag it has", use("subscribe", about("ceasefire"), into(strictForumID, with("type", 15)))},
		scene{"subscribe a forum that cannot be asked", use("subscribe", about("ceasefire"), into(silentForumID, with("type", 15)))},
		scene{"what these ask for", use("subscriptions")},
	)
	b.refused(t, forumID, alert.ReasonTagRequired)
	s.say(b, scene{"when tags are required since", use("subscriptions")})
	b.unpublished(t, "Truce holds for a second day")
	s.say(b, scene{"status when the hour was full", use("status")})
	b.unpublished(t, "Envoys sign a ceasefire in Doha")
	s.say(b, scene{"status when it was full twice", use("status")})
	compare(t, "testdata/places.txtar", &s.Archive)
}

// refused lets Discord refuse an alert in a channel.
func (b bench) refused(t *testing.T, channel string, why alert.Reason) {
	t.Helper()
	b.tell(t, told{"wire", "A forum's alert", "https://wire.example/forum", "ceasefire", "in-effect", 0, []string{channel}})
	claimed, err := b.store.Claim(t.Context(), now, 10, time.Minute)
	if err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %d deliveries: %v", len(claimed), err)
	}
	refusal := &alert.SendError{Reason: why, Err: errors.New("refused")}
	if err := b.store.Settle(t.Context(), now, claimed[0], alert.Judge(now, claimed[0], "", refusal)); err != nil {
		t.Fatal(err)
	}
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
