package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/rest"
)

// Shards shares the bot's shards with the other processes that have its token,
// so that each shard is run by one of them. A process that gets none delivers
// all the same: that needs no gateway.
type Shards interface {
	// Wait spaces the identifies of all processes.
	gateway.Gate
	// Agree settles with the others how many shards there are; offered is what
	// Discord recommends.
	Agree(ctx context.Context, offered int) (int, error)
	// Hold renews what this process holds, takes one more shard if any is free,
	// and returns all that it holds: until Term after the call.
	Hold(ctx context.Context) ([]int, error)
	Term() time.Duration
	// Release gives everything back.
	Release(ctx context.Context) error
}

// shared runs the shards that this process holds.
type shared struct {
	b     *Bot
	mu    sync.Mutex
	count int
	runs  map[int]*shardRun
}

// shardRun is one shard while this process holds it.
type shardRun struct {
	gateway *gateway.Gateway
	// until is when the hold ends, by the monotonic clock: another process may
	// have the shard afterwards.
	until atomic.Pointer[time.Time]
	stop  context.CancelFunc
	ended chan struct{}
}

func (r *shardRun) held() bool { return time.Now().Before(*r.until.Load()) }

// Of a term, a round of renewing is a fifth, and the last quarter is not used:
// closing a session takes its time.
const (
	roundsPerTerm = 5
	marginOfTerm  = 4
)

// countRetry is the pause before Discord is asked again how many shards to run.
const countRetry = 5 * time.Second

// run holds shards until ctx ends, or until Discord refuses the bot for good.
func (s *shared) run(ctx context.Context) error {
	if err := s.agree(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	round := time.NewTicker(s.b.o.Shards.Term() / roundsPerTerm)
	defer round.Stop()
	for ctx.Err() == nil {
		s.round(ctx, group)
		select {
		case <-ctx.Done():
		case <-round.C:
		}
	}
	err := group.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.b.o.Shards.Term())
	defer cancel()
	if e := s.b.o.Shards.Release(ctx); e != nil {
		s.b.log.WarnContext(ctx, "shards could not be given back; others have them when their lease ends", "error", e)
	}
	return err
}

// agree learns how many shards there are.
func (s *shared) agree(ctx context.Context) error {
	for {
		offered, err := gateway.Recommended(ctx, s.b.rest)
		var count int
		if err == nil {
			count, err = s.b.o.Shards.Agree(ctx, offered)
		}
		s.mu.Lock()
		s.count = count
		s.mu.Unlock()
		var fatal *gateway.FatalError
		if err == nil || errors.As(err, &fatal) {
			return err
		}
		s.b.log.WarnContext(ctx, "the number of shards is not known yet", "error", err)
		wait := countRetry
		if hint, ok := rest.RetryAfter(err); ok {
			wait = max(wait, hint)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// round renews the holds, begins shards that are new here and ends those that
// are lost.
func (s *shared) round(ctx context.Context, group *errgroup.Group) {
	term := s.b.o.Shards.Term()
	until := time.Now().Add(term - term/marginOfTerm)
	asking, cancel := context.WithTimeout(ctx, term/roundsPerTerm)
	ids, err := s.b.o.Shards.Hold(asking)
	cancel()
	if err != nil && ctx.Err() == nil {
		s.b.log.WarnContext(ctx, "shards could not be renewed", "error", err)
	}
	runs, count := s.snapshot()
	for id, r := range runs {
		switch {
		case slices.Contains(ids, id):
			r.until.Store(&until)
		case err == nil || !r.held():
			s.b.log.WarnContext(ctx, "shard is lost to another process", "shard", id)
			s.end(id, r)
		}
	}
	for _, id := range ids {
		if _, ok := runs[id]; ok {
			continue
		}
		if err := s.begin(ctx, group, [2]int{id, count}, until); err != nil {
			s.b.log.ErrorContext(ctx, "shard could not be begun", "shard", id, "error", err)
		}
	}
}

func (s *shared) begin(ctx context.Context, group *errgroup.Group, shard [2]int, until time.Time) error {
	id, count := shard[0], shard[1]
	r := &shardRun{ended: make(chan struct{})}
	r.until.Store(&until)
	var err error
	r.gateway, err = gateway.New(gateway.Options{
		Token: s.b.o.Token, API: s.b.rest, Now: s.b.o.Now, Logger: s.b.o.Logger,
		Shards: []int{id}, ShardCount: count, Gate: s.b.o.Shards,
		Handler: func(ctx context.Context, e gateway.Event) {
			if r.held() { // this process may have been stopped for a while
				s.b.handle(ctx, e, r.held)
			}
		},
	})
	if err != nil {
		return fmt.Errorf("set up: %w", err)
	}
	ctx, r.stop = context.WithCancel(ctx)
	s.mu.Lock()
	s.runs[id] = r
	s.mu.Unlock()
	s.b.log.InfoContext(ctx, "shard is run here", "shard", id, "of", count)
	group.Go(func() error {
		defer close(r.ended)
		defer r.stop()
		return r.gateway.Run(ctx)
	})
	return nil
}

func (s *shared) end(id int, r *shardRun) {
	r.stop()
	<-r.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.runs, id)
}

func (s *shared) snapshot() (runs map[int]*shardRun, count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.runs), s.count
}

// status is that of the shards that are run here.
func (s *shared) status() gateway.Status {
	runs, count := s.snapshot()
	st := gateway.Status{ShardCount: count}
	for _, id := range slices.Sorted(maps.Keys(runs)) {
		st.Shards = append(st.Shards, runs[id].gateway.Status().Shards...)
	}
	return st
}
