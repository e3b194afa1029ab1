package topic

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// vocabulary finds, for a token, the classes that hold it and the phrases that
// it begins.
type vocabulary struct {
	words    map[string]*node
	exacts   map[string]*node
	prefixes map[string]*node
	suffixes map[string]*node
	stems    map[string]*node
	numbers  *node
	// Bit n of a mask says that an affix of n bytes begins (ends) with the byte.
	prefixLens, suffixLens [256]uint64
	// Letters beyond ASCII share their first byte, so stems are told by two.
	stemLens map[[2]byte]uint64
	// clitics says that the language writes short words and the next as one.
	clitics bool
}

type node struct {
	classes []int32
	phrases []tail
}

// tail is what must follow a phrase's first word.
type tail struct {
	rest  []atom
	class int32
}

func newVocabulary(lang string) vocabulary {
	return vocabulary{
		words: map[string]*node{}, exacts: map[string]*node{}, prefixes: map[string]*node{}, suffixes: map[string]*node{}, stems: map[string]*node{},
		numbers: new(node), stemLens: map[[2]byte]uint64{}, clitics: lang == "ar",
	}
}

// node returns the node of an atom, made when missing.
func (v *vocabulary) node(a atom) *node {
	var in map[string]*node
	switch a.form {
	case literal:
		in = v.words
	case exact:
		in = v.exacts
	case prefix:
		in = v.prefixes
		v.prefixLens[a.word[0]] |= 1 << min(len(a.word), 63)
	case suffix:
		in = v.suffixes
		v.suffixLens[a.word[len(a.word)-1]] |= 1 << min(len(a.word), 63)
	case stem:
		in = v.stems
		v.stemLens[[2]byte{a.word[0], a.word[1]}] |= 1 << min(len(a.word), 63)
	default:
		return v.numbers
	}
	n := in[a.word]
	if n == nil {
		n = new(node)
		in[a.word] = n
	}
	return n
}

// each calls f with every node that matches the token.
func (v *vocabulary) each(t *text.Token, f func(*node)) {
	if t.Fold == "" {
		return
	}
	v.fold(t.Fold, f)
	if v.clitics {
		var forms [maxForms]string
		for _, form := range forms[:peel(t, &forms)] {
			v.fold(form, f)
		}
	}
	if len(v.exacts) > 0 && t.Text != t.Fold && upperFirst(t.Text) {
		if n := v.exacts[exactKey(t)]; n != nil {
			f(n)
		}
	}
	if t.Kind == text.Number {
		f(v.numbers)
	}
}

// fold calls f with every node that matches a folded word.
func (v *vocabulary) fold(fold string, f func(*node)) {
	if n := v.words[fold]; n != nil {
		f(n)
	}
	for mask := v.prefixLens[fold[0]]; mask != 0; mask &= mask - 1 {
		k := bits.TrailingZeros64(mask)
		if k > len(fold) {
			break
		}
		if n := v.prefixes[fold[:k]]; n != nil {
			f(n)
		}
	}
	for mask := v.suffixLens[fold[len(fold)-1]]; mask != 0; mask &= mask - 1 {
		k := bits.TrailingZeros64(mask)
		if k > len(fold) {
			break
		}
		if n := v.suffixes[fold[len(fold)-k:]]; n != nil {
			f(n)
		}
	}
	if len(v.stems) == 0 || len(fold) < 2 {
		return
	}
	for mask := v.stemLens[[2]byte{fold[0], fold[1]}]; mask != 0; mask &= mask - 1 {
		k := bits.TrailingZeros64(mask)
		if k > len(fold) {
			break
		}
		if n := v.stems[fold[:k]]; n != nil && isStem(fold[:k], fold) {
			f(n)
		}
	}
}

