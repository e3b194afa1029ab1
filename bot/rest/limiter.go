package rest

import (
	"context"
	"sync"
	"time"
)

const (
	// globalSpan is a little longer than the second by which Discord counts,
	// because its clock and ours differ.
	globalSpan = 1010 * time.Millisecond
	// idleAfter is how long a bucket is remembered without use.
	idleAfter = 5 * time.Minute
	// sweepEvery spaces the searches for idle buckets.
	sweepEvery = time.Minute
	// maxRoutes bounds the table of learnt bucket names.
	maxRoutes = 1024
)

// limiter decides when a request may go. It knows nothing of HTTP.
type limiter struct {
	now func() time.Time

	mu      sync.Mutex
	global  window
	buckets map[string]*bucket
	// names maps a route to the bucket hash that Discord gave it.
	names  map[string]string
	pauses [classes]hold
	// storm is over the bot's own requests; answers to interactions go on.
	storm     storm
	nextSweep time.Time
}

// slot is the right to send one request.
type slot struct {
	b  *bucket
	rt route
	// passage is its place in the global window; nil when it needs none.
	passage *passage
	// probe says that others wait for its answer, to know whether a storm is over.
	probe bool
	// ticket is its place among those that may be refused; nil when it needs none.
	ticket *ticket
}

func newLimiter(perSpan int, now func() time.Time) *limiter {
	return &limiter{
		now:     now,
		global:  newWindow(perSpan, globalSpan),
		buckets: make(map[string]*bucket),
		names:   make(map[string]string),
	}
}

// acquire waits until the request may go. It fails with a *WaitError, at once
// when the context's deadline would pass while waiting.
func (l *limiter) acquire(ctx context.Context, rt route) (slot, error) {
	for {
		if err := ctx.Err(); err != nil {
			return slot{}, &WaitError{Route: rt.name, Reason: WaitRoute, Err: err}
		}
		l.mu.Lock()
		now := l.now()
		s, h, wake := l.try(rt, now)
		if h.held() && s.b == nil {
			b := l.bucket(rt, now)
			b.waiting++
			l.mu.Unlock()
			err := l.wait(ctx, rt, h, now, wake)
			l.mu.Lock()
			b.waiting--
			l.mu.Unlock()
			if err != nil {
				return slot{}, err
			}
			continue
		}
		ok, err := l.passGlobal(ctx, &s, now)
		if ok || err != nil {
			return s, err
		}
	}
}

// try takes a request from its bucket unless a pause or the bucket holds it.
func (l *limiter) try(rt route, now time.Time) (slot, hold, <-chan struct{}) {
	l.sweep(now)
	if p := l.pauses[rt.class]; now.Before(p.until) {
		return slot{}, p, nil
	}
	if rt.class == classBot && l.storm.holds() {
		return slot{}, hold{reason: WaitGlobal}, l.storm.wake
	}
	b := l.bucket(rt, now)
	if h := b.take(now); h.held() {
		return slot{}, h, b.wake
	}
	return slot{b: b, rt: rt}, hold{}, nil
}

// passGlobal waits for the request's turn and for a place in the global window.
// It is entered with the lock held and returns without it; false without an
// error means that the slot was given back and the request must begin anew.
func (l *limiter) passGlobal(ctx context.Context, s *slot, now time.Time) (bool, error) {
	defer l.mu.Unlock()
	if s.rt.class != classBot {
		return true, nil
	}
	if err := l.expectGlobal(ctx, s.rt, now); err != nil {
		s.b.giveBack()
		return false, err
	}
	err := l.takeTurn(ctx, s.rt)
	if err == nil {
		defer func() { <-l.global.turn }()
	}
	for {
		now = l.now()
		// A 429 to another request may have come meanwhile.
		if err != nil || now.Before(l.pauses[s.rt.class].until) || now.Before(s.b.blocked) || l.storm.holds() {
			s.b.giveBack()
			return false, err
		}
		at, known := l.global.next(now)
		if known && !at.After(now) {
			s.passage = l.global.enter(now)
			s.probe = l.storm.enter()
			return true, nil
		}
		wake := l.global.wake
		l.mu.Unlock()
		err = l.wait(ctx, s.rt, hold{WaitGlobal, at}, now, wake)
		l.mu.Lock()
	}
}

// expectGlobal fails when a request's turn would come after its deadline.
func (l *limiter) expectGlobal(ctx context.Context, rt route, now time.Time) error {
	deadline, bound := endOf(ctx, now)
	at, known := l.global.next(now)
	if !bound || !known {
		return nil
	}
	at = at.Add(time.Duration(l.global.waiting) * l.global.gap())
	if !at.After(deadline) {
		return nil
	}
	return &WaitError{Route: rt.name, Reason: WaitGlobal, Wait: at.Sub(now), Err: context.DeadlineExceeded}
}

// endOf is when a context ends, by the clock that shows now: contexts go by the
// machine's, which may differ.
func endOf(ctx context.Context, now time.Time) (end time.Time, bound bool) {
	deadline, bound := ctx.Deadline()
	return now.Add(time.Until(deadline)), bound
}

// takeTurn waits until the requests before this one have gone. It is entered and
// left with the lock held.
func (l *limiter) takeTurn(ctx context.Context, rt route) error {
	l.global.waiting++
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.global.waiting--
	}()
	select {
	case l.global.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &WaitError{Route: rt.name, Reason: WaitGlobal, Err: ctx.Err()}
	}
}

