package times

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
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

// spanForm is a number with its unit, and what may stand around them: "6h",
// "last 3 days", "2 weeks ago", "vor 3 Tagen".
var spanForm = regexp.MustCompile(`^((?:\pL+ ){0,3})([0-9]{1,5}) ?(\pL+)\.?((?: \pL+){0,2})$`)

// maxSpan is longer than anything that is asked for, and short enough to be added to a
// time: so many weeks as can be typed are not.
const maxSpan = 200 * 365 * 24 * time.Hour

// ReadSpan reads a span of time in the words of any language, folded. One beyond
// two centuries is cut to that.
func ReadSpan(typed string) (time.Duration, bool) {
	m := spanForm.FindStringSubmatch(typed)
	if m == nil {
		return 0, false
	}
	for w := range strings.FieldsSeq(m[1] + m[4]) {
		if !IsWord("time.around", w) {
			return 0, false
		}
	}
	n, err := strconv.Atoi(m[2])
	if err != nil || n == 0 {
		return 0, false
	}
	for id, unit := range unitsOf() {
		switch {
		case !IsWord(id, m[3]):
		case n > int(maxSpan/unit):
			return maxSpan, true
		default:
			return time.Duration(n) * unit, true
		}
	}
	return 0, false
}
