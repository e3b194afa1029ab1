package times

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/text"
)

// unitsOf are the units that a span of time can have, with the entry that has the
// words for each.
func unitsOf() map[wording.ID]time.Duration {
	return map[wording.ID]time.Duration{"time.minutes": time.Minute, "time.hours": time.Hour, "time.days": 24 * time.Hour, "time.weeks": 7 * 24 * time.Hour}
}

// IsWord reports whether a folded word is one of an entry's, in any language.
func IsWord(id wording.ID, word string) bool {
	return slices.ContainsFunc(wording.Words(id), func(w string) bool { return text.Fold(w) == word })
}

// spanForm is what spans are written with, and spanParts are their numbers and words:
// "6h", "last 3 days", "2 weeks ago", "vor 3 Tagen", "2h 30m".
var (
	spanForm  = regexp.MustCompile(`^[\pL0-9][\pL0-9 .]*$`)
	spanParts = regexp.MustCompile(`[0-9]+|\pL+`)
)

// maxAround is how many words may stand before a span, or behind it.
const maxAround = 3

// maxSpan is longer than anything that is asked for, and short enough to be added to a
// time: so many weeks as can be typed are not.
const maxSpan = 200 * 365 * 24 * time.Hour

// ReadSpan reads a span of time in the words of any language, folded. One beyond
// two centuries is cut to that.
func ReadSpan(typed string) (time.Duration, bool) {
	parts := spanParts.FindAllString(typed, -1)
	first := slices.IndexFunc(parts, isNumber)
	if !spanForm.MatchString(typed) || first < 0 || first > maxAround {
		return 0, false
	}
	around, parts := parts[:first:first], parts[first:]
	var span time.Duration
	for len(parts) > 1 && isNumber(parts[0]) {
		one, ok := spanOf(parts[0], parts[1])
		if !ok {
			return 0, false
		}
		span, parts = min(span+one, maxSpan), parts[2:]
	}
	for _, w := range append(around, parts...) {
		if !IsWord("time.around", w) {
			return 0, false
		}
	}
	return span, len(parts) <= maxAround
}

func isNumber(part string) bool { return part[0] >= '0' && part[0] <= '9' }

// spanOf is so many of a unit.
func spanOf(number, unit string) (time.Duration, bool) {
	n, err := strconv.Atoi(number)
	if err != nil || n == 0 || len(number) > 5 {
		return 0, false
	}
	for id, one := range unitsOf() {
		switch {
		case !IsWord(id, unit):
		case n > int(maxSpan/one):
			return maxSpan, true
		default:
			return time.Duration(n) * one, true
		}
	}
	return 0, false
}
