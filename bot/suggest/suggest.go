// Package suggest owns how what people type is compared with what there is: what
// autocomplete offers, best first, and which one a word means. A slip of the
// keyboard, another name or another script still finds it.
package suggest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/text"
)

// MaxValue is the longest id in bytes that is offered.
const MaxValue = 64

// Rank says how well something fits what somebody typed; smaller is better, and
// [NoFit] is none.
type Rank int

// The ranks.
const (
	IsIt          Rank = iota // its id or title
	BeginsTitle               // the title's or id's beginning
	IsAlias                   // another word for it
	inTitle                   // the beginning of a word of the title
	beginsAlias               // the beginning of another word for it
	inAlias                   // a word within one
	inDescription             // a word of its description
	nearTitle                 // a slip of the keyboard away from one of these words
	NoFit
)

// Names are the words under which people look for something.
type Names struct {
	ID, Title, Description string
	Aliases                []string
}

// Named is what has names under which people look for it.
type Named interface{ Names() Names }

// fit ranks something for a text, which is folded.
func fit(n Names, typed string) Rank {
	title, id := text.Fold(n.Title), text.Fold(n.ID)
	aliases := make([]string, len(n.Aliases))
	for i, a := range n.Aliases {
		aliases[i] = text.Fold(a)
	}
	some := func(f func(string) bool, of ...string) bool { return slices.ContainsFunc(of, f) }
	is := func(s string) bool { return s == typed }
	begins := func(s string) bool { return strings.HasPrefix(s, typed) }
	words := func(s string) bool { return WordsBegin(s, typed) }
	switch {
	case typed == "" || is(title) || is(id):
		return IsIt
	case begins(title) || begins(id):
		return BeginsTitle
	case some(is, aliases...):
		return IsAlias
	case words(title):
		return inTitle
	case some(begins, aliases...):
		return beginsAlias
	case some(words, aliases...):
		return inAlias
	case len(typed) > 2 && words(text.Fold(n.Description)):
		return inDescription
	case some(func(s string) bool { return slip(s, typed) }, append(aliases, title, id)...):
		return nearTitle
	}
	return NoFit
}

// WordsBegin reports whether every word of typed begins a word of s.
func WordsBegin(s, typed string) bool {
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

// Fitting returns those that fit what was typed, best first and otherwise in
// their order, with the rank of the best.
func Fitting[T Named](all []T, typed string) ([]T, Rank) {
	typed = text.Fold(text.Clean(typed))
	type ranked struct {
		it   T
		rank Rank
	}
	var found []ranked
	for _, t := range all {
		if r := fit(t.Names(), typed); r != NoFit {
			found = append(found, ranked{t, r})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]T, len(found))
	for i, f := range found {
		out[i] = f.it
	}
	if len(found) == 0 {
		return nil, NoFit
	}
	return out, found[0].rank
}

// Meant returns the only one that somebody means: the one with that title or id,
// or the only one with that other name. Else it returns what is near.
func Meant[T Named](all []T, typed string) (one T, near []T, ok bool) {
	near, best := Fitting(all, typed)
	sole := len(near) == 1 || len(near) > 1 && fit(near[1].Names(), text.Fold(text.Clean(typed))) != best
	if (best == IsIt || best == IsAlias) && sole {
		return near[0], near, true
	}
	return one, near, false
}

// Offers are choices in autocomplete, without those whose value Discord would
// not bring back whole.
func Offers[T Named](all []T) []interaction.Choice {
	out := make([]interaction.Choice, 0, min(len(all), interaction.MaxChoices))
	for _, t := range all {
		n := t.Names()
		if len(out) < interaction.MaxChoices && n.ID != "" && len(n.ID) <= MaxValue {
			out = append(out, interaction.Choice{Name: text.Cut(cmp.Or(text.Clean(n.Title), n.ID), interaction.MaxChoice), Value: n.ID})
		}
	}
	return out
}

// Proposal names up to three that are near.
func Proposal[T Named](near []T) wording.OneOf {
	out := make(wording.OneOf, 0, MaxNear)
	for _, t := range near[:min(len(near), MaxNear)] {
		out = append(out, t.Names().Title)
	}
	return out
}

// Folded is what was typed, or what it is compared with, without what does not
// matter.
func Folded(s string) string { return text.Fold(text.Clean(s)) }

// CutChoice is a name in autocomplete, with room left for so many letters.
func CutChoice(s string, room int) string { return text.Cut(text.Clean(s), interaction.MaxChoice-room) }

// CutTo is text from outside in at most max code points.
func CutTo(s string, max int) string { return text.Cut(text.Clean(s), max) }

// MaxNear is how many are proposed for one that is not known.
const MaxNear = 3
