package feed

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// watchEvery is how often a process looks after such feeds.
const watchEvery = time.Minute

// crashWatch is what a poller needs to tell the feeds that ended another
// process from those that it could not let go itself.
type crashWatch struct {
	last time.Time
	mu   sync.Mutex
	// kept are feeds of this process whose marks may still be set, since the
	// store failed when they were to be let go.
	kept map[ID]Feed
}

func (w *crashWatch) keep(f Feed) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.kept == nil {
		w.kept = map[ID]Feed{}
	}
	w.kept[f.ID] = f
}

func (w *crashWatch) feeds() []Feed {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Values(w.kept))
}

func (w *crashWatch) forget(id ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.kept, id)
}

// watch lets go, now and then, what could not be let go before, since nobody
// polls a feed that may have ended a process. Where there are others, it then
// looks for feeds that ended one of those.
func (p *Poller) watch(ctx context.Context) {
	now := p.o.Now()
	if now.Sub(p.crashed.last).Abs() < watchEvery {
		return
	}
	p.crashed.last = now
	for _, f := range p.crashed.feeds() {
		if err := p.save(ctx, Outcome{Feed: f, Result: Postponed}); err != nil {
			return // the store is still out of order
		}
		p.crashed.forget(f.ID)
	}
	if !p.o.Shared {
		return
	}
	if err := p.Start(ctx); err != nil && ctx.Err() == nil {
		p.log.ErrorContext(ctx, "feeds that ended other processes could not be looked after", "error", err)
	}
}
