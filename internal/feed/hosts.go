package feed

import (
	"context"
	"fmt"
	"maps"
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

// MaxHostGap is the longest gap between two requests to a host.
const MaxHostGap = time.Minute

// hostGates lets a few polls at a time through to each host, with a gap between
// the beginnings of two of them.
type hostGates struct {
	size int
	gap  time.Duration
	// turns keeps the gap between this process's requests and those of others,
	// by its clock now; nil where there are no others.
	turns hostTurns
	now   func() time.Time
	mu    sync.Mutex
	gates map[string]*hostGate
}

// hostTurns is the part of [Store] that spaces requests.
type hostTurns interface {
	TakeHostTurn(ctx context.Context, host string, now time.Time, gap, patience time.Duration) (time.Time, bool, error)
}

type hostGate struct {
	host   string
	places chan struct{}
	// held is by how many it is used, under the mutex of its [hostGates].
	held int
	mu   sync.Mutex
	// free is when the gap after the last request that was let through, or that
	// has a turn, ends; told is the turn of the last one that was sent away.
	free, told time.Time
}

// enter waits for a place and a turn at the URL's host, but not longer than
// hostPatience, and returns how to leave, which is to be called once. leave is nil
// when there was none in time, or ctx ended; then retry is in what time to come back,
// so that those that were sent away do not come back together. Its error is the
// store's.
func (g *hostGates) enter(ctx context.Context, rawURL string) (leave func(), retry time.Duration, err error) {
	gate := g.hold(rawURL)
	ok, retry, err := g.pass(ctx, gate)
	if !ok {
		g.letGo(gate)
		return nil, retry, err
	}
	return func() {
		<-gate.places
		g.letGo(gate)
	}, 0, nil
}

// pass takes a place at a gate when its turn comes.
func (g *hostGates) pass(ctx context.Context, gate *hostGate) (ok bool, retry time.Duration, err error) {
	patience, cancel := context.WithTimeout(ctx, hostPatience)
	defer cancel()
	until := time.Now().Add(hostPatience)
	select {
	case gate.places <- struct{}{}:
	case <-patience.Done():
		return false, gate.later(g.gap), nil
	}
	wait, ok, err := g.turn(ctx, gate, time.Until(until))
	switch {
	case err != nil:
		<-gate.places
		return false, 0, err
	case !ok:
		<-gate.places
		return false, gate.later(g.gap), nil
	}
	select {
	case <-time.After(wait):
		return true, 0, nil
	case <-ctx.Done():
		<-gate.places
		return false, hostRetry, nil
	}
}

// turn takes the next turn, if it comes before patience is over, and returns in
// what time it does.
func (g *hostGates) turn(ctx context.Context, gate *hostGate, patience time.Duration) (wait time.Duration, ok bool, err error) {
	if g.turns == nil || g.gap == 0 {
		wait, ok = gate.turn(g.gap, patience)
		return wait, ok, nil
	}
	at, ok, err := g.turns.TakeHostTurn(ctx, gate.host, g.now(), g.gap, patience)
	if err != nil {
		return 0, false, fmt.Errorf("take a turn at the host: %w", err)
	}
	return max(at.Sub(g.now()), 0), ok, nil
}

// turn is hostGates.turn where no other process asks the host.
func (g *hostGate) turn(gap, patience time.Duration) (time.Duration, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	wait := max(g.free.Sub(now), 0)
	if wait > 0 && wait >= patience {
		return 0, false
	}
	g.free = now.Add(wait + gap)
	return wait, true
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

// maxGates is how many hosts are remembered before those are forgotten that nobody
// asks: pages are of any hosts to which feeds link.
const maxGates = 1000

// hold returns the gate of the URL's host, which stays until it is let go.
func (g *hostGates) hold(rawURL string) *hostGate {
	host := rawURL
	if u, err := url.Parse(rawURL); err == nil {
		host = strings.ToLower(u.Hostname())
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	gate, ok := g.gates[host]
	if !ok {
		if len(g.gates) >= maxGates {
			maps.DeleteFunc(g.gates, func(_ string, gate *hostGate) bool { return gate.held == 0 && gate.over() })
		}
		gate = &hostGate{host: host, places: make(chan struct{}, g.size)}
		g.gates[host] = gate
	}
	gate.held++
	return gate
}

func (g *hostGates) letGo(gate *hostGate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	gate.held--
}

// over reports whether nothing of a gate matters any more to who comes next.
func (g *hostGate) over() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	return !g.free.After(now) && !g.told.After(now)
}
