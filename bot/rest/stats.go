package rest

import "time"

// Stats is a moment of a Transport, for people and for metrics. The counts run
// since New.
type Stats struct {
	// Requests were sent; Network got no answer; Server were answered 5xx.
	Requests, Network, Server int64
	// Limited counts the 429s and blocks by scope.
	Limited map[Scope]int64
	// Held were not sent because the limits would have held them too long,
	// Refused because of the breaker.
	Held, Refused int64
	// GlobalLeft is how many requests the global limit lets go at once now.
	GlobalLeft int
	// InFlight requests are under way or wait for the global limit.
	InFlight int
	// Buckets is the number of limits that are remembered.
	Buckets int
	// Invalid counts the invalid requests of the last ten minutes; at
	// [InvalidLimit] Discord bans the address.
	Invalid int
	// Level is what the breaker allows.
	Level Level
	// TokenRefused tells that Discord answered 401: requests with this token
	// are no longer sent.
	TokenRefused bool
	// PausedUntil ends the pause of the requests that carry the token, zero
	// when there is none; PauseReason names it.
	PausedUntil time.Time
	PauseReason WaitReason
}

// Stats returns the present state.
func (t *Transport) Stats() Stats {
	c := &t.counts
	s := Stats{
		Requests: c.requests.Load(),
		Network:  c.network.Load(),
		Server:   c.server.Load(),
		Limited: map[Scope]int64{
			ScopeUser:       c.user.Load(),
			ScopeShared:     c.shared.Load(),
			ScopeGlobal:     c.global.Load(),
			ScopeCloudflare: c.blocks.Load(),
		},
		Held:    c.held.Load(),
		Refused: c.refused.Load(),
	}
	var paused [classes]hold
	s.Buckets, s.InFlight, paused = t.limiter.snapshot()
	s.GlobalLeft = t.limiter.globalLeft()
	s.PausedUntil, s.PauseReason = paused[classBot].until, paused[classBot].reason
	s.Invalid, s.Level, s.TokenRefused = t.breaker.state(t.opts.Now())
	return s
}
