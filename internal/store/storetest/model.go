package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/store"
)

// testLedgerModel runs the ledger through random histories and compares it
// with a model after every step. All histories share one store, each in a guild
// of its own.
func testLedgerModel(t *testing.T, open func(t *testing.T) *store.Store) {
	t.Run("any history keeps order, loses nothing and repeats nothing", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		history := 0
		rapid.Check(t, func(rt *rapid.T) {
			history++
			m := &model{
				kit:   kit{Store: s, t: rt, ctx: t.Context()},
				guild: fmt.Sprint("g", history), now: start(),
				blocked: make(map[string]bool), firstTry: make(map[int64]time.Time), lateSent: make(map[string][]time.Time),
			}
			rt.Repeat(map[string]func(*rapid.T){
				"":        m.check,
				"plan":    m.plan,
				"pass":    m.pass,
				"claim":   m.claimSome,
				"settle":  m.settleOne,
				"crash":   m.crash,
				"recover": m.recover,
				"fold":    func(*rapid.T) { m.foldLate() },
				"unblock": m.unblockAll,
			})
			m.finish()
		})
	})
}

// model is what must be true of one guild's deliveries.
type model struct {
	kit
	guild string
	now   time.Time
	// planned counts the alerts, past is the ledger after the step before.
	planned int
	past    []alert.Delivery
	// held are the claims that workers have not settled yet. Some are stale.
	held    []alert.Delivery
	blocked map[string]bool
	// firstTry is when a delivery was claimed first; lateSent are the times at
	// which a channel got posts that were late by then.
	firstTry map[int64]time.Time
	lateSent map[string][]time.Time
}

func (m *model) channel(i int) string { return fmt.Sprint(m.guild, "-c", i) }

func (m *model) ledger() []alert.Delivery {
	return must(m.Deliveries(m.ctx, store.DeliveryQuery{Guild: m.guild}))(m.kit)
}

func isOpen(d alert.Delivery) bool { return d.State == alert.Pending || d.State == alert.Sending }

// heads returns the oldest open delivery of each channel.
func heads(ledger []alert.Delivery) map[string]alert.Delivery {
	out := make(map[string]alert.Delivery)
	for _, d := range ledger {
		if _, ok := out[d.Channel]; !ok && isOpen(d) {
			out[d.Channel] = d
		}
	}
	return out
}

func (m *model) plan(rt *rapid.T) {
	m.planned++
	r := m.stored(fmt.Sprint(m.guild, " report ", m.planned))
	p := opens(r[len(r)-1], "ceasefire")
	a := alertFor(p, m.channel(rapid.IntRange(1, 2).Draw(rt, "channel")), m.now)
	a.Guild = m.guild
	a.Content.Time = m.now.Add(-time.Duration(rapid.IntRange(0, 300).Draw(rt, "age in minutes")) * minute)
	m.place(m.now, withAlerts(p, a))
}

func (m *model) pass(rt *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.SampledFrom([]int{1, 10, 31, 600, 2400}).Draw(rt, "seconds")) * time.Second)
}

// claimSome folds first, as deliverers do, and expects the head of every
// channel that may go.
func (m *model) claimSome(rt *rapid.T) {
	m.foldLate()
	before := heads(m.ledger())
	want := make(map[int64]alert.Delivery)
	for channel, d := range before {
		if !m.blocked[channel] && !d.Due.After(m.now) {
			want[d.ID] = d
		}
	}
	limit := rapid.SampledFrom([]int{1, 10}).Draw(rt, "limit")
	got := must(m.Claim(m.ctx, m.now, limit, lease))(m.kit)
	if len(got) != min(limit, len(want)) {
		m.t.Fatalf("claimed %d of %d, limit %d", len(got), len(want), limit)
	}
	for _, d := range got {
		w, ok := want[d.ID]
		if !ok {
			m.t.Fatalf("claimed delivery %d, which is no head that is due", d.ID)
		}
		w.Doubt = w.Doubt || w.State == alert.Sending
		w.Attempt++
		w.State, w.Due = alert.Sending, m.now.Add(lease)
		if w.First.IsZero() {
			w.First = m.now
		}
		same(m.kit, "claimed", d, w)
		if _, ok := m.firstTry[d.ID]; !ok {
			m.firstTry[d.ID] = m.now
		}
	}
	m.held = append(m.held, got...)
}

func (m *model) settleOne(rt *rapid.T) {
	if len(m.held) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.held)-1).Draw(rt, "claim")
	d := m.held[i]
	m.held = slices.Delete(m.held, i, i+1)
	s := alert.Settlement{State: alert.Pending, Form: alert.Full, Due: m.now}
	switch rapid.SampledFrom([]string{"sent", "sent", "dead", "wait", "doubt", "renew", "block"}).Draw(rt, "outcome") {
	case "sent":
		s = sent()
	case "dead":
		s.State, s.Reason = alert.Dead, alert.ReasonRefused
	case "wait":
		s.Due, s.Reason = m.now.Add(time.Duration(rapid.IntRange(0, 900).Draw(rt, "wait"))*time.Second), alert.ReasonRateLimited
	case "doubt":
		s.Doubt, s.Failures = true, d.Failures+1
	case "renew":
		s.NewSeries = true
	case "block":
		s.BlockChannel, s.Reason = true, alert.ReasonNoAccess
	}
	current := heads(m.ledger())[d.Channel]
	stale := current.ID != d.ID || current.Attempt != d.Attempt || current.State != alert.Sending
	err := m.Settle(m.ctx, m.now, d, s)
	if stale {
		m.is(err, alert.ErrStale)
		return
	}
	m.ok(err)
	if s.BlockChannel {
		m.blocked[d.Channel] = true
	}
	if late := m.firstTry[d.ID].Sub(d.Created) > policy().Late; s.State == alert.Sent && d.Kind == alert.Post && late {
		m.lateSent[d.Channel] = append(m.lateSent[d.Channel], m.now)
	}
}

