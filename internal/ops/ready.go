package ops

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// checkTimeout bounds one check.
const checkTimeout = 2 * time.Second

// Check is one thing that the bot needs to serve.
type Check struct {
	Name string
	// Do returns a few words on how it stands, also when all is well, and as
	// error in plain words why it does not serve. It heeds ctx.
	Do func(ctx context.Context) (state string, err error)
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready  bool     `json:"ready"`
	Checks []Result `json:"checks"`
}

// Result is what a check found.
type Result struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// State says how it stands, Reason what is wrong; empty when nothing is.
	State  string `json:"state,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// errSlow is the reason of a check that did not end.
var errSlow = errors.New("does not answer within " + checkTimeout.String())

// checker asks one check. One that does not heed its context is not waited for,
// and not asked again before it has answered.
type checker struct {
	Check
	busy atomic.Bool
}

// ready asks all checks at once.
func ready(ctx context.Context, checks []*checker) Readiness {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	out := Readiness{Ready: true, Checks: make([]Result, len(checks))}
	var all sync.WaitGroup
	for i, c := range checks {
		all.Go(func() { out.Checks[i] = c.result(ctx) })
	}
	all.Wait()
	for _, r := range out.Checks {
		out.Ready = out.Ready && r.OK
	}
	return out
}

func (c *checker) result(ctx context.Context) Result {
	slow := Result{Name: c.Name, Reason: errSlow.Error()}
	if !c.busy.CompareAndSwap(false, true) {
		return slow
	}
	found := make(chan Result, 1)
	go func() {
		defer c.busy.Store(false)
		state, err := c.Do(ctx)
		r := Result{Name: c.Name, OK: err == nil, State: state}
		if err != nil {
			r.Reason = err.Error()
		}
		found <- r
	}()
	select {
	case r := <-found:
		return r
	case <-ctx.Done():
		return slow
	}
}
