package lookup

import (
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/text"
)

// sincePresets are the times that are offered, in the order to offer them. Their
// values are English in every language.
func sincePresets(in wording.Speaker) []interaction.Choice {
	hours := func(n int) string { return in.Plain("lookup.hours", wording.Args{"count": n}) }
	days := func(n int) string { return in.Plain("lookup.days", wording.Args{"count": n}) }
	return []interaction.Choice{
		{Name: hours(1), Value: "1 hour"},
		{Name: hours(6), Value: "6 hours"},
		{Name: hours(24), Value: "24 hours"},
		{Name: in.Plain("lookup.today"), Value: "today"},
		{Name: in.Plain("lookup.yesterday"), Value: "yesterday"},
		{Name: days(3), Value: "3 days"},
		{Name: days(7), Value: "7 days"},
		{Name: days(30), Value: "30 days"},
	}
}

// stamp is a time in UTC as plain text, for places that show no time stamps.
func stamp(t time.Time, in wording.Speaker) string {
	return in.Date(t) + ", " + t.UTC().Format("15:04 UTC")
}

// maxSince is how far back one can ask.
const maxSince = 10 * 365 * 24 * time.Hour

// parseSince reads a time in the past as people type it, in any language: "6h", "3 days",
// "yesterday", "2026-01-30", "2026-01-30 14:00". Dates are in UTC. Nothing typed is
// the zero time.
func parseSince(typed string, now time.Time) (time.Time, error) {
	if typed = text.Clean(typed); typed == "" {
		return time.Time{}, nil
	}
	typed = text.Fold(typed)
	at, ok := readSince(typed, now.UTC())
	switch {
	case !ok:
		return time.Time{}, interaction.Refuse(interaction.BadOption, "lookup.bad-time", wording.Args{"typed": typed})
	case at.After(now):
		return time.Time{}, interaction.Refuse(interaction.BadOption, "lookup.future-time")
	case now.Sub(at) > maxSince:
		return time.Time{}, interaction.Refuse(interaction.BadOption, "lookup.old-time")
	}
	// Buttons carry minutes.
	return at.Truncate(time.Minute), nil
}

func readSince(typed string, now time.Time) (time.Time, bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case times.IsWord("time.today", typed):
		return today, true
	case times.IsWord("time.yesterday", typed):
		return today.AddDate(0, 0, -1), true
	}
	if back, ok := times.ReadSpan(typed); ok {
		return now.Add(-back), true
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02t15:04", "2 January 2006", "2 Jan 2006"} {
		if t, err := time.Parse(layout, strings.TrimSuffix(strings.TrimSuffix(typed, "z"), " utc")); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// completeSince offers times: what was typed, where it can be read, and those
// that begin so.
func completeSince(typed string, now time.Time, in wording.Speaker) []interaction.Choice {
	var out []interaction.Choice
	folded := text.Fold(text.Clean(typed))
	for _, c := range sincePresets(in) {
		if strings.HasPrefix(text.Fold(c.Name), folded) || strings.HasPrefix(c.Value, folded) {
			out = append(out, c)
		}
	}
	at, err := parseSince(folded, now)
	if err == nil && !at.IsZero() && len(out) == 0 {
		out = append(out, interaction.Choice{Name: stamp(at, in), Value: folded})
	}
	return out
}
