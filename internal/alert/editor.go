package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/bell"
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
	if o.Gap <= 0 {
		return errors.New("gap must be positive")
	}
	return validPace(o.Workers, o.Lease, o.Timeout, o.Sweep, o.Now, o.Logger)
}

// validPace checks what the options of those who work in rounds have in common.
func validPace(workers int, lease, timeout, sweep time.Duration, now func() time.Time, log *slog.Logger) error {
	switch {
	case workers < 1:
		return errors.New("workers must be at least 1")
	case timeout <= 0 || lease <= timeout:
		return errors.New("lease must be longer than timeout, and both positive")
	case sweep <= 0:
		return errors.New("sweep must be positive")
	case now == nil || log == nil:
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
	rounds   rounds[Edit]
}

// NewEditor returns an editor that does nothing until [Editor.Run].
func NewEditor(e Edits, r Rewriter, o EditorOptions) (*Editor, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("editor options: %w", err)
	}
	x := &Editor{edits: e, rewriter: r, o: o, log: o.Logger.With("component", "editor")}
	x.rounds = rounds[Edit]{
		what: "edits", workers: o.Workers, sweep: o.Sweep, now: o.Now, log: x.log, wake: bell.New(),
		claim: func(ctx context.Context) ([]Edit, error) { return e.ClaimEdits(ctx, o.Now(), o.Workers, o.Lease) },
		try:   x.try, next: e.NextEdit,
	}
	return x, nil
}

// Wake tells the editor that there may be something to edit. It never blocks.
func (x *Editor) Wake() { x.rounds.wake.Ring() }

// Run edits until ctx ends. It then claims no more, lets the requests under way
// finish within their timeout, records them, and returns nil.
func (x *Editor) Run(ctx context.Context) error {
	x.rounds.run(ctx)
	return nil
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
	err := x.rewriter.Edit(ctx, e.Message, Message{
		Guild: e.Guild, Channel: e.Channel, Language: e.Language, In: e.In, Kind: Post, Form: e.Form, Roles: e.Roles, Content: e.Content,
	})
	return JudgeEdit(x.o.Now(), e, err)
}
