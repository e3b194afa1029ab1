package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
)

const lease = 30 * time.Second

func deliveryIDs(ds []alert.Delivery) []int64 {
	return ids(ds, func(d alert.Delivery) int64 { return d.ID })
}

func sent() alert.Settlement { return alert.Settlement{State: alert.Sent, Message: "m1"} }

func waits(due time.Time) alert.Settlement {
	return alert.Settlement{State: alert.Pending, Due: due, Reason: alert.ReasonRateLimited, Form: alert.Full}
}

func testLedger(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a claim counts the attempt and begins the series", func(k kit) {
			d := k.alerts("c1", start())[0]
			got := k.claimOne(start().Add(minute))
			d.State, d.Attempt, d.First, d.Due = alert.Sending, 1, start().Add(minute), start().Add(minute+lease)
			same(k, "claimed", got, d)
			same(k, "recorded", k.queue("c1"), []alert.Delivery{d})
		}},
		{"a channel's deliveries come one at a time and in order", func(k kit) {
			ds := k.alerts("c1", start(), start(), start())
			for _, want := range ds {
				got := k.claimOne(start())
				same(k, "claimed", got.ID, want.ID)
				same(k, "meanwhile", k.claim(start()), nil)
				k.settle(start(), got, sent())
			}
			same(k, "after all", k.claim(start()), nil)
		}},
		{"a delivery that waits holds back the later ones of its channel", func(k kit) {
			ds := k.alerts("c1", start(), start())
			k.alerts("c2", start())
			for _, d := range k.claim(start()) {
				if d.Channel == "c1" {
					k.settle(start(), d, waits(start().Add(minute)))
				}
			}
			same(k, "before", k.claim(start().Add(20*time.Second)), nil)
			same(k, "after", k.claimOne(start().Add(minute-1)).Channel, "c2")
			same(k, "due", k.claimOne(start().Add(minute)).ID, ds[0].ID)
		}},
		{"what is not due yet is not claimed", func(k kit) {
			k.alerts("c1", start())
			k.settle(start(), k.claimOne(start()), waits(start().Add(time.Hour)))
			same(k, "claimed", k.claim(start().Add(time.Hour-1e6)), nil)
		}},
		{"a claim takes no more than its limit, longest waiting first", func(k kit) {
			k.alerts("c2", start())
			k.alerts("c1", start().Add(time.Second))
			k.alerts("c3", start().Add(2*time.Second))
			got := must(k.Claim(k.ctx, start().Add(minute), 2, lease))(k)
			same(k, "channels", ids(got, func(d alert.Delivery) string { return d.Channel }), []string{"c2", "c1"})
			same(k, "nothing asked for", must(k.Claim(k.ctx, start().Add(minute), 0, lease))(k), nil)
		}},
		{"a channel with a backlog takes turns with the others", func(k kit) {
			k.alerts("busy", start(), start(), start())
			k.alerts("calm", start().Add(time.Second))
			now := start().Add(minute)
			first := must(k.Claim(k.ctx, now, 1, lease))(k)[0]
			k.settle(now, first, sent())
			second := must(k.Claim(k.ctx, now.Add(time.Second), 1, lease))(k)[0]
			same(k, "turns", []string{first.Channel, second.Channel}, []string{"busy", "calm"})
		}},
		{"no guild waits for another's flood", testFairClaims},
		{"a lease that ran out makes the delivery due again, in doubt", func(k kit) {
			k.alerts("c1", start(), start())
			first := k.claimOne(start())
			if first.Doubt {
				k.t.Fatal("a first try is in doubt")
			}
			same(k, "held", k.claim(start().Add(lease-1e6)), nil)
			again := k.claimOne(start().Add(lease))
			if again.ID != first.ID || !again.Doubt || again.Attempt != 2 || !again.First.Equal(first.First) {
				k.t.Fatalf("claimed %+v after %+v", again, first)
			}
		}},
		{"only the process that made the current attempt settles it", func(k kit) {
			k.alerts("c1", start())
			first := k.claimOne(start())
			second := k.claimOne(start().Add(lease))
			k.is(k.Settle(k.ctx, start(), first, sent()), alert.ErrStale)
			k.settle(start(), second, sent())
			k.is(k.Settle(k.ctx, start(), second, waits(start())), alert.ErrStale)
			same(k, "state", k.queue("c1")[0].State, alert.Sent)
		}},
		{"an outcome is recorded", testOutcomes},
		{"doubt lasts as long as the series", func(k kit) {
			k.alerts("c1", start())
			s := waits(start())
			s.Doubt = true
			k.settle(start(), k.claimOne(start()), s)
			k.settle(start(), k.claimOne(start()), waits(start()))
			d := k.claimOne(start().Add(minute))
			if !d.Doubt || d.Series != 0 || !d.First.Equal(start()) {
				k.t.Fatalf("second try: %+v", d)
			}
			s.NewSeries = true
			k.settle(start(), d, s)
			d = k.claimOne(start().Add(2 * minute))
			if d.Doubt || d.Series != 1 || !d.First.Equal(start().Add(2*minute)) {
				k.t.Fatalf("new series: %+v", d)
			}
		}},
		{"recovering takes up what a former run left", func(k kit) {
			k.alerts("c1", start(), start())
			k.alerts("c2", start())
			k.claim(start())
			now := start().Add(time.Second)
			same(k, "recovered", must(k.Recover(k.ctx, now))(k), 2)
			got := k.claim(now)
			same(k, "claimed", len(got), 2)
			for _, d := range got {
				if !d.Doubt || d.Attempt != 2 || !d.First.Equal(start()) {
					k.t.Fatalf("after recovery: %+v", d)
				}
			}
		}},
		{"recovering nothing is fine", func(k kit) {
			k.alerts("c1", start())
			same(k, "recovered", must(k.Recover(k.ctx, start()))(k), 0)
			if d := k.claimOne(start()); d.Doubt {
				k.t.Fatal("a delivery that was never tried is in doubt")
			}
		}},
		{"a blocked channel waits until it is unblocked", testBlocking},
		{"the next due time is that of the first head that may go", testNextDue},
		{"an outcome that is none is refused", func(k kit) {
			k.alerts("c1", start())
			d := k.claimOne(start())
			if err := k.Settle(k.ctx, start(), d, alert.Settlement{State: alert.Sending}); err == nil {
				k.t.Fatal("settled as sending")
			}
			k.settle(start(), d, sent())
		}},
		{"leaving the guild expires what waits", testLeftGuild},
	}.run(t, open)
	testLedgerModel(t, open)
}

