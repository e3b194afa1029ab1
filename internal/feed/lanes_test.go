package feed_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/guild"
)

// stuck is a fetcher whose answers do not come before it is let go. It counts how
// many wait.
type stuck struct {
	waiting, most atomic.Int64
	letGo         chan struct{}
}

func (s *stuck) Get(ctx context.Context, _ fetch.Request) (fetch.Response, error) {
	s.most.Store(max(s.most.Load(), s.waiting.Add(1)))
	defer s.waiting.Add(-1)
	select {
	case <-s.letGo:
	case <-ctx.Done():
	}
	return fetch.Response{}, &fetch.Error{Class: fetch.ClassTimeout}
}

// TestTheCatalogueNeverWaitsForOwnFeeds has more feeds of guilds due, and longer,
// than there are places, each of which hangs.
func TestTheCatalogueNeverWaitsForOwnFeeds(t *testing.T) {
	t.Parallel()
	const places, own, common = 4, 9, 6
	pg, hung := &pages{}, &stuck{letGo: make(chan struct{})}
	var paths []string
	for i := range common {
		paths = append(paths, fmt.Sprintf("/s%d/feed", i))
		pg.set(paths[i], func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(rss(item{"1", "https://a.example/1", "Envoys meet", noon})))
		})
	}
	polled := make(chan feed.Outcome, own+common)
	r := newRig(t, pg, parts{options: func(o *feed.Options) {
		o.Concurrency, o.Own = places, hung
		o.Polled = func(x feed.Outcome) { polled <- x }
	}}, paths...)
	for i := range own {
		_, err := r.store.AddFeed(t.Context(), guild.NewFeed{
			Guild: "1", URL: fmt.Sprintf("https://own%d.example/feed", i), Title: "Own", Every: time.Hour, By: "2", At: noon.Add(-time.Hour), Room: 100,
		})
		must(t, err)
	}
	r.poller.Tick(t.Context())
	for range common {
		if x := <-polled; x.Feed.Own || x.Result != feed.Changed {
			t.Errorf("%s came to %s while guilds' feeds hang", x.Feed.URL, x.Result)
		}
	}
	close(hung.letGo)
	r.poller.Wait()
	if n := hung.most.Load(); n < 1 || n > places/2 {
		t.Errorf("%d own feeds were polled at once, want at most %d", n, places/2)
	}
	for range own {
		if x := <-polled; !x.Feed.Own {
			t.Errorf("%s is polled twice", x.Feed.URL)
		}
	}
}

// TestOfAnOwnFeedTheNewestIsRead has a guild's feed that offers far more than
// people read.
func TestOfAnOwnFeedTheNewestIsRead(t *testing.T) {
	t.Parallel()
	pg := &pages{}
	var items []item
	for i := range 150 {
		id := fmt.Sprint(i)
		items = append(items, item{id, "https://own.example/" + id, "Envoys meet for the " + id + "th time", noon.Add(time.Duration(i-1000) * time.Minute)})
	}
	pg.set("/own/feed", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(rss(items...))) })
	r := newRig(t, pg, parts{})
	_, err := r.store.AddFeed(t.Context(), guild.NewFeed{
		Guild: "1", URL: r.server.URL + "/own/feed", Title: "Own", Every: time.Hour, By: "2", At: noon.Add(-time.Hour), Room: 100,
	})
	must(t, err)
	r.poller.Tick(t.Context())
	r.poller.Wait()
	read := r.polled[0].Reports
	if len(read) != 100 || read[0].Title != "Envoys meet for the 50th time" || read[99].Title != "Envoys meet for the 149th time" {
		t.Errorf("%d reports are read", len(read))
	}
}
