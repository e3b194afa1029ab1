package alert

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/attache-bot/attache/internal/bell"
)

// rounds does what is due, as much side by side as there are workers, waits for
// what is due next, and begins again.
type rounds[T any] struct {
	// what names the work in the log.
	what    string
	workers int
	sweep   time.Duration
	now     func() time.Time
	log     *slog.Logger
	wake    bell.Bell
	claim   func(ctx context.Context) ([]T, error)
	try     func(ctx context.Context, work T)
	next    func(ctx context.Context) (time.Time, bool, error)
}

// run goes on until ctx ends. What is under way then is finished.
func (r *rounds[T]) run(ctx context.Context) {
	r.wake.Rounds(ctx, func() time.Duration {
		n, err := r.round(ctx)
		if err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, r.what+" could not be claimed", "error", err)
		}
		if n == r.workers {
			return 0 // there may be more that are due
		}
		return r.pause(ctx, err)
	})
}

// round tries what it can claim and returns how much it was.
func (r *rounds[T]) round(ctx context.Context) (int, error) {
	claimed, err := r.claim(ctx)
	if err != nil {
		return 0, err
	}
	var busy sync.WaitGroup
	for _, work := range claimed {
		busy.Go(func() { r.try(context.WithoutCancel(ctx), work) })
	}
	busy.Wait()
	return len(claimed), nil
}

// pause is how long to wait for what is due next.
func (r *rounds[T]) pause(ctx context.Context, err error) time.Duration {
	if err != nil {
		return storeRetry
	}
	at, ok, err := r.next(ctx)
	switch {
	case err != nil:
		return storeRetry
	case !ok:
		return r.sweep
	}
	return min(max(at.Sub(r.now()), breath), r.sweep)
}
