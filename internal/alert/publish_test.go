package alert_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/alert"
)

func TestWhenAnAlertIsPublished(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	full := func(oldest time.Duration) (out []time.Time) {
		for range alert.MaxPublished {
			out = append(out, ago(oldest))
		}
		return out
	}
	for _, c := range []struct {
		name   string
		posted time.Time
		before []time.Time
		at     time.Time
		why    alert.PublishReason
	}{
		{"at once", now, nil, now, alert.PublishNow},
		{"the tenth of an hour", now, full(time.Minute)[1:], now, alert.PublishNow},
		{"not the eleventh", now, full(50 * time.Minute), now.Add(10 * time.Minute), alert.HourFull},
		{"the hour is over", now, full(time.Hour), now, alert.PublishNow},
		{"the turn comes too late", now, full(10 * time.Minute), now.Add(alert.MaxPublishWait + time.Millisecond), alert.HourFull},
		{"it waited for a turn", ago(16 * time.Minute), full(50 * time.Minute), time.Time{}, alert.HourFull},
		{"it waited for something else", ago(16 * time.Minute), nil, now, alert.PublishNow},
		{"it is old", ago(61 * time.Minute), nil, time.Time{}, alert.PublishTooOld},
		{"times of a clock that was ahead do not count", now, full(-time.Hour), now, alert.PublishNow},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at, why := alert.DecidePublish(now, alert.Publication{Posted: c.posted, Published: c.before})
			if !at.Equal(c.at) || why != c.why {
				t.Errorf("got %v, %s; want %v, %s", at, why, c.at, c.why)
			}
		})
	}
}

// Whoever asks again when he is told to comes to an end.
func TestPublicationsEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		p := alert.Publication{Posted: now.Add(-time.Duration(rapid.IntRange(0, 7200).Draw(t, "age")) * time.Second)}
		for range rapid.IntRange(0, 15).Draw(t, "published") {
			p.Published = append(p.Published, now.Add(-time.Duration(rapid.IntRange(0, 4000).Draw(t, "before"))*time.Second))
		}
		for range 5 {
			at, _ := alert.DecidePublish(now, p)
			if at.IsZero() || at.Equal(now) {
				return
			}
			if !at.After(now) || at.After(p.Posted.Add(alert.MaxPublishAge)) {
				t.Fatalf("at %v it is to wait until %v", now, at)
			}
			now = at
		}
		t.Fatal("it waits for ever")
	})
}

func TestWhatAPublicationComesTo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name     string
		reason   alert.Reason
		wait     time.Duration
		failures int
		want     alert.PublishOutcome
		due      time.Duration
	}{
		{"Discord's limit", alert.ReasonRateLimited, 40 * time.Minute, 0, alert.PublishWaits, 40 * time.Minute},
		{"a limit that ends too late", alert.ReasonRateLimited, 2 * time.Hour, 0, alert.Unpublished, 0},
		{"no answer", alert.ReasonUncertain, 0, 0, alert.PublishWaits, time.Second},
		{"no answer again and again", alert.ReasonUncertain, 0, alert.MaxPublishFailures - 1, alert.Unpublished, 0},
		{"the message was deleted", alert.ReasonDeletedThere, 0, 0, alert.Unpublished, 0},
		{"a lost permission", alert.ReasonNoAccess, 0, 0, alert.Unpublished, 0},
		{"it is no announcement channel any more", alert.ReasonWrongChannel, 0, 0, alert.Unpublished, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := alert.Publication{Posted: now, Failures: c.failures}
			s := alert.JudgePublish(now, p, &alert.SendError{Reason: c.reason, RetryAfter: c.wait, Err: errors.New("x")})
			if s.Outcome != c.want || s.Due.Sub(now) != c.due || s.Reason != string(c.reason) {
				t.Errorf("got %+v", s)
			}
		})
	}
	if s := alert.JudgePublish(now, alert.Publication{Posted: now}, nil); s.Outcome != alert.Published {
		t.Errorf("a success is %+v", s)
	}
}
