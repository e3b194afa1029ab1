// Package schedule owns the clockwork: fixed jobs at fixed intervals, and the
// reading of cron expressions. It is the only importer of robfig/cron.
//
// Jobs never overlap themselves and a panic in one ends only that run. They go by
// the time that passes, whatever clocks show: cron's own loop waits for a time of
// the day, and does nothing for two hours once the clock is set back by two
// (https://github.com/robfig/cron/issues/154). No job runs by what people write.
// Their expressions go through a grammar of our own first, because some make cron
// panic or spin (https://github.com/robfig/cron/issues/470), and are asked for what
// clocks show only: around clock changes cron skips and repeats.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
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
	for _, j := range jobs {
		if j.Every < time.Second || j.Every%time.Second != 0 {
			return fmt.Errorf("job %s: interval %v: use whole seconds, at least 1s", j.Name, j.Every)
		}
		if j.Do == nil {
			return errors.New("job " + j.Name + ": nothing to do")
		}
	}
	var running sync.WaitGroup
	for _, j := range jobs {
		running.Go(func() { j.repeat(ctx, log) })
	}
	running.Wait()
	return nil
}

// repeat runs the job until ctx ends. A run that takes longer than the interval
// is followed by one more, however many it has missed.
func (j Job) repeat(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(j.Every) // which goes by the monotonic clock
	defer t.Stop()
	for ctx.Err() == nil {
		j.once(ctx, log)
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
}

func (j Job) once(ctx context.Context, log *slog.Logger) {
	defer func() {
		if fault := recover(); fault != nil {
			log.ErrorContext(ctx, "a job failed", "job", j.Name, "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	j.Do(ctx)
}
