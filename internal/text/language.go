package text

import (
	"slices"
	"strings"
	"unicode"
)

// Undetermined is what Language returns when it cannot tell and has no hint.
const Undetermined = "und"

// Language names the language of s by its two-letter code. It knows en, uk, ru,
// fr, de, es, ar and pl well, and some neighbours (it, pt, nl, tr, be, bg, fa …)
// well enough not to take them for one of those. The hint, a language tag such
// as "en-GB" from the feed or "", decides when the text does not; without it the
// answer is Undetermined.
func Language(s, hint string) string {
	hint = baseTag(hint)
	latin, cyrillic, arabic, other := scripts(s)
	switch total := latin + cyrillic + arabic + other; {
	case total == 0:
	case cyrillic*2 > total:
		return cyrillicLanguage(s, hint)
	case arabic*2 > total:
		return arabicLanguage(s, hint)
	case latin*2 > total:
		return latinLanguage(s, hint)
	}
	if hint == "" {
		return Undetermined
	}
	return hint
}

func baseTag(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) < 2 || len(tag) > 3 || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") != "" || tag == Undetermined {
		return ""
	}
	return tag
}

func scripts(s string) (latin, cyrillic, arabic, other int) {
	for _, r := range s {
		switch {
		case r < 0x80:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				latin++
			}
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		default:
			other++
		}
	}
	return latin, cyrillic, arabic, other
}

// letterVotes counts, by language, letters that only it has among its kin.
func letterVotes(s string, table map[rune]string) map[string]float64 {
	votes := map[string]float64{}
	for _, r := range s {
		if langs, ok := table[unicode.ToLower(r)]; ok {
			for lang := range strings.SplitSeq(langs, " ") {
				votes[lang]++
			}
		}
	}
	return votes
}

// addWordVotes counts common words. One written with a capital within a text
// may be a name, as "Un" is in Korean ones, and counts half; only English
// capitalises its common words, in headlines.
func addWordVotes(votes map[string]float64, s string, langs []string) {
	opening := true
	for _, t := range Tokens(s) {
		if t.Kind != Word {
			continue
		}
		capital := t.Text != t.Fold && !opening
		opening = false
		if t.Text != t.Fold && strings.ToUpper(t.Text) == t.Text && len(t.Text) > 1 {
			continue
		}
		for _, lang := range langs {
			switch {
			case !commonWords[lang][t.Fold]:
			case capital && lang != "en":
				votes[lang]++
			default:
				votes[lang] += 2
			}
		}
	}
}

// overrule is by how many votes a text must speak for another language than its
// feed's: two common words, or one and a telling letter with another. A feed
// mostly knows its language, and a headline has few words.
const overrule = 4

// winner is the language with most votes. A hint among langs loses only to
// strong evidence.
func winner(votes map[string]float64, langs []string, hint string) string {
	best, top := "", 0.0
	for _, lang := range langs {
		if v := votes[lang]; v > top || v == top && v > 0 && lang == hint {
			best, top = lang, v
		}
	}
	if slices.Contains(langs, hint) && top < votes[hint]+overrule {
		return hint
	}
	return best
}

func cyrillicLanguage(s, hint string) string {
	votes := letterVotes(s, cyrillicLetters)
	addWordVotes(votes, s, cyrillicLanguages)
	if best := winner(votes, cyrillicLanguages, hint); best != "" {
		return best
	}
	if hint != "" {
		return hint
	}
	return "ru" // no letter or word speaks for a neighbour
}

func arabicLanguage(s, hint string) string {
	votes := letterVotes(s, arabicLetters)
	addWordVotes(votes, s, arabicLanguages)
	if best := winner(votes, arabicLanguages, hint); best != "" {
		return best
	}
	return "ar"
}

func latinLanguage(s, hint string) string {
	votes := letterVotes(s, latinLetters)
	addWordVotes(votes, s, latinLanguages)
	if best := winner(votes, latinLanguages, hint); best != "" {
		return best
	}
	if hint != "" {
		return hint
	}
	return Undetermined
}
