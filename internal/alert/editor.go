package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// EditorOptions tune an [Editor].
type EditorOptions struct {
	// Gap is the shortest time between two edits of a message.
	Gap time.Duration
	// Workers is how many requests may be under way at once.
	Workers int
	// Lease is how long a claimed edit is held; Timeout bounds one request and must
	// be shorter.
	Lease, Timeout time.Duration
	// Sweep is how often edits are looked for when nothing else happens.
	Sweep  time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Settled, if set, is told every outcome after it was recorded.
	Settled func(Edit, EditSettlement)
}

func (o EditorOptions) validate() error {
	switch {
	case o.Gap <= 0:
		return errors.New("gap must be positive")
	case o.Workers < 1:
		return errors.New("workers must be at least 1")
	case o.Timeout <= 0 || o.Lease <= o.Timeout:
		return errors.New("lease must be longer than timeout, and both positive")
	case o.Sweep <= 0:
		return errors.New("sweep must be positive")
	case o.Now == nil || o.Logger == nil:
		return errors.New("now and logger are required")
	}
	return nil
}

// Editor keeps the messages of alerts up to date with their stories.
type Editor struct {
	edits    Edits
	rewriter Rewriter
	o        EditorOptions
	log      *slog.Logger
	wake     chan struct{}
}

// NewEditor returns an editor that does nothing until [Editor.Run].
func NewEditor(e Edits, r Rewriter, o EditorOptions) (*Editor, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("editor options: %w", err)
	}
	return &Editor{edits: e, rewriter: r, o: o, log: o.Logger.With("component", "editor"), wake: make(chan struct{}, 1)}, nil
}

// Wake tells the editor that there may be something to edit. It never blocks.
func (x *Editor) Wake() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Run edits until ctx ends. It then claims no more, lets the requests under way
// finish within their timeout, records them, and returns nil.
func (x *Editor) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := x.round(ctx)
		if err != nil && ctx.Err() == nil {
			x.log.ErrorContext(ctx, "edits could not be claimed", "error", err)
		}
		if n == x.o.Workers {
			continue // there may be more that are due
		}
		pause := time.NewTimer(x.pause(ctx, err))
		select {
		case <-ctx.Done():
		case <-pause.C:
		case <-x.wake:
		}
		pause.Stop()
	}
	return nil
}

// round claims as many edits as there are workers, tries them side by side and
// returns how many they were.
func (x *Editor) round(ctx context.Context) (int, error) {
	claimed, err := x.edits.ClaimEdits(ctx, x.o.Now(), x.o.Workers, x.o.Lease)
	if err != nil {
		return 0, fmt.Errorf("claim edits: %w", err)
	}
	var busy sync.WaitGroup
	for _, e := range claimed {
		busy.Go(func() { x.try(context.WithoutCancel(ctx), e) })
	}
	busy.Wait()
	return len(claimed), nil
}

// pause is how long to wait for the next edit that is due.
func (x *Editor) pause(ctx context.Context, err error) time.Duration {
	if err != nil {
		return storeRetry
	}
	at, ok, err := x.edits.NextEdit(ctx)
	switch {
	case err != nil:
		return storeRetry
	case !ok:
		return x.o.Sweep
	}
	return min(max(at.Sub(x.o.Now()), breath), x.o.Sweep)
}

// try makes one attempt and records what it came to.
func (x *Editor) try(ctx context.Context, e Edit) {
	s := x.attempt(ctx, e)
	if err := x.edits.SettleEdit(ctx, x.o.Now(), e, s); err != nil {
		// The lease ends unsettled, and the message is edited once more.
		x.log.ErrorContext(ctx, "outcome of an edit could not be recorded", "edit", e, "error", err)
		return
	}
	level := slog.LevelDebug
	if s.Outcome == EditDone {
		level = slog.LevelInfo
	}
	x.log.Log(ctx, level, "edit of an alert", "edit", e, "outcome", s.Outcome, "reason", s.Reason, "due", s.Due)
	if x.o.Settled != nil {
		x.o.Settled(e, s)
	}
}

func (x *Editor) attempt(ctx context.Context, e Edit) EditSettlement {
	now := x.o.Now()
	switch at, why := DecideEdit(now, x.o.Gap, e); {
	case at.IsZero():
		return EditSettlement{Outcome: EditEnds, Reason: string(why)}
	case at.After(now):
		return EditSettlement{Outcome: EditWaits, Due: at, Failures: e.Failures, Reason: string(why)}
	}
	ctx, cancel := context.WithTimeout(ctx, x.o.Timeout)
	defer cancel()
	err := x.rewriter.Edit(ctx, e.Message, Message{Channel: e.Channel, Kind: Post, Form: e.Form, Roles: e.Roles, Content: e.Content})
	return JudgeEdit(x.o.Now(), e, err)
}
