package command

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/text"
)

// Limits of autocomplete
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete).
const (
	maxChoices = 25
	maxChoice  = 100
)

// rank says how well something fits what somebody typed; smaller is better, and
// noFit is none.
type rank int

const (
	isIt          rank = iota // its id or title
	beginsTitle               // the title's or id's beginning
	isAlias                   // another word for it
	inTitle                   // the beginning of a word of the title
	beginsAlias               // the beginning of another word for it
	inAlias                   // a word within one
	inDescription             // a word of its description
	nearTitle                 // a slip of the keyboard away from one of these words
	noFit
)

// names are the words under which people look for something.
type names struct {
	id, title, description string
	aliases                []string
}

// fit ranks something for a text, which is folded.
func fit(n names, typed string) rank {
	title, id := text.Fold(n.title), text.Fold(n.id)
	aliases := make([]string, len(n.aliases))
	for i, a := range n.aliases {
		aliases[i] = text.Fold(a)
	}
	some := func(f func(string) bool, of ...string) bool { return slices.ContainsFunc(of, f) }
	is := func(s string) bool { return s == typed }
	begins := func(s string) bool { return strings.HasPrefix(s, typed) }
	words := func(s string) bool { return wordsBegin(s, typed) }
	switch {
	case typed == "" || is(title) || is(id):
		return isIt
	case begins(title) || begins(id):
		return beginsTitle
	case some(is, aliases...):
		return isAlias
	case words(title):
		return inTitle
	case some(begins, aliases...):
		return beginsAlias
	case some(words, aliases...):
		return inAlias
	case len(typed) > 2 && words(text.Fold(n.description)):
		return inDescription
	case some(func(s string) bool { return slip(s, typed) }, append(aliases, title, id)...):
		return nearTitle
	}
	return noFit
}

// wordsBegin reports whether every word of typed begins a word of s.
func wordsBegin(s, typed string) bool {
	have := strings.FieldsFunc(s, notWord)
	want := strings.FieldsFunc(typed, notWord)
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return len(want) > 0
}

func notWord(r rune) bool { return strings.ContainsRune(" -,.;:/()'\"", r) }

// slip reports whether a and b, both of five letters or more, differ by one
// letter that is missing, added, wrong, or has changed places with its
// neighbour.
func slip(a, b string) bool {
	s, l := []rune(a), []rune(b)
	if len(s) > len(l) {
		s, l = l, s
	}
	if len(s) < 5 || len(l)-len(s) > 1 {
		return false
	}
	i := 0
	for i < len(s) && s[i] == l[i] {
		i++
	}
	if len(l) > len(s) {
		return slices.Equal(s[i:], l[i+1:])
	}
	if i == len(s) || slices.Equal(s[i+1:], l[i+1:]) {
		return true
	}
	return i+1 < len(s) && s[i] == l[i+1] && s[i+1] == l[i] && slices.Equal(s[i+2:], l[i+2:])
}

// fitting returns those that fit what was typed, best first and otherwise in
// their order, with the rank of the best.
func fitting[T interface{ names() names }](all []T, typed string) ([]T, rank) {
	typed = text.Fold(text.Clean(typed))
	type ranked struct {
		it   T
		rank rank
	}
	var found []ranked
	for _, t := range all {
		if r := fit(t.names(), typed); r != noFit {
			found = append(found, ranked{t, r})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]T, len(found))
	for i, f := range found {
		out[i] = f.it
	}
	if len(found) == 0 {
		return nil, noFit
	}
	return out, found[0].rank
}

// meant returns the only one that somebody means: the one with that title or id,
// or the only one with that other name. Else it returns what is near.
func meant[T interface{ names() names }](all []T, typed string) (one T, near []T, ok bool) {
	near, best := fitting(all, typed)
	sole := len(near) == 1 || len(near) > 1 && fit(near[1].names(), text.Fold(text.Clean(typed))) != best
	if (best == isIt || best == isAlias) && sole {
		return near[0], near, true
	}
	return one, near, false
}

// offers are choices in autocomplete, without those whose value Discord would
// not bring back whole.
func offers[T interface{ names() names }](all []T) []Choice {
	out := make([]Choice, 0, min(len(all), maxChoices))
	for _, t := range all {
		n := t.names()
		if len(out) < maxChoices && n.id != "" && len(n.id) <= maxTopicID {
			out = append(out, Choice{Name: text.Cut(cmp.Or(text.Clean(n.title), n.id), maxChoice), Value: n.id})
		}
	}
	return out
}

// proposal names up to three that are near.
func proposal[T interface{ names() names }](near []T) wording.OneOf {
	out := make(wording.OneOf, 0, maxNear)
	for _, t := range near[:min(len(near), maxNear)] {
		out = append(out, t.names().title)
	}
	return out
}

// folded is what was typed, or what it is compared with, without what does not
// matter.
func folded(s string) string { return text.Fold(text.Clean(s)) }

// cutChoice is a name in autocomplete, with room left for so many letters.
func cutChoice(s string, room int) string { return text.Cut(text.Clean(s), maxChoice-room) }

// cutTo is text from outside in at most max code points.
func cutTo(s string, max int) string { return text.Cut(text.Clean(s), max) }

// cutQuery is what was typed as words to search for.
func cutQuery(s string) string { return text.Cut(text.Clean(s), MaxQuery) }

// maxNear is how many are proposed for one that is not known.
const maxNear = 3
