package alert

import (
	"testing"
	"time"
)

// TestShutGuilds walks through the life of a guild whose channels refuse.
func TestShutGuilds(t *testing.T) {
	t.Parallel()
	refused := Settlement{State: Pending, Reason: ReasonNoAccess, BlockChannel: true}
	sent := Settlement{State: Sent}
	at := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	var g shutGuilds
	tries := func(want bool, why string) {
		t.Helper()
		if got := g.wait(at, "1") == 0; got != want {
			t.Errorf("%s: a channel is tried: %v", why, got)
		}
	}
	for range shutAfter - 1 {
		tries(true, "few have refused")
		g.observe(at, "1", refused)
	}
	tries(true, "one fewer than is needed have refused")
	g.observe(at, "1", refused)
	tries(false, "as many as are needed have refused in a row")
	if g.wait(at, "2") != 0 {
		t.Error("another guild has to wait")
	}
	at = at.Add(shutProbe)
	tries(true, "it is time to look again")
	tries(false, "one channel looks for all")
	g.observe(at, "1", Settlement{State: Pending, Reason: ReasonRateLimited})
	tries(false, "an answer that tells nothing of permissions")
	at = at.Add(shutProbe)
	tries(true, "the next look")
	g.observe(at, "1", sent)
	tries(true, "the guild takes messages again")
	for range shutAfter - 1 {
		g.observe(at, "1", refused)
	}
	tries(true, "what was before is forgotten")
}
