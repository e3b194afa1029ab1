package gateway

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	const stable = time.Minute
	network := errors.New("reset")
	tests := []struct {
		name   string
		e      ending
		before plan
		want   plan
	}{
		{"a stable connection is resumed at once", ending{cause: network, established: true, uptime: time.Hour}, plan{failures: 3}, plan{}},
		{"READY and gone counts as a failure", ending{cause: network, identified: true, established: true, uptime: time.Second}, plan{failures: 3}, plan{failures: 4}},
		{"a first session that never began is not resumed", ending{cause: network, identified: true}, plan{}, plan{fresh: true, failures: 1}},
		{"a failed resume is repeated", ending{cause: network}, plan{failures: 1, resumes: 1}, plan{failures: 2, resumes: 2}},
		{"the fourth failed resume gives the session up", ending{cause: network}, plan{failures: 3, resumes: 3}, plan{fresh: true, failures: 4}},
		{"a stuck session is replaced, after a pause", ending{cause: network, established: true, uptime: time.Hour, stuck: true}, plan{}, plan{fresh: true, failures: 1}},
		{"a session with an event that cannot be taken is replaced", ending{cause: errHollow, established: true, uptime: time.Hour}, plan{}, plan{fresh: true, failures: 1}},
		{"an invalid session is replaced, after a pause", ending{cause: errInvalidSession, established: true, uptime: time.Hour}, plan{}, plan{fresh: true, failures: 1}},
		{"close 4009 ends the session", ending{cause: &closeError{code: 4009}, established: true, uptime: time.Hour}, plan{}, plan{fresh: true, failures: 1}},
		{"close 4000 does not", ending{cause: &closeError{code: 4000}, established: true, uptime: time.Hour}, plan{}, plan{}},
		{"close 1001 does not", ending{cause: &closeError{code: 1001}, established: true, uptime: time.Hour}, plan{}, plan{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, decide(tt.e, tt.before, stable), cmp.AllowUnexported(plan{})); diff != "" {
				t.Errorf("wrong plan (-want +got):\n%s", diff)
			}
		})
	}
}

// With READY followed by a close, or op 9 each time, a day must not use up the
// 1,000 identifies after which Discord resets the token.
func TestADayOfFailuresStaysWithinTheIdentifies(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]ending{
		"op 9 after each identify":     {cause: errInvalidSession, identified: true},
		"READY, then the session ends": {cause: &closeError{code: 4009}, identified: true, established: true, uptime: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p plan
			var passed time.Duration
			identifies := 0
			for passed < 24*time.Hour {
				identifies++
				p = decide(e, p, time.Minute)
				passed += e.uptime + backoff(p.failures, 2*time.Second, 10*time.Minute, 0.999)
			}
			if identifies > 300 {
				t.Errorf("%d identifies in a day", identifies)
			}
		})
	}
}

func TestBackoffStaysInItsBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		low := time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "low"))
		high := low + time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "more"))
		n := rapid.IntRange(1, 1000).Draw(t, "failures")
		jitter := rapid.Float64Range(0, 0.999).Draw(t, "jitter")
		d := backoff(n, low, high, jitter)
		if d < low-low/4-1 || d > high {
			t.Fatalf("%s is outside %s to %s", d, low, high)
		}
		if full := backoff(n, low, high, 0); full > backoff(n+1, low, high, 0) {
			t.Fatalf("the pause shrinks after %d failures", n)
		}
	})
	if backoff(0, time.Second, time.Minute, 0) != 0 {
		t.Error("waits without a failure")
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		url   string
		plain bool
		ok    bool
	}{
		{"wss://gateway.discord.gg", false, true},
		{"ws://127.0.0.1:8080", false, true},
		{"ws://[::1]:8080/", false, true},
		{"ws://localhost:1", false, true},
		{"ws://sandbox:1", false, false},
		{"ws://sandbox:1", true, true},
		{"https://gateway.discord.gg", false, false},
		{"wss://user@gateway.discord.gg", false, false},
		{"wss://gateway.discord.gg/?x=1", false, false},
		{"wss://", false, false},
		{"\x7f", false, false},
	}
	for _, tt := range tests {
		if err := checkURL(tt.url, tt.plain); (err == nil) != tt.ok {
			t.Errorf("%s, plain allowed %v: %v", tt.url, tt.plain, err)
		}
	}
}
