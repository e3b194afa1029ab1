package lookup

import (
	"errors"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/text"
)

// now is when the tests take place.
var now = time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)

func TestTimesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]time.Time{
		"": {}, "  ": {},
		"30m": now.Add(-30 * time.Minute), "6h": now.Add(-6 * time.Hour), "6 Hours ago": now.Add(-6 * time.Hour),
		"last 3 days": now.AddDate(0, 0, -3), "2w": now.AddDate(0, 0, -14), "1 week": now.AddDate(0, 0, -7),
		"Today": time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC), "yesterday": time.Date(2026, 1, 29, 0, 0, 0, 0, time.UTC),
		"2025-12-31": time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), "2026-01-30 11:59": time.Date(2026, 1, 30, 11, 59, 0, 0, time.UTC),
		"2026-01-30T11:59Z": time.Date(2026, 1, 30, 11, 59, 0, 0, time.UTC), "14 March 2025": time.Date(2025, 3, 14, 0, 0, 0, 0, time.UTC),
		"14 mar 2025 UTC": time.Date(2025, 3, 14, 0, 0, 0, 0, time.UTC),
		"6 годин":         now.Add(-6 * time.Hour), "3 дні тому": now.AddDate(0, 0, -3), "Учора": time.Date(2026, 1, 29, 0, 0, 0, 0, time.UTC),
		"il y a 2 jours": now.AddDate(0, 0, -2), "aujourd’hui": time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC), "vor 3 Tagen": now.AddDate(0, 0, -3),
		"hace 2 días": now.AddDate(0, 0, -2), "últimas 24 horas": now.AddDate(0, 0, -1), "2 tygodnie": now.AddDate(0, 0, -14), "5 godz.": now.Add(-5 * time.Hour),
	} {
		if got, err := parseSince(typed, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v (%v), want %v", typed, got, err, want)
		}
	}
	for _, typed := range []string{"0h", "-1h", "6", "h", "6 fortnights", "vor 6", "3 eggs ago", "tomorrow", "завтра", "2026-02-30", "2026-01-30 12:01", "99999 weeks", "1969-12-31", "\xff", "٣ days"} {
		var e *interaction.Error
		if got, err := parseSince(typed, now); !errors.As(err, &e) || !got.IsZero() {
			t.Errorf("%q is %v (%v), want a refusal", typed, got, err)
		}
	}
}

func FuzzParseSince(f *testing.F) {
	for _, s := range []string{"", "6h", "last 3 days", "yesterday", "2026-01-30", "2026-01-30 11:59", "14 mar 2025 utc", "99999w", "\xff", "\u0301", "\u200d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := parseSince(typed, now)
		switch {
		case err != nil:
			var e *interaction.Error
			if !errors.As(err, &e) || !got.IsZero() {
				t.Errorf("%q: %v, %v", typed, got, err)
			}
		case got.After(now) || !got.Truncate(time.Minute).Equal(got):
			t.Errorf("%q is %v", typed, got)
		case got.IsZero() && text.Clean(typed) != "":
			t.Errorf("%q is no time", typed)
		}
	})
}
