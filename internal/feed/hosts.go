package feed

import (
	"context"
	"net/url"
	"sync"
)

// hostGates lets a few polls at a time through to each host.
type hostGates struct {
	size  int
	mu    sync.Mutex
	gates map[string]chan struct{}
}

// enter waits for a free place at the URL's host, or for ctx to end, and
// returns how to leave.
func (g *hostGates) enter(ctx context.Context, rawURL string) (leave func()) {
	host := rawURL
	if u, err := url.Parse(rawURL); err == nil {
		host = u.Hostname()
	}
	g.mu.Lock()
	gate, ok := g.gates[host]
	if !ok {
		gate = make(chan struct{}, g.size)
		g.gates[host] = gate
	}
	g.mu.Unlock()
	select {
	case gate <- struct{}{}:
		return func() { <-gate }
	case <-ctx.Done():
		return func() {}
	}
}
