package feed_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
)

func TestAStop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		// stall makes the part that is under way when the stop comes; it reports
		// on started and then waits for the poll's context.
		stall func(p *pages, started chan struct{}) parts
	}{
		{"during a fetch", func(p *pages, started chan struct{}) parts {
			p.set("/a/feed", func(_ http.ResponseWriter, r *http.Request) {
				close(started)
				<-r.Context().Done()
			})
			return parts{}
		}},
		{"during a parse", func(p *pages, started chan struct{}) parts {
			p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
			return parts{parser: parserFunc(func(ctx context.Context, _ parse.Input) (parse.Document, error) {
				close(started)
				<-ctx.Done()
				return parse.Document{}, ctx.Err()
			})}
		}},
	} {
		t.Run(c.name+" leaves no mark, and the feed due", func(t *testing.T) {
			t.Parallel()
			pg, started := &pages{}, make(chan struct{})
			r := newRig(t, pg, c.stall(pg, started), "/a/feed")
			before := r.status("/a/feed")
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			r.clock.advance(time.Minute)
			r.poller.Tick(ctx)
			<-started
			stop()
			r.poller.Wait()
			crashed, err := r.store.FindCrashed(t.Context(), r.clock.Now().Add(time.Hour))
			must(t, err)
			if len(crashed) != 0 {
				t.Errorf("marks are left: %v", crashed)
			}
			after := r.status("/a/feed")
			before.Next, before.NextReason = after.Next, feed.DueStopped
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("its record changed: %s", diff)
			}
			if diff := cmp.Diff([]string{"/a/feed"}, r.due()); diff != "" {
				t.Errorf("due: %s", diff)
			}
			if len(r.polled) != 1 || r.polled[0].Result != feed.Stopped {
				t.Errorf("outcomes: %+v", r.polled)
			}
		})
	}
}

type parserFunc func(ctx context.Context, in parse.Input) (parse.Document, error)

func (f parserFunc) Parse(ctx context.Context, in parse.Input) (parse.Document, error) {
	return f(ctx, in)
}

// faulty is a store that fails now and then.
type faulty struct {
	*store.Store
	mark, save func() error
}

func (s faulty) MarkParsing(ctx context.Context, id feed.ID, hash string) error {
	if err := s.mark(); err != nil {
		return err
	}
	return s.Store.MarkParsing(ctx, id, hash)
}

func (s faulty) SavePoll(ctx context.Context, o feed.Outcome) (int, error) {
	if err := s.save(); err != nil {
		return 0, err
	}
	return s.Store.SavePoll(ctx, o)
}

func TestAStoreThatFailsIsNoFaultOfTheFeed(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	for _, c := range []struct {
		name       string
		mark, save int // how many calls of each fail
	}{
		{"where the mark cannot be set", 1, 0},
		{"where the poll cannot be saved", 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			failing := func(n *int) func() error {
				return func() error {
					if *n--; *n >= 0 {
						return full
					}
					return nil
				}
			}
			p := &pages{}
			r := newRig(t, p, parts{store: func(s *store.Store) feed.Store {
				return faulty{s, failing(&c.mark), failing(&c.save)}
			}}, "/a/feed")
			p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
			r.want(feed.Postponed)
			crashed, err := r.store.FindCrashed(t.Context(), r.clock.Now().Add(time.Hour))
			must(t, err)
			if f := r.status("/a/feed"); len(crashed) != 0 || f.State != feed.New || f.Failures != 0 {
				t.Errorf("marks %v; feed %+v", crashed, f)
			}
			if got := r.poll(); len(got) != 0 {
				t.Errorf("polled again at once: %v", got)
			}
			r.next("/a/feed")
			r.want(feed.Changed)
			if got := r.reports(); len(got) != 1 {
				t.Errorf("reports: %v", got)
			}
		})
	}
}

