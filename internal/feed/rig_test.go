package feed_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// rig is a poller with the real store, fetcher and parser, polling a server on
// loopback, on a clock that the test turns.
type rig struct {
	t      *testing.T
	store  *store.Store
	poller *feed.Poller
	server *httptest.Server
	clock  *clock
	// polled are the outcomes of all polls so far.
	mu     sync.Mutex
	polled []feed.Outcome
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// parts replaces parts of a rig; what is nil is real.
type parts struct {
	store   func(*store.Store) feed.Store
	fetcher feed.Fetcher
	parser  feed.Parser
	options func(*feed.Options)
}

const every = 10 * time.Minute

// newRig polls feeds of a server at the given paths; the source is the path's
// first element.
func newRig(t *testing.T, h http.Handler, p parts, paths ...string) *rig {
	t.Helper()
	r := &rig{t: t, store: openStore(t), server: httptest.NewServer(h), clock: &clock{now: noon}}
	t.Cleanup(r.server.Close)
	var feeds []feed.Feed
	for _, path := range paths {
		name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		feeds = append(feeds, feed.Feed{URL: r.server.URL + path, Source: source.ID(name), Every: every})
	}
	must(t, r.store.SyncFeeds(t.Context(), noon, feeds))
	r.poller = r.newPoller(p)
	return r
}

func (r *rig) newPoller(p parts) *feed.Poller {
	r.t.Helper()
	o := feed.Options{
		Pace: feed.Pace{Min: time.Minute, Max: 30 * time.Minute, MaxBackoff: 6 * time.Hour}, Concurrency: 4, PerHost: 4, Lease: 5 * time.Minute,
		Now: r.clock.Now, Logger: slog.New(slog.DiscardHandler), Language: func(source.ID) string { return "en" },
		Polled: func(o feed.Outcome) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.polled = append(r.polled, o)
		},
	}
	if p.options != nil {
		p.options(&o)
	}
	var s feed.Store = r.store
	if p.store != nil {
		s = p.store(r.store)
	}
	if p.fetcher == nil {
		p.fetcher = r.client()
	}
	if p.parser == nil {
		var err error
		p.parser, err = parse.New(parse.Options{})
		must(r.t, err)
	}
	out, err := feed.NewPoller(s, p.fetcher, p.parser, o)
	must(r.t, err)
	return out
}

func (r *rig) client() *fetch.Client {
	r.t.Helper()
	u, err := url.Parse(r.server.URL)
	must(r.t, err)
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	must(r.t, err)
	c, err := fetch.New(fetch.Options{
		UserAgent: "test", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		AllowPorts: []uint16{uint16(port)}, Now: r.clock.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(r.t, err)
	r.t.Cleanup(c.Close)
	return c
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: storetest.SQLite(t), Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.Migrate(t.Context()))
	return s
}

// poll polls what is due and waits for it. It returns the results by path.
func (r *rig) poll() map[string]feed.Result {
	r.t.Helper()
	r.mu.Lock()
	r.polled = nil
	r.mu.Unlock()
	r.poller.Tick(r.t.Context())
	r.poller.Wait()
	out := map[string]feed.Result{}
	for _, o := range r.polled {
		out[strings.TrimPrefix(o.Feed.URL, r.server.URL)] = o.Result
	}
	return out
}

// want polls and compares the one feed's result.
func (r *rig) want(want feed.Result) {
	r.t.Helper()
	got := r.poll()
	if len(got) != 1 {
		r.t.Fatalf("polled %v, want one feed", got)
	}
	for _, res := range got {
		if res != want {
			r.t.Fatalf("the poll came to %q, want %q", res, want)
		}
	}
}

// status is the record of the feed at a path.
func (r *rig) status(path string) feed.Feed {
	r.t.Helper()
	all, err := r.store.FeedStatus(r.t.Context())
	must(r.t, err)
	for _, f := range all {
		if f.URL == r.server.URL+path {
			return f
		}
	}
	r.t.Fatalf("no feed at %s", path)
	return feed.Feed{}
}

// next turns the clock to where the feed is due.
func (r *rig) next(path string) {
	r.t.Helper()
	r.clock.advance(r.status(path).Next.Sub(r.clock.Now()) + time.Millisecond)
}

// reports are all stored reports, as title and hush.
func (r *rig) reports() map[string]report.Hush {
	r.t.Helper()
	all, err := r.store.Unplaced(r.t.Context(), 1000)
	must(r.t, err)
	out := map[string]report.Hush{}
	for _, x := range all {
		if _, twice := out[x.Title]; twice {
			r.t.Errorf("report %q is stored twice", x.Title)
		}
		out[x.Title] = x.Hush
	}
	return out
}

// due claims what is due now and returns it by path.
func (r *rig) due() []string {
	r.t.Helper()
	fs, err := r.store.ClaimDue(context.WithoutCancel(r.t.Context()), feed.Catalogue, r.clock.Now(), 100, time.Minute)
	must(r.t, err)
	var out []string
	for _, f := range fs {
		out = append(out, strings.TrimPrefix(f.URL, r.server.URL))
	}
	return out
}

// item is an entry of a feed document.
type item struct {
	guid, link, title string
	at                time.Time
}

// rss writes items as a document.
func rss(items ...item) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>News</title><link>https://a.example/</link><description>News</description>`)
	for _, it := range items {
		b.WriteString("<item><title>" + it.title + "</title><guid>" + it.guid + "</guid><link>" + it.link + "</link>")
		if !it.at.IsZero() {
			b.WriteString("<pubDate>" + it.at.Format(time.RFC1123Z) + "</pubDate>")
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

// numbered makes n items with a prefix to their ids and links.
func numbered(n int, prefix string, at time.Time) []item {
	out := make([]item, n)
	for i := range out {
		out[i] = item{prefix + strconv.Itoa(i), fmt.Sprintf("https://a.example/%s/%d", prefix, i), fmt.Sprintf("%s item %d", prefix, i), at}
	}
	return out
}

// pages serves a changing document at each path.
type pages struct {
	mu sync.Mutex
	at map[string]http.HandlerFunc
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	h := p.at[r.URL.Path]
	p.mu.Unlock()
	if h == nil {
		http.NotFound(w, r)
		return
	}
	h(w, r)
}

func (p *pages) set(path string, h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[string]http.HandlerFunc{}
	}
	p.at[path] = h
}

// show serves a document without validators.
func (p *pages) show(path, body string) {
	p.set(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write([]byte(body))
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
