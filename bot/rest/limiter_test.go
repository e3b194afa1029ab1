package rest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// modelBucket is one of Discord's limits as Discord counts it.
type modelBucket struct {
	limit int
	span  time.Duration
	reset time.Time
	used  int
}

func (b *modelBucket) process(now time.Time) (limitInfo, bool) {
	if !now.Before(b.reset) {
		b.reset, b.used = now.Add(b.span), 0
	}
	b.used++
	return limitInfo{known: true, limit: b.limit, remaining: max(b.limit-b.used, 0), resetAfter: b.reset.Sub(now)}, b.used <= b.limit
}

// modelRequest is on its way to Discord, or its answer on the way back.
type modelRequest struct {
	s         slot
	hash      string
	bucket    *modelBucket
	processed bool
	answer    limitInfo
}

// limiterModel drives a limiter and a model of Discord with one clock.
type limiterModel struct {
	now     time.Time
	l       *limiter
	buckets map[string]*modelBucket
	flying  []*modelRequest
	// counted are the times at which Discord counted requests.
	counted []time.Time
	held    map[string]time.Time
	paused  time.Time
}

const modelRate = 7

func newLimiterModel() *limiterModel {
	m := &limiterModel{
		now:     time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		buckets: make(map[string]*modelBucket),
		held:    make(map[string]time.Time),
	}
	m.l = newLimiter(modelRate, func() time.Time { return m.now })
	// That two routes share a bucket shows only in their first answers.
	for _, r := range modelRoutes[len(modelRoutes)-2:] {
		m.l.names[parseRoute(r.method, r.path).name] = r.hash
	}
	return m
}

// modelRoutes are answered with the bucket hash beside them; the last two share
// one, the interactions are not bound by the global limit.
var modelRoutes = []struct{ method, path, hash string }{
	{"POST", "/channels/1/messages", "post"},
	{"POST", "/channels/2/messages", "post"},
	{"GET", "/gateway/bot", "gateway"},
	{"POST", "/interactions/7/token/callback", "callback"},
	{"PATCH", "/channels/1/messages/9", "edit"},
	{"DELETE", "/channels/1/messages/9", "edit"},
}

func (m *limiterModel) trySend(t *rapid.T, n int) {
	r := modelRoutes[n]
	rt := parseRoute(r.method, r.path)
	s, h, _ := m.l.try(rt, m.now)
	if h.held() {
		return
	}
	if rt.class == classBot {
		if at, known := m.l.global.next(m.now); !known || at.After(m.now) {
			s.b.giveBack()
			return
		}
		s.passage = m.l.global.enter(m.now)
		if m.now.Before(m.paused) {
			t.Fatalf("%s sent %s before a global pause ends", rt.name, m.paused.Sub(m.now))
		}
	}
	key := r.hash + "/" + rt.major
	if m.now.Before(m.held[key]) {
		t.Fatalf("%s sent %s before its 429 ends", rt.name, m.held[key].Sub(m.now))
	}
	b, ok := m.buckets[key]
	if !ok {
		b = &modelBucket{
			limit: rapid.IntRange(2, 6).Draw(t, "limit"),
			span:  time.Duration(rapid.IntRange(500, 8000).Draw(t, "span_ms")) * time.Millisecond,
		}
		m.buckets[key] = b
	}
	m.flying = append(m.flying, &modelRequest{s: s, hash: r.hash, bucket: b})
}

func (m *limiterModel) checkGlobal(t *rapid.T) {
	n := 0
	for _, at := range m.counted {
		if m.now.Sub(at) <= time.Second {
			n++
		}
	}
	if n > modelRate {
		t.Fatalf("Discord counted %d requests within a second, allowed are %d", n, modelRate)
	}
}

// process lets Discord count a request.
func (m *limiterModel) process(t *rapid.T, r *modelRequest) {
	if r.processed {
		return
	}
	r.processed = true
	if r.s.rt.class == classBot {
		m.counted = append(m.counted, m.now)
		m.checkGlobal(t)
	}
	var ok bool
	r.answer, ok = r.bucket.process(m.now)
	r.answer.bucket = r.hash
	if !ok {
		t.Fatalf("%s: request %d of %d in one window", r.s.rt.name, r.bucket.used, r.bucket.limit)
	}
}

