package topic

import "github.com/attache-bot/attache/internal/text"

// maxForms bounds how many forms peel returns.
const maxForms = text.MaxBare

// peel lists what an Arabic word may be without the particles that are written
// with it; see [text.Bare].
func peel(word string, forms *[maxForms]string) int {
	var bare [maxForms]text.BareForm
	n := text.Bare(word, &bare)
	for i, f := range bare[:n] {
		forms[i] = word[f.From:]
		if f.Article {
			forms[i] = text.Article + forms[i]
		}
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
