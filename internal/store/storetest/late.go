package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/store"
)

func policy() alert.LatePolicy {
	return alert.LatePolicy{MaxAge: 6 * time.Hour, Late: 30 * minute, Keep: 2, Window: time.Hour}
}

// fold folds and expects so many to be folded.
func (k kit) fold(now time.Time, want int) {
	k.t.Helper()
	if n := must(k.FoldLate(k.ctx, now, policy()))(k); n != want {
		k.t.Fatalf("folded %d at %v, want %d", n, now, want)
	}
}

// states tells the deliveries of a channel in a few words each.
func (k kit) states(channel string) []string {
	k.t.Helper()
	return ids(k.queue(channel), func(d alert.Delivery) string {
		if d.Reason == "" {
			return string(d.Kind) + " " + string(d.State)
		}
		return string(d.Kind) + " " + string(d.State) + " " + string(d.Reason)
	})
}

// drain delivers all that a channel can get at now, and returns it.
func (k kit) drain(now time.Time) []alert.Delivery {
	k.t.Helper()
	var out []alert.Delivery
	for {
		ds := k.claim(now)
		if len(ds) == 0 {
			return out
		}
		for _, d := range ds {
			k.settle(now, d, sent())
			out = append(out, d)
		}
	}
}

func times(from time.Time, n int) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		out[i] = from.Add(time.Duration(i) * time.Second)
	}
	return out
}

func testLate(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a policy that is not set is refused", func(k kit) {
			k.alerts("c1", start())
			if _, err := k.FoldLate(k.ctx, start(), alert.LatePolicy{}); err == nil {
				k.t.Fatal("folded without a policy")
			}
			k.claimOne(start())
		}},
		{"what is on time is left alone", func(k kit) {
			k.alerts("c1", times(start(), 5)...)
			k.fold(start().Add(30*minute), 0)
			same(k, "delivered", len(k.drain(start().Add(30*minute))), 5)
		}},
		{"the newest late ones are kept and one line stands for the rest", func(k kit) {
			ds := k.alerts("c1", times(start(), 5)...)
			now := start().Add(time.Hour)
			k.fold(now, 3)
			got := k.drain(now)
			same(k, "posts", deliveryIDs(got[:2]), deliveryIDs(ds[3:]))
			line := got[2]
			if len(got) != 3 || line.Kind != alert.CatchUp || line.Content.More != 3 || line.Alert != 0 || line.Guild != "g" {
				k.t.Fatalf("catch-up line: %+v", line)
			}
			same(k, "time", line.Content.Time, ds[2].Content.Time)
			same(k, "folded", k.states("c1")[:3], []string{"post expired catch-up", "post expired catch-up", "post expired catch-up"})
			k.fold(now, 0)
		}},
		{"what is too old expires and is not counted in the line", func(k kit) {
			k.alerts("c1", times(start(), 2)...)
			k.alerts("c1", times(start().Add(6*time.Hour), 3)...)
			k.fold(start().Add(7*time.Hour), 1)
			same(k, "states", k.states("c1"), []string{
				"post expired too-old", "post expired too-old", "post expired catch-up", "post pending", "post pending", "catch-up pending",
			})
			same(k, "count", k.queue("c1")[5].Content.More, 1)
		}},
		{"age goes by the report's time", func(k kit) {
			r := k.stored("old news")[0]
			p := opens(r, "ceasefire")
			a := alertFor(p, "c1", start())
			a.Content.Time = start().Add(-6*time.Hour - minute)
			k.place(start(), withAlerts(p, a))
			k.fold(start(), 0)
			same(k, "states", k.states("c1"), []string{"post expired too-old"})
			same(k, "claimed", k.claim(start()), nil)
		}},
		{"a waiting line grows, and follows what is kept", testGrowingLine},
		{"a line that may have arrived is not changed", func(k kit) {
			k.alerts("c1", times(start(), 3)...)
			now := start().Add(time.Hour)
			k.fold(now, 1)
			k.settle(now, k.claimOne(now), sent())
			k.settle(now, k.claimOne(now), sent())
			doubtful := waits(now)
			doubtful.Doubt = true
			k.settle(now, k.claimOne(now), doubtful)
			k.alerts("c1", times(start().Add(time.Second), 2)...)
			k.fold(now, 2)
			var lines []int
			for _, d := range k.drain(now) {
				lines = append(lines, d.Content.More)
			}
			same(k, "lines", lines, []int{1, 2})
		}},
		{"a line expires with the newest story that it stands for", func(k kit) {
			k.alerts("c1", times(start(), 3)...)
			k.fold(start().Add(time.Hour), 1)
			k.fold(start().Add(7*time.Hour), 0)
			same(k, "states", k.states("c1")[3], "catch-up expired too-old")
			same(k, "claimed", k.claim(start().Add(7*time.Hour)), nil)
		}},
		{"a channel gets no more than it may within the window", func(k kit) {
			k.alerts("c1", times(start(), 4)...)
			now := start().Add(time.Hour)
			k.fold(now, 2)
			same(k, "first", len(k.drain(now)), 3)
			k.alerts("c1", times(start().Add(10*time.Second), 2)...)
			k.fold(now.Add(59*minute), 2)
			same(k, "within", k.drain(now.Add(59 * minute))[0].Kind, alert.CatchUp)
			k.alerts("c1", times(start().Add(20*time.Second), 2)...)
			k.fold(now.Add(60*minute), 0)
			same(k, "later", len(k.drain(now.Add(60*minute))), 2)
		}},
		{"what is being tried, or may have arrived, is left to its outcome", func(k kit) {
			ds := k.alerts("c1", times(start(), 4)...)
			now := start().Add(time.Hour)
			k.claimOne(now)
			k.fold(now, 2)
			same(k, "states", k.states("c1"), []string{
				"post sending", "post expired catch-up", "post expired catch-up", "post pending", "catch-up pending",
			})
			k.claimOne(now.Add(lease)) // in doubt from now on
			same(k, "head", k.queue("c1")[0].ID, ds[0].ID)
			k.fold(now.Add(lease), 0)
		}},
		{"a line that had not arrived is one with the line begun meanwhile", testLineBegunMeanwhile},
		{"channels do not share their allowance", func(k kit) {
			k.alerts("c1", times(start(), 3)...)
			k.alerts("c2", times(start(), 3)...)
			now := start().Add(time.Hour)
			k.fold(now, 2)
			same(k, "delivered", len(k.drain(now)), 6)
		}},
		{"a channel that is blocked for long is not flooded when it opens", testLongBlock},
	}.run(t, open)
}

