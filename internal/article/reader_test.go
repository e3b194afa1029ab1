package article_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
)

// rig is a reader over the real store and fetcher, with a server on loopback
// whose pages are named by their paths.
type rig struct {
	t       *testing.T
	store   *store.Store
	reader  *article.Reader
	settled chan tried
	feed    int64
	now     time.Time

	mu    sync.Mutex
	asked map[string]int
}

// gate lets everybody through but to hosts that are busy.
type gate struct{ busy time.Duration }

func (g gate) Enter(context.Context, string) (func(), time.Duration, error) {
	if g.busy > 0 {
		return nil, g.busy, nil
	}
	return func() {}, 0, nil
}

// open stores a report for each path and wants its page.
func open(t *testing.T, g gate, paths ...string) *rig {
	t.Helper()
	r := &rig{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.serve(w, req) }))
	t.Cleanup(server.Close)
	links := make([]string, len(paths))
	for i, p := range paths {
		links[i] = server.URL + p
	}
	r = wanting(t, links...)
	r.reader = r.over(server.URL, g)
	return r
}

// wanting stores a report for each link and wants its page; the reader is still to
// be made.
func wanting(t *testing.T, links ...string) *rig {
	t.Helper()
	ctx := t.Context()
	r := &rig{t: t, now: noon, asked: map[string]int{}, settled: make(chan tried, max(10, len(links)))}
	var err error
	r.store, err = store.Open(ctx, store.Options{DSN: storetest.SQLite(t), Logger: slog.New(slog.DiscardHandler)})
	r.must(err)
	t.Cleanup(func() { r.must(r.store.Close()) })
	r.must(r.store.Migrate(ctx))
	r.must(r.store.SyncFeeds(ctx, noon, []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Hour}}))
	feeds, err := r.store.ClaimDue(ctx, feed.Catalogue, noon, 1, time.Hour)
	r.must(err)
	r.feed = int64(feeds[0].ID)
	var reports []report.Report
	for _, l := range links {
		reports = append(reports, report.Report{
			Source: "wire", Title: "Truce agreed in Geneva", Link: l, Language: "en", Seen: noon, Keys: []report.Key{report.Key("g:" + l)},
		})
	}
	_, err = r.store.SavePoll(ctx, feed.Outcome{Feed: feeds[0], Result: feed.Changed, Reports: reports})
	r.must(err)
	reports, err = r.store.Unplaced(ctx, len(links))
	r.must(err)
	var placed []pipeline.Placed
	for _, x := range reports {
		placed = append(placed, pipeline.Placed{Article: true, Placement: story.Placement{
			Report: x.ID, Opened: true, Reason: story.OpensNew,
			Story: story.Story{ID: story.ID(x.ID), Lead: x.ID, Title: x.Title, Language: "en", Opened: noon, Updated: noon, Reports: 1, Sources: 1, Revision: 1},
		}})
	}
	r.must(r.store.SavePlacements(ctx, noon, placed))
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// over is a reader that may reach the server.
func (r *rig) over(server string, g gate) *article.Reader {
	u, err := url.Parse(server)
	r.must(err)
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	r.must(err)
	client, err := fetch.New(fetch.Options{
		UserAgent: "attache", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, AllowPorts: []uint16{uint16(port)},
		Timeout: testTimeout, Logger: slog.New(slog.DiscardHandler),
	})
	r.must(err)
	r.t.Cleanup(client.Close)
	reader, err := article.NewReader(r.store, client, g, extractor(r.t), article.Options{
		Allowed: func(id int64) bool { return id == r.feed }, Workers: 2, Lease: time.Minute, MaxAge: time.Hour, Every: time.Hour,
		Now: func() time.Time { return r.now }, Logger: slog.New(slog.DiscardHandler), Settled: func(w article.Wanted, s article.Settlement) { r.settled <- tried{w, s} },
	})
	r.must(err)
	return reader
}