func (m *limiterModel) land(i int, o outcome) {
	r := m.flying[i]
	m.flying = slices.Delete(m.flying, i, i+1)
	m.l.observe(r.s, o)
}

func (m *limiterModel) pick(t *rapid.T) int {
	if len(m.flying) == 0 {
		t.Skip("nothing under way")
	}
	return rapid.IntRange(0, len(m.flying)-1).Draw(t, "request")
}

// settle ends everything and lets all limits pass: then each route must be free.
func (m *limiterModel) settle(t *rapid.T) {
	for len(m.flying) > 0 {
		m.land(0, outcome{})
	}
	m.now = m.now.Add(48 * time.Hour)
	for n, r := range modelRoutes {
		s, h, _ := m.l.try(parseRoute(r.method, r.path), m.now)
		if h.held() {
			t.Fatalf("route %d is held for ever by the %s", n, h.reason)
		}
		s.b.giveBack()
	}
	m.now = m.now.Add(idleAfter + sweepEvery)
	m.l.sweep(m.now)
	if len(m.l.buckets) != 0 {
		t.Fatalf("%d idle buckets are kept", len(m.l.buckets))
	}
}

func TestLimiterNeverExceedsDiscordsLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newLimiterModel()
		t.Repeat(map[string]func(*rapid.T){
			"send": func(t *rapid.T) {
				m.trySend(t, rapid.IntRange(0, len(modelRoutes)-1).Draw(t, "route"))
			},
			"send again": func(t *rapid.T) { m.trySend(t, 0) },
			"time passes": func(t *rapid.T) {
				m.now = m.now.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms")) * time.Millisecond)
			},
			"discord counts": func(t *rapid.T) { m.process(t, m.flying[m.pick(t)]) },
			"answer": func(t *rapid.T) {
				i := m.pick(t)
				m.process(t, m.flying[i])
				m.land(i, outcome{limits: m.flying[i].answer, success: rapid.Bool().Draw(t, "success")})
			},
			"answer is lost": func(t *rapid.T) {
				i := m.pick(t)
				if r := m.flying[i]; !r.s.b.known {
					t.Skip("nothing is known of the limit yet")
				}
				if rapid.Bool().Draw(t, "counted") {
					m.process(t, m.flying[i])
				}
				m.land(i, outcome{})
			},
			"429": func(t *rapid.T) {
				i := m.pick(t)
				r := m.flying[i]
				m.process(t, r)
				wait := time.Duration(rapid.IntRange(1, 20000).Draw(t, "wait_ms")) * time.Millisecond
				until := m.now.Add(wait)
				scope := rapid.SampledFrom([]Scope{ScopeUser, ScopeShared, ScopeGlobal, ScopeCloudflare}).Draw(t, "scope")
				m.land(i, outcome{limits: r.answer, scope: scope, retryAfter: wait})
				key := r.hash + "/" + r.s.rt.major
				switch {
				case scope == ScopeUser || scope == ScopeShared:
					m.held[key] = later(m.held[key], until)
				case scope == ScopeCloudflare || r.s.rt.class == classBot:
					m.paused = later(m.paused, until)
				}
			},
			"": func(*rapid.T) {},
		})
		m.settle(t)
	})
}

