package feed

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Feeds of one host wait for each other, and a host that does not answer must
// not keep the others waiting: after hostPatience a feed gives its place free
// and comes back after hostRetry or later.
const (
	hostPatience = 2 * time.Second
	hostRetry    = 5 * time.Second
)

// hostGates lets a few polls at a time through to each host, with a gap between
// the beginnings of two of them.
type hostGates struct {
	size  int
	gap   time.Duration
	mu    sync.Mutex
	gates map[string]*hostGate
}

type hostGate struct {
	places chan struct{}
	mu     sync.Mutex
	// free is when the gap after the last request that was let through, or that
	// has a turn, ends; told is the turn of the last one that was sent away.
	free, told time.Time
}

// enter waits for a place and a turn at the URL's host, but not longer than
// hostPatience, and returns how to leave. leave is nil when there was none in
// time, or ctx ended; then retry is in what time to come back, so that those that
// were sent away do not come back together.
func (g *hostGates) enter(ctx context.Context, rawURL string) (leave func(), retry time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, hostPatience)
	defer cancel()
	gate := g.gate(rawURL)
	select {
	case gate.places <- struct{}{}:
	case <-ctx.Done():
		return nil, gate.later(g.gap)
	}
	leave = func() { <-gate.places }
	turn, ok := gate.turn(g.gap)
	if !ok {
		leave()
		return nil, gate.later(g.gap)
	}
	select {
	case <-turn:
		return leave, 0
	case <-ctx.Done(): // the stop: a turn comes within hostPatience
		leave()
		return nil, hostRetry
	}
}

// turn takes the next turn, if it comes within hostPatience.
func (g *hostGate) turn(gap time.Duration) (<-chan time.Time, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	wait := max(g.free.Sub(now), 0)
	if wait >= hostPatience {
		return nil, false
	}
	g.free = now.Add(wait + gap)
	return time.After(wait), true
}

// later is when one that found no place or turn is to come back: after those that
// were told before it.
func (g *hostGate) later(gap time.Duration) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	at := now.Add(hostRetry)
	if next := g.told.Add(gap); next.After(at) {
		at = next
	}
	g.told = at
	return at.Sub(now)
}

func (g *hostGates) gate(rawURL string) *hostGate {
	host := rawURL
	if u, err := url.Parse(rawURL); err == nil {
		host = strings.ToLower(u.Hostname())
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	gate, ok := g.gates[host]
	if !ok {
		gate = &hostGate{places: make(chan struct{}, g.size)}
		g.gates[host] = gate
	}
	return gate
}
