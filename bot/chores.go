package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/internal/bell"
)

// chores are the events that are written down, in their order, beside the reading
// of the gateway: at its start Discord tells of every guild, and whoever uses a
// command then is not kept waiting for the store.
type chores struct {
	mu      sync.Mutex
	waiting []chore
	// busy says that somebody does them.
	busy bool
	// wakes says that the deliverer is to be woken, since channels may be reachable
	// again.
	wakes atomic.Bool
}

// chore is one event, and what it comes with.
type chore struct {
	ctx   context.Context //nolint:containedctx // each event has that of its shard
	event gateway.Event
	// held reports whether the event's shard is still this process's.
	held func() bool
}

// maxChores is how many events may wait. Discord tells of some 2,500 guilds at once.
const maxChores = 1 << 14

// add puts a chore behind the others, unless there are too many. Begin says that
// nobody does them: then the caller is to.
func (c *chores) add(one chore) (begin, added bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) >= maxChores {
		return false, false
	}
	c.waiting = append(c.waiting, one)
	begin = !c.busy
	c.busy = true
	return begin, true
}

// next takes the first chore, or says that there is none and nobody does them any
// more.
func (c *chores) next() (one chore, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.waiting, c.busy = nil, false
		return chore{}, false
	}
	one, c.waiting = c.waiting[0], c.waiting[1:]
	return one, true
}

// later has an event written down after those before it.
func (b *Bot) later(ctx context.Context, e gateway.Event, held func() bool) {
	begin, added := b.chores.add(chore{ctx, e, held})
	if !added {
		b.log.WarnContext(ctx, "event dropped, too many wait to be written down", "event", fmt.Sprintf("%T", e.Data))
	}
	if !begin {
		return
	}
	b.busy.Go(func() {
		n := 0
		for one, ok := b.chores.next(); ok; one, ok = b.chores.next() {
			b.giveWay(one.ctx)
			b.writeDown(one)
			if n++; n%choresPerWake == 0 {
				b.wake()
			}
		}
		b.wake()
	})
}

const (
	// choresPerWake is after how many chores the deliverer is woken: one look does for
	// all channels that may be reachable again.
	choresPerWake = 64
	// giveWayFor is the longest that one chore waits for people who use commands.
	giveWayFor = 20 * time.Millisecond
)

// giveWay lets people who use commands go first, for a moment.
func (b *Bot) giveWay(ctx context.Context) {
	if b.asking.Load() == 0 {
		return
	}
	_ = bell.Sleep(ctx, giveWayFor) // who asks for a chore sees by ctx that it has ended
}

// wake wakes the deliverer if a chore wants that.
func (b *Bot) wake() {
	if b.chores.wakes.Swap(false) && b.o.Changed != nil {
		b.o.Changed()
	}
}

// writeDown does one chore. What a shard that is lost was told is another
// process's to write down.
func (b *Bot) writeDown(one chore) {
	kind := fmt.Sprintf("%T", one.event.Data)
	defer func() {
		if r := recover(); r != nil {
			b.log.ErrorContext(one.ctx, "panic recovered", "event", kind, "panic", r, "stack", string(debug.Stack()))
		}
	}()
	if one.ctx.Err() != nil || !one.held() {
		return
	}
	if err := b.record(one.ctx, one.event); err != nil && one.ctx.Err() == nil {
		b.log.ErrorContext(one.ctx, "event could not be recorded", "event", kind, "error", err)
	}
}
