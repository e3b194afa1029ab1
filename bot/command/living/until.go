package living

import (
	"cmp"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/text"
)

// maxFor is how far ahead an end can be.
const maxFor = 366 * 24 * time.Hour

// parseFor reads when something is to end, as people type it: "2 hours", "8:00",
// "tomorrow", "tomorrow 8:00", "2026-01-30 14:00", in a time zone. Nothing typed is
// [quiet.Forever].
func parseFor(typed string, now time.Time, zone *time.Location) (time.Time, error) {
	if typed = text.Clean(typed); typed == "" {
		return quiet.Forever, nil
	}
	at, ok := readFor(text.Fold(typed), now, zone)
	switch {
	case !ok:
		return time.Time{}, interaction.Refuse(interaction.BadOption, "living.bad-time", wording.Args{"typed": typed})
	case !at.After(now) || at.Sub(now) > maxFor:
		return time.Time{}, interaction.Refuse(interaction.BadOption, "living.far-time")
	}
	return at, nil
}

func readFor(typed string, now time.Time, zone *time.Location) (time.Time, bool) {
	if ahead, ok := times.ReadSpan(typed); ok {
		return now.Add(ahead), true
	}
	if first, rest, ok := strings.Cut(typed, " "); ok && times.IsWord("time.until", first) {
		typed = rest
	}
	today := digest.DateOf(now.In(zone))
	if minute, err := times.Clock(typed); err == nil {
		at := digest.Instant(zone, today, minute)
		if !at.After(now) {
			at = digest.Instant(zone, today.Add(1), minute)
		}
		return at, true
	}
	day, clock, _ := strings.Cut(typed, " ")
	minute := 0
	if clock != "" {
		var err error
		if minute, err = times.Clock(clock); err != nil {
			return time.Time{}, false
		}
	}
	if times.IsWord("time.tomorrow", day) {
		return digest.Instant(zone, today.Add(1), minute), true
	}
	date, err := digest.ParseDate(day)
	if err != nil || date.IsZero() || date.Year < 1970 || date.Year > 9000 {
		return time.Time{}, false
	}
	return digest.Instant(zone, date, minute), true
}

// who names a member; a name that was erased is somebody's.
func who(id string, in wording.Speaker) message.Markup {
	return cmp.Or(message.User(id), in.Say("living.somebody"))
}

// completeFor offers times. Their values are English in every language.
func completeFor(q interaction.Request, typed string) []interaction.Choice {
	folded := text.Fold(text.Clean(typed))
	hours := func(n int) string { return q.Plain("lookup.hours", wording.Args{"count": n}) }
	days := func(n int) string { return q.Plain("lookup.days", wording.Args{"count": n}) }
	out := make([]interaction.Choice, 0, 6)
	for _, one := range []interaction.Choice{
		{Name: hours(1), Value: "1 hour"},
		{Name: hours(8), Value: "8 hours"},
		{Name: days(1), Value: "1 day"},
		{Name: q.Plain("time.morning", wording.Args{"time": "8:00"}), Value: "tomorrow 8:00"},
		{Name: days(7), Value: "7 days"},
		{Name: days(30), Value: "30 days"},
	} {
		if strings.HasPrefix(text.Fold(one.Name), folded) || strings.HasPrefix(one.Value, folded) {
			out = append(out, one)
		}
	}
	if at, err := parseFor(typed, q.Now, time.UTC); len(out) == 0 && err == nil && at.Before(quiet.Forever) {
		out = append(out, interaction.Choice{Name: text.Clean(typed), Value: text.Clean(typed)})
	}
	return out
}
