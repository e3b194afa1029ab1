package schedule_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/schedule"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestRun(t *testing.T) {
	t.Parallel()
	t.Run("runs at once and then at every interval", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 25*time.Hour)
			defer cancel()
			runs := 0
			err := schedule.Run(ctx, discard(), schedule.Job{Name: "count", Every: 5 * time.Minute, Do: func(context.Context) { runs++ }})
			if err != nil {
				t.Fatal(err)
			}
			if want := 25 * 12; runs < want || runs > want+1 {
				t.Errorf("ran %d times in 25 hours, want %d", runs, want)
			}
		})
	})
	t.Run("a panic ends only its own run", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			runs := 0
			err := schedule.Run(ctx, discard(), schedule.Job{Name: "panic", Every: time.Second, Do: func(context.Context) { runs++; panic("no") }})
			if err != nil {
				t.Fatal(err)
			}
			if runs < 9 {
				t.Errorf("ran %d times in 10 s, want at least 9", runs)
			}
		})
	})
	t.Run("a slow run is not overtaken by the next", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			at, most := 0, 0
			job := schedule.Job{Name: "slow", Every: time.Second, Do: func(context.Context) {
				at++
				most = max(most, at)
				<-time.After(7 * time.Second) // virtual
				at--
			}}
			if err := schedule.Run(ctx, discard(), job); err != nil {
				t.Fatal(err)
			}
			if most != 1 {
				t.Errorf("%d runs at once, want 1", most)
			}
		})
	})
	t.Run("it ends when the runs under way have", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
			defer cancel()
			began, ended := 0, 0
			job := schedule.Job{Name: "slow", Every: time.Minute, Do: func(context.Context) {
				began++
				<-time.After(50 * time.Second) // virtual
				ended++
			}}
			if err := schedule.Run(ctx, discard(), job); err != nil {
				t.Fatal(err)
			}
			if began != 2 || ended != 2 {
				t.Errorf("%d runs began and %d ended, want 2", began, ended)
			}
		})
	})
	for name, every := range map[string]time.Duration{"zero": 0, "negative": -time.Hour, "a nanosecond": 1, "not whole seconds": 1500 * time.Millisecond} {
		t.Run("refuses an interval of "+name, func(t *testing.T) {
			t.Parallel()
			if err := schedule.Run(t.Context(), discard(), schedule.Job{Name: "x", Every: every, Do: func(context.Context) {}}); err == nil {
				t.Error("accepted")
			}
		})
	}
}
