package command

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/text"
)

// sincePresets are the times that are offered, in the order to offer them.
var sincePresets = []Choice{
	{"1 hour", "1 hour"},
	{"6 hours", "6 hours"},
	{"24 hours", "24 hours"},
	{"Today (UTC)", "today"},
	{"Yesterday (UTC)", "yesterday"},
	{"3 days", "3 days"},
	{"7 days", "7 days"},
	{"30 days", "30 days"},
}

// maxSince is how far back one can ask.
const maxSince = 10 * 365 * 24 * time.Hour

// agoForm is "6h", "last 3 days", "2 weeks ago".
var agoForm = regexp.MustCompile(`^(?:last |past )?([0-9]{1,5}) ?(m|min|mins|minute|minutes|h|hour|hours|d|day|days|w|week|weeks)(?: ago)?$`)

// sinceUnits are the units by their first letter.
var sinceUnits = map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// parseSince reads a time in the past as people type it: "6h", "3 days",
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
		return time.Time{}, &Error{Code: BadOption, Message: message.Format("I could not read the time “%s”. Type one such as 6 hours, 3 days, yesterday or 2026-01-30 14:00 (UTC).", typed)}
	case at.After(now):
		return time.Time{}, &Error{Code: BadOption, Message: "That time is still to come. Type one in the past, such as 6 hours."}
	case now.Sub(at) > maxSince:
		return time.Time{}, &Error{Code: BadOption, Message: "That is longer ago than I remember. Type one such as 30 days."}
	}
	// Buttons carry minutes.
	return at.Truncate(time.Minute), nil
}

func readSince(typed string, now time.Time) (time.Time, bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch typed {
	case "today":
		return today, true
	case "yesterday":
		return today.AddDate(0, 0, -1), true
	}
	if m := agoForm.FindStringSubmatch(typed); m != nil {
		n, err := strconv.Atoi(m[1])
		return now.Add(-time.Duration(n) * sinceUnits[m[2][0]]), err == nil && n > 0
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
func completeSince(typed string, now time.Time) []Choice {
	var out []Choice
	folded := text.Fold(text.Clean(typed))
	for _, c := range sincePresets {
		if strings.HasPrefix(text.Fold(c.Name), folded) {
			out = append(out, c)
		}
	}
	at, err := parseSince(folded, now)
	if err == nil && !at.IsZero() && len(out) == 0 {
		out = append(out, Choice{Name: at.Format("2 January 2006, 15:04 UTC"), Value: folded})
	}
	return out
}
