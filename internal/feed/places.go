package feed

import (
	"context"
	"sync"
	"time"
)

// queued is how many claimed feeds may wait for each place. They wait for as many
// polls, and are held meanwhile.
const queued = 3

// leaseMargin is for what a poll does besides fetching: parsing, and waiting for
// its commit.
const leaseMargin = 20 * time.Second

// LeaseFor is how long a claimed feed must be held when one fetch may take up to
// timeout: a place goes through its queue first. Where the process that holds it
// dies, others poll the feed after that.
func LeaseFor(timeout time.Duration) time.Duration {
	return (queued+1)*(timeout+hostPatience) + leaseMargin
}

// places are where feeds are polled: a fixed number of them, each with at most
// one feed at a time, and a short queue of claimed feeds for those that get free,
// so that feeds are claimed by the dozen and no place waits for the store.
type places struct {
	size int

	mu    sync.Mutex
	taken int
	queue []Feed
	// more says that the last claim brought as many as were asked for, so that
	// more may be due. claiming is set while one is made.
	more, claiming bool
}

// room returns how many feeds to claim now, and takes the right to do so; 0 when
// there is nothing to claim, or somebody else is at it. Ahead says that some are
// wanted beyond the free places, which is for those that get free soon.
func (p *places) room(ahead bool) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.size - p.taken
	if ahead && p.short() {
		n += queued*p.size - len(p.queue)
	}
	if n <= 0 || !p.more || p.claiming {
		return 0
	}
	p.claiming = true
	return n
}

// settle takes in what a claim of so many brought, and returns those that have a
// place at once.
func (p *places) settle(claimed []Feed, asked int) []Feed {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.more, p.claiming = len(claimed) == asked, false
	p.queue = append(p.queue, claimed...)
	n := min(p.size-p.taken, len(p.queue))
	start := p.queue[:n:n]
	p.queue = p.queue[n:]
	p.taken += n
	return start
}

// next returns the feed that a place goes on with; without one the place is free.
func (p *places) next() (Feed, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		p.queue = nil
		p.taken--
		return Feed{}, false
	}
	f := p.queue[0]
	p.queue = p.queue[1:]
	return f, true
}

// short tells whether the queue is to be filled up. It is for holders of mu.
func (p *places) short() bool { return 2*len(p.queue) <= queued*p.size }

// wanting tells whether a claim would bring something for places that get free.
func (p *places) wanting() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.more && !p.claiming && p.short()
}

// expect says that feeds may be due.
func (p *places) expect() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.more = true
}

// lane are the places of feeds of one origin. No lane waits for another.
type lane struct {
	places

	from Origin
	// saving bounds the polls that are over and not committed yet.
	saving chan struct{}
}

func newLane(from Origin, size int) *lane {
	return &lane{places: places{size: size}, from: from, saving: make(chan struct{}, savesAhead*size)}
}

// Tick claims as many due feeds as there are free places and begins to poll
// them; while more are due, others follow as places get free. It does not wait
// for them: one slow feed holds no other back.
func (p *Poller) Tick(ctx context.Context) {
	p.watch(ctx)
	for _, l := range p.lanes {
		l.expect()
		p.fill(ctx, l, false)
	}
}

// fill claims feeds while there is room for them. Whoever finds another at it
// leaves it to that one, which looks again after its claim.
func (p *Poller) fill(ctx context.Context, l *lane, ahead bool) {
	for ctx.Err() == nil {
		n := l.room(ahead)
		if n == 0 {
			return
		}
		due, err := p.store.ClaimDue(ctx, l.from, p.o.Now(), n, p.o.Lease)
		if err != nil {
			due = nil
			if ctx.Err() == nil {
				p.log.ErrorContext(ctx, "due feeds could not be claimed", "error", err)
			}
		}
		for _, f := range l.settle(due, n) {
			p.busy.Go(func() { p.work(ctx, l, f) })
		}
	}
}

// work polls feeds in one place until there are none.
func (p *Poller) work(ctx context.Context, l *lane, f Feed) {
	for ok := true; ok; f, ok = l.next() {
		p.visit(ctx, l, f)
		p.refill(ctx, l)
	}
	p.fill(ctx, l, true)
}

// refill claims feeds for places that get free soon, beside the polls.
func (p *Poller) refill(ctx context.Context, l *lane) {
	if l.wanting() {
		p.busy.Go(func() { p.fill(ctx, l, true) })
	}
}
