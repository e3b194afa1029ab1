package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/store"
)

func testLeases(t *testing.T, open func(t *testing.T) *store.Store) {
	placer := func(holder string) store.Lease { return store.Lease{Role: store.RolePlacer, Holder: holder} }
	cases{
		{"one process holds a role until its lease ends", func(k kit) {
			take := func(holder string, now time.Time) (int64, bool) {
				k.t.Helper()
				l, ok, err := k.TakeLease(k.ctx, now, placer(holder), minute)
				k.ok(err)
				return l.Token, ok
			}
			first, ok := take("a", start())
			same(k, "a", ok, true)
			_, ok = take("b", start().Add(minute-time.Millisecond))
			same(k, "b too early", ok, false)
			renewed, ok := take("a", start().Add(30*time.Second))
			same(k, "a again", ok, true)
			same(k, "token of a renewed lease", renewed, first)
			_, ok = take("b", start().Add(minute))
			same(k, "b after the first term", ok, false)
			second, ok := take("b", start().Add(90*time.Second))
			same(k, "b", ok, true)
			if second <= first {
				k.t.Fatalf("token went from %d to %d", first, second)
			}
			_, ok = take("a", start().Add(90*time.Second))
			same(k, "a afterwards", ok, false)
		}},
		{"a role that is given back is free at once", func(k kit) {
			_, ok, err := k.TakeLease(k.ctx, start(), placer("a"), time.Hour)
			k.ok(err)
			same(k, "a", ok, true)
			k.ok(k.EndLeases(k.ctx, store.RolePlacer, "b"))
			_, ok, err = k.TakeLease(k.ctx, start(), placer("b"), time.Hour)
			k.ok(err)
			same(k, "b before", ok, false)
			k.ok(k.EndLeases(k.ctx, store.RolePlacer, "a"))
			_, ok, err = k.TakeLease(k.ctx, start(), placer("b"), time.Hour)
			k.ok(err)
			same(k, "b after", ok, true)
		}},
		{"the number of shards stands while any is held", func(k kit) {
			same(k, "first offer", must(k.AgreeShards(k.ctx, start(), 3))(k), 3)
			same(k, "before any is held", must(k.AgreeShards(k.ctx, start(), 2))(k), 2)
			same(k, "held", must(k.HoldShards(k.ctx, start(), "a", minute))(k), []int{0})
			same(k, "while one is held", must(k.AgreeShards(k.ctx, start(), 5))(k), 2)
			same(k, "afterwards", must(k.AgreeShards(k.ctx, start().Add(minute), 5))(k), 5)
		}},
		{"processes share the shards, and take over those of a dead one", func(k kit) {
			must(k.AgreeShards(k.ctx, start(), 3))(k)
			hold := func(holder string, now time.Time) []int {
				k.t.Helper()
				ids := must(k.HoldShards(k.ctx, now, holder, minute))(k)
				slices.Sort(ids)
				return ids
			}
			same(k, "a", hold("a", start()), []int{0})
			same(k, "b", hold("b", start()), []int{1})
			later := start().Add(50 * time.Second)
			same(k, "b, later", hold("b", later), []int{1, 2})
			same(k, "nothing is free", hold("c", later), nil)
			later = start().Add(61 * time.Second)
			same(k, "a is dead", hold("b", later), []int{0, 1, 2})
			same(k, "a is back too late", hold("a", later), nil)
			k.ok(k.EndLeases(k.ctx, store.RoleShard, "b"))
			same(k, "b is gone", hold("a", later), []int{0})
		}},
		{"turns are as far apart as they must be", func(k kit) {
			turn := func(name string, now time.Time) time.Time {
				k.t.Helper()
				return must(k.TakeTurn(k.ctx, now, name, 5*time.Second))(k)
			}
			same(k, "first", turn("x", start()), start())
			same(k, "second", turn("x", start().Add(time.Second)), start().Add(5*time.Second))
			same(k, "third", turn("x", start().Add(time.Second)), start().Add(10*time.Second))
			same(k, "of another name", turn("y", start()), start())
			same(k, "after a pause", turn("x", start().Add(minute)), start().Add(minute))
		}},
		{"hosts have turns of their own, and none is kept for one who does not wait", func(k kit) {
			const gap, patience = time.Second, 2 * time.Second
			turn := func(host string, now time.Time, patience time.Duration) string {
				k.t.Helper()
				at, ok, err := k.TakeHostTurn(k.ctx, host, now, gap, patience)
				k.ok(err)
				if !ok {
					return "none"
				}
				return at.Sub(start()).String()
			}
			same(k, "first", turn("a.example", start(), patience), "0s")
			same(k, "second", turn("a.example", start(), patience), "1s")
			same(k, "third, too far ahead", turn("a.example", start(), patience), "none")
			same(k, "third, once more", turn("a.example", start().Add(time.Millisecond), patience), "2s")
			same(k, "of another host", turn("b.example", start().Add(time.Nanosecond), patience), "1ms")
			same(k, "after a pause, without waiting", turn("a.example", start().Add(minute), 0), "1m0s")
			same(k, "at once again, without waiting", turn("a.example", start().Add(minute), 0), "none")
		}},
		{"a clock that ran ahead holds up no host", func(k kit) {
			_, ok, err := k.TakeHostTurn(k.ctx, "a.example", start().Add(time.Hour), minute, minute)
			k.ok(err)
			same(k, "ahead", ok, true)
			at, ok, err := k.TakeHostTurn(k.ctx, "a.example", start(), minute, minute)
			k.ok(err)
			same(k, "now", ok, true)
			same(k, "its turn", at, start())
		}},
		{"no moment of a host goes to two of many at once", func(k kit) {
			const gap, processes = 10 * time.Millisecond, 24
			var mu sync.Mutex
			var turns []time.Duration
			k.together(processes, func(int) error {
				at, ok, err := k.TakeHostTurn(k.ctx, "a.example", start(), gap, minute)
				mu.Lock()
				defer mu.Unlock()
				if ok {
					turns = append(turns, at.Sub(start()))
				}
				return err
			})
			slices.Sort(turns)
			same(k, "turns", len(turns), processes)
			for i, at := range turns {
				same(k, "turn", at, time.Duration(i)*gap)
			}
		}},
		{"no shard goes to two of many at once", func(k kit) {
			const shards, processes = 12, 6
			must(k.AgreeShards(k.ctx, start(), shards))(k)
			var mu sync.Mutex
			held := map[int]string{}
			k.together(processes, func(i int) error {
				name := fmt.Sprint("p", i)
				for range shards {
					ids, err := k.HoldShards(k.ctx, start(), name, time.Hour)
					if err != nil {
						return err
					}
					mu.Lock()
					for _, id := range ids {
						if other, ok := held[id]; ok && other != name {
							err = fmt.Errorf("shard %d is held by %s and %s", id, other, name)
						}
						held[id] = name
					}
					mu.Unlock()
					if err != nil {
						return err
					}
				}
				return nil
			})
			same(k, "held", len(held), shards)
		}},
		{"a feed that is being parsed is no crash before its hold has ended", func(k kit) {
			f := k.feed("https://a.example/", "a")
			same(k, "claimed", len(must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 1, minute))(k)), 1)
			k.ok(k.MarkParsing(k.ctx, f.ID, "x"))
			same(k, "while it is held", must(k.FindCrashed(k.ctx, start().Add(minute-1e6)))(k), map[feed.ID]int{})
			after := start().Add(minute)
			same(k, "claimed before it is counted", len(must(k.ClaimDue(k.ctx, feed.Catalogue, after, 1, minute))(k)), 0)
			same(k, "counted", must(k.FindCrashed(k.ctx, after))(k), map[feed.ID]int{f.ID: 1})
			same(k, "claimed later", len(must(k.ClaimDue(k.ctx, feed.Catalogue, after.Add(time.Hour), 1, minute))(k)), 1)
		}},
	}.run(t, open)
}