// crash forgets a claim: its worker died.
func (m *model) crash(rt *rapid.T) {
	if len(m.held) > 0 {
		i := rapid.IntRange(0, len(m.held)-1).Draw(rt, "worker")
		m.held = slices.Delete(m.held, i, i+1)
	}
}

func (m *model) recover(*rapid.T) {
	sending := 0
	for _, d := range m.ledger() {
		if d.State == alert.Sending {
			sending++
		}
	}
	same(m.kit, "recovered", must(m.Recover(m.ctx, m.now))(m.kit), sending)
	m.held = nil
	for _, d := range heads(m.ledger()) {
		if d.State == alert.Sending {
			m.t.Fatalf("delivery %d is still being sent", d.ID)
		}
	}
}

func (m *model) foldLate() {
	folded := func(ds []alert.Delivery) (n int) {
		for _, d := range ds {
			if d.Reason == alert.ReasonCatchUp {
				n++
			}
		}
		return n
	}
	before := folded(m.ledger())
	n := must(m.FoldLate(m.ctx, m.now, policy()))(m.kit)
	after := m.ledger()
	same(m.kit, "folded", n, folded(after)-before)
	for _, d := range after {
		if d.State == alert.Pending && m.now.Sub(d.Content.Time) > policy().MaxAge {
			m.t.Fatalf("delivery %d waits although it is too old", d.ID)
		}
	}
	same(m.kit, "folding again", must(m.FoldLate(m.ctx, m.now, policy()))(m.kit), 0)
}

func (m *model) unblockAll(*rapid.T) {
	m.ok(m.UnblockGuild(m.ctx, m.guild))
	clear(m.blocked)
}

// check is what holds after every step.
func (m *model) check(*rapid.T) {
	ledger := m.ledger()
	posts := 0
	folded, told, lines := make(map[string]int), make(map[string]int), make(map[string]int)
	for _, d := range ledger {
		if d.Kind == alert.CatchUp {
			told[d.Channel] += d.Content.More
			if d.State == alert.Pending && !d.Doubt {
				lines[d.Channel]++
			}
			continue
		}
		posts++
		if d.Reason == alert.ReasonCatchUp {
			folded[d.Channel]++
		}
	}
	same(m.kit, "posts in the ledger", posts, m.planned)
	for channel := range told {
		if lines[channel] > 1 {
			m.t.Fatalf("channel %s has %d catch-up lines waiting", channel, lines[channel])
		}
	}
	same(m.kit, "stories that catch-up lines stand for", withoutZero(told), withoutZero(folded))
	m.checkFinal(ledger)
	m.checkNextDue(ledger)
	m.checkLate()
	m.past = ledger
}

func withoutZero(counts map[string]int) map[string]int {
	out := make(map[string]int)
	for k, n := range counts {
		if n != 0 {
			out[k] = n
		}
	}
	return out
}

// checkFinal: what was settled for good stays as it was, and nothing goes
// missing but a catch-up line that was written anew or is one with another.
func (m *model) checkFinal(ledger []alert.Delivery) {
	now := make(map[int64]alert.Delivery, len(ledger))
	for _, d := range ledger {
		now[d.ID] = d
	}
	for _, d := range m.past {
		got, ok := now[d.ID]
		if !ok && (d.Kind != alert.CatchUp || !isOpen(d)) {
			m.t.Fatalf("delivery %d is gone", d.ID)
		}
		if !isOpen(d) {
			same(m.kit, "settled delivery", got, d)
		}
	}
}

// checkNextDue: the next due time is that of the first head that may go, where
// what has been due for a while may count from when it became the head.
func (m *model) checkNextDue(ledger []alert.Delivery) {
	var first time.Time
	for channel, d := range heads(ledger) {
		if !m.blocked[channel] && (first.IsZero() || d.Due.Before(first)) {
			first = d.Due
		}
	}
	got, ok, err := m.NextDue(m.ctx)
	m.ok(err)
	same(m.kit, "something is due", ok, !first.IsZero())
	latest := first
	if latest.Before(m.now) {
		latest = m.now
	}
	if ok && (got.Before(first) || got.After(latest)) {
		m.t.Fatalf("next due %v, want %v to %v", got, first, latest)
	}
}

// checkLate: no window saw more late posts than the policy allows.
func (m *model) checkLate() {
	p := policy()
	for channel, sent := range m.lateSent {
		n := 0
		for _, at := range sent {
			if m.now.Sub(at) < p.Window {
				n++
			}
		}
		if n > p.Keep {
			m.t.Fatalf("channel %s got %d late posts within %v", channel, n, p.Window)
		}
	}
}

// finish delivers all that is left, so that the next history begins with empty
// queues, and checks that it can be.
func (m *model) finish() {
	m.unblockAll(nil)
	m.recover(nil)
	m.now = m.now.Add(time.Hour)
	for range 1000 {
		got := must(m.Claim(m.ctx, m.now, 10, lease))(m.kit)
		for _, d := range got {
			m.ok(m.Settle(m.ctx, m.now, d, sent()))
			if errors.Is(m.Settle(m.ctx, m.now, d, sent()), nil) {
				m.t.Fatalf("delivery %d was settled twice", d.ID)
			}
		}
		if len(got) == 0 {
			break
		}
	}
	for _, d := range m.ledger() {
		if isOpen(d) {
			m.t.Fatalf("delivery %d of channel %s can never be claimed", d.ID, d.Channel)
		}
	}
}