func TestLimiterLearnsBuckets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	post := parseRoute("POST", "/channels/1/messages")
	other := parseRoute("POST", "/channels/2/messages")
	open := limitInfo{bucket: "h", known: true, limit: 5, remaining: 4, resetAfter: 5 * time.Second}

	t.Run("an unknown route is tried by one request", func(t *testing.T) {
		t.Parallel()
		l := newLimiter(45, func() time.Time { return now })
		mustTake(t, l, post, now)
		mustHold(t, l, post, now)
		mustTake(t, l, other, now)
	})
	t.Run("as many go at once as the answer leaves", func(t *testing.T) {
		t.Parallel()
		l := newLimiter(45, func() time.Time { return now })
		l.observe(mustTake(t, l, post, now), outcome{limits: open, success: true})
		for range 4 {
			mustTake(t, l, post, now)
		}
		mustHold(t, l, post, now)
		mustHold(t, l, post, now.Add(5*time.Second-1))
	})
	t.Run("requests under way count in the next window", func(t *testing.T) {
		t.Parallel()
		l := newLimiter(45, func() time.Time { return now })
		l.observe(mustTake(t, l, post, now), outcome{limits: open, success: true})
		mustTake(t, l, post, now)
		next := now.Add(5 * time.Second)
		for range 4 {
			mustTake(t, l, post, next)
		}
		mustHold(t, l, post, next)
	})
	t.Run("an answer without limits frees the route", func(t *testing.T) {
		t.Parallel()
		l := newLimiter(45, func() time.Time { return now })
		l.observe(mustTake(t, l, post, now), outcome{success: true})
		for range 10 {
			mustTake(t, l, post, now)
		}
	})
	t.Run("routes with one bucket name share it", func(t *testing.T) {
		t.Parallel()
		l := newLimiter(45, func() time.Time { return now })
		put, del := parseRoute("PUT", "/channels/1/pins/2"), parseRoute("DELETE", "/channels/1/pins/2")
		last := limitInfo{bucket: "pins", known: true, limit: 2, remaining: 1, resetAfter: time.Second}
		a, b := mustTake(t, l, put, now), mustTake(t, l, del, now)
		l.observe(a, outcome{limits: last, success: true})
		last.remaining = 0
		l.observe(b, outcome{limits: last, success: true})
		mustHold(t, l, put, now)
		mustHold(t, l, del, now)
	})
	t.Run("interaction tokens leave nothing behind", func(t *testing.T) {
		t.Parallel()
		clock := now
		l := newLimiter(45, func() time.Time { return clock })
		for i := range 1000 {
			rt := parseRoute("POST", fmt.Sprintf("/interactions/%d/token%d/callback", i, i))
			l.observe(mustTake(t, l, rt, clock), outcome{success: true})
		}
		clock = clock.Add(2 * idleAfter)
		l.observe(mustTake(t, l, post, clock), outcome{success: true})
		if n, _, _ := l.snapshot(); n > 1 {
			t.Errorf("%d buckets are remembered, want 1", n)
		}
	})
}

func mustTake(t *testing.T, l *limiter, rt route, now time.Time) slot {
	t.Helper()
	s, h, _ := l.try(rt, now)
	if h.held() {
		t.Fatalf("%s is held by the %s until %s", rt.name, h.reason, h.until)
	}
	return s
}

func mustHold(t *testing.T, l *limiter, rt route, now time.Time) {
	t.Helper()
	if _, h, _ := l.try(rt, now); !h.held() {
		t.Fatalf("%s is let through", rt.name)
	}
}

func TestABacklogGoesOutInASteadyStream(t *testing.T) {
	t.Parallel()
	const limit, rounds, trip = 10, 5, 20 * time.Millisecond
	w := newWindow(limit, globalSpan)
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	now := start
	var gone []time.Time
	for range rounds * limit {
		at, known := w.next(now)
		if !known {
			t.Fatal("with nothing under way the next time is known")
		}
		gone = append(gone, at)
		now = at
		w.end(w.enter(now), now.Add(trip))
	}
	for i, at := range gone[:limit/2] {
		if at != start {
			t.Errorf("request %d of an idle bot waits %v", i+1, at.Sub(start))
		}
	}
	for i := 2 * limit; i < len(gone); i++ {
		if gap := gone[i].Sub(gone[i-1]); gap < globalSpan/limit {
			t.Errorf("request %d of a backlog follows after %v, want %v at least", i+1, gap, globalSpan/limit)
		}
	}
	if took, most := now.Sub(start), rounds*(globalSpan+trip); took > most {
		t.Errorf("%d requests took %v, want %v at most", rounds*limit, took, most)
	}
}

func TestWhatIsUnderWayCounts(t *testing.T) {
	t.Parallel()
	w := newWindow(2, globalSpan)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	a := w.enter(now)
	now = now.Add(time.Minute)
	b := w.enter(now)
	if at, known := w.next(now.Add(time.Minute)); known {
		t.Errorf("the next may go at %v with two under way", at)
	}
	w.end(a, now)
	w.undo(b)
	if at, known := w.next(now); !known || at.After(now.Add(globalSpan/2)) {
		t.Errorf("the next may go at %v, %t; one has ended just now and one never went", at, known)
	}
}
