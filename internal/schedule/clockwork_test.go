package schedule

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func TestSetBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shown, passed time.Duration
		want          bool
	}{
		"as it goes":        {10 * time.Second, 10 * time.Second, false},
		"it drifts":         {9990 * time.Millisecond, 10 * time.Second, false},
		"set forward":       {time.Hour, 10 * time.Second, false},
		"set back a little": {8 * time.Second, 10 * time.Second, true},
		"set back":          {-15 * time.Minute, 10 * time.Second, true},
		"the machine slept": {time.Hour, time.Second, false},
	} {
		if got := setBack(c.shown, c.passed); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestPlanningAnew is what a clock that was set back leads to.
func TestPlanningAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var runs []time.Duration
		job := Job{Name: "tick", Every: time.Minute, Do: func(context.Context) { runs = append(runs, time.Since(began)) }}
		w, err := newClockwork(t.Context(), slog.New(slog.DiscardHandler), []Job{job})
		if err != nil {
			t.Fatal(err)
		}
		w.plan()
		w.cron.Start()
		<-time.After(90 * time.Second) // virtual
		w.plan()
		<-time.After(100 * time.Second)
		<-w.cron.Stop().Done()
		want := []time.Duration{0, 60 * time.Second, 90 * time.Second, 150 * time.Second}
		if len(runs) != len(want) {
			t.Fatalf("ran at %v, want %v", runs, want)
		}
		for i := range want {
			if runs[i] != want[i] {
				t.Errorf("ran at %v, want %v", runs, want)
			}
		}
	})
}
