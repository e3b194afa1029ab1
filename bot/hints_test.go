package bot

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestHintsOfADay has Discord, or what stands before it, name a wait of a day. A
// hint that is wrong stops nothing for long, and one that is right for a while is
// not answered by hammering.
func TestHintsOfADay(t *testing.T) {
	t.Parallel()
	const channels = 15
	json := "Content-Type: application/json"
	global := func() *http.Response {
		return said(429, `{"message":"limited","retry_after":86400,"global":true}`, json, "Retry-After: 86400", "X-RateLimit-Scope: global")
	}
	user := func() *http.Response {
		return said(429, `{"message":"limited","retry_after":86400,"global":false}`, json, "Retry-After: 86400", "X-RateLimit-Scope: user")
	}
	block := func() *http.Response {
		return said(429, "<html>error code: 1015</html>", "Content-Type: text/html", "Retry-After: 86400")
	}
	for _, c := range []struct {
		name string
		says func() *http.Response
		// lasts is how long it is so; 0 means that only the first answer says it.
		lasts time.Duration
		// within is when all is told at the latest, asked how many requests are
		// refused at most.
		within time.Duration
		asked  int
	}{
		{"a global limit, once and wrong", global, 0, 7 * time.Minute, 1},
		{"a global limit, for an hour", global, time.Hour, time.Hour + 7*time.Minute, 14},
		{"a limit of the route, once and wrong", user, 0, time.Hour + time.Minute, 1},
		{"a block, once and wrong", block, 0, time.Hour + time.Minute, 1},
		{"a block, for an hour and a half", block, 90 * time.Minute, 2*time.Hour + time.Minute, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := newEdge(t, channels, 1)
				began, last, refused := time.Now(), time.Duration(0), 0
				e.setFate(func(n int, _ *http.Request) (*http.Response, bool, error) {
					if n == 0 || time.Since(began) < c.lasts {
						refused++
						return c.says(), false, nil
					}
					last = time.Since(began)
					return nil, true, nil
				})
				e.deliver(3 * time.Hour)
				missing, repeated := e.told(1)
				t.Logf("%d refused, all told after %v; %d missing, %d repeated", refused, last.Round(time.Second), missing, repeated)
				if missing+repeated > 0 || last > c.within {
					t.Errorf("%d missing, %d repeated, the last told after %v, want %v", missing, repeated, last, c.within)
				}
				// What was under way when the first answer came is refused as well.
				if most := c.asked + channels; c.lasts > 0 && refused > most || c.lasts == 0 && refused != 1 {
					t.Errorf("%d requests were refused, want at most %d", refused, most)
				}
			})
		})
	}
}
