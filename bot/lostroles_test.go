package bot

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestLostRoles takes the bot's role away in some of the guilds, each with so
// many channels that are owed an alert, and gives it back after a while.
func TestLostRoles(t *testing.T) {
	t.Parallel()
	const most = 100 // invalid requests in ten minutes
	for _, c := range []struct {
		name         string
		guilds, each int
		shut         int // of the guilds
		lasts        time.Duration
		healthy      time.Duration // within which the others have theirs
	}{
		{name: "one guild", guilds: 1, each: 500, shut: 1, lasts: 5 * time.Minute},
		{name: "two guilds", guilds: 2, each: 500, shut: 2, lasts: 5 * time.Minute},
		{name: "two guilds, for longer", guilds: 2, each: 100, shut: 2, lasts: 15 * time.Minute},
		{name: "one guild among others", guilds: 10, each: 20, shut: 1, lasts: 15 * time.Minute, healthy: 2 * time.Minute},
		{name: "ten guilds", guilds: 10, each: 20, shut: 10, lasts: 15 * time.Minute},
		{name: "half of ten guilds", guilds: 10, each: 20, shut: 5, lasts: 15 * time.Minute, healthy: 2 * time.Minute},
		{name: "a hundred guilds", guilds: 100, each: 2, shut: 100, lasts: 12 * time.Minute},
		{name: "half of a hundred guilds", guilds: 100, each: 2, shut: 50, lasts: 12 * time.Minute, healthy: 5 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			each := max(1, c.each/fewer)
			synctest.Test(t, func(t *testing.T) {
				e := newEdgeOf(t, c.guilds*each, each, 1)
				isShut := map[string]bool{}
				for i, ch := range e.channels {
					isShut[ch] = i*c.guilds/len(e.channels) < c.shut
				}
				began := time.Now()
				refused := map[string]bool{}
				late := time.Duration(0) // the last success of the others
				e.setFate(func(_ int, r *http.Request) (*http.Response, bool, error) {
					id := strings.Split(r.URL.Path, "/")[4]
					switch {
					case !isShut[id]:
						late = time.Since(began)
					case time.Since(began) < c.lasts:
						refused[id] = true
						return said(403, `{"message":"Missing Access","code":50001}`, "Content-Type: application/json"), false, nil
					}
					return nil, true, nil
				})
				e.deliver(c.lasts + 10*time.Minute)
				got := e.mostInvalid(10 * time.Minute)
				missing, repeated := e.told(1)
				t.Logf("%d channels of %d guilds, %d guilds shut for %v: %d invalid requests within ten minutes, %d in all; %d missing, %d repeated; the others had theirs within %v",
					len(e.channels), c.guilds, c.shut, c.lasts, got, len(e.invalid), missing, repeated, late.Round(time.Second))
				if got >= most {
					t.Errorf("%d invalid requests within ten minutes, want fewer than %d", got, most)
				}
				// Those that have refused wait until something in their guild changes.
				if missing != len(refused) || repeated > 0 {
					t.Errorf("%d missing, want %d; %d repeated", missing, len(refused), repeated)
				}
				if late > c.healthy && c.healthy > 0 {
					t.Errorf("guilds that take messages had theirs after %v", late)
				}
			})
		})
	}
}
