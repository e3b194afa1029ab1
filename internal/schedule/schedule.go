// Package schedule owns the clockwork: fixed jobs at fixed intervals, in UTC, and
// the reading of cron expressions. It is the only importer of robfig/cron.
//
// Jobs never overlap themselves and a panic in one ends only that run. The
// order of the chain matters: with Recover outside, cron v3.0.1 never runs a
// job again after a panic (https://github.com/robfig/cron/issues/366). No job runs
// by what people write. Their expressions go through a grammar of our own first,
// because some make cron panic or spin (https://github.com/robfig/cron/issues/470),
// and are asked for what clocks show only: around clock changes cron skips and
// repeats.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is something to do again and again.
type Job struct {
	// Name is used in logs.
	Name string
	// Every is the interval, in whole seconds, at least one.
	Every time.Duration
	// Do is called with a context that ends when the schedule stops.
	Do func(context.Context)
}

// Run starts the jobs and returns when ctx has ended and all of them have.
// A first run of each happens at once, not only after its interval.
func Run(ctx context.Context, log *slog.Logger, jobs ...Job) error {
	log = log.With("component", "schedule")
	logger := cronLogger{log}
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(logger))
	chain := cron.NewChain(cron.SkipIfStillRunning(logger), cron.Recover(logger))
	for _, j := range jobs {
		if j.Every < time.Second || j.Every%time.Second != 0 {
			return fmt.Errorf("job %s: interval %v: use whole seconds, at least 1s", j.Name, j.Every)
		}
		if j.Do == nil {
			return errors.New("job " + j.Name + ": nothing to do")
		}
		run := chain.Then(cron.FuncJob(func() { j.Do(ctx) }))
		c.Schedule(&soon{next: cron.Every(j.Every)}, run)
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// soon fires once at the start and then as next says.
type soon struct {
	next    cron.Schedule
	started bool
}

// Next implements [cron.Schedule]. Cron calls it from one goroutine only.
func (s *soon) Next(t time.Time) time.Time {
	if !s.started {
		s.started = true
		return t
	}
	return s.next.Next(t)
}

// cronLogger passes cron's errors on, and its chatter at debug level.
type cronLogger struct{ log *slog.Logger }

// Info implements [cron.Logger].
func (l cronLogger) Info(msg string, kv ...any) { l.log.Debug(msg, kv...) }

// Error implements [cron.Logger].
func (l cronLogger) Error(err error, msg string, kv ...any) {
	l.log.Error(msg, append([]any{"error", err}, kv...)...)
}