func testOutcomes(k kit) {
	k.alerts("c1", start(), start(), start())
	s := waits(start().Add(minute))
	s.Failures, s.Form = 2, alert.Plain
	k.settle(start(), k.claimOne(start()), s)
	d := k.queue("c1")[0]
	if d.State != alert.Pending || !d.Due.Equal(s.Due) || d.Failures != 2 || d.Form != alert.Plain || d.Reason != alert.ReasonRateLimited {
		k.t.Fatalf("to be tried again: %+v", d)
	}
	k.settle(start(), k.claimOne(s.Due), sent())
	d = k.queue("c1")[0]
	if d.State != alert.Sent || d.Message != "m1" || d.Reason != "" || d.Failures != 2 || d.Form != alert.Plain {
		k.t.Fatalf("sent: %+v", d)
	}
	k.settle(start(), k.claimOne(s.Due), alert.Settlement{State: alert.Dead, Reason: alert.ReasonRefused, Form: alert.Plain, Failures: 2})
	k.settle(start(), k.claimOne(s.Due), alert.Settlement{State: alert.Expired, Reason: alert.ReasonTooOld})
	all := k.queue("c1")
	if all[1].State != alert.Dead || all[1].Reason != alert.ReasonRefused || all[2].State != alert.Expired {
		k.t.Fatalf("given up: %+v", all[1:])
	}
}

