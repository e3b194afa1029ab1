package rest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestAStormIsWaitedOutByOneRequest has Discord refuse everything for a time,
// while 200 channels have something to post and ask again and again.
func TestAStormIsWaitedOutByOneRequest(t *testing.T) {
	t.Parallel()
	const underWay = 100 * time.Millisecond
	for _, c := range []struct {
		name   string
		refuse func() *http.Response
	}{
		{"of the global limit", func() *http.Response {
			return answer(429, `{"retry_after":1,"global":true}`, "X-RateLimit-Scope: global")
		}},
		{"of route after route", func() *http.Response { return answer(429, `{"retry_after":1}`, "X-RateLimit-Scope: user") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const storm, channels = 3 * time.Minute, 200
				began := time.Now()
				var mu sync.Mutex
				refused, latest := 0, time.Time{}
				cl := newClient(t, roundTripFunc(func(*http.Request) (*http.Response, error) {
					<-time.After(underWay)
					mu.Lock()
					defer mu.Unlock()
					if time.Since(began) < storm {
						refused++
						return c.refuse(), nil
					}
					latest = time.Now()
					return answer(204, ""), nil
				}))
				var all sync.WaitGroup
				for i := range channels {
					all.Go(func() {
						for {
							err := post(t.Context(), cl, i+1)
							if err == nil {
								return
							}
							wait, _ := RetryAfter(err)
							<-time.After(max(wait, time.Second))
						}
					})
				}
				all.Wait()
				// Six that were under way, or a few more, and one for each pause.
				if refused > 60 {
					t.Errorf("%d requests were refused", refused)
				}
				if late := latest.Sub(began.Add(storm)); late > stormPause+channels*globalSpan/time.Duration(40) {
					t.Errorf("all were told %v after the end", late)
				}
			})
		})
	}
}

// TestARequestThatLooksMayFail lets the one that looks whether a storm is over
// end without an answer: another one looks.
func TestARequestThatLooksMayFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		n := 0
		c := newClient(t, roundTripFunc(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			n++
			i := n
			mu.Unlock()
			switch i {
			case 1:
				return answer(429, `{"retry_after":1,"global":true}`, "X-RateLimit-Scope: global"), nil
			case 2:
				return nil, errors.New("connection reset")
			case 3:
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return answer(204, ""), nil
		}))
		_ = post(t.Context(), c, 1)
		_ = post(t.Context(), c, 2) // waits, looks, and breaks
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		done := make(chan error)
		go func() { done <- post(ctx, c, 3) }() // looks, and gives up
		synctest.Wait()
		if err := post(t.Context(), c, 4); err != nil {
			t.Errorf("the next one: %v", err)
		}
		if <-done == nil {
			t.Error("who gave up was told that all is well")
		}
		if n != 4 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestOneChannelsLimitIsNoStorm lets one channel refuse for long, with nobody
// else there: another one is not held.
func TestOneChannelsLimitIsNoStorm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, roundTripFunc(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/api/v10/channels/1/messages" {
				return answer(429, `{"retry_after":1}`, "X-RateLimit-Scope: user"), nil
			}
			return answer(204, ""), nil
		}))
		for range 3 * stormRoutes {
			_ = post(t.Context(), c, 1)
		}
		began := time.Now()
		if err := post(t.Context(), c, 2); err != nil || time.Since(began) > 0 {
			t.Errorf("the other channel: %v after %v", err, time.Since(began))
		}
	})
}
