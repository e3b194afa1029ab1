// Package schedule owns the clockwork: fixed jobs at fixed intervals, in UTC, and
// the reading of cron expressions. It is the only importer of robfig/cron.
//
// Jobs never overlap themselves and a panic in one ends only that run. The
// order of the chain matters: with Recover outside, cron v3.0.1 never runs a
// job again after a panic (https://github.com/robfig/cron/issues/366). No job runs
// by what people write. Their expressions go through a grammar of our own first,
// because some make cron panic or spin (https://github.com/robfig/cron/issues/470),
// and are asked for what clocks show only: around clock changes cron skips and
// repeats. Once the clock is set back cron does nothing until it shows the old time
// again (https://github.com/robfig/cron/issues/154), so that is watched for.
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
	w, err := newClockwork(ctx, log.With("component", "schedule"), jobs)
	if err != nil {
		return err
	}
	w.plan()
	w.cron.Start()
	w.watch(ctx)
	<-w.cron.Stop().Done()
	return nil
}

// clockwork is cron with the jobs that it runs.
type clockwork struct {
	log  *slog.Logger
	cron *cron.Cron
	jobs []entry
}

type entry struct {
	every time.Duration
	run   cron.Job
	id    cron.EntryID // 0 before it is planned
}

func newClockwork(ctx context.Context, log *slog.Logger, jobs []Job) (*clockwork, error) {
	logger := cronLogger{log}
	w := &clockwork{log: log, cron: cron.New(cron.WithLocation(time.UTC), cron.WithLogger(logger))}
	chain := cron.NewChain(cron.SkipIfStillRunning(logger), cron.Recover(logger))
	for _, j := range jobs {
		if j.Every < time.Second || j.Every%time.Second != 0 {
			return nil, fmt.Errorf("job %s: interval %v: use whole seconds, at least 1s", j.Name, j.Every)
		}
		if j.Do == nil {
			return nil, errors.New("job " + j.Name + ": nothing to do")
		}
		w.jobs = append(w.jobs, entry{every: j.Every, run: chain.Then(cron.FuncJob(func() { j.Do(ctx) }))})
	}
	return w, nil
}

// plan has every job run now and at its interval from now on, whatever was planned.
func (w *clockwork) plan() {
	for i := range w.jobs {
		j := &w.jobs[i]
		if j.id != 0 {
			w.cron.Remove(j.id)
		}
		j.id = w.cron.Schedule(&soon{next: cron.Every(j.every)}, j.run)
	}
}

const (
	// lookEvery is how often the clock is looked at, and so how long jobs wait at
	// most after it was set back.
	lookEvery = 10 * time.Second
	// stepAt is from when on a clock was set and did not merely drift.
	stepAt = time.Second
)

// watch plans anew whenever the clock was set back, until ctx ends: cron waits for a
// time of the day, which has then gone into the future.
func (w *clockwork) watch(ctx context.Context) {
	looks := time.NewTicker(lookEvery)
	defer looks.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-looks.C:
		}
		now := time.Now()
		if setBack(now.Round(0).Sub(last.Round(0)), now.Sub(last)) {
			w.log.WarnContext(ctx, "the clock was set back, so jobs are planned anew", "from", last, "to", now)
			w.plan()
		}
		last = now
	}
}

// setBack reports whether a clock was set back in a span that it shows and in which
// so much time has passed.
func setBack(shown, passed time.Duration) bool { return passed-shown >= stepAt }

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
