package story

import (
	"slices"
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
	// minStem is the length from which two words with one beginning count as
	// forms of one word.
	minStem = 4
)

// title is a report's title as it is compared.
type title struct {
	language string
	time     time.Time
	// words are the content words, sorted and without repeats; numbers and
	// negations are kept apart since they must agree.
	words     []string
	numbers   []string
	negations int
}

// numerals are number words of headlines. A title that says "two" is not near
// one that says "four".
const numerals = " one two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands million "

// negators are words that turn what a headline says.
const negators = " no not never nor neither without deny denies denied denying reject rejects rejected refuse refuses refused fail fails failed cancel cancels cancelled delay delays delayed postpone postpones postponed end ends ended "

func newTitle(r report.Report) title {
	t := title{language: r.Language, time: r.Time()}
	body := withoutOutlet(r.Title)
	for _, w := range text.Words(body) {
		switch {
		case w[0] >= '0' && w[0] <= '9' || strings.Contains(numerals, " "+w+" "):
			t.numbers = append(t.numbers, w)
		default:
			t.words = append(t.words, w)
		}
	}
	for _, k := range text.Tokens(body) {
		if k.Kind == text.Word && strings.Contains(negators, " "+k.Fold+" ") {
			t.negations++
		}
	}
	slices.Sort(t.words)
	t.words = slices.Compact(t.words)
	slices.Sort(t.numbers)
	return t
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

func (t title) same(o title) bool {
	return t.language == o.language && t.negations == o.negations && slices.Equal(t.words, o.words) && slices.Equal(t.numbers, o.numbers)
}

// near reports whether the two titles say the same: in one language, with the
// same numbers and negations, and with words that only one of them adds to.
func (t title) near(o title) bool {
	gap := t.time.Sub(o.time)
	if t.language != o.language || gap > titleWindow || gap < -titleWindow ||
		t.negations != o.negations || !slices.Equal(t.numbers, o.numbers) {
		return false
	}
	long, short := t.words, o.words
	if len(long) < len(short) {
		long, short = short, long
	}
	if len(short) < minTitleWords || float64(len(long)-len(short)) > maxExtra*float64(len(long)) {
		return false
	}
	return covers(long, short)
}

// covers reports whether every word of short, or a form of it, is in long.
func covers(long, short []string) bool {
	for _, w := range short {
		if _, ok := slices.BinarySearch(long, w); ok {
			continue
		}
		if !slices.ContainsFunc(long, func(l string) bool { return oneWord(w, l) }) {
			return false
		}
	}
	return true
}

// oneWord reports whether a and b are forms of one word, such as "strike" and
// "strikes": one begins with the other and adds an ending.
func oneWord(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	ending, ok := strings.CutPrefix(b, a)
	return ok && (len(a) >= minStem && len(ending) <= 3 || len(a) >= minStem-1 && ending == "s")
}
