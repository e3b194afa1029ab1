package summary

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// sentence is one sentence of a text, without its dateline.
type sentence struct {
	text string
	// sole says that its text is one line without an end mark, as summaries of
	// feeds are.
	sole bool
	// caption says that a picture's credit follows it.
	caption bool
}

// sentences cuts a text into its sentences, in order, at most max of them. Where
// a text was glued together out of paragraphs ("… on Friday.The two …") it is
// parted again, and so is a heading from the sentence that it runs into.
func sentences(s string, max int) []sentence {
	var out []sentence
	spans := text.Sentences(s)
	for _, sp := range spans {
		for _, part := range unglued(s[sp.Start:sp.End]) {
			t := strings.TrimSpace(withoutDateline(part, len(out) == 0))
			if isCredit(t) { // of the picture that the sentence before describes
				if n := len(out); n > 0 {
					out[n-1].caption = true
				}
				continue
			}
			if len(out) == max {
				return out
			}
			if t != "" {
				out = append(out, sentence{text: t, sole: len(spans) == 1 && part == s})
			}
		}
	}
	return out
}

// unglued parts what was glued together out of paragraphs.
func unglued(s string) []string {
	var out []string
	for {
		at := glued(s)
		if at <= 0 {
			return append(out, strings.TrimSpace(s))
		}
		out = append(out, strings.TrimSpace(s[:at]))
		s = s[at:]
	}
}

// glued is where the second sentence of s begins without a blank before it, or
// behind a heading without a mark; -1 when there is none.
func glued(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '.', '!', '?':
			if at := behindMark(s, i); at > 0 {
				return at
			}
		case ' ':
			if heading(s[:i], s[i+1:]) {
				return i + 1
			}
		}
		i += n
	}
	return -1
}

// behindMark is where a sentence begins right behind the end mark at i, -1 when
// none does.
func behindMark(s string, i int) int {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	if !unicode.IsLetter(before) && !unicode.IsDigit(before) && !strings.ContainsRune(`"'”’»)%`, before) || initials(s[:i]) {
		return -1
	}
	next := i + 1
	for next < len(s) {
		r, n := utf8.DecodeRuneInString(s[next:])
		if !strings.ContainsRune(`"'”’»)`, r) || r == '"' && strings.Count(s[:next], `"`)%2 == 0 {
			break
		}
		next += n
	}
	rest := strings.TrimLeft(s[next:], `"“«`)
	first, n := utf8.DecodeRuneInString(rest)
	second, _ := utf8.DecodeRuneInString(rest[n:])
	if !unicode.IsUpper(first) || !unicode.IsLetter(second) && !unicode.IsSpace(second) {
		return -1
	}
	return next
}

// initials reports whether s ends in an abbreviation such as "U.S" or "Mr": one
// or two letters.
func initials(s string) bool {
	word := s[strings.LastIndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })+1:]
	n := utf8.RuneCountInString(word)
	first, _ := utf8.DecodeRuneInString(word)
	return n == 1 || n == 2 && unicode.IsUpper(first)
}

// starters are words that have a capital only where a sentence begins.
var starters = set("A An More At After As It If When While In On Two Three Four Five Some Many This These There They He She The")

// leads are words before a name that has an article.
var leads = set("in to at by of from with for and or near outside told tells on into via as called says said than leaving around inside reads read series film show play book musical band magazine newspaper")

// heading reports whether before is a heading that runs into the sentence rest: a
// word that begins sentences has a capital behind one in lower case, without a
// mark between them.
func heading(before, rest string) bool {
	word, after, ok := strings.Cut(rest[:min(len(rest), 16)], " ")
	if !ok || !starters[word] {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, `’”"')`))
	next, _ := utf8.DecodeRuneInString(after)
	if word == "The" && unicode.IsUpper(next) { // "in The Hague", "told The Times"
		if strings.Contains(before, ", ") {
			return false // a sentence is under way, and a name has an article
		}
		return unicode.IsLower(last) && !leads[before[strings.LastIndexByte(before, ' ')+1:]]
	}
	if word == "A" || word == "An" { // no "Serie A Roma"
		begins, _ := utf8.DecodeRuneInString(before[strings.LastIndexByte(before, ' ')+1:])
		return unicode.IsLower(last) && (unicode.IsLower(next) || unicode.IsLower(begins))
	}
	return unicode.IsLower(last) && unicode.IsLower(next)
}

func set(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		out[w] = true
	}
	return out
}

// dateline is the place, date and agency before the first sentence of a report:
// "KYIV, Ukraine (AP) — ", "MOSCOW. June 24 (Interfax) - ".
var dateline = regexp.MustCompile(`^(?:\p{Lu}[\p{Lu}’' .,/-]{2,40}(?:, [\pL .]{2,30})?(?:,? \p{L}+\.? \d{1,2}(?:, \d{4})?)?(?: ?\([\pL .]{2,30}\))?|\p{Lu}[\pL .,/-]{2,40}\((?:Reuters|AP|AFP|dpa|EFE|PTI|ANI|IANS|Xinhua|TASS|Interfax|CNN)\)|\((?:Reuters|AP|AFP|Bloomberg)\)) ?[—–:-]{1,2} `)

// maxDateline is how long a dateline is, in bytes.
const maxDateline = 128

// withoutDateline is s without what stands before its first sentence.
func withoutDateline(s string, first bool) string {
	if !first && !strings.HasPrefix(s, "(") || !strings.ContainsAny(s[:min(len(s), maxDateline)], "—–:-") {
		return s
	}
	if m := dateline.FindString(s[:min(len(s), maxDateline)]); len(m) < len(s) {
		return s[len(m):]
	}
	return s
}

// isCredit reports whether s is a name in brackets, as a sentence of its own: that
// of a picture's owner.
func isCredit(s string) bool {
	inner, ok := strings.CutPrefix(strings.TrimSuffix(s, "."), "(")
	inner, closed := strings.CutSuffix(inner, ")")
	return ok && closed && !strings.ContainsAny(inner, "()") && len(inner) < 2*maxDateline
}

// closed reports whether s ends as sentences do.
func closed(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool { return strings.ContainsRune(`"'”’»)]›“`, r) || unicode.IsSpace(r) })
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…؟۔。！？", r)
}
