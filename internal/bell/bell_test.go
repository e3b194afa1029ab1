package bell_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/bell"
)

// TestRounds tells by virtual time when a loop begins its rounds.
func TestRounds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		// pauses are what the rounds return; the loop ends after the last.
		pauses []time.Duration
		// before is how often the bell is rung before the start, rings are when it
		// is after that.
		before int
		rings  []time.Duration
		want   []time.Duration
	}{
		{"by itself", []time.Duration{time.Minute, time.Hour, 0}, 0, nil, []time.Duration{0, time.Minute, time.Hour + time.Minute}},
		{"at once while there is more", []time.Duration{0, 0, -1, time.Hour}, 0, nil, []time.Duration{0, 0, 0, 0}},
		{"when it is woken", []time.Duration{time.Hour, time.Hour, 0}, 0, []time.Duration{time.Second, time.Minute}, []time.Duration{0, time.Second, time.Minute}},
		{"once for many rings", []time.Duration{time.Hour, time.Hour, 0}, 3, nil, []time.Duration{0, 0, time.Hour}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b, began := bell.New(), time.Now()
				for range c.before {
					b.Ring()
				}
				for _, at := range c.rings {
					time.AfterFunc(at, b.Ring)
				}
				ctx, cancel := context.WithCancel(t.Context())
				var got []time.Duration
				b.Rounds(ctx, func() time.Duration {
					got = append(got, time.Since(began))
					if len(got) == len(c.pauses) {
						cancel()
					}
					return c.pauses[len(got)-1]
				})
				if d := cmp.Diff(c.want, got); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
			})
		})
	}
}
