package text

import "unicode/utf8"

// MaxBare bounds how many forms [Bare] finds.
const MaxBare = 4

// minBare is how many letters must stay of a word.
const minBare = 3

// Article is the Arabic article.
const Article = "ال"

// BareForm is a folded Arabic word without particles: what follows its first From
// bytes, after the article when Article is set.
type BareForm struct {
	From    int
	Article bool
}

// Bare finds what a folded Arabic word may be without the particles that are
// written with it, and returns how many forms there are: first without "and" or
// "so" (و ف), then without "by", "for" or "as" (ب ل ك), then without the article
// (ال, after ل only ل). It cannot tell a particle from a first letter of the word
// itself, so the whole word is to be tried as well.
func Bare[T string | []byte](word T, forms *[MaxBare]BareForm) int {
	n, at := 0, 0
	cut := func(particle string) bool {
		next := at + len(particle)
		if next > len(word) || string(word[at:next]) != particle || letters(word[next:]) < minBare {
			return false
		}
		at = next
		forms[n] = BareForm{From: next}
		n++
		return true
	}
	_ = cut("و") || cut("ف")
	if cut("لل") {
		forms[n] = BareForm{From: at, Article: true} // names are mostly written with it
		return n + 1
	}
	_ = cut("ب") || cut("ل") || cut("ك")
	cut(Article)
	return n
}

func letters[T string | []byte](s T) int {
	n := 0
	for i := range len(s) {
		if utf8.RuneStart(s[i]) {
			n++
		}
	}
	return n
}
