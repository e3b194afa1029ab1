package times

import (
	"cmp"
	"regexp"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/text"
)

// clockForm is a time of the day as it is written in other countries than those of
// "8:00" and "8 pm": "19h", "19 h 30", "19.30", "19 Uhr", "19:30 Uhr".
var clockForm = regexp.MustCompile(`^([0-9]{1,2}) ?(?:([.:])|(\pL+)\.?) ?([0-9]{2})?(?: ?(\pL+)\.?)?$`)

// Clock reads a time of the day in the words of any language and returns its minute.
func Clock(typed string) (int, error) {
	m := clockForm.FindStringSubmatch(text.Fold(text.Clean(typed)))
	if m == nil {
		return digest.ParseTime(typed)
	}
	hour, sign, word, minutes, after := m[1], m[2], m[3], m[4], m[5]
	for _, w := range []string{word, after} {
		if w != "" && !IsWord("time.clock", w) {
			return digest.ParseTime(typed)
		}
	}
	if sign != "" && minutes == "" {
		return digest.ParseTime(typed)
	}
	return digest.ParseTime(hour + ":" + cmp.Or(minutes, "00"))
}