// wait sleeps until the hold ends, an answer changes something or the context
// ends.
func (l *limiter) wait(ctx context.Context, rt route, h hold, now time.Time, wake <-chan struct{}) error {
	var timer <-chan time.Time
	if !h.until.IsZero() {
		d := h.until.Sub(now)
		if deadline, ok := endOf(ctx, now); ok && h.until.After(deadline) {
			return &WaitError{Route: rt.name, Reason: h.reason, Wait: d, Err: context.DeadlineExceeded}
		}
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-timer:
	case <-wake:
	case <-ctx.Done():
		e := &WaitError{Route: rt.name, Reason: h.reason, Err: ctx.Err()}
		if !h.until.IsZero() {
			e.Wait = max(h.until.Sub(l.now()), 0)
		}
		return e
	}
	return nil
}

// cancel gives a slot back that was not used.
func (l *limiter) cancel(s slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.b.giveBack()
	l.global.undo(s.passage)
	if s.probe {
		l.storm.leave()
	}
}

// outcome is what the limiter learns from the end of a request.
type outcome struct {
	limits limitInfo
	// answered tells that Discord said anything at all.
	answered bool
	// success tells that Discord answered 2xx.
	success bool
	// scope and retryAfter come from a refusal.
	scope      Scope
	retryAfter time.Duration
}

// observe ends a slot with what its answer said; the zero outcome is a request
// without an answer.
func (l *limiter) observe(s slot, o outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.global.end(s.passage, now)
	s.b.inflight--
	b := l.rename(s, o.limits.bucket, now)
	switch {
	case o.limits.known:
		b.learn(now, o.limits, b == s.b)
	case o.success && !b.known:
		b.free = true
	default:
		b.miss(now)
	}
	until := now.Add(o.retryAfter)
	switch o.scope {
	case ScopeUser, ScopeShared:
		b.block(until)
	case ScopeGlobal:
		l.pause(s.rt.class, hold{WaitGlobal, until})
	case ScopeCloudflare:
		for c := range classes {
			l.pause(c, hold{WaitCloudflare, until})
		}
	}
	l.weather(s, o, b, now)
	s.b.changed()
	if b != s.b {
		b.changed()
	}
}

// weather tells the storm how a request of the bot's ended.
func (l *limiter) weather(s slot, o outcome, b *bucket, now time.Time) {
	if s.rt.class != classBot {
		return
	}
	if all := l.storm.observe(now, o, b.key, s.probe); all > 0 {
		l.pause(classBot, hold{WaitGlobal, now.Add(all)})
	}
	if s.probe {
		l.storm.leave()
	}
}

func (l *limiter) pause(c class, h hold) {
	if h.until.After(l.pauses[c].until) {
		l.pauses[c] = h
	}
}

// bucket finds or makes the bucket of a route.
func (l *limiter) bucket(rt route, now time.Time) *bucket {
	plain := bucketKey(rt.name, rt.major)
	key, hashed := plain, false
	if name, ok := l.names[rt.name]; ok {
		key, hashed = bucketKey(name, rt.major), true
	}
	if b, ok := l.buckets[key]; ok {
		return b
	}
	// The name may have been learnt from another resource while a request to
	// this one is under way.
	if b, ok := l.buckets[plain]; ok {
		l.rekey(b, key)
		return b
	}
	b := newBucket(key, hashed)
	b.used = now
	l.buckets[key] = b
	return b
}

// rename remembers the name that Discord gave a route's bucket and returns the
// bucket of that name, which other routes may share.
func (l *limiter) rename(s slot, name string, now time.Time) *bucket {
	if name == "" {
		return s.b
	}
	if _, ok := l.names[s.rt.name]; ok || len(l.names) < maxRoutes {
		l.names[s.rt.name] = name
	}
	key := bucketKey(name, s.rt.major)
	if s.b.key == key {
		return s.b
	}
	if b, ok := l.buckets[key]; ok {
		return b
	}
	if !s.b.hashed {
		l.rekey(s.b, key)
		return s.b
	}
	b := newBucket(key, true)
	b.used = now
	l.buckets[key] = b
	return b
}

// rekey files a bucket under the name that Discord gave it.
func (l *limiter) rekey(b *bucket, key string) {
	delete(l.buckets, b.key)
	b.key, b.hashed = key, true
	l.buckets[key] = b
}

func bucketKey(name, major string) string { return name + "\x00" + major }

// sweep forgets the buckets that are out of use.
func (l *limiter) sweep(now time.Time) {
	if now.Before(l.nextSweep) {
		return
	}
	l.nextSweep = now.Add(sweepEvery)
	for key, b := range l.buckets {
		if b.idle(now, idleAfter) {
			delete(l.buckets, key)
		}
	}
}

// snapshot reports the limiter's part of [Stats].
func (l *limiter) snapshot() (buckets, inflight int, paused [classes]hold) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range l.buckets {
		inflight += b.inflight
	}
	now := l.now()
	for c := range classes {
		if now.Before(l.pauses[c].until) {
			paused[c] = l.pauses[c]
		}
	}
	return len(l.buckets), inflight, paused
}

func (l *limiter) globalLeft() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.global.left(l.now())
}
