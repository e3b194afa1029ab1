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
)

func TestPauses(t *testing.T) {
	t.Parallel()
	t.Run("a global 429 holds every route but interactions", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			next := &answers{f: func(n int, _ *http.Request) (*http.Response, error) {
				if n == 0 {
					return answer(429, `{"retry_after":2,"global":true}`, "X-RateLimit-Scope: global"), nil
				}
				return answer(204, ""), nil
			}}
			c := newClient(t, next)
			start := time.Now()
			_ = post(t.Context(), c, 1)
			if err := c.AnswerInteraction(t.Context(), "5", "tok", struct{}{}, nil); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(start); d != 0 {
				t.Errorf("the interaction waited %s", d)
			}
			if err := post(t.Context(), c, 2); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(start); d != 2*time.Second {
				t.Errorf("another channel was sent after %s, want 2s", d)
			}
		})
	})
	t.Run("a Cloudflare block holds interactions too and fails a short deadline at once", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			next := always(429, "error code: 1015")
			c := newClient(t, next)
			_ = post(t.Context(), c, 1)
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			start := time.Now()
			for _, err := range []error{post(ctx, c, 2), c.AnswerInteraction(ctx, "5", "tok", struct{}{}, nil)} {
				var w *WaitError
				if !errors.As(err, &w) || w.Reason != WaitCloudflare || w.Wait != 10*time.Minute || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				if Ambiguous(err) {
					t.Error("a request that was not sent is called ambiguous")
				}
			}
			if time.Since(start) != 0 || next.count() != 1 {
				t.Errorf("waited %s and sent %d", time.Since(start), next.count())
			}
		})
	})
}

// TestAnotherClockThanTheMachines has limits go by the database's clock, which is
// ahead or behind: what a request has time for does not change.
func TestAnotherClockThanTheMachines(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-time.Hour, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			next := &answers{f: func(n int, _ *http.Request) (*http.Response, error) {
				if n == 0 {
					return answer(429, `{"retry_after":2,"global":true}`, "X-RateLimit-Scope: global"), nil
				}
				return answer(204, ""), nil
			}}
			c := newClient(t, next, func(o *Options) { o.Now = func() time.Time { return time.Now().Add(ahead) } })
			_ = post(t.Context(), c, 1)
			start := time.Now()
			for i, within := range []time.Duration{time.Second, 3 * time.Second} {
				ctx, cancel := context.WithDeadline(t.Context(), start.Add(within))
				var w *WaitError
				if err := post(ctx, c, 2); (err == nil) != (i == 1) || err != nil && !errors.As(err, &w) {
					t.Errorf("a clock that is %v ahead, within %v: %v", ahead, within, err)
				}
				if i == 0 && time.Since(start) != 0 {
					t.Errorf("a clock that is %v ahead: refused after %v only", ahead, time.Since(start))
				}
				cancel()
			}
		})
	}
}

func TestRouteLimits(t *testing.T) {
	t.Parallel()
	t.Run("a user 429 holds its channel alone", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			next := &answers{f: func(n int, _ *http.Request) (*http.Response, error) {
				if n == 0 {
					return answer(429, `{"retry_after":5}`, "X-RateLimit-Scope: user", "X-RateLimit-Bucket: h"), nil
				}
				return answer(204, "", "X-RateLimit-Bucket: h"), nil
			}}
			c := newClient(t, next)
			start := time.Now()
			_ = post(t.Context(), c, 1)
			_ = post(t.Context(), c, 2)
			if d := time.Since(start); d != 0 {
				t.Errorf("the other channel waited %s", d)
			}
			_ = post(t.Context(), c, 1)
			if d := time.Since(start); d != 5*time.Second {
				t.Errorf("the channel waited %s, want 5s", d)
			}
		})
	})
	t.Run("a waiting request ends with its context", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t, always(429, `{"retry_after":9}`))
			_ = post(t.Context(), c, 1)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			var w *WaitError
			if err := post(ctx, c, 1); !errors.As(err, &w) || !errors.Is(err, context.Canceled) || w.Wait != 8*time.Second {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestSeveralRequestsFlyInOneBucket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &discord{limit: 5, span: 5 * time.Second, delay: time.Second}
		c := newClient(t, d)
		start := time.Now()
		done := make(chan error)
		for range 11 {
			go func() { done <- post(t.Context(), c, 1) }()
		}
		for range 11 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		// One finds out (1 s), four follow, then two windows of five and one.
		if d := time.Since(start); d > 13*time.Second {
			t.Errorf("took %s, as if one flew at a time", d)
		}
		if d.tooMany > 0 {
			t.Errorf("%d requests were over the limit", d.tooMany)
		}
	})
}

func TestGlobalLimitOverManyChannels(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &discord{limit: 5, span: 5 * time.Second, delay: 100 * time.Millisecond}
		c := newClient(t, d)
		start := time.Now()
		done := make(chan error)
		const n = 500
		for i := range n {
			go func() { done <- post(t.Context(), c, i+1) }()
		}
		for range n {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if most := d.mostWithin(time.Second); most > 50 {
			t.Errorf("%d requests within one second", most)
		}
		if took := time.Since(start); took > 13*time.Second {
			t.Errorf("%d channels took %s", n, took)
		}
	})
}

// discord answers as Discord does: with one limit a channel.
type discord struct {
	limit       int
	span, delay time.Duration

	mu      sync.Mutex
	sent    []time.Time
	reset   map[string]time.Time
	used    map[string]int
	tooMany int
}

func (d *discord) RoundTrip(r *http.Request) (*http.Response, error) {
	closeBody(r)
	d.mu.Lock()
	if d.reset == nil {
		d.reset, d.used = map[string]time.Time{}, map[string]int{}
	}
	now, key := time.Now(), r.URL.Path
	d.sent = append(d.sent, now)
	if !now.Before(d.reset[key]) {
		d.reset[key], d.used[key] = now.Add(d.span), 0
	}
	d.used[key]++
	left := d.limit - d.used[key]
	if left < 0 {
		d.tooMany++
	}
	after := d.reset[key].Sub(now)
	d.mu.Unlock()
	select {
	case <-time.After(d.delay):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	return answer(200, `{"id":"1"}`,
		"X-RateLimit-Bucket: h",
		fmt.Sprintf("X-RateLimit-Limit: %d", d.limit),
		fmt.Sprintf("X-RateLimit-Remaining: %d", max(left, 0)),
		fmt.Sprintf("X-RateLimit-Reset-After: %.3f", after.Seconds())), nil
}

func (d *discord) mostWithin(span time.Duration) int {
	most, from := 0, 0
	for i, at := range d.sent {
		for at.Sub(d.sent[from]) >= span {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}
