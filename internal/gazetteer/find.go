package gazetteer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// Finder finds the actors of one language in texts. It is safe for concurrent
// use.
type Finder struct {
	// byFirst holds the terms by the first word of each, whole or by the letters
	// that it begins with.
	byFirst map[string][]finderTerm
	// stems are the lengths in bytes of first words that are beginnings.
	stems []int
}

// finderTerm is a term as it is looked for.
type finderTerm struct {
	actor Actor
	words []finderWord
}

// finderWord is one word of a term.
type finderWord struct {
	word string
	// ending is how many letters may follow: 0 none, -1 any number.
	ending int
	// exact words are compared in their case.
	exact bool
}

// Mention is a place in a text that names an actor.
type Mention struct {
	Actor Actor
	// From and To are the tokens that name it, To exclusive.
	From, To int
}

// Finder returns the finder of a language; one that finds nothing for a
// language without names.
func (g *Gazetteer) Finder(lang string) *Finder {
	f := &Finder{byFirst: map[string][]finderTerm{}}
	lengths := map[int]bool{}
	for _, a := range g.actors[lang] {
		for _, term := range a.Terms {
			t := finderTerm{actor: a, words: finderWords(term)}
			if len(t.words) == 0 {
				continue
			}
			first := t.words[0]
			key := text.Fold(first.word)
			if first.ending != 0 && !lengths[len(key)] {
				lengths[len(key)] = true
				f.stems = append(f.stems, len(key))
			}
			f.byFirst[key] = append(f.byFirst[key], t)
		}
	}
	return f
}

func finderWords(term string) []finderWord {
	var out []finderWord
	for w := range strings.FieldsSeq(term) {
		w, exact := strings.CutPrefix(w, "=")
		ending := 0
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			w, ending = stem, -1
		} else if stem, ok := strings.CutSuffix(w, "~"); ok {
			w, ending = stem, MaxEnding
		}
		toks := text.Tokens(w)
		for i, t := range toks {
			fw := finderWord{word: t.Fold, exact: exact}
			if exact {
				fw.word = t.Text
			}
			if i == len(toks)-1 {
				fw.ending = ending
			}
			out = append(out, fw)
		}
	}
	return out
}

// Find returns the actors that toks name, in order; where names overlap, the
// longest that begins first.
func (f *Finder) Find(toks []text.Token) []Mention {
	var out []Mention
	for i := 0; i < len(toks); {
		t, n := f.at(toks[i:])
		if n == 0 {
			i++
			continue
		}
		out = append(out, Mention{Actor: t.actor, From: i, To: i + n})
		i += n
	}
	return out
}

// at returns the longest term that begins with the first of toks, and its
// number of tokens.
func (f *Finder) at(toks []text.Token) (best finderTerm, n int) {
	if toks[0].Kind != text.Word {
		return best, 0
	}
	try := func(key string) {
		for _, t := range f.byFirst[key] {
			if len(t.words) > n && t.matches(toks) {
				best, n = t, len(t.words)
			}
		}
	}
	fold := undotted(toks[0].Fold)
	try(fold)
	for _, size := range f.stems {
		if size < len(fold) && utf8.RuneStart(fold[size]) {
			try(fold[:size])
		}
	}
	return best, n
}

func (t finderTerm) matches(toks []text.Token) bool {
	if len(t.words) > len(toks) {
		return false
	}
	for i, w := range t.words {
		if !w.matches(toks[i]) {
			return false
		}
	}
	return true
}

func (w finderWord) matches(t text.Token) bool {
	if w.exact {
		// A possessive and full stops do not matter: "US's", "U.S.".
		return undotted(strings.TrimSuffix(strings.TrimSuffix(t.Text, "'s"), "’s")) == w.word
	}
	rest, ok := strings.CutPrefix(undotted(t.Fold), w.word)
	return ok && (w.ending < 0 || utf8.RuneCountInString(rest) <= w.ending)
}

// undotted is an abbreviation without its full stops, as the terms are written.
func undotted(s string) string { return strings.ReplaceAll(s, ".", "") }

// Naming finds the parties of texts in every language that has names. It is safe
// for concurrent use.
type Naming struct{ finders map[string]*Finder }

// Naming returns what finds parties.
func (g *Gazetteer) Naming() *Naming {
	n := &Naming{finders: map[string]*Finder{}}
	for _, lang := range g.Languages() {
		n.finders[lang] = g.Finder(lang)
	}
	return n
}

// Parties returns the sides that s names, in order and each once; none for a
// language without names.
func (n *Naming) Parties(lang, s string) []string {
	f := n.finders[lang]
	if f == nil {
		return nil
	}
	var out []string
	for _, m := range f.Find(text.Tokens(s)) {
		if m.Actor.Side != "" && !slices.Contains(out, m.Actor.Side) {
			out = append(out, m.Actor.Side)
		}
	}
	return out
}
