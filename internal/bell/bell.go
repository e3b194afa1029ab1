// Package bell has loops wait: for a time, or until they are woken.
package bell

import (
	"context"
	"time"
)

// Bell wakes one loop. It remembers that it was rung, but not how often: a loop
// that finds all there is to do needs no second call. It is safe for concurrent
// use; its zero value is not usable.
type Bell struct{ rung chan struct{} }

// New returns a bell that was not rung.
func New() Bell { return Bell{make(chan struct{}, 1)} }

// Ring says that there may be something to do. It never blocks.
func (b Bell) Ring() {
	select {
	case b.rung <- struct{}{}:
	default:
	}
}

// Rung yields once after each run of rings.
func (b Bell) Rung() <-chan struct{} { return b.rung }

// Rounds calls round until ctx ends. After each it waits for as long as round
// returned, or until the bell is rung; 0 or less begins the next at once.
func (b Bell) Rounds(ctx context.Context, round func() (pause time.Duration)) {
	for ctx.Err() == nil {
		pause := round()
		if pause <= 0 {
			continue
		}
		over := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-over.C:
		case <-b.rung:
		}
		over.Stop()
	}
}

// Sleep waits for d, and returns nil, or for the end of ctx, and returns its
// error. Of 0 or less it waits for nothing.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-over.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
