package topic

import (
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// maxForms bounds how many forms peel returns.
const maxForms = 4

// minPeeled is how many letters must stay of a peeled word.
const minPeeled = 3

// peel lists what an Arabic word may be without the particles that are written
// with it: first "and" or "so" (و ف), then "by", "for" or "as" (ب ل ك), then the
// article (ال, after ل only ل). It cannot tell a particle from a first letter of
// the word itself, so the whole word is tried as well.
func peel(word string, forms *[maxForms]string) int {
	n := 0
	keep := func(rest string) bool {
		if utf8.RuneCountInString(rest) < minPeeled {
			return false
		}
		word, forms[n] = rest, rest
		n++
		return true
	}
	for _, and := range [...]string{"و", "ف"} {
		if rest, ok := strings.CutPrefix(word, and); ok {
			keep(rest)
			break
		}
	}
	if rest, ok := strings.CutPrefix(word, "لل"); ok && keep(rest) {
		forms[n] = "ال" + rest // names are mostly written with their article
		return n + 1
	}
	for _, by := range [...]string{"ب", "ل", "ك"} {
		if rest, ok := strings.CutPrefix(word, by); ok {
			keep(rest)
			break
		}
	}
	if rest, ok := strings.CutPrefix(word, "ال"); ok {
		keep(rest)
	}
	return n
}

// matchesPeeled is matches for the forms that peel returns.
func (a atom) matchesPeeled(t *text.Token) bool {
	var forms [maxForms]string
	for _, form := range forms[:peel(t.Fold, &forms)] {
		bare := text.Token{Text: form, Fold: form, Kind: t.Kind}
		if a.form != exact && a.matches(&bare) {
			return true
		}
	}
	return false
}
