package store

import (
	"strings"
	"unicode"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// maxPhrases bounds what one search asks for; further words are left out, which
// finds more, never less.
const maxPhrases = 32

// border stands between the fields of a report, so that no phrase spans two. It
// is no word of any text.
const border = "¶"

// reportWords are the words under which a report is found, in order.
func reportWords(r report.Report) []string {
	var out []string
	for _, field := range [...]string{r.Title, r.Description, r.Body} {
		if field == "" {
			continue
		}
		if len(out) > 0 {
			out = append(out, border)
		}
		out = appendWords(out, field)
	}
	return out
}

// appendWords adds the folded words and numbers of s to dst as the index keeps
// them: letters and digits, and a number's own full stops and commas. The full
// stops of "U.S." are gone, so that "US" finds it. Scripts that do not part
// words are kept by character.
func appendWords(dst []string, s string) []string {
	for _, t := range text.Tokens(s) {
		if t.Kind == text.Word || t.Kind == text.Number {
			dst = appendParts(dst, t.Fold)
		}
	}
	return dst
}

// appendParts adds one folded token. It may hold more than one word, such as a
// compatibility character that stands for several.
func appendParts(dst []string, fold string) []string {
	if plain(fold) {
		return append(dst, fold)
	}
	begin := -1 // of the part at hand
	end := func(i int) {
		if begin >= 0 {
			dst = appendPart(dst, fold[begin:i])
			begin = -1
		}
	}
	for i, r := range fold {
		switch {
		case text.Unspaced(r):
			end(i)
			dst = append(dst, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '.' || r == ',':
			if begin < 0 {
				begin = i
			}
		default:
			end(i)
		}
	}
	end(len(fold))
	return dst
}

func appendPart(dst []string, part string) []string {
	part = strings.Trim(part, ".,")
	if !strings.ContainsFunc(part, unicode.IsDigit) {
		part = strings.NewReplacer(".", "", ",", "").Replace(part)
	}
	if !strings.ContainsFunc(part, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return dst
	}
	return append(dst, part)
}

// plain reports whether s is one word of ASCII letters and digits.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// quotes are the marks that begin or end a phrase.
const quotes = "\"“”„‟«»″＂"

// parseSearch turns what a person typed into phrases that must all occur. Words
// between quotes, of any style, are one phrase; so are the parts of one word
// that the index keeps apart. Words without content, such as "the", count only
// within quotes or where nothing else is asked for.
func parseSearch(s string) ([][]string, error) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(quotes, r) {
			return '"'
		}
		return r
	}, s)
	var phrases, idle [][]string
	parts := strings.Split(s, `"`)
	for i, part := range parts {
		if closed := i < len(parts)-1; i%2 == 1 && closed {
			if p := appendWords(nil, part); len(p) > 0 {
				phrases = append(phrases, p)
			}
			continue
		}
		for _, fold := range text.Words(part) {
			if p := appendParts(nil, fold); len(p) > 0 {
				phrases = append(phrases, p)
			}
		}
		for _, w := range appendWords(nil, part) {
			idle = append(idle, []string{w})
		}
	}
	if len(phrases) == 0 {
		phrases = idle
	}
	if len(phrases) == 0 {
		return nil, archive.ErrNoWords
	}
	return phrases[:min(len(phrases), maxPhrases)], nil
}
