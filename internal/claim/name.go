package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// maxName is how many words a person's name has.
const maxName = 3

// longName is how many words a person's name has at most: one more where small words
// stand in it, as in "Luiz Inácio Lula da Silva".
func longName(toks []token) int {
	if slices.ContainsFunc(toks, func(t token) bool { return t.particle }) {
		return maxName + 1
	}
	return maxName
}

// nameLen is how many words a name has, without the small ones in it.
func nameLen(toks []token) int {
	n := 0
	for _, t := range toks {
		if !t.particle {
			n++
		}
	}
	return n
}

// shorten cuts a noun phrase to the name in it: "US Secretary of State Antony
// Blinken" is Antony Blinken, and the "UN report" is the UN's.
func (e *extraction) shorten(u *unit, from, to int) string {
	for to-1 > from && e.is("calendar", u.toks[to-1]) {
		to--
	}
	if !e.Grammar.HeadFirst && !e.Grammar.Nouns {
		from, to = e.unowned(u, from, to)
	}
	from += e.nameIn(u, u.toks[from:to])
	from = e.unadorned(u, from, to)
	if to-from > 1 && e.isPaper(u, to-1) && !e.is("informants", u.toks[to-1]) && e.hasMaker(u, from, to-1) {
		to--
	}
	return u.span(from, to)
}

// hasMaker reports whether what ends before token to is whose the paper there is: a name,
// which a capital does not tell where every word has one.
func (e *extraction) hasMaker(u *unit, from, to int) bool {
	last := u.toks[to-1]
	if !slices.ContainsFunc(u.toks[from:to], func(t token) bool { return !e.isAny(t, "ranks", "determiners", "amounts") }) {
		return false // "New survey"
	}
	if e.is("verdicts", u.toks[to]) && !last.possessive() && e.isNation(u.toks[from:to]) {
		return false // "Danish study"
	}
	if !u.capitals || last.possessive() || last.shout() || e.is("orgs", last) {
		return last.capital() || last.possessive()
	}
	return slices.ContainsFunc(e.mentions(u.toks[from:to]), func(m gazetteer.Mention) bool { return m.To == to-from })
}

// isNation reports whether toks are the name of a state, as what comes from there has it.
func (e *extraction) isNation(toks []token) bool {
	return slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool {
		return m.From == 0 && m.To == len(toks) && m.Actor.Kind == gazetteer.State
	})
}

// unadorned leaves out plain words before a name: "defiant Putin", "apparent
// Pentagon report".
func (e *extraction) unadorned(u *unit, from, to int) int {
	if e.Grammar.HeadFirst || e.Grammar.Nouns || u.capitals {
		return from
	}
	i := from
	for i < to && u.toks[i].Kind == text.Word && !u.toks[i].capital() && !e.isAgent(u.toks[i]) && !e.isAny(u.toks[i], "roles", "groups", "orgs", "titles", "ranks", "papers", "amounts", "outsiders", "informants") {
		i++
	}
	named := i < to && u.toks[i].capital() && !slices.ContainsFunc(u.toks[i:to], func(t token) bool { return !t.capital() && !e.isAny(t, "joints", "papers") })
	if !named || strings.Contains(u.text[u.toks[from].Start:u.toks[i].Start], "-") {
		return from
	}
	return i
}

// unowned leaves out of a person's name whose he is: "Russia's Lavrov", "Foreign
// Minister Sergei Lavrov of Russia".
func (e *extraction) unowned(u *unit, from, to int) (int, int) {
	if n := e.homeIn(u.toks[from:to]); n > 0 && from+n < to && u.toks[from+n-1].possessive() && e.isSurname(u.toks[from+n:to]) {
		return from + n, to
	}
	for k := to - 2; k > from; k-- {
		if e.is("ties", u.toks[k]) && e.homeIn(u.toks[k+1:to]) == to-k-1 && e.nameIn(u, u.toks[from:k]) > 0 {
			return from, k
		}
	}
	return from, to
}

