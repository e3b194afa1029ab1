package times_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command/times"
)

func TestASpanThatIsTooLongStaysLong(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]time.Duration{
		"2 weeks": 14 * 24 * time.Hour, "90 days": 90 * 24 * time.Hour, "99999 minutes": 99999 * time.Minute,
	} {
		if got, ok := times.ReadSpan(typed); !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", typed, got, ok, want)
		}
	}
	// More nanoseconds than a duration holds, of which what is left over would be ten
	// days, or less than nothing.
	for _, typed := range []string{"30502 weeks", "20000 weeks", "99999 weeks", "99999 days"} {
		if got, ok := times.ReadSpan(typed); !ok || got < 100*365*24*time.Hour || time.Now().Add(got).Before(time.Now()) {
			t.Errorf("%s: %v, %v", typed, got, ok)
		}
	}
}