func testBlocking(k kit) {
	k.join("g")
	k.alerts("c1", start(), start())
	k.alerts("c2", start())
	block := alert.Settlement{State: alert.Pending, Due: start(), Reason: alert.ReasonNoAccess, Form: alert.Full, BlockChannel: true}
	for _, d := range k.claim(start()) {
		if d.Channel == "c1" {
			k.settle(start(), d, block)
		} else {
			k.settle(start(), d, sent())
		}
	}
	same(k, "claimed", k.claim(start().Add(time.Hour)), nil)
	same(k, "blocked", must(k.Blocked(k.ctx, "g"))(k), []guild.Channel{{ID: "c1", Guild: "g", Blocked: start(), Reason: string(alert.ReasonNoAccess)}})
	same(k, "of another guild", must(k.Blocked(k.ctx, "h"))(k), nil)
	same(k, "on the way", must(k.Counts(k.ctx, "g", start()))(k).Pending, 0)
	_, due, err := k.NextDue(k.ctx)
	k.ok(err)
	same(k, "due", due, false)
	k.ok(k.UnblockChannel(k.ctx, "h", "c1"))
	same(k, "by another guild", k.claim(start()), nil)
	k.ok(k.UnblockChannel(k.ctx, "g", "c1"))
	k.settle(start(), k.claimOne(start().Add(time.Hour)), block)
	k.ok(k.UnblockGuild(k.ctx, "g"))
	deleted := block
	deleted.Reason = alert.ReasonNoChannel
	k.settle(start(), k.claimOne(start().Add(time.Hour)), deleted)
	k.ok(k.UnblockGuild(k.ctx, "g"))
	same(k, "of a deleted channel", k.claim(start().Add(time.Hour)), nil)
	k.ok(k.UnblockChannel(k.ctx, "g", "c1"))
	k.claimOne(start().Add(time.Hour))
	same(k, "blocked", must(k.Blocked(k.ctx, "g"))(k), nil)
}

func testNextDue(k kit) {
	next := func() time.Time {
		at, ok, err := k.NextDue(k.ctx)
		k.ok(err)
		if ok == at.IsZero() {
			k.t.Fatalf("next due %v, %v", at, ok)
		}
		return at
	}
	same(k, "nothing", next(), time.Time{})
	k.alerts("c1", start(), start())
	same(k, "pending", next(), start())
	d := k.claimOne(start())
	same(k, "sending", next(), start().Add(lease))
	k.settle(start(), d, waits(start().Add(time.Hour)))
	same(k, "waiting", next(), start().Add(time.Hour))
	k.alerts("c2", start().Add(minute))
	same(k, "another", next(), start().Add(minute))
	k.settle(start().Add(minute), k.claimOne(start().Add(minute)), sent())
	same(k, "waiting again", next(), start().Add(time.Hour))
}

func testLeftGuild(k kit) {
	k.join("g")
	k.alerts("c1", start(), start())
	k.alerts("c2", start(), start())
	claimed := k.claim(start())
	now := start().Add(minute)
	k.settle(now, claimed[0], alert.Settlement{State: alert.Expired, Reason: alert.ReasonNoGuild, LeftGuild: true})
	g := must(k.Guild(k.ctx, "g"))(k)
	same(k, "left", g.Left, now)
	k.settle(now, claimed[1], waits(now)) // its answer came later
	for _, d := range append(k.queue("c1"), k.queue("c2")...) {
		if d.State != alert.Expired || d.Reason != alert.ReasonNoGuild {
			k.t.Fatalf("delivery %d is %s, %s", d.ID, d.State, d.Reason)
		}
	}
	same(k, "claimed", k.claim(now.Add(time.Hour)), nil)
}

// testFairClaims floods fifty channels of one guild, and claims as a deliverer
// with 64 places does: one post of another guild is among the very next.
func testFairClaims(k kit) {
	var flood []alert.Alert
	p := opens(k.stored("flood")[0], "ceasefire")
	for i := range 50 {
		flood = append(flood, alertFor(p, fmt.Sprintf("c%02d", i), start()))
	}
	k.place(start(), withAlerts(p, flood...))
	first := must(k.Claim(k.ctx, start(), 64, lease))(k)
	if len(first) > 32 {
		k.t.Fatalf("a guild takes %d places of 64", len(first))
	}
	unplaced := k.stored("other")
	q := opens(unplaced[len(unplaced)-1], "ceasefire")
	other := alertFor(q, "other", start().Add(time.Second))
	other.Guild = "h"
	k.place(start().Add(time.Second), withAlerts(q, other))
	next := must(k.Claim(k.ctx, start().Add(time.Second), 1, lease))(k)
	same(k, "next", ids(next, func(d alert.Delivery) string { return d.Channel }), []string{"other"})
	k.settle(start().Add(time.Second), first[0], sent())
	next = must(k.Claim(k.ctx, start().Add(time.Second), 9, lease))(k)
	same(k, "as one is done the guild's next", len(next), 1)
	for _, d := range append(first[1:], next...) {
		k.settle(start().Add(time.Second), d, sent())
	}
	same(k, "then the rest", len(k.claim(start().Add(2*time.Second))), 17)
}
