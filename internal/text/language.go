package text

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Undetermined is what Language returns when it cannot tell and has no hint.
const Undetermined = "und"

// Language names the language of s by its two-letter code. It knows en, uk, ru,
// fr, de, es, ar and pl well, and some neighbours (it, pt, nl, tr, be, bg, fa …)
// well enough not to take them for one of those, and tells he, ja, ko, zh, el, th
// and hy by their script. The hint, a language tag such
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
	case other*2 > total:
		if lang := scriptLanguage(s, hint); lang != "" {
			return lang
		}
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

// kin are languages of one script, which are told apart by letters and common
// words. The tables turn those of language_words.go and language_endings.go
// around: which of langs, as bits, a letter, a word or an ending speaks for.
type kin struct {
	langs   []string
	letters map[rune]uint32
	words   map[string]uint32
	endings map[string]uint32
}

func newKin(langs []string, letters map[rune]string) kin {
	k := kin{langs: langs, letters: make(map[rune]uint32, len(letters)), words: map[string]uint32{}, endings: map[string]uint32{}}
	for i, lang := range langs {
		for r, spokenFor := range letters {
			if slices.Contains(strings.Fields(spokenFor), lang) {
				k.letters[r] |= 1 << i
			}
		}
		for w := range commonWords[lang] {
			k.words[w] |= 1 << i
		}
		for e := range foldedSet(wordEndings[lang]) {
			k.endings[e] |= 1 << i
		}
	}
	return k
}

var (
	cyrillicKin = newKin(cyrillicLanguages, cyrillicLetters)
	arabicKin   = newKin(arabicLanguages, arabicLetters)
	latinKin    = newKin(latinLanguages, latinLetters)
)

// ballot counts votes by the place of a language among its kin.
type ballot [16]int

// add gives each language of a set so many votes.
func (b *ballot) add(set uint32, n int) {
	for ; set != 0; set &= set - 1 {
		b[bits.TrailingZeros32(set)] += n
	}
}

// count gives a language a vote for each letter that it has and others lack,
// two for each of its common words, and one for each other word with one of its
// endings. A common word with a capital within a text may be a name, as "Un" is
// in Korean ones, and counts half; only English capitalises its common words, in
// headlines.
func (k kin) count(s string) ballot {
	var votes ballot
	for _, r := range s {
		if r >= utf8.RuneSelf { // the tables hold no others
			votes.add(k.letters[unicode.ToLower(r)], 1)
		}
	}
	var english uint32
	if i := slices.Index(k.langs, "en"); i >= 0 {
		english = 1 << i
	}
	opening := true
	tokens := Tokens(s)
	for i, t := range tokens {
		if t.Kind != Word || partOfCompound(s, tokens, i) {
			continue
		}
		written := t.Text == t.Fold
		capital := !written && !opening
		opening = false
		set := k.words[t.Fold]
		if set == 0 {
			if len(t.Text) > len(t.Fold) && strings.HasSuffix(t.Text, "s") {
				votes.add(english, 2) // a possessive
			}
			votes.add(k.ending(t.Fold, !written), 1)
			continue
		}
		if !written && len(t.Text) > 1 && strings.ToUpper(t.Text) == t.Text {
			continue
		}
		if !capital {
			votes.add(set, 2)
			continue
		}
		votes.add(set&english, 2)
		votes.add(set&^english, 1)
	}
	return votes
}

// partOfCompound reports whether a hyphen joins a token to the next word: the
// "de" of "de-escalation" is no word of its own.
func partOfCompound(s string, tokens []Token, i int) bool {
	return i+1 < len(tokens) && tokens[i+1].Kind == Word && s[tokens[i].End:tokens[i+1].Start] == "-"
}

// overrule is by how many votes a text must speak for another language than its
// feed's: two common words, or one and a telling letter with another. A feed
// mostly knows its language, and a headline has few words.
const overrule = 4

// winner is the language with most votes, "" when there are none. A hint among
// the kin loses only to strong evidence.
func (k kin) winner(s, hint string) string {
	votes := k.count(s)
	best, top := "", 0
	for i, lang := range k.langs {
		if v := votes[i]; v > top || v == top && v > 0 && lang == hint {
			best, top = lang, v
		}
	}
	if i := slices.Index(k.langs, hint); i >= 0 && top < votes[i]+overrule {
		return hint
	}
	return best
}

func cyrillicLanguage(s, hint string) string {
	if best := cyrillicKin.winner(s, hint); best != "" {
		return best
	}
	if hint != "" {
		return hint
	}
	return "ru" // no letter or word speaks for a neighbour
}

func arabicLanguage(s, hint string) string {
	if best := arabicKin.winner(s, hint); best != "" {
		return best
	}
	return "ar"
}

func latinLanguage(s, hint string) string {
	if best := latinKin.winner(s, hint); best != "" {
		return best
	}
	if hint != "" {
		return hint
	}
	return Undetermined
}