func testGrowingLine(k kit) {
	k.alerts("c1", times(start(), 4)...)
	now := start().Add(time.Hour)
	k.fold(now, 2)
	k.alerts("c1", times(start().Add(minute), 2)...)
	k.fold(now, 2)
	open := func() (posts, lines []int) {
		for i, d := range k.queue("c1") {
			switch {
			case d.State != alert.Pending:
			case d.Kind == alert.Post:
				posts = append(posts, i)
			default:
				lines = append(lines, i)
				same(k, "count", d.Content.More, 4)
			}
		}
		return posts, lines
	}
	posts, lines := open()
	if len(posts) != 2 || len(lines) != 1 || lines[0] < posts[1] {
		k.t.Fatalf("posts at %v, lines at %v", posts, lines)
	}
	// Room again: the newly kept come before the line.
	k.settle(now, k.claimOne(now), sent())
	k.settle(now, k.claimOne(now), sent())
	k.settle(now, k.claimOne(now), waits(now.Add(2*time.Hour)))
	k.alerts("c1", times(start().Add(2*time.Hour), 3)...)
	now = now.Add(2 * time.Hour)
	k.fold(now, 1)
	got := k.drain(now)
	kinds := ids(got, func(d alert.Delivery) alert.Kind { return d.Kind })
	same(k, "kinds", kinds, []alert.Kind{alert.Post, alert.Post, alert.CatchUp})
	same(k, "count", got[2].Content.More, 5)
}

// testLineBegunMeanwhile: while nobody knows whether a line has arrived, a new one is
// begun; when it has not, the channel gets one line for both.
func testLineBegunMeanwhile(k kit) {
	k.alerts("c1", times(start(), 5)...)
	now := start().Add(time.Hour)
	k.fold(now, 3)
	k.settle(now, k.claimOne(now), sent())
	k.settle(now, k.claimOne(now), sent())
	line := k.claimOne(now)
	k.settle(now, line, alert.Settlement{State: alert.Pending, Due: now, Form: alert.Full, Doubt: true, Failures: 1})
	k.alerts("c1", times(start().Add(minute), 2)...)
	k.fold(now, 2)
	again := k.claimOne(now)
	same(k, "the line is tried again", again.ID, line.ID)
	k.settle(now, again, alert.Settlement{State: alert.Pending, Due: now, Form: alert.Full, NewSeries: true})
	got := k.drain(now)
	same(k, "messages", len(got), 1)
	same(k, "stories", got[0].Content.More, 5)
}

func testLongBlock(k kit) {
	k.join("g")
	k.alerts("c1", start())
	k.settle(start(), k.claimOne(start()), alert.Settlement{
		State: alert.Pending, Due: start(), Reason: alert.ReasonNoAccess, Form: alert.Full, BlockChannel: true,
	})
	now := start()
	for range 20 {
		now = now.Add(40 * minute)
		k.alerts("c1", times(now, 3)...)
		must(k.FoldLate(k.ctx, now, policy()))(k)
	}
	now = now.Add(time.Hour)
	must(k.FoldLate(k.ctx, now, policy()))(k)
	k.ok(k.UnblockChannel(k.ctx, "g", "c1"))
	got := k.drain(now)
	if len(got) > policy().Keep+1 || got[len(got)-1].Kind != alert.CatchUp {
		k.t.Fatalf("got %d messages", len(got))
	}
	expired := 0
	for _, d := range k.queue("c1") {
		if d.Kind == alert.Post && d.State == alert.Expired {
			expired++
		}
	}
	same(k, "every alert is accounted for", expired+len(got)-1, 61)
}
