package rest

import "time"

// What makes a storm, and how it is waited out.
const (
	// stormRoutes refusals on as many different routes and channels, within
	// stormSpan and with no other answer between them, are no limit of any one of
	// them: Discord refuses everything.
	stormRoutes = 10
	stormSpan   = 10 * time.Second
	// stormPause bounds the growing pauses between two looks at whether a storm
	// is over.
	stormPause = time.Minute
)

// storm watches for times at which requests are refused whatever they ask for.
// Without it, each end of a pause would let off as many requests as fit under
// way, and all of them would be refused and counted towards a ban. In a storm
// one request goes when the pause ends; the others wait for its answer, and each
// refusal doubles the pause. Its owner holds the lock.
type storm struct {
	// refused are the buckets that refused since another answer came; first is
	// when the first of them did.
	refused map[string]bool
	first   time.Time
	// pause is the last pause; zero when there is no storm.
	pause time.Duration
	// probing says that one request is out to look, and wake is closed at its end.
	probing bool
	wake    chan struct{}
}

// holds says whether requests wait for the answer of another one.
func (s *storm) holds() bool { return s.pause > 0 && s.probing }

// enter begins a request. It reports whether it is the one that looks.
func (s *storm) enter() bool {
	if s.pause == 0 {
		return false
	}
	s.probing, s.wake = true, make(chan struct{})
	return true
}

// leave ends the request that looks.
func (s *storm) leave() {
	s.probing = false
	close(s.wake)
}

// observe takes in how a request ended and returns for how long all are to
// wait; zero for not at all. What refuses more often than it should does so in
// its own bucket alone, unless it says that it means all.
func (s *storm) observe(now time.Time, o outcome, bucket string, probe bool) time.Duration {
	switch {
	case !o.answered, o.scope == ScopeShared: // which Discord does not count
		return 0
	case o.scope == "":
		s.refused, s.pause = nil, 0
		return 0
	}
	if now.Sub(s.first) > stormSpan && s.pause == 0 {
		s.refused, s.first = nil, now
	}
	if s.refused == nil {
		s.refused, s.first = map[string]bool{}, now
	}
	s.refused[bucket] = true
	switch {
	case s.pause == 0 && o.scope == ScopeUser && len(s.refused) < stormRoutes:
		return 0
	case s.pause == 0:
		s.pause = max(o.retryAfter, time.Millisecond)
	case probe:
		s.pause = max(o.retryAfter, min(2*s.pause, stormPause))
	}
	return max(o.retryAfter, s.pause)
}
