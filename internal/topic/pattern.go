package topic

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// Limits of one pattern. They bound the work that a hostile text can cause.
const (
	maxElements = 10
	maxGap      = 12
	maxPaths    = 20_000 // product of (gap+1) over the pattern
)

// form says how an atom compares with a token.
type form uint8

const (
	literal form = iota
	prefix
	suffix
	stem
	exact
	number
)

// atom matches one token.
type atom struct {
	form form
	word string // folded, except for exact
}

func (a atom) matches(t *text.Token) bool {
	switch a.form {
	case literal:
		return t.Fold == a.word
	case prefix:
		return strings.HasPrefix(t.Fold, a.word)
	case suffix:
		return strings.HasSuffix(t.Fold, a.word)
	case stem:
		return isStem(a.word, t.Fold)
	case exact:
		return exactKey(t) == a.word
	}
	return t.Kind == text.Number
}

// isStem reports whether a word is a stem with an ending of at most
// [gazetteer.MaxEnding] letters, which inflects it and makes no other word of it.
func isStem(stem, word string) bool {
	return strings.HasPrefix(word, stem) && utf8.RuneCountInString(word[len(stem):]) <= gazetteer.MaxEnding
}

// exactKey is a token as =US compares it: without full stops and possessive.
func exactKey(t *text.Token) string {
	s := t.Text
	if len(s) > len(t.Fold) {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s")
	}
	if strings.IndexByte(s, '.') >= 0 {
		s = strings.ReplaceAll(s, ".", "")
	}
	return s
}

// phrase is one alternative: atoms in a row, mostly one.
type phrase []atom

// element is one step of a parsed pattern.
type element struct {
	gap  int      // how many tokens may stand before it
	alts []phrase // words written in the pattern itself
	sets []string // names of sets
	hit  bool     // {@}
}

// parsePattern reads a pattern's text.
func parsePattern(src string) ([]element, error) {
	var out []element
	gap, pending := 0, false
	paths := 1
	for field := range strings.FieldsSeq(src) {
		if n, ok := strings.CutPrefix(field, ".."); ok {
			g, err := strconv.Atoi(n)
			if err != nil || g < 1 || g > maxGap {
				return nil, fmt.Errorf("gap %q must be .. and a number from 1 to %d", field, maxGap)
			}
			if pending || len(out) == 0 {
				return nil, fmt.Errorf("gap %q must stand between two words", field)
			}
			gap, pending = g, true
			paths *= g + 1
			continue
		}
		e, err := parseElement(field)
		if err != nil {
			return nil, err
		}
		e.gap = gap
		out = append(out, e)
		gap, pending = 0, false
	}
	switch {
	case len(out) == 0:
		return nil, fmt.Errorf("empty pattern; write at least one word")
	case pending:
		return nil, fmt.Errorf("a gap must stand between two words, not at the end")
	case len(out) > maxElements || paths > maxPaths:
		return nil, fmt.Errorf("too long; use at most %d words and smaller gaps", maxElements)
	}
	return out, nil
}

func parseElement(field string) (element, error) {
	var e element
	for alt := range strings.SplitSeq(field, "|") {
		switch {
		case alt == "":
			return e, fmt.Errorf("empty alternative in %q; write a|b", field)
		case alt == "{@}":
			e.hit = true
		case strings.HasPrefix(alt, "{"):
			name, ok := strings.CutSuffix(alt[1:], "}")
			if !ok || !idForm.MatchString(name) {
				return e, fmt.Errorf("bad set %q; write {name}", alt)
			}
			e.sets = append(e.sets, name)
		default:
			p, err := parsePhrase(strings.ReplaceAll(alt, "_", " "))
			if err != nil {
				return e, err
			}
			e.alts = append(e.alts, p)
		}
	}
	return e, nil
}

// parsePhrase reads a word, or several joined by spaces or hyphens; inside a
// pattern, where spaces part elements, underscores join.
func parsePhrase(src string) (phrase, error) {
	var out phrase
	for word := range strings.FieldsSeq(src) {
		p, err := parseWord(word)
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
	}
	if len(out) == 0 || len(out) > maxElements {
		return nil, fmt.Errorf("bad phrase %q; write one to %d words", src, maxElements)
	}
	return out, nil
}

func parseWord(word string) (phrase, error) {
	if word == "#" {
		return phrase{{form: number}}, nil
	}
	f, body := literal, word
	switch {
	case strings.HasPrefix(word, "="):
		f, body = exact, word[1:]
	case strings.HasPrefix(word, "*"):
		f, body = suffix, word[1:]
	case strings.HasSuffix(word, "*"):
		f, body = prefix, word[:len(word)-1]
	case strings.HasSuffix(word, "~"):
		f, body = stem, word[:len(word)-1]
	}
	if strings.ContainsAny(body, "*~={}|#") {
		return nil, fmt.Errorf("bad word %q; * may only begin or end a word, ~ only end it, = only begin it", word)
	}
	tokens := text.Tokens(body)
	var out phrase
	for i := range tokens {
		t := &tokens[i]
		if t.Kind == text.Quote { // a plural's apostrophe
			continue
		}
		if t.Kind != text.Word && t.Kind != text.Number && t.Kind != text.Symbol {
			return nil, fmt.Errorf("bad word %q; patterns hold words, numbers and marks such as %% or $", word)
		}
		a := atom{form: literal, word: t.Fold}
		switch {
		case f == exact:
			a = atom{form: exact, word: exactKey(t)}
		case (f == prefix || f == stem) && i == len(tokens)-1, f == suffix && i == 0:
			a.form = f
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("bad word %q; patterns hold words, numbers and marks such as %% or $", word)
	}
	if (f == prefix || f == suffix || f == stem) && (len([]rune(body)) < 2 || len(body) > maxAffix) {
		return nil, fmt.Errorf("bad word %q; write 2 to %d letters beside * or ~", word, maxAffix)
	}
	return out, nil
}