func (r *rig) serve(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.asked[req.URL.Path]++
	r.mu.Unlock()
	switch req.URL.Path {
	case "/kept":
		w.WriteHeader(http.StatusForbidden)
	case "/paid":
		w.WriteHeader(http.StatusPaymentRequired)
	case "/fault":
		w.WriteHeader(http.StatusInternalServerError)
	case "/picture":
		w.Header().Set("Content-Type", "image/png")
	case "/moved":
		http.Redirect(w, req, "/truce", http.StatusFound)
	case "/inside":
		http.Redirect(w, req, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	default:
		if req.Header.Get("Accept") != "text/html, application/xhtml+xml;q=0.9" {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, news("", geneva...))
	}
}

// requests counts those that the server has got, by path.
func (r *rig) requests() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.asked)
}

// tries runs the reader until so many tries have ended, and returns what they
// came to, by path.
func (r *rig) tries(n int) map[string]article.Settlement {
	r.t.Helper()
	out := map[string]article.Settlement{}
	for link, s := range r.triedLinks(n) {
		u, err := url.Parse(link)
		r.must(err)
		out[u.Path] = s
	}
	return out
}

// triedLinks is tries by link.
func (r *rig) triedLinks(n int) map[string]article.Settlement {
	r.t.Helper()
	ctx, cancel := context.WithCancel(r.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.reader.Run(ctx) }()
	out := map[string]article.Settlement{}
	for range n {
		got := <-r.settled
		out[got.Link] = got.Settlement
	}
	cancel()
	r.must(<-ended)
	return out
}

// tried is a try with what it came to.
type tried struct {
	article.Wanted
	article.Settlement
}

func TestAllowedPagesAreReadAndOthersLeftAlone(t *testing.T) {
	t.Parallel()
	r := open(t, gate{}, "/truce", "/moved", "/kept", "/paid", "/picture", "/inside", "/fault")
	got := map[string]string{}
	for path, s := range r.tries(7) {
		got[path] = string(s.State) + " " + string(s.Reason)
	}
	want := map[string]string{
		"/truce": "read read", "/moved": "read read", "/kept": "given-up forbidden", "/paid": "given-up bad-status",
		"/picture": "given-up not-a-page", "/inside": "given-up blocked-address", "/fault": "waits server-error",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	bodies, err := r.store.Bodies(t.Context(), 10)
	r.must(err)
	for _, b := range bodies {
		if b.Text != strings.Join(geneva, "\n") {
			t.Errorf("text %q", b.Text)
		}
	}
	// A fault is asked again later, twice, and what was settled is not.
	for range 2 {
		r.now = r.now.Add(10 * time.Minute)
		r.tries(1)
	}
	asked := map[string]int{"/truce": 2, "/moved": 1, "/kept": 1, "/paid": 1, "/picture": 1, "/inside": 1, "/fault": 3}
	if diff := cmp.Diff(asked, r.requests()); diff != "" || len(bodies) != 2 {
		t.Errorf("%d texts; requests (-want +got):\n%s", len(bodies), diff)
	}
}

func TestAPageWaitsForItsHost(t *testing.T) {
	t.Parallel()
	r := open(t, gate{busy: 7 * time.Second}, "/truce")
	want := article.Settlement{State: article.Waits, Reason: article.HostBusy, Due: noon.Add(7 * time.Second)}
	if diff := cmp.Diff(want, r.tries(1)["/truce"]); diff != "" || len(r.requests()) != 0 {
		t.Errorf("%v was asked for (-want +got):\n%s", r.requests(), diff)
	}
}

func TestNoRequestIsMadeForWhatMayNotBeReadAnyMore(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*rig)
		want   article.Reason
	}{
		"the operator has changed his mind": {func(r *rig) { r.feed = 0 }, article.NotAllowed},
		"the report is old":                 {func(r *rig) { r.now = r.now.Add(2 * time.Hour) }, article.TooOld},
		"the page has ended two processes": {func(r *rig) {
			for range article.MaxCrashes {
				ws, err := r.store.ClaimArticles(t.Context(), r.now, 1, time.Second)
				r.must(err)
				r.must(r.store.MarkArticle(t.Context(), ws[0]))
				r.now = r.now.Add(time.Minute)
			}
		}, article.Crashed},
	} {
		r := open(t, gate{}, "/truce")
		c.change(r)
		if got := r.tries(1)["/truce"]; got.State != article.GivenUp || got.Reason != c.want || len(r.requests()) != 0 {
			t.Errorf("%s: %+v, asked %v", name, got, r.requests())
		}
	}
}
