package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// fault is what a simulated Discord does instead of a plain answer.
type fault int

const (
	faultNone fault = iota
	faultUser
	faultGlobal
	faultCloudflare
	faultServer
	faultCut
	faults
)

// plannedRequest is drawn before the simulation, which must not draw.
type plannedRequest struct {
	after   time.Duration
	route   int
	delay   time.Duration
	fault   fault
	wait    time.Duration
	patient bool
}

// simulatedRate makes the global limit bind.
const simulatedRate = 4

// simulated is a Discord that notes each breach of its limits.
type simulated struct {
	mu       sync.Mutex
	plan     []plannedRequest
	n        int
	buckets  map[string]*modelBucket
	since    map[string]time.Time
	until    map[string]time.Time
	sent     []time.Time
	breaches []string
}

func (d *simulated) RoundTrip(r *http.Request) (*http.Response, error) {
	closeBody(r)
	d.mu.Lock()
	p := d.plan[d.n]
	d.n++
	now, key := time.Now(), r.Method+r.URL.Path
	for _, k := range []string{key, "all"} {
		// At the very moment of the refusal it may not have been read yet.
		if now.After(d.since[k]) && now.Before(d.until[k]) {
			d.breaches = append(d.breaches, fmt.Sprintf("%s sent %s before the pause of %s ends", key, d.until[k].Sub(now), k))
		}
	}
	d.sent = append(d.sent, now)
	if i := len(d.sent) - 1 - simulatedRate; i >= 0 && now.Sub(d.sent[i]) <= time.Second {
		d.breaches = append(d.breaches, fmt.Sprintf("%d requests within %s", simulatedRate+1, now.Sub(d.sent[i])))
	}
	b := d.buckets[key]
	if b == nil {
		b = &modelBucket{limit: 3, span: 2 * time.Second}
		d.buckets[key] = b
	}
	in, ok := b.process(now)
	if !ok {
		d.breaches = append(d.breaches, fmt.Sprintf("%s: %d in a window of %d", key, b.used, b.limit))
	}
	d.mu.Unlock()
	<-time.After(p.delay)
	return d.answer(key, p, in)
}

func (d *simulated) answer(key string, p plannedRequest, in limitInfo) (*http.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	limits := []string{
		"X-RateLimit-Bucket: " + key[:4],
		fmt.Sprintf("X-RateLimit-Limit: %d", in.limit),
		fmt.Sprintf("X-RateLimit-Remaining: %d", in.remaining),
		fmt.Sprintf("X-RateLimit-Reset-After: %.3f", in.resetAfter.Seconds()),
	}
	hold := func(k string) {
		if now := time.Now(); !now.Before(d.until[k]) {
			d.since[k] = now
		}
		d.until[k] = later(d.until[k], time.Now().Add(p.wait))
	}
	after := fmt.Sprintf("%.3f", p.wait.Seconds())
	switch p.fault {
	case faultUser:
		hold(key)
		return answer(429, `{"retry_after":`+after+`}`, append(limits, "X-RateLimit-Scope: user")...), nil
	case faultGlobal:
		hold("all")
		return answer(429, `{"global":true}`, "Retry-After: "+after), nil
	case faultCloudflare:
		p.wait = DefaultBlockPause
		hold("all")
		return answer(429, "error code: 1015"), nil
	case faultServer:
		return answer(503, "<html>"), nil
	case faultCut:
		return nil, errors.New("connection reset")
	}
	return answer(200, "{}", limits...), nil
}

func TestNoSequenceOfAnswersBreaksTheLimits(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) plannedRequest {
		return plannedRequest{
			after:   time.Duration(rapid.IntRange(0, 5000).Draw(t, "after_ms")) * time.Millisecond,
			route:   rapid.IntRange(0, 2).Draw(t, "route"),
			delay:   time.Duration(rapid.IntRange(0, 1500).Draw(t, "delay_ms")) * time.Millisecond,
			fault:   max(0, fault(rapid.IntRange(-6, int(faults)-1).Draw(t, "fault"))),
			wait:    time.Duration(rapid.IntRange(1, 9000).Draw(t, "wait_ms")) * time.Millisecond,
			patient: rapid.Bool().Draw(t, "patient"),
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		plan := rapid.SliceOfN(draw, 1, 40).Draw(rt, "plan")
		var d *simulated
		synctest.Test(t, func(t *testing.T) { d = simulate(t, plan) })
		for _, b := range d.breaches {
			rt.Error(b)
		}
	})
}

// simulate makes the planned requests in virtual time.
func simulate(t *testing.T, plan []plannedRequest) *simulated {
	d := &simulated{plan: plan, buckets: map[string]*modelBucket{}, since: map[string]time.Time{}, until: map[string]time.Time{}}
	c := newClient(t, d, func(o *Options) { o.GlobalRate = simulatedRate })
	// A route's first answer tells its limit: begin with three plain ones.
	d.plan = append(make([]plannedRequest, 3), plan...)
	for route := range 3 {
		if err := post(t.Context(), c, route+1); err != nil {
			t.Error(err)
		}
	}
	var all sync.WaitGroup
	for _, p := range plan {
		all.Go(func() {
			<-time.After(p.after)
			ctx := t.Context()
			limit := time.Hour
			if !p.patient {
				limit = 3 * time.Second
			}
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			_ = post(ctx, c, p.route+1) // the simulated Discord judges
		})
	}
	all.Wait()
	return d
}
