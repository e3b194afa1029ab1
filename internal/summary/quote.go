package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// quotations are the stretches of s in quotation marks, the marks included.
// whole is false when one is opened and not closed, or the other way round. An
// apostrophe is none: a single mark opens only before a word and closes only
// behind one.
func quotations(s string) (spans []text.Span, whole bool) {
	whole = true
	var open rune
	start := 0
	prev := ' '
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+n:])
		switch {
		case open != 0 && closesQuote(open, r, prev, next):
			spans = append(spans, text.Span{Start: start, End: i + n})
			open = 0
		case open == 0 && opensQuote(r, prev, next):
			open, start = r, i
		case open == 0 && (r == '”' || r == '»' || r == '“'), open == '“' && r == '"':
			whole = false // mixed marks may part anywhere
		}
		prev = r
		i += n
	}
	// A straight mark closes „ in some texts; else it stands for itself.
	even := strings.Count(s, `"`)%2 == 0 || strings.Contains(s, "„")
	return spans, whole && even && open == 0
}

// opensQuote reports whether r opens a quotation between prev and next.
func opensQuote(r, prev, next rune) bool {
	begins := !unicode.IsLetter(prev) && !unicode.IsDigit(prev)
	switch r {
	case '"', '“', '„', '«':
		return true
	case '»':
		return begins && !unicode.IsSpace(next)
	case '\'', '‘':
		return begins && (unicode.IsLetter(next) || unicode.IsDigit(next) || next == '.' || next == '[')
	}
	return false
}

// closesQuote reports whether r closes what open opened.
func closesQuote(open, r, prev, next rune) bool {
	switch open {
	case '"':
		return r == '"'
	case '“':
		return r == '”'
	case '„':
		return r == '“' || r == '”' || r == '"'
	case '«':
		return r == '»'
	case '»':
		return r == '«'
	}
	return (r == '\'' || r == '’') && !unicode.IsSpace(prev) && !unicode.IsLetter(next) && !unicode.IsDigit(next)
}
