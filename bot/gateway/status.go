package gateway

import (
	"slices"
	"sync"
	"time"
)

// State is what a shard does.
type State string

// The states of a shard.
const (
	// Connecting: a new session is being opened.
	Connecting State = "connecting"
	// Resuming: the session is being opened again.
	Resuming State = "resuming"
	// ReadyState: events arrive.
	ReadyState State = "ready"
	// Waiting: nothing is tried before ShardStatus.Until, because of Reason.
	Waiting State = "waiting"
	// Stopped: Run has not begun or has returned.
	Stopped State = "stopped"
)

// ShardStatus is a moment of one shard, for people and for metrics.
type ShardStatus struct {
	Shard int
	State State
	// Reason is why the shard is not ready, in words for the operator.
	Reason string
	// Since is when State began, Until when Waiting ends.
	Since, Until time.Time
	// Latency is the last heartbeat's way there and back.
	Latency time.Duration
	// Identified and Resumed count the sessions that were begun and resumed,
	// Dropped the events that found the queue full.
	Identified, Resumed, Dropped int64
}

// Status is a moment of all shards.
type Status struct {
	// Shards is in ascending order; ShardCount is over all processes.
	Shards     []ShardStatus
	ShardCount int
	// Identifies is how many sessions Discord let the bot begin when it was last
	// asked, out of so many a day; both are zero when it never was.
	Identifies, IdentifyLimit int
}

// Ready reports whether every shard receives events.
func (s Status) Ready() bool {
	return len(s.Shards) > 0 && !slices.ContainsFunc(s.Shards, func(sh ShardStatus) bool { return sh.State != ReadyState })
}

// board is where a shard writes what it does.
type board struct {
	mu sync.Mutex
	s  ShardStatus
	// conn is asked for the latency.
	conn *guard
}

func (b *board) set(now time.Time, state State, reason string, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s.State != state {
		b.s.Since = now
	}
	b.s.State, b.s.Reason, b.s.Until = state, reason, until
}

func (b *board) change(f func(*ShardStatus)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.s)
}

func (b *board) connection(g *guard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conn = g
}

func (b *board) snapshot() ShardStatus {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.s
	if b.conn != nil {
		s.Latency = b.conn.lag()
	}
	return s
}
