package feed_test

import (
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/fetch/fetchtest"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/source"
)

// hostileSites answer as sites that would like to lead the bot inside: with a
// redirect, a page whose feeds are there, or a feed that does all it can.
func hostileSites() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(http.StatusMovedPermanently)
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<html><head><link rel="alternate" type="application/rss+xml" href="%s"></head></html>`, html.EscapeString(r.URL.Query().Get("to")))
	})
	mux.HandleFunc("/news", func(w http.ResponseWriter, r *http.Request) {
		to := html.EscapeString(r.URL.Query().Get("to"))
		fmt.Fprintf(w, `<!DOCTYPE rss [<!ENTITY x SYSTEM "%[1]s">]><?xml-stylesheet href="%[1]s"?><rss xmlns:atom="http://www.w3.org/2005/Atom"
			xmlns:xi="http://www.w3.org/2001/XInclude"><channel xml:base="%.200[1]s"><title>Wire &x;</title><link>%[1]s</link><image><url>%[1]s</url></image>
			<atom:link rel="hub" href="%[1]s"/><atom:link rel="self" href="%[1]s"/><xi:include href="%[1]s"/><item><title>Envoys meet in Geneva</title><link>%[1]s</link>
			<enclosure url="%[1]s" type="image/png"/><source url="%[1]s">s</source></item></channel></rss>`, to)
	})
	return mux
}

// TestNoFeedLeadsInside types every hostile address where people add feeds, has
// sites lead there, imports it, and polls it.
func TestNoFeedLeadsInside(t *testing.T) {
	t.Parallel()
	w := fetchtest.Open(t, hostileSites())
	client, err := fetch.New(fetch.Options{
		UserAgent: "test", AllowPrivate: w.Opened, AllowPorts: w.Ports, Resolver: w.Resolver(), Timeout: time.Minute, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	t.Cleanup(client.Close)
	parser, err := parse.New(parse.Options{})
	must(t, err)
	finder := &feed.Finder{Fetch: client, Parse: parser, Now: time.Now}
	if _, p, err := finder.Find(t.Context(), w.URL+"/news?to=https://example.org/"); err != nil || p.Items != 1 {
		t.Fatalf("an honest feed: %d items, %v", p.Items, err)
	}
	hosts := w.Hostile("http")
	refused := 0
	for i := 0; i < len(hosts); i += 5 { // all are tried where they are fetched
		u := hosts[i]
		to := "?to=" + url.QueryEscape(u)
		for way, try := range map[string]func() error{
			"typed":      func() error { _, _, err := finder.Find(t.Context(), u); return err },
			"moved":      func() error { _, _, err := finder.Find(t.Context(), w.URL+"/moved"+to); return err },
			"offered":    func() error { _, _, err := finder.Find(t.Context(), w.URL+"/page"+to); return err },
			"chosen":     func() error { _, err := finder.Look(t.Context(), u); return err },
			"imported":   func() error { _, err := finder.Document(t.Context(), u, 1<<20); return err },
			"its import": func() error { _, err := finder.Document(t.Context(), w.URL+"/moved"+to, 1<<20); return err },
		} {
			err := try()
			var fe *feed.FindError
			switch {
			case !errors.As(err, &fe):
				t.Errorf("%q, %s, was reached: %v", u, way, err)
			case fe.Reason == string(fetch.ClassBlockedAddress):
				refused++
			}
		}
		if _, _, err := finder.Find(t.Context(), w.URL+"/news"+to); err != nil { // whatever it names, it is read
			t.Errorf("a feed that names %q: %v", u, err)
		}
	}
	if refused < 100 || w.Came() != 0 {
		t.Errorf("%d tries came as far as the guard, %d connections were made", refused, w.Came())
	}
	pollInside(t, w, client, parser)
}

// pollInside polls the catalogue's and a guild's own feeds at such addresses.
func pollInside(t *testing.T, w fetchtest.World, client *fetch.Client, parser *parse.Parser) {
	t.Helper()
	s := openStore(t)
	hosts := w.Hostile("http")
	var feeds []feed.Feed
	for _, u := range append([]string{w.URL + "/moved?to=http://127.0.0.1:" + fmt.Sprint(w.Ports[1])}, hosts[:40]...) {
		feeds = append(feeds, feed.Feed{URL: u, Source: "wire", Every: every})
	}
	must(t, s.SyncFeeds(t.Context(), noon, feeds))
	var mu sync.Mutex
	var results []feed.Result
	poller, err := feed.NewPoller(s, client, parser, feed.Options{
		Pace: feed.Pace{Min: time.Minute, Max: time.Hour, MaxBackoff: time.Hour}, Concurrency: 1, PerHost: 100, Lease: 5 * time.Minute,
		Now: func() time.Time { return noon }, Logger: slog.New(slog.DiscardHandler), Language: func(source.ID) string { return "en" },
		Polled: func(o feed.Outcome) {
			mu.Lock()
			defer mu.Unlock()
			results = append(results, o.Result)
		},
	})
	must(t, err)
	for range feeds {
		poller.Tick(t.Context())
		poller.Wait()
	}
	for _, r := range results {
		if !slices.Contains([]feed.Result{feed.Result(fetch.ClassBlockedAddress), feed.Result(fetch.ClassBadURL), feed.Result(fetch.ClassDNS)}, r) {
			t.Errorf("a poll came to %q", r)
		}
	}
	if len(results) < len(feeds)/2 || w.Came() != 0 {
		t.Errorf("%d polls, %d connections", len(results), w.Came())
	}
}
