package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/subscription"
)

// place makes a channel of some kind, subscribed to what [edge.owe] owes, the
// only one of the edge.
func (e *edge) place(t sandbox.ChannelType, kind guild.ChannelKind) string {
	e.t.Helper()
	ctx := e.t.Context()
	id, err := e.AddChannel(e.guilds[0], "desk", t)
	must(e.t, err)
	e.channels = []string{id}
	must(e.t, e.store.NoteChannel(ctx, guild.Channel{ID: id, Guild: e.guilds[0], Kind: kind}))
	_, err = e.store.Subscribe(ctx, subscription.Subscription{Guild: e.guilds[0], Channel: id, Topic: "ceasefire", Created: time.Now()})
	must(e.t, err)
	return id
}

// publish publishes as the bot does, for a while of virtual time.
func (e *edge) publish(during time.Duration) {
	e.t.Helper()
	p, err := alert.NewPublisher(e.store, e.sender, alert.PublisherOptions{
		Workers: 8, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: 30 * time.Second,
		Now: time.Now, Logger: slog.New(slog.NewTextHandler(e, nil)),
	})
	must(e.t, err)
	ctx, cancel := context.WithTimeout(e.t.Context(), during)
	defer cancel()
	must(e.t, p.Run(ctx))
}

// published counts the channel's messages, and those of them that are published.
func (e *edge) published(channel string) (all, published int) {
	for _, m := range e.Messages(channel) {
		all++
		if m.Flags&sandbox.FlagCrossposted != 0 {
			published++
		}
	}
	return all, published
}

// requests counts the requests to crosspost.
func isCrosspost(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/crosspost") }

func TestAlertsOfAnAnnouncementChannelArePublished(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 1, 0)
		channel := e.place(sandbox.Announcement, guild.Announcement)
		e.owe(12)
		asked := 0
		e.setFate(func(_ int, r *http.Request) (*http.Response, bool, error) {
			if !isCrosspost(r) {
				return nil, true, nil
			}
			asked++
			if asked == 3 { // it is done, and the answer is lost
				return nil, true, fmt.Errorf("connection reset")
			}
			return nil, true, nil
		})
		e.deliver(2 * time.Minute)
		e.publish(30 * time.Minute)
		// Discord publishes ten an hour, and the others are too late then.
		if all, n := e.published(channel); all != 12 || n != alert.MaxPublished {
			t.Errorf("of %d alerts %d are published", all, n)
		}
		if asked != alert.MaxPublished+1 {
			t.Errorf("Discord was asked %d times", asked)
		}
		left, err := e.store.Unpublished(t.Context(), e.guilds[0], time.Now().Add(-time.Hour))
		must(t, err)
		if _, waits, err := e.store.NextPublication(t.Context()); left != 2 || waits || err != nil {
			t.Errorf("%d are left unpublished, one waits: %v, %v", left, waits, err)
		}
	})
}

func TestWhatDiscordDoesNotPublishStaysPosted(t *testing.T) {
	t.Parallel()
	json := "Content-Type: application/json"
	for _, c := range []struct {
		name   string
		answer *http.Response
		want   int
	}{
		{"it fails for a while", said(http.StatusBadGateway, "upstream"), 1},
		{"others publish there too", said(http.StatusTooManyRequests, `{"message":"limited","retry_after":1200,"global":false,"code":20022}`, json, "Retry-After: 1200", "X-RateLimit-Scope: shared"), 1},
		{"it is forbidden", said(http.StatusForbidden, `{"message":"Missing Permissions","code":50013}`, json), 0},
		{"it is a text channel by now", said(http.StatusBadRequest, `{"message":"Cannot execute action on this channel type","code":50024}`, json), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := newEdge(t, 1, 0)
				channel := e.place(sandbox.Announcement, guild.Announcement)
				e.owe(1)
				first := true
				e.setFate(func(_ int, r *http.Request) (*http.Response, bool, error) {
					if isCrosspost(r) && first {
						first = false
						return c.answer, false, nil
					}
					return nil, true, nil
				})
				e.deliver(time.Minute)
				e.publish(50 * time.Minute)
				if all, n := e.published(channel); all != 1 || n != c.want {
					t.Errorf("of %d alerts %d are published, want %d", all, n, c.want)
				}
				if blocked, err := e.store.Blocked(t.Context(), e.guilds[0]); len(blocked) > 0 || err != nil {
					t.Errorf("blocked: %v, %v", blocked, err)
				}
			})
		})
	}
}
