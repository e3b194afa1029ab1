package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// maxName is how many words a person's name has.
const maxName = 3

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
	if to-from > 1 && e.isPaper(u, to-1) && !e.is("informants", u.toks[to-1]) && (u.toks[to-2].capital() || u.toks[to-2].possessive()) {
		to--
	}
	return u.span(from, to)
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

// personFor is the person whom the description names where the title has a role:
// the first whom the title does not name, and who plays that part.
func (e *extraction) personFor(role []token) (string, bool) {
	known := words{}
	for _, u := range e.title {
		for _, t := range u.toks {
			known[t.Fold] = true
		}
	}
	for i := range e.lead {
		u := &e.lead[i]
		if u.capitals {
			continue
		}
		for j := 0; j < len(u.toks); {
			k := capitalRun(u, j)
			if k == j || j > 0 && e.is("ties", u.toks[j-1]) {
				j = max(k, j+1)
				continue
			}
			if k-j == 1 && e.surnameSpeaks(u, j, known) && !e.leadsOther(u.toks[j:k], nil, role) && !e.playsOther(u, j, j, role) {
				return u.span(j, k), true
			}
			if from, ok := e.person(u.toks[j:k], known); ok && (k-j > 1 || e.opens(u, j)) && !e.leadsOther(u.toks[j+from:k], u.toks[max(0, j-prepositionReach):j+from], role) && (begins(u, j) || (e.speaksNext(u, j, k) || resembles(u, j, k, role) || e.titled(u, j)) && !e.playsOther(u, j, j+from, role)) {
				return u.span(j+from, k), true
			}
			j = k
		}
	}
	return "", false
}

// surnameSpeaks reports whether token i alone, behind a comma, is a name with a
// plain verb of speech right behind it: ", Prigozhin said".
func (e *extraction) surnameSpeaks(u *unit, i int, known words) bool {
	t := u.toks[i]
	if i == 0 || u.toks[i-1].Text != "," || known[t.Fold] || t.possessive() || !e.isSurname(u.toks[i:i+1]) || len(e.mentions(u.toks[i:i+1])) > 0 && !e.isLeader(u.toks[i:i+1]) {
		return false
	}
	p, ok := e.cues.at(u.toks[i+1:])
	return ok && p.class == class(Assert) && !p.ambiguous && !e.isAny(t, "determiners", "prepositions", "bounds")
}

