package websub_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/fetch/fetchtest"
	"github.com/attache-bot/attache/internal/feed/websub"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
)

// TestOwnFeedsNameNoHub keeps whoever adds a feed with a command from choosing whom
// else the bot asks.
func TestOwnFeedsNameNoHub(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.store.AddFeed(t.Context(), guild.NewFeed{
		Guild: "100000000000000001", URL: r.publisher.url + "/own", Title: "Own", Every: time.Minute, By: "200000000000000001", At: noon, Room: 10,
	})
	must(t, err)
	r.subscribed()
	r.advance(time.Hour)
	r.poll()
	r.tick()
	all, err := r.store.FeedStatus(t.Context())
	must(t, err)
	for _, f := range all {
		if f.Own != (f.Wishes.Hub == "") || f.Succeeded.IsZero() {
			t.Errorf("%s, own %v, read %v, names %q", f.URL, f.Own, f.Succeeded, f.Wishes.Hub)
		}
	}
	if got := r.hub.requests(); len(all) != 2 || len(got) != 1 {
		t.Errorf("of %d feeds' hubs %v was asked", len(all), got)
	}
}

// TestNoHubLeadsInside has a feed name hostile addresses as its hub, one after the
// other, and a hub that redirects to them.
func TestNoHubLeadsInside(t *testing.T) {
	t.Parallel()
	w := fetchtest.Open(t, http.NotFoundHandler())
	r := newRig(t)
	client, err := fetch.New(fetch.Options{
		UserAgent: "test", AllowPrivate: w.Opened, AllowPorts: w.Ports, Resolver: w.Resolver(), Timeout: time.Minute, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	t.Cleanup(client.Close)
	m, err := websub.NewManager(store.WebSub{Store: r.store}, client, websub.Options{
		Callback: r.callback.URL + "/push", Now: r.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	hosts := w.Hostile("https")
	reasons := map[string]int{}
	for i := 0; i < len(hosts); i += len(hosts) / 40 {
		if strings.ContainsAny(hosts[i], " \t\r\n\\") {
			continue
		}
		r.publisher.hub = hosts[i]
		r.publisher.show(hosts[i]) // so that the document is another one
		r.advance(6 * time.Hour)
		r.poll()
		m.Tick(t.Context())
		if s := r.subscription(); s != nil {
			reasons[s.Reason]++
		}
	}
	allowed := []string{string(fetch.ClassBlockedAddress), string(fetch.ClassBadURL), string(fetch.ClassDNS)}
	for reason := range reasons {
		if !slices.Contains(allowed, reason) {
			t.Errorf("a hub came to %q", reason)
		}
	}
	if reasons[string(fetch.ClassBlockedAddress)] < 10 || w.Came() != 0 {
		t.Errorf("hubs came to %v, %d connections were made", reasons, w.Came())
	}
}
