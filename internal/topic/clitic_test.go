package topic

import (
	"slices"
	"testing"

	"github.com/attache-bot/attache/internal/text"
)

func TestArabicWordsAreFoundBehindParticlesAndPronouns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ word, bare, why string }{
		{"والقوات", "قوات", "and the troops"},
		{"قواتها", "قوات", "her troops"},
		{"وقواته", "قوات", "and his troops"},
		{"سفيرها", "سفير", "her ambassador"},
		{"لزيارتها", "زيارة", "for her visit"},
		{"أسراهم", "أسرا", "their prisoners"},
	} {
		if !slices.Contains(peeled(c.word), text.Fold(c.bare)) {
			t.Errorf("%s (%s): %q lacks %s", c.word, c.why, peeled(c.word), c.bare)
		}
	}
	for _, c := range []struct{ word, not, why string }{
		{"سلامة", "سلام", "safety is not his peace"},
		{"منها", "من", "two letters are no noun"},
	} {
		if slices.Contains(peeled(c.word), text.Fold(c.not)) {
			t.Errorf("%s: %s", c.word, c.why)
		}
	}
}

func peeled(word string) []string {
	var forms [maxForms]string
	n := peel(&text.Token{Text: word, Fold: text.Fold(word)}, &forms)
	return forms[:n]
}
