package alert_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
)

func TestWhenAMessageIsEdited(t *testing.T) {
	t.Parallel()
	const gap = time.Minute
	for _, c := range []struct {
		name string
		// posted and edited are how long ago that was; a zero edited is never.
		posted, edited time.Duration
		// want is how long from now on, below zero for never.
		want   time.Duration
		reason alert.EditReason
	}{
		{"a minute after it was posted", time.Minute, 0, 0, alert.EditNow},
		{"not at once", 20 * time.Second, 0, 40 * time.Second, alert.EditedLately},
		{"nor a moment after the last edit", 30 * time.Minute, 10 * time.Second, 50 * time.Second, alert.EditedLately},
		{"a minute after the last edit", 30 * time.Minute, time.Minute, 0, alert.EditNow},
		{"an old message less often", 2 * time.Hour, 5 * time.Minute, 10 * time.Minute, alert.EditedLately},
		{"but still", 2 * time.Hour, 15 * time.Minute, 0, alert.EditNow},
		{"one of last week never", 97 * time.Hour, 96 * time.Hour, -1, alert.EditTooOld},
		{"now, when a clock that was wrong says that it was edited later", time.Hour, -time.Hour, 0, alert.EditNow},
	} {
		e := alert.Edit{Posted: noon.Add(-c.posted)}
		if c.edited != 0 {
			e.Edited = noon.Add(-c.edited)
		}
		want := noon.Add(c.want)
		if c.want < 0 {
			want = time.Time{}
		}
		if at, reason := alert.DecideEdit(noon, gap, e); !at.Equal(want) || reason != c.reason {
			t.Errorf("%s: at %v, %s; want %v, %s", c.name, at, reason, want, c.reason)
		}
	}
}

func TestWhatAnEditComesTo(t *testing.T) {
	t.Parallel()
	fail := func(r alert.Reason, wait time.Duration) error {
		return fmt.Errorf("edit: %w", &alert.SendError{Reason: r, RetryAfter: wait, Err: errors.New("x")})
	}
	settled := func(o alert.EditOutcome, reason alert.Reason, wait time.Duration, failures int) alert.EditSettlement {
		return alert.EditSettlement{Outcome: o, Reason: string(reason), Due: noon.Add(wait), Failures: failures}
	}
	for _, c := range []struct {
		name     string
		failures int
		err      error
		want     alert.EditSettlement
	}{
		{"success", 3, nil, settled(alert.EditDone, "story-changed", 0, 0)},
		{"a limit is waited out and counts as no failure", 3, fail(alert.ReasonRateLimited, 3*time.Second), settled(alert.EditWaits, alert.ReasonRateLimited, 3*time.Second, 3)},
		{"one without an end is left alone for long", 0, fail(alert.ReasonRateLimited, 0), settled(alert.EditWaits, alert.ReasonRateLimited, 10*time.Minute, 0)},
		{"so is a block", 0, fail(alert.ReasonHeldBack, 0), settled(alert.EditWaits, alert.ReasonHeldBack, 10*time.Minute, 0)},
		{"a refused token waits for an operator", 0, fail(alert.ReasonUnauthorized, 0), settled(alert.EditWaits, alert.ReasonUnauthorized, 10*time.Minute, 0)},
		{"no answer is tried again soon, since repeating does no harm", 0, errors.New("?"), settled(alert.EditWaits, alert.ReasonUncertain, time.Second, 1)},
		{"ever more seldom", 4, fail(alert.ReasonUnavailable, 0), settled(alert.EditWaits, alert.ReasonUnavailable, 16*time.Second, 5)},
		{"and at last given up until the story changes again", alert.MaxEditFailures - 1, fail(alert.ReasonUnavailable, 0), settled(alert.EditDropped, alert.ReasonUnavailable, 0, 0)},
		{"so is what Discord refuses", 0, fail(alert.ReasonRefused, 0), settled(alert.EditDropped, alert.ReasonRefused, 0, 0)},
		{"what people deleted does not come back", 0, fail(alert.ReasonDeletedThere, 0), alert.EditSettlement{Outcome: alert.EditEnds, Reason: string(alert.ReasonDeletedThere)}},
		{"a lost permission ends it", 0, fail(alert.ReasonNoAccess, 0), alert.EditSettlement{Outcome: alert.EditEnds, Reason: string(alert.ReasonNoAccess)}},
		{"so does a deleted channel", 0, fail(alert.ReasonNoChannel, 0), alert.EditSettlement{Outcome: alert.EditEnds, Reason: string(alert.ReasonNoChannel)}},
		{"and a guild that is gone", 0, fail(alert.ReasonNoGuild, 0), alert.EditSettlement{Outcome: alert.EditEnds, Reason: string(alert.ReasonNoGuild)}},
	} {
		got := alert.JudgeEdit(noon, alert.Edit{Failures: c.failures}, c.err)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
