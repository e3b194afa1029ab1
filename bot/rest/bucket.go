package rest

import "time"

// hold says why a request cannot go yet.
type hold struct {
	reason WaitReason
	// until is when to look again; zero when only an answer can tell.
	until time.Time
}

// held reports whether there is something to wait for.
func (h hold) held() bool { return h.reason != "" }

// bucket is one of Discord's limits: so many requests in a window that starts
// with the first of them. Its owner holds the lock.
type bucket struct {
	key string
	// hashed tells that key holds the name that Discord gave the bucket.
	hashed bool

	// known buckets have been described by an answer; free ones were answered
	// without limits. Of any other only one request is sent, to find out.
	known, free bool
	limit       int
	remaining   int
	// resetAt ends the window; zero until an answer of this window told.
	resetAt time.Time
	// span is the longest time to a reset that was seen: the window's length.
	span time.Duration
	// lost counts the requests of which no answer told whether, and in which
	// window, Discord counted them.
	lost int
	// blocked is the end of a 429.
	blocked time.Time

	inflight int
	waiting  int
	used     time.Time
	// wake is closed and renewed whenever an answer changed something.
	wake chan struct{}
}

func newBucket(key string, hashed bool) *bucket {
	return &bucket{key: key, hashed: hashed, wake: make(chan struct{})}
}

// take reserves one request, or says what holds it.
func (b *bucket) take(now time.Time) hold {
	b.used = now
	if now.Before(b.blocked) {
		return hold{WaitRoute, b.blocked}
	}
	if !b.known {
		if !b.free && b.inflight > 0 {
			return hold{reason: WaitRoute}
		}
		b.inflight++
		return hold{}
	}
	if !b.resetAt.IsZero() && !now.Before(b.resetAt) {
		// Requests still under way may be counted in the new window.
		b.remaining = b.limit - b.inflight - b.lost
		b.lost = 0
		b.resetAt = time.Time{}
	}
	switch {
	case b.remaining > 0:
	case !b.resetAt.IsZero():
		return hold{WaitRoute, b.resetAt}
	case b.inflight > 0:
		return hold{reason: WaitRoute}
	}
	// With nothing left, nothing under way and no reset known, this request
	// finds out.
	b.remaining = max(b.remaining-1, 0)
	b.inflight++
	return hold{}
}

// giveBack undoes take for a request that was not sent.
func (b *bucket) giveBack() {
	b.inflight--
	if b.known {
		b.remaining = min(b.remaining+1, b.limit)
	}
	b.changed()
}

// learn takes over what an answer said; counted tells that the request was
// taken from this bucket. Answers come in any order, also of an earlier window:
// the smaller number and the later time are always safe.
func (b *bucket) learn(now time.Time, in limitInfo, counted bool) {
	reset := now.Add(in.resetAfter)
	b.span = max(b.span, in.resetAfter)
	if !b.known {
		b.known, b.free = true, false
		b.limit = in.limit
		b.remaining = in.remaining - b.inflight
		b.resetAt = reset
		return
	}
	if !counted {
		b.remaining--
	}
	b.limit = in.limit
	b.remaining = min(b.remaining, in.remaining)
	b.resetAt = later(b.resetAt, reset)
}

// miss ends a request whose answer told nothing of the limits.
func (b *bucket) miss(now time.Time) {
	if !b.known {
		return
	}
	b.lost++
	if b.resetAt.IsZero() {
		b.resetAt = now.Add(b.span)
	}
}

// block holds the bucket after a 429.
func (b *bucket) block(until time.Time) {
	b.blocked = later(b.blocked, until)
}

// changed wakes whoever waits for an answer.
func (b *bucket) changed() {
	if b.waiting > 0 {
		close(b.wake)
		b.wake = make(chan struct{})
	}
}

// idle reports whether forgetting the bucket changes nothing.
func (b *bucket) idle(now time.Time, after time.Duration) bool {
	return b.inflight == 0 && b.waiting == 0 && !now.Before(b.blocked) &&
		!now.Before(b.resetAt) && now.Sub(b.used) >= after
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
