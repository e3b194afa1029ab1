package topic

import (
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// maxForms bounds how many forms peel returns: each of the word itself and its
// forms without particles, without a pronoun in two spellings.
const maxForms = text.MaxBare + 2*(text.MaxBare+1)

// minNoun is how many letters must stay of a noun without its pronoun.
const minNoun = 3

// peel lists what an Arabic word may be without what is written with it: the
// particles before it, see [text.Bare], and the pronoun after it.
func peel(t *text.Token, forms *[maxForms]string) int {
	word := t.Fold
	var bare [text.MaxBare]text.BareForm
	n := text.Bare(word, &bare)
	for i, f := range bare[:n] {
		forms[i] = word[f.From:]
		if f.Article {
			forms[i] = text.Article + forms[i]
		}
	}
	pronoun := pronounOf(t)
	if pronoun == "" {
		return n
	}
	for i, end := -1, n; i < end; i++ {
		owned := word
		if i >= 0 {
			owned = forms[i]
		}
		owned = strings.TrimSuffix(owned, pronoun)
		if utf8.RuneCountInString(owned) < minNoun {
			continue
		}
		forms[n] = owned
		n++
		// "زيارتها" is her "زيارة", whose last letter is folded to ه.
		if noun, ok := strings.CutSuffix(owned, "ت"); ok {
			forms[n] = noun + "ه"
			n++
		}
	}
	return n
}

// pronounOf returns the pronoun that a word may end in: "سفيرها" is her ambassador.
// A word whose last letter is the feminine ending, which folding makes a pronoun's
// letter, has none.
func pronounOf(t *text.Token) string {
	for _, p := range []string{"ها", "هما", "هم", "هن"} {
		if strings.HasSuffix(t.Fold, p) {
			return p
		}
	}
	if strings.HasSuffix(t.Fold, "ه") && !strings.HasSuffix(t.Text, "ة") {
		return "ه"
	}
	return ""
}

// matchesPeeled is matches for the forms that peel returns.
func (a atom) matchesPeeled(t *text.Token) bool {
	var forms [maxForms]string
	for _, form := range forms[:peel(t, &forms)] {
		bare := text.Token{Text: form, Fold: form, Kind: t.Kind}
		if a.form != exact && a.matches(&bare) {
			return true
		}
	}
	return false
}
