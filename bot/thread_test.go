package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/story"
)

// news is a reply to an alert that is to stand in its thread.
func news(channel, to, nonce string, standing story.Standing) alert.Message {
	return alert.Message{
		Channel: channel, Kind: alert.Reply, Form: alert.Full, To: to, Nonce: nonce,
		Content: alert.Content{
			Headline: "The Kremlin has answered", Thread: "Trump says Putin agreed to a pause", Time: time.Now(),
			Living: alert.Living{Standing: standing},
		},
	}
}

func TestUpdatesStandInAThreadOfTheAlert(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 1, 0)
		ctx, channel := t.Context(), e.channels[0]
		post := func(m alert.Message) string {
			t.Helper()
			id, err := e.sender.Post(ctx, m)
			must(t, err)
			return id
		}
		began := time.Now()
		first := post(alert.Message{Channel: channel, Kind: alert.Post, Form: alert.Full, Nonce: "a", Content: alert.Content{Headline: "Trump says Putin agreed to a pause"}})
		second := news(channel, first, "b", story.Confirmed)
		id := post(second)
		post(news(channel, first, "c", story.Disputed)) // the thread is there
		if got := len(e.Messages(channel)); got != 1 {
			t.Errorf("the channel has %d messages", got)
		}
		told := texts(e.Messages(first)) // a thread has its first message's id
		if len(told) != 2 {
			t.Errorf("the thread has %q", told)
		}
		if found, err := e.sender.Find(ctx, second, began); err != nil || found != id {
			t.Errorf("found %q, %v; want %s", found, err, id)
		}
		if again := post(second); again != id {
			t.Errorf("a second try with the same nonce made %s beside %s", again, id)
		}
	})
}

// texts are what messages say, without what Discord itself notes in a thread.
func texts(ms []*sandbox.Message) (out []string) {
	for _, m := range ms {
		if m.Content != "" {
			out = append(out, m.Content)
		}
	}
	return out
}

func TestUpdatesAreRepliesWhereThereCanBeNoThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 1, 0)
		ctx, channel := t.Context(), e.channels[0]
		must(t, e.SetChannelPermissions(channel, e.guilds[0], 0, sandbox.CreatePublicThreads))
		first, err := e.sender.Post(ctx, alert.Message{Channel: channel, Kind: alert.Post, Form: alert.Full, Nonce: "a", Content: alert.Content{Headline: "Trump says Putin agreed to a pause"}})
		must(t, err)
		began := time.Now()
		m := news(channel, first, "b", story.Confirmed)
		id, err := e.sender.Post(ctx, m)
		must(t, err)
		ms := e.Messages(channel)
		if len(ms) != 2 || ms[1].ID != id || ms[1].MessageReference == nil || ms[1].MessageReference.MessageID != first {
			t.Errorf("the channel has %q", texts(ms))
		}
		if found, err := e.sender.Find(ctx, m, began); err != nil || found != id {
			t.Errorf("found %q, %v; want %s", found, err, id)
		}
	})
}
