package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

const (
	// maxTogether bounds the writes of one shared transaction.
	maxTogether = 64
	// gathering is how long a shared transaction waits for more writes, when the
	// last one had several.
	gathering = 2 * time.Millisecond
)

// joint gathers small writes that come at the same time, so that they cost one
// commit. Whoever comes first commits for those who come before it is done, and
// hands its place to the first of the rest.
type joint struct {
	mu      sync.Mutex
	waiting []*errand
	busy    bool
	// crowded says that the last transaction had several writes. full is closed
	// when there are enough of them for the next.
	crowded bool
	full    chan struct{}
}

// errand is one write that shares its transaction.
type errand struct {
	ctx context.Context
	op  string
	do  func(ctx context.Context, tx *sql.Tx) error
	// poll, when there is one, is what do saves: polls of one transaction are
	// saved as one.
	poll *saving
	err  error
	// turn tells whoever waits that it leads from now on, or, with false, that
	// its errand is done.
	turn chan bool
}

// errUnfinished is what an errand comes to when its leader panics.
var errUnfinished = errors.New("write was not finished")

// together is [Store.write] for small writes: those that wait at the same time
// share a transaction. Each still happens whole or not at all, and together
// returns when its own is committed. A ctx that ends after the commit was begun
// is not heeded.
func (s *Store) together(ctx context.Context, op string, f func(ctx context.Context, tx *sql.Tx) error) error {
	return s.join(&errand{ctx: ctx, op: op, do: f})
}

// join does an errand together with those that wait.
func (s *Store) join(e *errand) error {
	e.err, e.turn = errUnfinished, make(chan bool, 1)
	if !s.joint.join(e) && !<-e.turn {
		return e.err
	}
	s.joint.gather()
	batch := s.joint.take()
	defer s.joint.leave(batch)
	s.run(batch)
	return e.err
}

// join takes an errand in, and reports whether it leads.
func (j *joint) join(e *errand) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.waiting = append(j.waiting, e)
	if j.full != nil && len(j.waiting) >= maxTogether/2 {
		close(j.full)
		j.full = nil
	}
	leads := !j.busy
	j.busy = true
	return leads
}

// gather waits a little for more errands where there are many.
func (j *joint) gather() {
	j.mu.Lock()
	if !j.crowded || len(j.waiting) >= maxTogether/2 {
		j.mu.Unlock()
		return
	}
	full := make(chan struct{})
	j.full = full
	j.mu.Unlock()
	enough := time.NewTimer(gathering)
	defer enough.Stop()
	select {
	case <-full:
	case <-enough.C:
	}
}

// take returns the errands to run now; the leader's is the first.
func (j *joint) take() []*errand {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := min(len(j.waiting), maxTogether)
	batch := j.waiting[:n:n]
	j.waiting = j.waiting[n:]
	j.crowded, j.full = n > 1, nil
	return batch
}

// leave tells the others of a batch that it is done, and the first of those who
// wait that it leads.
func (j *joint) leave(batch []*errand) {
	for _, e := range batch[1:] {
		e.turn <- false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.waiting) == 0 {
		j.waiting, j.busy = nil, false
		return
	}
	j.waiting[0].turn <- true
}

// run does all errands of a batch in one transaction. When one of them fails,
// nothing of that remains, and each gets a transaction of its own.
func (s *Store) run(batch []*errand) {
	lead := batch[0]
	if len(batch) > 1 {
		err := s.write(context.WithoutCancel(lead.ctx), "write together", func(ctx context.Context, tx *sql.Tx) error {
			var polls []*saving
			for _, e := range batch {
				if err := e.ctx.Err(); err != nil {
					return err
				}
				if e.poll != nil {
					polls = append(polls, e.poll)
				} else if err := e.do(ctx, tx); err != nil {
					return err
				}
			}
			return s.savePolls(ctx, tx, polls)
		})
		if err == nil {
			for _, e := range batch {
				e.err = nil
			}
			return
		}
	}
	for _, e := range batch {
		e.err = s.write(e.ctx, e.op, e.do)
	}
}
