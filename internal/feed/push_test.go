package feed_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
)

func TestPush(t *testing.T) {
	t.Parallel()
	one := item{"1", "https://a.example/1", "Envoys meet in Geneva", noon.Add(-time.Hour)}
	two := item{"2", "https://a.example/2", "Truce agreed in Geneva", noon.Add(time.Minute)}

	t.Run("what a hub brings is new at once, and the poll goes on as it was", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		p.show("/a/feed", rss(one))
		r.want(feed.Changed)
		r.clock.advance(2 * time.Minute)
		before := r.status("/a/feed")
		must(t, r.poller.Push(t.Context(), before.ID, []byte(rss(two)), "application/rss+xml"))
		if diff := cmp.Diff(map[string]report.Hush{one.title: report.HushFirstImport, two.title: ""}, r.reports()); diff != "" {
			t.Errorf("reports: %s", diff)
		}
		after := r.status("/a/feed")
		if !after.Newest.Equal(two.at) || after.Tempo.Changes != 1 {
			t.Errorf("newest %v, %d gaps", after.Newest, after.Tempo.Changes)
		}
		after.Newest, after.Tempo = before.Newest, before.Tempo
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("its record: %s", diff)
		}
		must(t, r.poller.Push(t.Context(), before.ID, []byte(rss(two)), "")) // again
		p.show("/a/feed", rss(two, one))
		r.next("/a/feed")
		r.want(feed.Changed)
		if got := r.reports(); len(got) != 2 {
			t.Errorf("reports: %v", got)
		}
	})
	t.Run("before a feed was read, a push is hushed like a first import", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, &pages{}, parts{}, "/a/feed")
		must(t, r.poller.Push(t.Context(), r.status("/a/feed").ID, []byte(rss(one)), ""))
		if diff := cmp.Diff(map[string]report.Hush{one.title: report.HushFirstImport}, r.reports()); diff != "" {
			t.Errorf("reports: %s", diff)
		}
	})
	t.Run("a document that cannot be read changes nothing", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		p.show("/a/feed", rss(one))
		r.want(feed.Changed)
		before := r.status("/a/feed")
		for _, body := range []string{"", "<html><body>Sign in</body></html>", "<rss><channel>"} {
			must(t, r.poller.Push(t.Context(), before.ID, []byte(body), "text/xml"))
		}
		if diff := cmp.Diff(before, r.status("/a/feed")); diff != "" {
			t.Errorf("its record: %s", diff)
		}
		crashed, err := r.store.FindCrashed(t.Context(), r.clock.Now())
		must(t, err)
		if len(crashed) != 0 {
			t.Errorf("marks are left: %v", crashed)
		}
	})
	t.Run("a store that fails lets the hub come again", func(t *testing.T) {
		t.Parallel()
		full, fail := errors.New("disk full"), true
		r := newRig(t, &pages{}, parts{store: func(s *store.Store) feed.Store {
			return faulty{s, func() error { return nil }, func() error {
				if fail {
					fail = false
					return full
				}
				return nil
			}}
		}}, "/a/feed")
		id := r.status("/a/feed").ID
		if err := r.poller.Push(t.Context(), id, []byte(rss(one)), ""); !errors.Is(err, full) {
			t.Errorf("error %v", err)
		}
		must(t, r.poller.Push(t.Context(), id, []byte(rss(one)), ""))
		if got := r.reports(); len(got) != 1 {
			t.Errorf("reports: %v", got)
		}
	})
}

func TestAPushWaitsForThePollUnderWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		poll time.Duration
		want error
	}{
		{"and is saved after it", 3 * time.Second, nil},
		{"but not for long", 10 * time.Second, feed.ErrHeld},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{at: map[string]int{}, most: map[string]int{}, responses: map[string]func(context.Context){
					"a.example": func(context.Context) { <-time.After(c.poll) },
				}}
				r := &rig{t: t, store: openStore(t), clock: &clock{now: time.Now()}}
				must(t, r.store.SyncFeeds(t.Context(), time.Now(), []feed.Feed{{URL: "https://a.example/polled", Source: source.ID("s"), Every: every}}))
				r.poller = r.newPoller(parts{fetcher: w, options: func(o *feed.Options) { o.Now = time.Now }})
				r.poller.Tick(t.Context())
				synctest.Wait()
				pushed := rss(item{"pushed", "https://a.example/pushed", "News that was pushed", time.Time{}})
				if err := r.poller.Push(t.Context(), 1, []byte(pushed), ""); !errors.Is(err, c.want) {
					t.Errorf("error %v, want %v", err, c.want)
				}
				r.poller.Wait()
			})
		})
	}
}