func upperFirst(s string) bool {
	if s[0] < utf8.RuneSelf {
		return s[0] >= 'A' && s[0] <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// maxAffix is the longest affix in bytes that the masks can tell.
const maxAffix = 60

// set returns the class of a named set: the topic's own, or a shared one.
func (c *compiler) set(name string) (int32, error) {
	key, members, file := name, Members(nil), c.file
	if own, ok := c.own[name]; ok {
		key, members = string(c.topic)+"/"+name, own
	} else {
		for _, s := range slices.Backward(c.shared) {
			if m, ok := s.Sets[c.lang][name]; ok {
				members, file = m, s.File
				break
			}
		}
	}
	if class, ok := c.named[key]; ok {
		return class, nil
	}
	if members == nil {
		return 0, fmt.Errorf("no set %q for language %s; define it under sets or in a file whose name begins with _", name, c.lang)
	}
	alts, err := c.flatten(key, members, file)
	if err != nil {
		return 0, err
	}
	class := c.class(alts)
	c.named[key] = class
	return class, nil
}

// flatten lists the phrases of a set and of the sets that it names.
func (c *compiler) flatten(key string, members Members, file string) ([]phrase, error) {
	if c.open[key] {
		return nil, fmt.Errorf("set %q holds itself", key)
	}
	c.open[key] = true
	defer delete(c.open, key)
	var out []phrase
	for _, m := range members {
		if len(m.Text) > 2 && m.Text[0] == '{' && m.Text[len(m.Text)-1] == '}' {
			sub, err := c.members(m.Text[1 : len(m.Text)-1])
			if err != nil {
				return nil, err
			}
			out = append(out, sub...)
			continue
		}
		p, err := parsePhrase(m.Text)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: set %s: %w", file, m.Line, key, err)
		}
		out = append(out, p)
	}
	return out, nil
}

func (c *compiler) members(name string) ([]phrase, error) {
	if own, ok := c.own[name]; ok {
		return c.flatten(string(c.topic)+"/"+name, own, c.file)
	}
	for _, s := range slices.Backward(c.shared) {
		if m, ok := s.Sets[c.lang][name]; ok {
			return c.flatten(name, m, s.File)
		}
	}
	return nil, fmt.Errorf("no set %q for language %s; define it under sets or in a file whose name begins with _", name, c.lang)
}

// class makes a class of alternatives.
func (c *compiler) class(alts []phrase) int32 {
	v := &c.prog.words
	class := int32(len(c.prog.cost))
	cost, longest := 0.0, int32(1)
	for _, p := range withoutSharpS(alts) {
		cost += p.cost()
		longest = max(longest, int32(len(p)))
		n := v.node(p[0])
		if len(p) > 1 {
			n.phrases = append(n.phrases, tail{p[1:], class})
		} else if !slices.Contains(n.classes, class) {
			n.classes = append(n.classes, class)
		}
	}
	c.prog.cost = append(c.prog.cost, cost)
	c.prog.maxLen = append(c.prog.maxLen, longest)
	return class
}

// withoutSharpS adds to every phrase with an ß the same with ss: so it is written
// in Switzerland and Liechtenstein, and in capitals.
func withoutSharpS(alts []phrase) []phrase {
	out := alts
	for _, p := range alts {
		if !slices.ContainsFunc(p, func(a atom) bool { return strings.Contains(a.word, "ß") }) {
			continue
		}
		plain := slices.Clone(p)
		for i := range plain {
			plain[i].word = strings.ReplaceAll(plain[i].word, "ß", "ss")
		}
		out = append(out[:len(out):len(out)], plain)
	}
	return out
}

// cost guesses how often a phrase occurs, relative to a plain content word.
func (p phrase) cost() float64 {
	low := 0.0
	for i, a := range p {
		cost := 1.0
		switch {
		case a.form == number:
			cost = 10
		case a.form == prefix || a.form == suffix || a.form == stem:
			cost = 2
		case frequent[a.word]:
			cost = 40
		}
		if i == 0 || cost < low {
			low = cost
		}
	}
	return low
}

// frequent are words of which a report holds several.
var frequent = maps.Collect(func(yield func(string, bool) bool) {
	for _, w := range []string{
		"the", "a", "an", "of", "to", "in", "on", "for", "and", "with", "by", "at", "from", "as", "is", "are", "was", "has", "have", "its", "it", "he", "his",
		"be", "will", "that", "after", "over", "against", "not", "no", "says", "said", "up", "out", "off", "or", "into", "between", "new", "us",
	} {
		if !yield(w, true) {
			return
		}
	}
})
