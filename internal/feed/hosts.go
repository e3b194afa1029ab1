package feed

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"
)

// hostGates lets a few polls at a time through to each host.
type hostGates struct {
	size  int
	mu    sync.Mutex
	gates map[string]chan struct{}
}

// enter waits for a free place at the URL's host, but not longer than patience,
// and returns how to leave. It reports false when there was none, or ctx ended.
func (g *hostGates) enter(ctx context.Context, rawURL string, patience time.Duration) (leave func(), ok bool) {
	gate := g.gate(rawURL)
	select {
	case gate <- struct{}{}:
		return func() { <-gate }, true
	default:
	}
	enough := time.NewTimer(patience)
	defer enough.Stop()
	select {
	case gate <- struct{}{}:
		return func() { <-gate }, true
	case <-enough.C:
	case <-ctx.Done():
	}
	return nil, false
}

func (g *hostGates) gate(rawURL string) chan struct{} {
	host := rawURL
	if u, err := url.Parse(rawURL); err == nil {
		host = strings.ToLower(u.Hostname())
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	gate, ok := g.gates[host]
	if !ok {
		gate = make(chan struct{}, g.size)
		g.gates[host] = gate
	}
	return gate
}
