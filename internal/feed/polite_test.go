package feed_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
)

// asked counts the requests for each path.
type asked struct {
	pages
	paths []string
}

func (a *asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.paths = append(a.paths, r.URL.Path)
	a.mu.Unlock()
	a.pages.ServeHTTP(w, r)
}

// since returns the paths that were asked for since the last call.
func (a *asked) since() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.paths
	a.paths = nil
	return out
}

func TestAPermanentRedirectIsLearntFromThreePolls(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{}, "/a/feed")
	body := rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon})
	p.set("/a/feed", http.RedirectHandler("/new", http.StatusMovedPermanently).ServeHTTP)
	p.show("/new", body)
	for i, want := range [][]string{
		{"/a/feed", "/new"}, {"/a/feed", "/new"}, {"/a/feed", "/new"}, {"/new"},
	} {
		r.poll()
		if diff := cmp.Diff(want, p.since()); diff != "" {
			t.Fatalf("poll %d asked for: %s", i+1, diff)
		}
		r.clock.advance(12 * time.Hour)
	}
	f := r.status("/a/feed")
	if f.State != feed.OK || f.Reason != feed.ReasonMoved || f.Address() != r.server.URL+"/new" {
		t.Errorf("it is %s (%s) at %s", f.State, f.Reason, f.Address())
	}

	p.show("/new", rss(item{"2", "https://a.example/2", "Truce agreed in Geneva", r.clock.Now()}, item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
	must(t, r.store.SyncFeeds(t.Context(), r.clock.Now(), []feed.Feed{{URL: f.URL, Source: f.Source, Every: f.Every}}))
	r.want(feed.Changed)
	if diff := cmp.Diff([]string{"/new"}, p.since()); diff != "" {
		t.Errorf("after a sync of the catalogue: %s", diff)
	}
	if got := r.reports(); len(got) != 2 || got["Truce agreed in Geneva"] != "" { // the old one is known by its source
		t.Errorf("reports: %v", got)
	}
}

func TestATemporaryRedirectIsNeverLearnt(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{}, "/a/feed")
	p.set("/a/feed", http.RedirectHandler("/new", http.StatusFound).ServeHTTP)
	p.show("/new", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
	for range 5 {
		r.poll()
		if diff := cmp.Diff([]string{"/a/feed", "/new"}, p.since()); diff != "" {
			t.Fatalf("asked for: %s", diff)
		}
		r.clock.advance(12 * time.Hour)
	}
}

func TestAFeedThatLeadsToAnotherIsOnlyWatched(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{}, "/a/feed", "/b/feed")
	p.set("/a/feed", http.RedirectHandler("/b/feed", http.StatusMovedPermanently).ServeHTTP)
	p.show("/b/feed", rss(item{"1", "https://b.example/1", "Envoys meet in Geneva", noon}))
	for range 4 {
		r.poll()
		r.clock.advance(12 * time.Hour)
	}
	f := r.status("/a/feed")
	if f.State != feed.Moved || f.Reason != feed.ReasonOtherFeed || f.Address() != f.URL {
		t.Errorf("it is %s (%s) at %s", f.State, f.Reason, f.Address())
	}
	if wait := f.Next.Sub(f.Polled); wait < 30*time.Minute || f.NextReason != feed.DueOtherFeed {
		t.Errorf("it is due in %v because of %q", wait, f.NextReason)
	}
	all, err := r.store.Unplaced(t.Context(), 10)
	must(t, err)
	if len(all) != 1 || all[0].Source != "b" {
		t.Errorf("reports: %+v, want the one of b", all)
	}
}

func TestAFeedThatIsGoneIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{}, "/a/feed")
	p.set("/a/feed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	r.want("gone")
	r.clock.advance(10_000 * time.Hour)
	if got := r.poll(); len(got) != 0 {
		t.Errorf("it was polled: %v", got)
	}
	f := r.status("/a/feed")
	if f.State != feed.Gone || f.Reason != "gone" || f.NextReason != feed.DueNever {
		t.Errorf("it is %s (%s), due as %q", f.State, f.Reason, f.NextReason)
	}
	p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
	must(t, r.store.SyncFeeds(t.Context(), r.clock.Now(), []feed.Feed{{URL: f.URL, Source: f.Source, Every: 2 * f.Every}}))
	r.want(feed.Changed) // its entry in the catalogue changed
}

func TestHoursToSkipAreSkipped(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{}, "/a/feed")
	p.show("/a/feed", `<rss version="2.0"><channel><title>News</title><skipHours><hour>13</hour><hour>14</hour></skipHours></channel></rss>`)
	hours := map[int]int{}
	for range 6 * 12 {
		if r.poll()["/a/feed"] != feed.Postponed && len(p.since()) > 0 {
			hours[r.clock.Now().Hour()]++
		}
		r.clock.advance(5 * time.Minute)
	}
	if hours[12] == 0 || hours[13]+hours[14] != 0 || hours[15] == 0 || hours[16] == 0 {
		t.Errorf("polls by hour: %v", hours)
	}
}

func TestAFreshAnswerIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{options: func(o *feed.Options) { o.Pace.Min = time.Second }}, "/a/feed")
	must(t, r.store.SyncFeeds(t.Context(), noon, []feed.Feed{{URL: r.server.URL + "/a/feed", Source: "a", Every: time.Minute}}))
	p.set("/a/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=500")
		w.Header().Set("Age", "20")
		_, _ = w.Write([]byte(rss()))
	})
	r.want(feed.Changed)
	r.clock.advance(479 * time.Second)
	if got := r.poll(); len(got) != 0 {
		t.Errorf("polled while it was fresh: %v", got)
	}
	if f := r.status("/a/feed"); f.NextReason != feed.DueFresh {
		t.Errorf("due because of %q", f.NextReason)
	}
	r.clock.advance(50 * time.Second)
	r.want(feed.SameBody)
}

func TestAClockThatRanAheadHoldsUpNoFeed(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{}, "/a/feed")
	p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
	r.want(feed.Changed)
	r.clock.advance(365 * 24 * time.Hour)
	r.want(feed.SameBody)
	r.clock.advance(-365*24*time.Hour + 20*time.Minute) // as it should be
	r.want(feed.SameBody)
	if f := r.status("/a/feed"); f.Next.Sub(r.clock.Now()) > 11*time.Minute {
		t.Errorf("it is due in %v", f.Next.Sub(r.clock.Now()))
	}
}

// times notes when each request for a host began.
type times struct {
	*wire
	began []time.Time
}

func (w *times) Get(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	w.mu.Lock()
	w.began = append(w.began, time.Now())
	w.mu.Unlock()
	return w.wire.Get(ctx, r)
}

func TestRequestsToAHostAreSpaced(t *testing.T) {
	t.Parallel()
	for _, processes := range []int{1, 3} {
		t.Run(fmt.Sprintf("by %d processes", processes), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { testSpacing(t, processes) })
		})
	}
}

// testSpacing lets so many pollers, which know of each other by their store
// only, poll the feeds of one host.
func testSpacing(t *testing.T, processes int) {
	const gap, feeds = time.Second, 12
	w := &times{wire: &wire{at: map[string]int{}, most: map[string]int{}, responses: map[string]func(context.Context){
		"a.example": func(context.Context) { <-time.After(50 * time.Millisecond) },
	}}}
	r := &rig{t: t, store: openStore(t), clock: &clock{now: time.Now()}}
	var all []feed.Feed
	for i := range feeds {
		all = append(all, feed.Feed{URL: "https://a.example/" + strconv.Itoa(i), Source: source.ID("s" + strconv.Itoa(i)), Every: every})
	}
	must(t, r.store.SyncFeeds(t.Context(), time.Now(), all))
	pollers := make([]*feed.Poller, processes)
	for i := range pollers {
		pollers[i] = r.newPoller(parts{fetcher: w, options: func(o *feed.Options) {
			o.Concurrency, o.PerHost, o.HostGap, o.Shared, o.Now = 5, 1, gap, processes > 1, time.Now
		}})
	}
	for range 12 { // a minute of ticks
		for _, p := range pollers {
			p.Tick(t.Context())
		}
		<-time.After(5 * time.Second)
	}
	for _, p := range pollers {
		p.Wait()
	}
	if len(w.began) != feeds {
		t.Errorf("%d polls in a minute, want all %d feeds once", len(w.began), feeds)
	}
	for i := 1; i < len(w.began); i++ {
		if d := w.began[i].Sub(w.began[i-1]); d < gap {
			t.Errorf("request %d came %v after the one before", i+1, d)
		}
	}
	postponed := 0
	for _, o := range r.polled {
		if o.Result == feed.Postponed {
			postponed++
		}
	}
	t.Logf("%d feeds, postponed %d times", feeds, postponed)
}

func TestAHostWhoseTurnCannotBeTakenIsNotAsked(t *testing.T) {
	t.Parallel()
	p := &asked{}
	r := newRig(t, p, parts{
		options: func(o *feed.Options) { o.HostGap, o.Shared = time.Second, true },
		store:   func(s *store.Store) feed.Store { return turnless{s} },
	}, "/a/feed")
	p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
	r.want(feed.Postponed)
	if got := p.since(); len(got) != 0 {
		t.Errorf("asked for %v", got)
	}
	if f := r.status("/a/feed"); f.NextReason != feed.DueStore || f.Failures != 0 || !f.Next.After(noon) {
		t.Errorf("it is due at %v as %q, with %d failures", f.Next, f.NextReason, f.Failures)
	}
}

// turnless is a store that gives no turns.
type turnless struct{ *store.Store }

func (turnless) TakeHostTurn(context.Context, string, time.Time, time.Duration, time.Duration) (time.Time, bool, error) {
	return time.Time{}, false, errors.New("connection lost")
}
