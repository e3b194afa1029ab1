package phrase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/bell"
)

// Options tune a [Phraser].
type Options struct {
	Server Server
	// PerMinute is how many sentences are put a minute at most.
	PerMinute int
	// Lease is how long they are held: longer than one try takes.
	Lease time.Duration
	// Every is how often it is looked for what is to be put when nothing else happens.
	Every  time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Settled, if set, is told every outcome after it was recorded.
	Settled func(Wanted, Settlement)
}

func (o Options) validate() error {
	switch {
	case o.Server.Address == "" || o.Server.Model == "":
		return errors.New("the server's address and a model are required")
	case o.PerMinute < 1:
		return errors.New("per minute must be at least 1")
	case o.Lease <= 0 || o.Every <= 0:
		return errors.New("lease and every must be positive")
	case o.Now == nil || o.Logger == nil:
		return errors.New("now and logger are required")
	}
	return nil
}

// Phraser has sentences put by a server, one after another.
type Phraser struct {
	store   Store
	poster  Poster
	checker *Checker
	o       Options
	log     *slog.Logger
	wake    bell.Bell
	// asked are the times of the last tries, at most a minute's.
	asked []time.Time
	// ill says that the server failed at the last try: that is told once.
	ill bool
}

// New returns a phraser that does nothing until [Phraser.Run].
func New(s Store, p Poster, c *Checker, o Options) (*Phraser, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("phraser options: %w", err)
	}
	return &Phraser{store: s, poster: p, checker: c, o: o, log: o.Logger.With("component", "phrase"), wake: bell.New()}, nil
}

// Wake tells the phraser that alerts tell something else. It never blocks.
func (x *Phraser) Wake() { x.wake.Ring() }

// Run puts sentences until ctx ends. A try under way is broken off and recorded.
func (x *Phraser) Run(ctx context.Context) error {
	x.wake.Rounds(ctx, func() time.Duration {
		again, err := x.one(ctx)
		if err != nil && ctx.Err() == nil {
			x.log.ErrorContext(ctx, "summaries could not be taken to be put; they are tried again", "error", err)
		}
		if again {
			return 0
		}
		return x.o.Every
	})
	return nil
}

// room reports whether one more try fits into the minute.
func (x *Phraser) room(now time.Time) bool {
	for len(x.asked) > 0 && (now.Sub(x.asked[0]) >= time.Minute || x.asked[0].After(now)) {
		x.asked = x.asked[1:]
	}
	return len(x.asked) < x.o.PerMinute
}

// one makes one try, if any is to be made now, and reports whether one was.
func (x *Phraser) one(ctx context.Context) (bool, error) {
	now := x.o.Now()
	if !x.room(now) {
		return false, nil
	}
	claimed, err := x.store.ClaimPhrasing(ctx, now, 1, x.o.Lease)
	if err != nil {
		return false, fmt.Errorf("claim sentences: %w", err)
	}
	if len(claimed) == 0 {
		return false, nil
	}
	w := claimed[0]
	s := x.try(ctx, now, w)
	err = x.store.SettlePhrasing(context.WithoutCancel(ctx), x.o.Now(), w, s)
	if errors.Is(err, ErrStale) {
		return true, nil
	}
	if err != nil {
		return true, fmt.Errorf("record how sentences were put: %w", err)
	}
	x.log.DebugContext(ctx, "summary of a story put", "summary", w, "reason", s.Reason)
	if x.o.Settled != nil {
		x.o.Settled(w, s)
	}
	return true, nil
}

// try asks the server and decides on its answer. What cannot be checked is not
// asked for.
func (x *Phraser) try(ctx context.Context, now time.Time, w Wanted) Settlement {
	language := languageOf(w)
	if !x.checker.Speaks(language) {
		return Settlement{Reason: OtherLanguage}
	}
	m := material{Language: language}
	for _, s := range w.Sentences {
		m.Sentences = append(m.Sentences, spoke{Speakers: x.checker.Speakers(language, s), Text: s})
	}
	x.asked = append(x.asked, now)
	answer, err := x.o.Server.put(ctx, x.poster, m)
	x.tellHealth(ctx, err)
	reason := Kept
	if err == nil {
		reason = x.checker.Check(language, w.Sentences, answer)
	}
	return Judge(x.o.Now(), w, answer, reason, err)
}

// tellHealth logs that the server fails, and that it answers again, once each.
func (x *Phraser) tellHealth(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil && !x.ill:
		x.ill = true
		x.log.WarnContext(ctx, "the language model does not answer as it should; summaries stay as reports have them", "error", err)
	case err == nil && x.ill:
		x.ill = false
		x.log.InfoContext(ctx, "the language model answers again")
	}
}
