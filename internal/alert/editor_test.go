package alert_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
)

// page is the message of an alert as its readers see it change: how many voices
// it tells of, and after how many seconds.
type page struct {
	mu     sync.Mutex
	begun  time.Time
	before func(try int) error // what a request comes to
	tries  int
	voices []int
	after  []int
}

func (p *page) Edit(_ context.Context, _ string, m alert.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	if p.before != nil {
		if err := p.before(p.tries); err != nil {
			return err
		}
	}
	p.voices = append(p.voices, m.Content.Independent)
	p.after = append(p.after, int(time.Since(p.begun).Seconds()))
	return nil
}

// goesOn gives the alert's story one more voice.
func goesOn(t *testing.T, s *store.Store, voices int) {
	t.Helper()
	open, err := s.OpenStories(t.Context(), time.Time{})
	must(t, err)
	st := open[0].Story
	st.Revision++
	placed := pipeline.Placed{
		Placement: story.Placement{Report: st.Lead, Story: st, Reason: story.OpensNew},
		Tellings:  []alert.Telling{{Story: st.ID, Revision: st.Revision, Living: alert.Living{Independent: voices}}},
	}
	must(t, s.SavePlacements(t.Context(), time.Now(), []pipeline.Placed{placed}))
}

// edit posts an alert and runs an editor while do changes its story.
func edit(t *testing.T, p *page, do func(s *store.Store, wake func())) {
	t.Helper()
	s := ledger(t, 1, "10")
	goesOn(t, s, 1)
	deliver(t, s, &discord{}, time.Second)
	x, err := alert.NewEditor(s, p, alert.EditorOptions{
		Gap: time.Minute, Workers: 2, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: 30 * time.Second,
		Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	p.begun = time.Now()
	go func() { ended <- x.Run(ctx) }()
	do(s, x.Wake)
	stop()
	must(t, <-ended)
}

func TestAnAlertFollowsItsStoryOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &page{}
		edit(t, p, func(s *store.Store, wake func()) {
			for voices := 2; voices <= 100; voices++ { // a voice every two seconds
				goesOn(t, s, voices)
				wake()
				time.Sleep(2 * time.Second)
			}
			time.Sleep(time.Hour)
		})
		for i := 1; i < len(p.after); i++ {
			if gap := p.after[i] - p.after[i-1]; gap < 60 {
				t.Errorf("edited after %d seconds again", gap)
			}
		}
		if n := len(p.voices); n > 5 || n == 0 || p.voices[n-1] != 100 || !slices.IsSorted(p.voices) {
			t.Errorf("edits tell of %d voices", p.voices)
		}
	})
}

func TestAnEditorMeets(t *testing.T) {
	t.Parallel()
	fail := func(r alert.Reason, wait time.Duration) error {
		return &alert.SendError{Reason: r, RetryAfter: wait, Err: errors.New("x")}
	}
	first := func(n int, err error) func(int) error {
		return func(try int) error {
			if try <= n {
				return err
			}
			return nil
		}
	}
	for _, c := range []struct {
		name   string
		before func(int) error
		tries  int
		want   []int
	}{
		{"a limit", first(1, fail(alert.ReasonRateLimited, 90*time.Second)), 3, []int{2, 3}},
		{"failures of Discord", first(3, fail(alert.ReasonUnavailable, 0)), 5, []int{2, 3}},
		{"what Discord refuses", first(1, fail(alert.ReasonRefused, 0)), 2, []int{3}},
		{"a message that people deleted", first(100, fail(alert.ReasonDeletedThere, 0)), 1, nil},
		{"a channel that it lost", first(100, fail(alert.ReasonNoAccess, 0)), 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &page{before: c.before}
				edit(t, p, func(s *store.Store, wake func()) {
					for _, voices := range []int{2, 3} {
						goesOn(t, s, voices)
						wake()
						time.Sleep(10 * time.Minute)
					}
				})
				if diff := cmp.Diff(c.want, p.voices); diff != "" || p.tries != c.tries {
					t.Errorf("%d tries, want %d; edits (-want +got):\n%s", p.tries, c.tries, diff)
				}
			})
		})
	}
}

func TestAnEditorNeedsItsOptions(t *testing.T) {
	t.Parallel()
	if _, err := alert.NewEditor(nil, &page{}, alert.EditorOptions{}); err == nil {
		t.Error("options that are not set are taken")
	}
}
