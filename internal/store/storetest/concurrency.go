package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
)

// together runs n functions at once and fails with their first error.
func (k kit) together(n int, f func(i int) error) {
	k.t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	for _, err := range errs {
		k.ok(err)
	}
}

func testConcurrency(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"no feed is claimed twice", func(k kit) {
			var feeds []feed.Feed
			for i := range 100 {
				feeds = append(feeds, feed.Feed{URL: fmt.Sprint("https://example/", i), Source: "s", Every: minute})
			}
			k.ok(k.SyncFeeds(k.ctx, start(), feeds))
			var mu sync.Mutex
			seen := make(map[feed.ID]int)
			k.together(8, func(int) error {
				for {
					got, err := k.ClaimDue(k.ctx, feed.Catalogue, start(), 7, time.Hour)
					if err != nil || len(got) == 0 {
						return err
					}
					mu.Lock()
					for _, f := range got {
						seen[f.ID]++
					}
					mu.Unlock()
				}
			})
			same(k, "feeds", len(seen), 100)
			for id, n := range seen {
				if n != 1 {
					k.t.Fatalf("feed %d claimed %d times", id, n)
				}
			}
		}},
		{"polls that are saved at once are each saved whole or not at all", func(k kit) {
			feeds := make([]feed.Feed, 40)
			for i := range feeds {
				feeds[i] = k.feed(fmt.Sprint("https://example/", i), "wire")
			}
			failed := make([]bool, len(feeds))
			k.together(len(feeds), func(i int) error {
				f := feeds[i]
				ctx, stop := context.WithCancel(k.ctx)
				defer stop()
				switch i % 10 {
				case 3:
					f.ID = 1 << 40 // is not there
				case 7:
					stop()
				}
				f.State = feed.OK
				_, err := k.SavePoll(ctx, feed.Outcome{Feed: f, Reports: []report.Report{item(fmt.Sprint("r", i))}})
				failed[i] = err != nil
				if i%10 == 3 && !errors.Is(err, archive.ErrNotFound) || i%10 == 7 && !errors.Is(err, context.Canceled) {
					return fmt.Errorf("poll %d came to another error: %w", i, err)
				}
				return nil
			})
			saved := make(map[int64]bool)
			for _, r := range must(k.Unplaced(k.ctx, 1000))(k) {
				saved[r.Feed] = true
			}
			for _, f := range must(k.FeedStatus(k.ctx))(k) {
				n := slices.IndexFunc(feeds, func(x feed.Feed) bool { return x.ID == f.ID })
				want := n%10 != 3 && n%10 != 7
				if failed[n] == want || saved[int64(f.ID)] != want || (f.State == feed.OK) != want {
					k.t.Fatalf("poll %d: failed %v, report saved %v, feed %s; want it saved: %v", n, failed[n], saved[int64(f.ID)], f.State, want)
				}
			}
		}},
		{"sibling feeds polled at once bring a report once", func(k kit) {
			feeds := make([]feed.Feed, 8)
			for i := range feeds {
				feeds[i] = k.feed(fmt.Sprint("https://wire.example/", i), "wire")
			}
			added := make([]int, len(feeds))
			k.together(len(feeds), func(i int) (err error) {
				var items []report.Report
				for n := range 50 {
					items = append(items, item(fmt.Sprint("r", (n+i*10)%60)))
				}
				added[i], err = k.SavePoll(k.ctx, feed.Outcome{Feed: feeds[i], Reports: items})
				return err
			})
			total := 0
			for _, n := range added {
				total += n
			}
			same(k, "added", total, 60)
			same(k, "stored", len(must(k.Unplaced(k.ctx, 1000))(k)), 60)
		}},
		{"deliverers at once deliver everything once and in order", testDeliverers},
		{"a quota holds against subscribers at once", func(k kit) {
			const extra = 20
			k.join("g")
			for i := range subscription.MaxPerGuild - 5 {
				must(k.Subscribe(k.ctx, subscription.Subscription{Guild: "g", Channel: "c", Topic: numbered(i), Created: hourOf(i)}))(k)
			}
			var mu sync.Mutex
			refused := 0
			k.together(extra, func(i int) error {
				_, err := k.Subscribe(k.ctx, subscription.Subscription{Guild: "g", Channel: "d", Topic: numbered(i), Created: start().Add(day)})
				if err != nil {
					mu.Lock()
					refused++
					mu.Unlock()
				}
				return nil
			})
			same(k, "refused", refused, extra-5)
			same(k, "kept", len(must(k.Subscriptions(k.ctx, "g"))(k)), subscription.MaxPerGuild)
		}},
		{"readers go on while polls are saved", func(k kit) {
			f := k.feed("https://wire.example/", "wire")
			k.together(4, func(i int) error {
				for n := range 20 {
					if i == 0 {
						if _, err := k.SavePoll(k.ctx, feed.Outcome{Feed: f, Reports: []report.Report{item(fmt.Sprint("x", n))}}); err != nil {
							return err
						}
						continue
					}
					if _, err := k.Search(k.ctx, archive.Search{Text: "about", Limit: 10}); err != nil {
						return err
					}
					if _, err := k.Unplaced(k.ctx, 10); err != nil {
						return err
					}
				}
				return nil
			})
		}},
	}.run(t, open)
}

func testDeliverers(k kit) {
	const channels, each = 5, 8
	for c := range channels {
		k.alerts(fmt.Sprint("c", c), times(start(), each)...)
	}
	now := start().Add(minute)
	var mu sync.Mutex
	got := make(map[string][]int64)
	k.together(6, func(int) error {
		for {
			ds, err := k.Claim(k.ctx, now, 2, time.Hour)
			if err != nil {
				return err
			}
			if len(ds) == 0 {
				if _, ok, err := k.NextDue(k.ctx); err != nil || !ok {
					return err
				}
				continue // somebody else holds what is left
			}
			for _, d := range ds {
				mu.Lock()
				got[d.Channel] = append(got[d.Channel], d.ID)
				mu.Unlock()
				if err := k.Settle(k.ctx, now, d, alert.Settlement{State: alert.Sent}); err != nil {
					return err
				}
			}
		}
	})
	for c := range channels {
		channel := fmt.Sprint("c", c)
		same(k, channel, got[channel], deliveryIDs(k.queue(channel)))
	}
}
