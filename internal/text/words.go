package text

import (
	"hash/fnv"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words returns the folded words and numbers of s that carry content, in order:
// without stop words of the languages that Language knows.
func Words(s string) []string {
	tokens := Tokens(s)
	out := make([]string, 0, len(tokens))
	shouting := Shouts(s)
	for _, t := range tokens {
		if t.Content(shouting) {
			out = append(out, t.Fold)
		}
	}
	return out
}

// Shouts reports whether s is all in capitals, so that they tell nothing.
func Shouts(s string) bool { return strings.ToUpper(s) == s }

// Content reports whether t is a word or number that carries content: no stop
// word of the languages that Language knows. In a text that shouts, "US" may be
// "us".
func (t Token) Content(shouting bool) bool {
	return (t.Kind == Word || t.Kind == Number) && !(stopWords[t.Fold] && (shouting || !acronyms[t.Text]))
}

// acronyms are capitals whose lower case is a stop word.
var acronyms = setOf("US WHO IS IT")

// Fingerprint is equal for texts with the same content words in the same order,
// whatever their case, punctuation, quotes and stop words. It is 0 for a text
// without content words.
func Fingerprint(s string) uint64 {
	words := Words(s)
	if len(words) == 0 {
		return 0
	}
	h := fnv.New64a()
	for _, w := range words {
		_, _ = io.WriteString(h, w)
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

// Jaccard tells how alike two word lists are, from 0 to 1: the share of runs of
// n words that both hold. A list shorter than n counts as one run; two empty
// lists are not alike.
func Jaccard(a, b []string, n int) float64 {
	left, right := shingles(a, n), shingles(b, n)
	both := 0
	for s := range left {
		if right[s] {
			both++
		}
	}
	all := len(left) + len(right) - both
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

func shingles(words []string, n int) map[string]bool {
	out := make(map[string]bool, len(words))
	if len(words) == 0 {
		return out
	}
	if n = max(n, 1); len(words) < n {
		n = len(words)
	}
	for i := 0; i+n <= len(words); i++ {
		out[strings.Join(words[i:i+n], "\x00")] = true
	}
	return out
}

// IsStopWord reports whether a folded word carries no content in one of the
// languages that Language knows.
func IsStopWord[T string | []byte](fold T) bool { return stopWords[string(fold)] }

// Unspaced reports whether r belongs to a script that does not part words by
// blanks, so that texts in it are compared by character.
func Unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// Capital is s with a capital letter at its beginning.
func Capital(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if upper := unicode.ToUpper(first); upper != first {
		return string(upper) + s[n:]
	}
	return s
}
