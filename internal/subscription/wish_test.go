package subscription_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/subscription"
)

func TestPaceCountsTheLastHour(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		sent    []time.Duration // before noon
		perHour int
		want    bool
	}{
		{"nothing sent", nil, 1, true},
		{"no limit", []time.Duration{0, 1, 2}, 0, true},
		{"as many as wanted", []time.Duration{time.Minute, 59 * time.Minute}, 2, false},
		{"one fewer", []time.Duration{time.Minute}, 2, true},
		{"an hour is over", []time.Duration{time.Hour}, 1, true},
		{"an hour is not over", []time.Duration{time.Hour - 1}, 1, false},
		{"what a wrong clock wrote counts for nothing", []time.Duration{-time.Hour}, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var p subscription.Pace
			for _, d := range c.sent {
				p.Sent = append(p.Sent, noon.Add(-d))
			}
			if got := p.Room(noon, c.perHour); got != c.want {
				t.Errorf("room: %v", got)
			}
		})
	}
}
