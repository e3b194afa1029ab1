package rest

import (
	"crypto/sha256"
	"sync"
	"time"
)

// InvalidLimit is how many invalid requests in ten minutes make Cloudflare ban
// the address.
// https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
const InvalidLimit = 10_000

const (
	// invalidSpan is the span over which Discord counts invalid requests
	// before Cloudflare bans the address at 10,000.
	// https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
	invalidSpan = 10 * time.Minute
	// invalidStep is the precision of the count. A step leaves the count as a
	// whole, so the count covers up to one step more than the span.
	invalidStep  = 10 * time.Second
	invalidSteps = int(invalidSpan/invalidStep) + 1
)

// Level is what the count of invalid requests allows.
type Level int

// The levels, from the best to the worst.
const (
	// LevelOpen lets everything through.
	LevelOpen Level = iota
	// LevelWarning lets everything through and has been logged.
	LevelWarning
	// LevelEssential lets alerts, gateway look-ups and interactions through.
	LevelEssential
	// LevelInteractions lets only answers to interactions through.
	LevelInteractions
)

// String returns the level as it is shown to operators.
func (l Level) String() string {
	switch l {
	case LevelOpen:
		return "open"
	case LevelWarning:
		return "warning"
	case LevelEssential:
		return "essential only"
	case LevelInteractions:
		return "interactions only"
	}
	return "unknown"
}

// BreakerOptions are the counts of invalid requests (401, 403 and 429 except
// shared) in ten minutes at which the breaker reacts. Discord bans at 10,000.
type BreakerOptions struct {
	Warn         int // default 500: logged
	Essential    int // default 2,000: only essential requests go out
	Interactions int // default 5,000: only answers to interactions go out
}

// breaker counts invalid requests and remembers a refused token.
type breaker struct {
	opts BreakerOptions

	mu    sync.Mutex
	steps [invalidSteps]struct {
		step int64
		n    int
	}
	shown Level

	refused bool
	token   [sha256.Size]byte
}

// admit says why a request must not go out, or returns nil. auth is the value
// of its Authorization header.
func (b *breaker) admit(rt route, auth string, now time.Time) *RefusedError {
	b.mu.Lock()
	defer b.mu.Unlock()
	if rt.class == classBot && b.refused && sha256.Sum256([]byte(auth)) == b.token {
		return &RefusedError{Route: rt.name, Reason: RefusedToken}
	}
	n := b.count(now)
	limit := 0
	switch level := b.level(n); {
	case rt.class == classInteraction:
	case level == LevelInteractions:
		limit = b.opts.Interactions
	case level == LevelEssential && !rt.essential:
		limit = b.opts.Essential
	}
	if limit == 0 {
		return nil
	}
	return &RefusedError{Route: rt.name, Reason: RefusedInvalid, Wait: b.until(n, limit, now).Sub(now)}
}

// invalid counts an invalid request and returns the level when it rose.
func (b *breaker) invalid(now time.Time) (level Level, count int, rose bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	step := now.UnixNano() / int64(invalidStep)
	s := &b.steps[mod(step)]
	if s.step != step {
		s.step, s.n = step, 0
	}
	s.n++
	count = b.count(now)
	level = b.level(count)
	rose = level > b.shown
	b.shown = level
	return level, count, rose
}

// refuse remembers that Discord did not accept the token.
func (b *breaker) refuse(auth string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = true
	b.token = sha256.Sum256([]byte(auth))
}

// accept forgets a refused token when another one works.
func (b *breaker) accept(auth string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refused && sha256.Sum256([]byte(auth)) != b.token {
		b.refused = false
	}
}

func (b *breaker) state(now time.Time) (count int, level Level, refused bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.count(now)
	return n, b.level(n), b.refused
}

func (b *breaker) count(now time.Time) int {
	last := now.UnixNano() / int64(invalidStep)
	n := 0
	for _, s := range b.steps {
		if s.step <= last && s.step > last-int64(invalidSteps) {
			n += s.n
		}
	}
	return n
}

func (b *breaker) level(n int) Level {
	switch {
	case n >= b.opts.Interactions:
		return LevelInteractions
	case n >= b.opts.Essential:
		return LevelEssential
	case n >= b.opts.Warn:
		return LevelWarning
	}
	return LevelOpen
}

// until returns when the count, now n, falls below limit if nothing is added.
func (b *breaker) until(n, limit int, now time.Time) time.Time {
	last := now.UnixNano() / int64(invalidStep)
	for step := last - int64(invalidSteps) + 1; step <= last; step++ {
		if s := b.steps[mod(step)]; s.step == step {
			n -= s.n
		}
		if n < limit {
			return time.Unix(0, (step+int64(invalidSteps))*int64(invalidStep))
		}
	}
	return now.Add(invalidSpan)
}

func mod(step int64) int {
	n := int64(invalidSteps)
	return int(((step % n) + n) % n)
}
