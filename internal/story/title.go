package story

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

const (
	// minTitleWords is the number of content words below which a title is too
	// short to tell one development from another.
	minTitleWords = 5
	// maxExtra is the share of a title's words that the other one may lack.
	maxExtra = 0.35
	// minStem is the length in bytes from which two words with one beginning
	// count as forms of one word, maxEnding the length of what one may add.
	// Letters of other scripts take more bytes, and so get stricter endings.
	minStem   = 4
	maxEnding = 3
	// stemClass is the length of the beginning that all forms of a word share.
	stemClass = minStem - 1
)

// title is a report's title as it is compared.
type title struct {
	language string
	time     time.Time
	// words are the content words without repeats, in reading order; sorted are
	// the same in order of the alphabet. Numbers and negations are kept apart
	// since they must agree.
	words, sorted []string
	numbers       []string
	negations     int
	// mask has a bit for the beginning of each word: a title that covers another
	// one has all its bits.
	mask uint64
}

// isNumeral knows the number words of headlines. A title that says "two" is not
// near one that says "four".
func isNumeral(w string) bool {
	switch w {
	case "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"dozen", "dozens", "hundred", "hundreds", "thousand", "thousands", "million":
		return true
	}
	return w[0] >= '0' && w[0] <= '9'
}

// numberOf writes a numeral as its digits, without the unit that is written
// close: "four" and "4th" are 4, "6.2bn" is 6.2.
func numberOf(w string) string {
	for i, name := range [...]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"} {
		if w == name {
			return strconv.Itoa(i + 1)
		}
	}
	end := 0
	for end < len(w) && (w[end] >= '0' && w[end] <= '9' || w[end] == '.' || w[end] == ',') {
		end++
	}
	if end == 0 {
		return w
	}
	return w[:end]
}

// isNegator knows words that turn what a headline says.
func isNegator(w string) bool {
	switch w {
	case "no", "not", "never", "nor", "neither", "without", "deny", "denies", "denied", "denying",
		"reject", "rejects", "rejected", "refuse", "refuses", "refused", "fail", "fails", "failed",
		"cancel", "cancels", "cancelled", "delay", "delays", "delayed", "postpone", "postpones", "postponed",
		"end", "ends", "ended":
		return true
	}
	return false
}

// readTitle makes a title of its tokens, without the outlet's.
func readTitle(r report.Report, toks []text.Token, shouting bool) title {
	t := title{language: r.Language, time: r.Time()}
	for _, k := range toks {
		if k.Kind == text.Word && isNegator(k.Fold) {
			t.negations++
		}
		switch {
		case !k.Content(shouting) || k.Fold == "":
		case isNumeral(k.Fold):
			t.numbers = append(t.numbers, numberOf(k.Fold))
		default:
			t.words = append(t.words, k.Fold)
		}
	}
	slices.Sort(t.numbers)
	t.sorted = slices.Clone(t.words)
	slices.Sort(t.sorted)
	if distinct := slices.Compact(t.sorted); len(distinct) < len(t.words) {
		t.sorted = distinct
		t.words = firstOfEach(t.words)
	}
	for _, w := range t.words {
		t.mask |= classBit(w)
	}
	return t
}

// firstOfEach drops repeats.
func firstOfEach(words []string) []string {
	out := words[:0]
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// classBit is the bit of a word's beginning, equal for all forms of a word.
func classBit(w string) uint64 {
	h := uint64(0)
	for i := range min(len(w), stemClass) {
		h = h*31 + uint64(w[i])
	}
	return 1 << (h * 0x9E3779B97F4A7C15 >> 58)
}

// withoutOutlet drops an outlet's name from a title's end: "… | Reuters",
// "… - BBC News".
func withoutOutlet(s string) string {
	for _, sep := range []string{" | ", " - ", " – ", " — "} {
		i := strings.LastIndex(s, sep)
		if i > 0 && len(strings.Fields(s[i+len(sep):])) <= 3 && len(strings.Fields(s[:i])) >= minTitleWords {
			return s[:i]
		}
	}
	return s
}

// tells reports whether the title is long enough to tell one development from
// another.
func (t *title) tells() bool { return len(t.words) >= minTitleWords }

// same reports whether a title near t is as near to o, and the other way round,
// but for the time.
func (t *title) same(o *title) bool {
	return t.mask == o.mask && t.language == o.language && t.negations == o.negations &&
		slices.Equal(t.words, o.words) && slices.Equal(t.numbers, o.numbers)
}

// near reports whether the two titles say the same: in one language, with the
// same numbers and negations, with words that only one of them adds to, and
// with the parties in the same places. It is symmetric.
func (t *title) near(o *title) bool {
	long, short := t, o
	if len(long.words) < len(short.words) {
		long, short = short, long
	}
	if short.mask&^long.mask != 0 || !short.tells() || t.negations != o.negations || t.language != o.language ||
		float64(len(long.words)-len(short.words)) > maxExtra*float64(len(long.words)) {
		return false
	}
	if gap := t.time.Sub(o.time); gap > titleWindow || gap < -titleWindow || !slices.Equal(t.numbers, o.numbers) {
		return false
	}
	if len(long.words) == len(short.words) && !short.covers(long) {
		return false
	}
	return long.covers(short) && !t.reverses(o)
}

// covers reports whether every word of o, or a form of it, is in t.
func (t *title) covers(o *title) bool {
	for _, w := range o.sorted {
		if _, ok := slices.BinarySearch(t.sorted, w); ok {
			continue
		}
		if !slices.ContainsFunc(t.sorted, func(l string) bool { return oneWord(w, l) }) {
			return false
		}
	}
	return true
}

// reverses reports whether a word that t begins with and one that o begins with
// change places around a word between them: "Israel launches missiles at Iran"
// is not "Iran launches missiles at Israel".
func (t *title) reverses(o *title) bool {
	for inT, a := range t.words[:min(2, len(t.words))] {
		aInO := slices.Index(o.words, a)
		for inO, b := range o.words[:min(2, aInO+1)] {
			bInT := slices.Index(t.words, b)
			if bInT > inT+1 && aInO > inO+1 && share(t.words[inT+1:bInT], o.words[inO+1:aInO]) {
				return true
			}
		}
	}
	return false
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) })
}

// oneWord reports whether a and b are forms of one word, such as "strike" and
// "strikes": one begins with the other and adds an ending.
func oneWord(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	ending, ok := strings.CutPrefix(b, a)
	if !ok || ending == "" {
		return ok
	}
	if len(a) >= minStem {
		return len(ending) <= maxEnding && !strangers(a, b)
	}
	return len(a) == stemClass && ending == "s"
}

// strangers knows pairs that look like forms of one word and are names of
// different places.
func strangers(short, long string) bool {
	switch short {
	case "niger":
		return strings.HasPrefix(long, "nigeria")
	case "india", "indian":
		return long == "indiana"
	case "roman", "romani":
		return long == "romania" || long == "romanian"
	case "dominica":
		return strings.HasPrefix(long, "dominican")
	}
	return false
}