func TestATickClaimsNoMoreThanItCanPoll(t *testing.T) {
	t.Parallel()
	started, release := make(chan struct{}, 8), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		started <- struct{}{}
		<-release
		_, _ = w.Write([]byte(rss()))
	})
	r := newRig(t, h, parts{options: func(o *feed.Options) { o.Concurrency, o.PerHost = 2, 2 }},
		"/a/feed", "/b/feed", "/c/feed", "/d/feed", "/e/feed")
	r.poller.Tick(t.Context())
	<-started
	<-started
	r.poller.Tick(t.Context())
	if due := r.due(); len(due) != 3 {
		t.Errorf("%v are left to claim, want 3 of 5 feeds", due)
	}
	close(release)
	r.poller.Wait()
	if len(started) != 0 {
		t.Errorf("%d more polls were begun", len(started))
	}
}

func TestOneTickPollsAllThatIsDue(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		_, _ = w.Write([]byte(rss()))
	})
	paths := make([]string, 50)
	for i := range paths {
		paths[i] = fmt.Sprintf("/s%d/feed", i)
	}
	r := newRig(t, h, parts{options: func(o *feed.Options) { o.Concurrency, o.PerHost = 3, 3 }}, paths...)
	if got := r.poll(); len(got) != len(paths) {
		t.Errorf("one tick polled %d of %d feeds", len(got), len(paths))
	}
	if most.Load() > 3 {
		t.Errorf("%d at once, want 3 at most", most.Load())
	}
}

// wire is a network without sockets: what it does with a request for a host is
// the test's to say.
type wire struct {
	mu        sync.Mutex
	at        map[string]int // requests under way by host
	most      map[string]int
	responses map[string]func(ctx context.Context) // by host
}

func (w *wire) Get(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	host, path, _ := strings.Cut(strings.TrimPrefix(r.URL, "https://"), "/")
	host = strings.ToLower(host)
	w.mu.Lock()
	w.at[host]++
	w.most[host] = max(w.most[host], w.at[host])
	answer := w.responses[host]
	w.mu.Unlock()
	answer(ctx)
	w.mu.Lock()
	w.at[host]--
	w.mu.Unlock()
	body := rss(item{path, r.URL, "News of " + path, time.Time{}})
	return fetch.Response{Status: fetch.Modified, Body: []byte(body), FinalURL: r.URL}, ctx.Err()
}

