package times_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command/times"
)

func TestASpanThatIsTooLongStaysLong(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]time.Duration{
		"2h 30m": 150 * time.Minute, "2h30m": 150 * time.Minute, "1 std. 5 min.": 65 * time.Minute, "last 3 days": 72 * time.Hour, "il y a 2 jours": 48 * time.Hour, "1 день 2 години тому": 26 * time.Hour,
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

func TestWhatIsNoSpan(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", " ", "h", "2", "2 2 h", "1.5h", "-2h", "8:00", "2026-01-30", "2h or so", "no 2h", "2h 30", "100000 h", "0h", "last last last last 2h", "9٠ h"} {
		if got, ok := times.ReadSpan(typed); ok {
			t.Errorf("%q: %v", typed, got)
		}
	}
}

func TestClocks(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int{
		"8:00": 480, "8 pm": 1200, "12am": 0, "19h": 1140, "19h30": 1170, "19 h 05": 1145, "19.30": 1170, "7 Uhr": 420, "19:30 Uhr": 1170, "7.30 Uhr": 450,
		"8 heures": 480, "21 год.": 1260, "godz": -1, "24h": -1, "19.": -1, "19h5": -1, "19:": -1, "19": -1, "19 Uhr pm": -1, "8 h pm": -1, "8.30 pm": -1, "h 8": -1, "19x30": -1,
		"7.75": -1, "noon": -1, "": -1,
	} {
		got, err := times.Clock(typed)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: minute %d, want %d", typed, got, want)
		}
	}
}
