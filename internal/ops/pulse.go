package ops

import (
	"sync/atomic"
	"time"
)

// Pulse knows of the loops that keep a process alive when each last turned.
type Pulse struct {
	now      func() time.Time
	parts    []*Part
	stopping atomic.Bool
}

// NewPulse returns a pulse without parts. now must keep its monotonic reading:
// a clock that is set must not look like a loop that hangs.
func NewPulse(now func() time.Time) *Pulse { return &Pulse{now: now} }

// Part adds a loop that must turn at least once within bound. Parts are added
// before anything is asked.
func (p *Pulse) Part(name string, bound time.Duration) *Part {
	part := &Part{now: p.now, name: name, bound: bound}
	p.parts = append(p.parts, part)
	return part
}

// Stop says that the process ends: loops may cease to turn now.
func (p *Pulse) Stop() { p.stopping.Store(true) }

// Part is one loop.
type Part struct {
	now   func() time.Time
	name  string
	bound time.Duration
	last  atomic.Pointer[time.Time]
}

// Beat says that the loop turns. It costs little and never blocks.
func (p *Part) Beat() {
	now := p.now()
	p.last.Store(&now)
}

// Health is the answer of /healthz.
type Health struct {
	OK bool `json:"ok"`
	// Stopping says that the process is about to end.
	Stopping bool         `json:"stopping,omitempty"`
	Parts    []PartHealth `json:"parts"`
}

// PartHealth is the health of one loop.
type PartHealth struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// Turned is how many seconds ago the loop last turned, Bound how many it may
	// take. A loop that has not begun has turned 0 seconds ago.
	Turned float64 `json:"turned_seconds_ago"`
	Bound  float64 `json:"bound_seconds"`
	// Reason says what is wrong; empty when nothing is.
	Reason string `json:"reason,omitempty"`
}

// Health says which loops turn.
func (p *Pulse) Health() Health {
	h := Health{OK: true, Stopping: p.stopping.Load(), Parts: make([]PartHealth, 0, len(p.parts))}
	now := p.now()
	for _, part := range p.parts {
		ph := part.health(now)
		if h.Stopping {
			ph.OK, ph.Reason = true, ""
		}
		h.OK = h.OK && ph.OK
		h.Parts = append(h.Parts, ph)
	}
	return h
}

func (p *Part) health(now time.Time) PartHealth {
	h := PartHealth{Name: p.name, OK: true, Bound: p.bound.Seconds()}
	last := p.last.Load()
	if last == nil {
		return h // it begins when the process does
	}
	age := max(now.Sub(*last), 0)
	h.Turned = age.Round(time.Millisecond).Seconds()
	if age > p.bound {
		h.OK = false
		h.Reason = "has not turned for " + age.Round(time.Second).String() + ", where " + p.bound.String() + " is the most: it hangs"
	}
	return h
}