func TestHosts(t *testing.T) {
	t.Parallel()
	const slow = 15 * time.Second
	bubble := func(t *testing.T, answers map[string]func(context.Context), urls ...string) (*wire, *rig) {
		t.Helper()
		w := &wire{at: map[string]int{}, most: map[string]int{}, responses: answers}
		r := &rig{t: t, store: openStore(t), clock: &clock{now: time.Now()}}
		feeds := make([]feed.Feed, len(urls))
		for i, u := range urls {
			feeds[i] = feed.Feed{URL: u, Source: source.ID(strings.Repeat("s", i+1)), Every: every}
		}
		must(t, r.store.SyncFeeds(t.Context(), time.Now(), feeds))
		r.poller = r.newPoller(parts{fetcher: w, options: func(o *feed.Options) {
			o.Concurrency, o.PerHost, o.Now = 3, 1, time.Now
		}})
		return w, r
	}
	wait := func(d time.Duration) func(context.Context) {
		return func(ctx context.Context) {
			select {
			case <-time.After(d): // virtual
			case <-ctx.Done():
			}
		}
	}
	results := func(r *rig) map[string][]feed.Result {
		r.mu.Lock()
		defer r.mu.Unlock()
		out := map[string][]feed.Result{}
		for _, o := range r.polled {
			out[o.Feed.URL] = append(out[o.Feed.URL], o.Result)
		}
		return out
	}

	t.Run("the feeds of a host are polled one after another", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w, r := bubble(t, map[string]func(context.Context){"a.example": wait(100 * time.Millisecond)},
				"https://a.example/1", "https://A.example/2", "https://a.example/3")
			r.poller.Tick(t.Context())
			r.poller.Wait()
			if got := results(r); w.most["a.example"] != 1 || len(got) != 3 || got["https://a.example/3"][0] != feed.Changed {
				t.Errorf("%d at once; results %v", w.most["a.example"], got)
			}
		})
	})
	t.Run("a slow host holds back neither other hosts nor a later tick", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w, r := bubble(t, map[string]func(context.Context){"slow.example": wait(slow), "b.example": wait(0)},
				"https://slow.example/1", "https://slow.example/2", "https://slow.example/3", "https://b.example/1")
			began := time.Now()
			r.poller.Tick(t.Context()) // the slow host's feeds take all three places
			synctest.Wait()
			<-time.After(3 * time.Second)
			r.poller.Tick(t.Context()) // those that wait have given theirs free
			synctest.Wait()
			if rs := results(r)["https://b.example/1"]; len(rs) != 1 || rs[0] != feed.Changed {
				t.Fatalf("after 3 s: %v, want b.example read", results(r))
			}
			for range 20 {
				<-time.After(3 * time.Second)
				r.poller.Tick(t.Context())
			}
			r.poller.Wait()
			for _, u := range []string{"https://slow.example/1", "https://slow.example/2", "https://slow.example/3"} {
				if rs := results(r)[u]; len(rs) == 0 || rs[len(rs)-1] != feed.Changed {
					t.Errorf("%s came to %v in %v", u, rs, time.Since(began))
				}
			}
			if w.most["slow.example"] != 1 {
				t.Errorf("%d at once of the slow host", w.most["slow.example"])
			}
		})
	})
	t.Run("a stop while a feed waits for its host leaves it due", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			_, r := bubble(t, map[string]func(context.Context){"slow.example": wait(slow)}, "https://slow.example/1", "https://slow.example/2")
			ctx, stop := context.WithCancel(t.Context())
			r.poller.Tick(ctx)
			synctest.Wait()
			stop()
			r.poller.Wait()
			for u, rs := range results(r) {
				if len(rs) != 1 || rs[0] != feed.Stopped {
					t.Errorf("%s came to %v, want stopped", u, rs)
				}
			}
			due, err := r.store.ClaimDue(t.Context(), feed.Catalogue, time.Now(), 10, time.Minute)
			must(t, err)
			if len(due) != 2 {
				t.Errorf("%d feeds are due, want 2", len(due))
			}
		})
	})
}

func TestASlowFeedHoldsNoOtherBack(t *testing.T) {
	t.Parallel()
	release, fast := make(chan struct{}), make(chan feed.Result, 8)
	p := &pages{}
	p.set("/slow/feed", func(w http.ResponseWriter, _ *http.Request) {
		<-release
		_, _ = w.Write([]byte(rss()))
	})
	p.show("/b/feed", rss(item{"1", "https://b.example/1", "Truce agreed in Geneva", noon}))
	r := newRig(t, p, parts{options: func(o *feed.Options) {
		o.Polled = func(o feed.Outcome) { fast <- o.Result }
	}}, "/slow/feed", "/b/feed")
	r.poller.Tick(t.Context())
	if got := <-fast; got != feed.Changed { // b is done while the other still hangs
		t.Errorf("came to %s", got)
	}
	r.next("/b/feed")
	r.poller.Tick(t.Context())
	if got := <-fast; got != feed.SameBody {
		t.Errorf("the second time it came to %s", got)
	}
	close(release)
	r.poller.Wait()
}

// TestAFeedThatCouldNotBeLetGoIsPolledLater lets the store fail twice in a row,
// so that the mark from before the parsing stays for a while.
func TestAFeedThatCouldNotBeLetGoIsPolledLater(t *testing.T) {
	t.Parallel()
	p, failures := &pages{}, 2
	r := newRig(t, p, parts{store: func(s *store.Store) feed.Store {
		return faulty{s, func() error { return nil }, func() error {
			if failures--; failures >= 0 {
				return errors.New("disk full")
			}
			return nil
		}}
	}}, "/a/feed")
	p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
	if got := r.poll(); len(got) != 0 {
		t.Fatalf("polled: %v", got)
	}
	for range 10 {
		r.clock.advance(5 * time.Minute)
		r.poll()
	}
	if f := r.status("/a/feed"); len(r.reports()) != 1 || f.State != feed.OK {
		t.Errorf("reports %v; feed %+v", r.reports(), f)
	}
}