// sidesDiffer reports whether an office is one of another party than the role
// looked for: "Russia's President" is no "EU minister".
func (e *extraction) sidesDiffer(office, role []token) bool {
	a, b := e.sides(office), e.sides(role)
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// leadsOther reports whether a name is that of a leader who cannot play a role: one
// of another party, or, for somebody who has left office or only knows of things,
// one in office.
func (e *extraction) leadsOther(name, office, role []token) bool {
	if !e.isLeader(name) {
		return false
	}
	outsider := func(t token) bool { return e.is("outsiders", t) }
	inOffice := slices.ContainsFunc(office, func(t token) bool { return e.isAny(t, "roles", "titles") }) && !slices.ContainsFunc(office, outsider)
	foreign := e.homeIn(role) > 0 && len(role) == e.homeIn(role)+1 && e.sidesDiffer(name, role)
	return foreign || inOffice && slices.ContainsFunc(role, outsider)
}

// playsOther reports whether right before a name a role stands that is not the
// one looked for: "suspect John Doe" is no witness.
func (e *extraction) playsOther(u *unit, run, name int, role []token) bool {
	before := name - 1
	if e.sidesDiffer(u.toks[max(0, run-1):name], role) {
		return true
	}
	plays := before >= 0 && slices.ContainsFunc(role, func(r token) bool { return r.Fold == u.toks[before].Fold })
	if before > 0 && !plays && e.is("roles", u.toks[before]) && e.is("owners", u.toks[before-1]) {
		return true // "its chief Jane Doe" is no "US official"
	}
	if e.opens(u, name) || name > run || before < 0 || !e.is("roles", u.toks[before]) || e.is("titles", u.toks[before]) {
		return false
	}
	return !plays
}

// opens reports whether the name at from opens a description, with a verb of
// speech right behind it: then he is the one whom the title tells of.
func (e *extraction) opens(u *unit, from int) bool {
	to := capitalRun(u, from)
	if !u.first || from > roleReach || to >= len(u.toks) {
		return false
	}
	_, speaks := e.cues.at(u.toks[to:])
	return speaks && !slices.ContainsFunc(u.toks[:from], func(t token) bool { return e.is("embedders", t) })
}

// capitalRun is the end of the capitals that begin with token i; a possessive
// ends them.
func capitalRun(u *unit, i int) int {
	for i < len(u.toks) && u.toks[i].capital() && !u.toks[i].quoted {
		i++
		if u.toks[i-1].possessive() {
			break
		}
	}
	return i
}

// person reports whether a run of capitals is a person's name, and where it
// begins behind titles. known are words of which it has none.
func (e *extraction) person(run []token, known words) (from int, ok bool) {
	for i, t := range run {
		if e.isAny(t, "titles", "roles", "ranks", "labels") {
			from = i + 1
		}
	}
	rest := run[from:]
	if len(rest) == 1 && from == 0 && e.isLeader(rest) && !known[rest[0].Fold] {
		return 0, true // "Ramaphosa praises"
	}
	if len(rest) < 2 || nameLen(rest) > maxName || e.isPlace(run, from) {
		return 0, false
	}
	for i, t := range rest {
		if t.shout() || known[t.Fold] || e.isAny(t, "orgs", "calendar", "bounds", "determiners") {
			return 0, false
		}
		if _, place := e.starts("places", rest[i:]); place {
			return 0, false
		}
	}
	return from, true
}

// isPlace reports whether the gazetteer knows a run of capitals, from some token
// on or over it, as a state, a place or a body.
func (e *extraction) isPlace(run []token, from int) bool {
	return slices.ContainsFunc(e.mentions(run), func(m gazetteer.Mention) bool { return m.To > from && m.Actor.Kind != gazetteer.Leader })
}

// begins reports whether token i begins a sentence, or what stands behind its
// label.
func begins(u *unit, i int) bool { return i == 0 || i < 4 && u.toks[i-1].Text == ":" }

// roleReach is how far from a name the words of its role and its verb may stand,
// in tokens, and prepositionReach how far before it the preposition that makes it
// no subject.
const (
	roleReach        = 6
	prepositionReach = 4
)

// resembles reports whether the words around a name have one in common with a role.
func resembles(u *unit, from, to int, role []token) bool {
	return slices.ContainsFunc(u.toks[max(0, from-roleReach):min(len(u.toks), to+roleReach)], func(t token) bool {
		return len(t.Fold) > 2 && slices.ContainsFunc(role, func(r token) bool { return r.Fold == t.Fold })
	})
}

// speaksNext reports whether the name at from speaks right behind it; not when it
// hangs on a preposition.
func (e *extraction) speaksNext(u *unit, from, to int) bool {
	if e.hangs(u, from) {
		return false
	}
	for i := to; i < min(len(u.toks), to+roleReach); i++ {
		if p, ok := e.cues.at(u.toks[i:]); ok && !p.ambiguous && !u.toks[i].quoted {
			return true
		}
	}
	return false
}

// titled reports whether the name at from has a title, or a role before it, in
// the first sentence, and hangs on no preposition.
func (e *extraction) titled(u *unit, from int) bool {
	return u.first && !e.hangs(u, from) && (e.is("titles", u.toks[from]) || from > 0 && e.is("roles", u.toks[from-1]))
}

// hangs reports whether a preposition stands before token i.
func (e *extraction) hangs(u *unit, i int) bool {
	before := i - 1
	for before >= 0 && u.toks[before].Kind == text.Word && !e.is("prepositions", u.toks[before]) && i-before < prepositionReach {
		before--
	}
	return before >= 0 && e.is("prepositions", u.toks[before])
}