// homeIn is how many of the first tokens name one state, place or body.
func (e *extraction) homeIn(toks []token) int {
	for _, m := range e.mentions(toks) {
		if m.From == 0 && m.Actor.Kind != gazetteer.Leader {
			return m.To
		}
	}
	return 0
}

// isSurname reports whether toks are a person's name by what they are not.
func (e *extraction) isSurname(toks []token) bool {
	if len(toks) > 2 || !allCapital(toks) || e.isPlace(toks, 0) {
		return false
	}
	return !slices.ContainsFunc(toks, func(t token) bool {
		return t.shout() || e.isAgent(t) || e.isAny(t, "orgs", "roles", "ranks", "titles", "groups", "things", "papers", "calendar", "nounish")
	})
}

// nameIn returns where a person's name behind a title, a role or a common noun
// begins, 0 when there is none.
func (e *extraction) nameIn(u *unit, toks []token) int {
	for i := len(toks) - 2; i >= 0; i-- {
		if !e.isAny(toks[i], "titles", "roles") || toks[i].possessive() {
			continue
		}
		if e.hasOwner(toks[:i]) {
			return 0
		}
		rest := toks[i+1:]
		skipped := e.places(rest) + e.portfolio(rest)
		if skipped == len(rest) {
			return 0
		}
		rest = rest[skipped:]
		if !allCapital(rest) && (e.Grammar.HeadFirst || e.Grammar.Nouns) {
			break
		}
		if nameLen(rest) > maxName || !allCapital(rest) || slices.ContainsFunc(rest, func(t token) bool { return e.isAny(t, "orgs", "roles") || t.shout() }) {
			return 0
		}
		return i + 1 + skipped
	}
	if u.capitals {
		return 0
	}
	return e.trailingName(toks)
}

// portfolio is how many of the first tokens tell of what somebody is minister:
// "of State", "of Foreign Affairs".
func (e *extraction) portfolio(toks []token) int {
	if e.Grammar.HeadFirst || e.Grammar.Nouns || len(toks) == 0 || !e.is("ties", toks[0]) {
		return 0
	}
	n := 1
	for n < len(toks) && e.is("ranks", toks[n]) {
		n++
	}
	if n == 1 {
		return 0
	}
	return n
}

// hasOwner reports whether toks hold somebody to whom what follows belongs: the
// "family of" a minister speaks, and not he.
func (e *extraction) hasOwner(toks []token) bool {
	for i := 1; i < len(toks); i++ {
		if e.is("ties", toks[i]) && !e.Grammar.HeadFirst && !e.Grammar.Nouns && e.is("groups", toks[i-1]) {
			return true
		}
	}
	return false
}

// trailingName is where two or three capitals behind a common noun begin, as in
// "former quarterback Jane Doe"; else 0.
func (e *extraction) trailingName(toks []token) int {
	i := len(toks)
	for i > 0 && toks[i-1].capital() && !toks[i-1].possessive() && !toks[i-1].shout() && !e.is("orgs", toks[i-1]) {
		i--
	}
	run := i
	i += e.places(toks[i:])
	n := len(toks) - i
	if n == 1 && e.Grammar.HeadFirst && run > 0 && e.isLeader(toks[i:]) {
		return i
	}
	if n == 1 && i > 0 && i == run && !e.Grammar.HeadFirst && !e.Grammar.Nouns && !toks[i-1].capital() && e.is("orgs", toks[i-1]) && e.isSurname(toks[i:]) {
		return i // "the news agency Mizan"
	}
	if n < 2 || nameLen(toks[i:]) > maxName || i == 0 {
		return 0
	}
	if run < i {
		return i
	}
	before := toks[i-1]
	if e.Grammar.Nouns && e.isAny(before, "orgs", "roles", "groups") || e.Grammar.HeadFirst && before.Kind == text.Quote {
		return i
	}
	if before.Kind != text.Word || before.capital() || before.possessive() || e.is("joints", before) {
		return 0
	}
	return i
}
