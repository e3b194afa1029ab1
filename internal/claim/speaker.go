package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/text"
)

// nounPhrase is one that speaks: the tokens from up to and without to.
type nounPhrase struct {
	name     string
	from, to int
	// aside says that it stands behind a word that begins background.
	aside bool
	// paper says that it is a paper that speaks for somebody.
	paper bool
	// office are the tokens from and to of what is said of a name beside commas:
	// "the Kremlin's spokesman, Dmitry Peskov,".
	office [2]int
}

// The longest noun phrases of speakers, in tokens: beside a verb, before a colon,
// behind a dash, and between commas.
const (
	maxSpeaker    = 9
	maxHead       = 4
	maxTail       = 5
	maxApposition = 14
	maxBackground = 4
)

// speaker finds whose cue it is.
func (e *extraction) speaker(u *unit, h hit, hits []hit) (nounPhrase, bool) {
	if h.class == gerund {
		return e.subject(u, hits)
	}
	verb, ok := e.anchor(u, h)
	if !ok {
		return nounPhrase{}, false
	}
	j := e.beforeVerb(u, h, verb)
	if s, ok := e.seat(u, j, h); ok {
		return s, true
	}
	marked := j >= 0 && (u.toks[j].quoted || u.toks[j].Kind == text.Clause || u.toks[j].Kind == text.Quote)
	inverted := j < 0 || marked || e.is("reporters", u.toks[j])
	if named, ok := e.betweenCommas(u, j, hits); ok {
		return named, true
	}
	if marked && e.Grammar.Inverts {
		// Behind a comma the clause before it is what is said, and no subject.
		if s, ok := e.inverse(u, e.behind(u, h, verb), marked); ok {
			return s, true
		}
	}
	silent := false // a subject stands before the verb, and cannot speak
	if j >= 0 && !u.toks[j].quoted {
		s, ok := e.leftOf(u, j, hits)
		switch {
		case s.to == 0 || !e.isSubject(u, s):
		case ok:
			return s, true
		default:
			silent = slices.ContainsFunc(u.toks[s.from:s.to], func(t token) bool { return !e.is("calendar", t) })
		}
	}
	if s, ok := e.reported(u, h); ok {
		return s, true
	}
	if inverted || e.Grammar.Inverts && !silent && !e.is("subordinators", u.toks[j]) {
		return e.inverse(u, e.behind(u, h, verb), marked)
	}
	return nounPhrase{}, false
}

// inverse reads the speaker behind his verb, past small words. Behind a mark
// ("…, affirme le ministère") any noun with an article speaks.
func (e *extraction) inverse(u *unit, i int, marked bool) (nounPhrase, bool) {
	for i < len(u.toks) && e.small(u.toks[i]) {
		i++
	}
	s, ok := e.rightOf(u, i)
	article := i < len(u.toks) && e.is("determiners", u.toks[i])
	if !ok && marked && article && s.to > s.from && (e.Grammar.HeadFirst || e.Grammar.Nouns) {
		ok = !e.isAny(u.toks[s.from], "things", "papers", "calendar")
	}
	return s, ok && e.isSubject(u, s)
}

// behind is where a speaker behind his verb begins: within the bracket, where the
// language has one or he is a pronoun ("a-t-il dit"), else behind the cue.
func (e *extraction) behind(u *unit, h hit, verb int) int {
	within := slices.ContainsFunc(u.toks[verb:h.start], func(t token) bool { return e.is("pronouns", t) })
	if verb < h.start && (e.Grammar.Brackets || within) {
		return verb + 1
	}
	return h.end
}

// beforeVerb is the token that a speaker before a cue would end with: adverbs,
// helping verbs and brackets are skipped. verb is where the finite verb stands.
func (e *extraction) beforeVerb(u *unit, h hit, verb int) int {
	j := verb - 1
	for j >= 0 && (!u.toks[j].quoted || u.toks[j].scare) && e.is("between", u.toks[j]) && !u.toks[j].shout() {
		j--
	}
	if j >= 0 && u.toks[j].Kind == text.Quote && u.toks[h.start].scare {
		j--
	}
	if j >= 0 && u.toks[j].Text == ")" {
		for j >= 0 && u.toks[j].Text != "(" {
			j--
		}
		j--
	}
	return j
}

// leftOf reads the noun phrase that ends with token j. Behind a comma it is what
// stands before the commas.
func (e *extraction) leftOf(u *unit, j int, hits []hit) (nounPhrase, bool) {
	if u.toks[j].Text != "," {
		return e.collect(u, j, hits)
	}
	if k := u.commaBefore(j); k > 0 {
		return e.collect(u, k-1, hits)
	}
	return nounPhrase{}, false
}

// betweenCommas reads the name between commas that end with token j, where what
// stands before them is only a role: "the ambassador, Jane Doe, said".
func (e *extraction) betweenCommas(u *unit, j int, hits []hit) (nounPhrase, bool) {
	if j < 0 || u.toks[j].Text != "," || u.toks[j].quoted {
		return nounPhrase{}, false
	}
	k := u.commaBefore(j)
	if k < 1 || !allCapital(u.toks[k+1:j]) {
		return nounPhrase{}, false
	}
	outer, ok := e.collect(u, k-1, hits)
	if ok && !e.hasRole(u.toks[outer.from:outer.to]) {
		return nounPhrase{}, false
	}
	s := nounPhrase{name: e.shorten(u, k+1, j), from: k + 1, to: j}
	if ok {
		s.office = [2]int{outer.from, outer.to}
	}
	return s, true
}

// commaBefore is the comma before the comma j that belongs to it, or -1.
func (u *unit) commaBefore(j int) int {
	k := j - 1
	for k >= 0 && u.toks[k].Text != "," && u.toks[k].Kind != text.Stop {
		k--
	}
	if k < 0 || u.toks[k].Text != "," || j-k > maxApposition {
		return -1
	}
	return k
}

func allCapital(toks []token) bool {
	return len(toks) > 0 && !slices.ContainsFunc(toks, func(t token) bool { return !t.capital() || t.possessive() })
}

// collect goes left from token j to where the noun phrase begins. A phrase behind
// a preposition only tells where the noun before it is: in "the ambassador to
// London says", the ambassador speaks.
func (e *extraction) collect(u *unit, j int, hits []hit) (nounPhrase, bool) {
	from := j + 1
loop:
	for k := j; k >= 0 && j-k < maxSpeaker; k-- {
		t := u.toks[k]
		switch {
		case t.Kind != text.Word && t.Kind != text.Number, t.quoted, inHit(hits, k):
			break loop
		case e.is("pronouns", t) && !t.shout():
			if k == j {
				from = k
			}
			break loop
		case e.is("joints", t) && e.joins(u, k, from):
		case e.is("verbs", t) && !t.capital():
			if from <= j && k > 0 && e.coordinated(u.toks[k:j+1]) {
				return e.collect(u, k-1, hits)
			}
			break loop
		case e.is("prepositions", t) && !t.shout() && from <= j:
			if s, ok := e.behindPlace(u, k, j); ok {
				return s, true
			}
			switch {
			case k > 0 && u.toks[k-1].Kind == text.Word:
			case e.Grammar.Inverts:
				return nounPhrase{}, false
			default:
				break loop
			}
			return e.collect(u, k-1, hits)
		case e.is("determiners", t) && !t.possessive() && !t.shout():
			if k == 0 || !e.is("joints", u.toks[k-1]) || !e.joins(u, k-1, from) {
				break loop
			}
		case e.bounds(t):
			break loop
		default:
			from = k
		}
	}
	if from > j {
		return nounPhrase{}, false
	}
	s := nounPhrase{
		name: e.shorten(u, from, j+1), from: from, to: j + 1,
		aside: e.isAside(u, from), paper: e.is("papers", u.toks[j]),
	}
	return s, e.speaks(u, s)
}

func inHit(hits []hit, k int) bool {
	return slices.ContainsFunc(hits, func(h hit) bool { return k >= h.start && k < h.end })
}

// isAside reports whether a noun phrase stands behind a word such as "after".
func (e *extraction) isAside(u *unit, from int) bool {
	if from > 1 && e.is("determiners", u.toks[from-1]) {
		from--
	}
	for back := 2; back <= min(from, maxBackground); back++ {
		if p, ok := e.starts("backgrounds", u.toks[from-back:]); ok && len(p.words) == back {
			return true
		}
	}
	return from > 0 && e.is("subordinators", u.toks[from-1])
}

// joins reports whether the joint at k ties what stands before it to the noun
// phrase that begins at from.
func (e *extraction) joins(u *unit, k, from int) bool {
	if k == 0 || from >= len(u.toks) || from-k > 2 {
		return false
	}
	left, right, joint := u.toks[k-1], u.toks[from], u.toks[k]
	names := left.capital() && right.capital()
	switch {
	case left.Kind != text.Word, left.quoted, e.bounds(left), e.is("determiners", left):
		return false
	case e.is("ties", joint):
		return true
	case e.is("pairs", joint):
		// "Ministry of science and education", where such words have no capital
		office := e.Grammar.HeadFirst && !left.capital() && !right.capital() && k > 1 && from-k == 1 && e.isAny(u.toks[k-2], "roles", "orgs", "groups")
		return names || office
	}
	// "a spokesman for", "the Institute for Peace", and "Residents in" where a
	// headline begins so.
	return e.isAny(left, "roles", "groups") || names && !u.capitals && e.is("tails", joint) ||
		k == 1 && u.field == Title && !u.capitals
}

// rightOf reads the noun phrase that begins with token i, past an article. A
// paper's is its maker: "a report by the UN".
func (e *extraction) rightOf(u *unit, i int) (nounPhrase, bool) {
	for i < len(u.toks) && e.is("determiners", u.toks[i]) && !u.toks[i].shout() {
		i++
	}
	if i < len(u.toks) && e.is("pronouns", u.toks[i]) && e.bounds(u.toks[i]) {
		return nounPhrase{name: u.span(i, i+1), from: i, to: i + 1}, true
	}
	j := e.phraseEnd(u, i)
	for j > i && (e.is("calendar", u.toks[j-1]) || e.isAny(u.toks[j-1], "joints", "determiners")) {
		j--
	}
	if j == i {
		return nounPhrase{}, false
	}
	if j < len(u.toks) && e.is("papers", u.toks[j-1]) && e.is("makers", u.toks[j]) {
		if s, ok := e.rightOf(u, j+1); ok {
			return s, true
		}
	}
	if e.Grammar.HeadFirst && e.is("papers", u.toks[i]) && !slices.ContainsFunc(u.toks[i:j], func(t token) bool { return t.capital() }) {
		j = i + 1 // "une enquête financée"
	}
	if e.Grammar.Nouns && e.is("papers", u.toks[j-1]) && j-i > 1 {
		i = j - 1 // "US-Medienberichte" are not the US
	}
	s := nounPhrase{from: i, to: j, name: e.shorten(u, i, j), paper: e.is("papers", u.toks[j-1])}
	if name, ok := e.apposition(u, s); ok {
		return name, true
	}
	return s, e.speaks(u, s)
}

// apposition reads the name between commas behind a role: "said the spokesman,
// Dmitry Peskov".
func (e *extraction) apposition(u *unit, s nounPhrase) (nounPhrase, bool) {
	if s.to >= len(u.toks) || u.toks[s.to].Text != "," || !e.hasRole(u.toks[s.from:s.to]) {
		return nounPhrase{}, false
	}
	i, j := s.to+1, s.to+1
	for j < len(u.toks) && j-i < maxName && u.toks[j].capital() && !u.toks[j].quoted {
		j++
	}
	ends := j == len(u.toks) || u.toks[j].Kind != text.Word
	if j-i < 2 || !ends || e.bounds(u.toks[i]) || e.places(u.toks[i:j]) > 0 {
		return nounPhrase{}, false
	}
	return nounPhrase{name: u.span(i, j), from: i, to: j, office: [2]int{s.from, s.to}}, true
}

// hasRole reports whether a noun phrase is a role without a name.
func (e *extraction) hasRole(toks []token) bool {
	if e.Grammar.HeadFirst || e.Grammar.Nouns {
		return slices.ContainsFunc(toks, func(t token) bool { return e.is("roles", t) }) && !e.isLeader(toks)
	}
	return e.is("roles", toks[len(toks)-1])
}

// phraseEnd is where a noun phrase that begins with token i ends: at the latest
// behind the name in it.
func (e *extraction) phraseEnd(u *unit, i int) int {
	j, named := i, false
	for j < len(u.toks) && j-i < maxSpeaker {
		t := u.toks[j]
		joint := e.is("joints", t)
		switch {
		case t.Kind == text.Quote && e.Grammar.HeadFirst && e.nickname(u, j) > 0:
			j += e.nickname(u, j)
			continue
		case t.Kind != text.Word, t.quoted, e.bounds(t) && !joint, j == i+1 && e.is("pronouns", u.toks[i]):
			return j
		case named && !t.capital() && !joint && !e.isAny(t, "roles", "groups", "orgs", "papers") && !e.goesOn(u, j):
			return j
		case joint && !e.continues(u, i, j), j > i && t.capital() && e.crowd(u.toks[j-1]):
			return j
		}
		named = named || t.capital() && !u.capitals
		j++
	}
	return j
}

// small reports whether a word may stand between a verb and the speaker behind it.
func (e *extraction) small(t token) bool {
	return (e.Grammar.Inverts || e.Grammar.HeadFirst) && e.isAny(t, "calendar", "between") && !t.capital()
}

// nickname is how many tokens a name in quotation marks has that begins at j and
// stands within a speaker's phrase: лідер "Азова" Андрій Білецький; else 0.
func (e *extraction) nickname(u *unit, j int) int {
	i := j + 1
	for i < len(u.toks) && u.toks[i].quoted && u.toks[i].scare {
		i++
	}
	if i == j+1 || i+1 >= len(u.toks) || u.toks[i].Kind != text.Quote || !u.toks[i+1].capital() {
		return 0
	}
	return i + 1 - j
}

// crowd reports whether a word is one for several people, behind which no name
// follows: in "according to scientists Astronomers have" a sentence begins.
func (e *extraction) crowd(t token) bool {
	return !t.capital() && !e.Grammar.HeadFirst && !e.Grammar.Nouns && e.is("groups", t) && strings.HasSuffix(t.Fold, "s")
}

// goesOn reports whether a name follows small words behind a name: in
// "представитель Белого дома Джон Кирби" the phrase does not end before "дома".
func (e *extraction) goesOn(u *unit, j int) bool {
	if !e.Grammar.HeadFirst {
		return false
	}
	if len(e.sides(u.toks[j:j+1])) > 0 {
		return true // whose he is, as "ruso" in "Ministerio de Defensa ruso"
	}
	i := j
	for i < len(u.toks) && i-j < innerReach && u.toks[i].Kind == text.Word && !u.toks[i].capital() && !e.bounds(u.toks[i]) {
		i++
	}
	return i+1 < len(u.toks) && u.toks[i].capital() && u.toks[i+1].capital() && !e.bounds(u.toks[i])
}

// subject reads the noun phrase that a sentence begins with, up to its role.
func (e *extraction) subject(u *unit, hits []hit) (nounPhrase, bool) {
	for j := 0; j < len(u.toks) && j < maxSpeaker; j++ {
		t := u.toks[j]
		if t.Kind != text.Word || e.bounds(t) || inHit(hits, j) {
			break
		}
		if e.isAny(t, "roles", "groups", "orgs") {
			return e.collect(u, j, hits)
		}
	}
	return nounPhrase{}, false
}

// speaks reports whether a noun phrase can speak: a name, a role, a group of
// people, a paper, or a pronoun.
func (e *extraction) speaks(u *unit, s nounPhrase) bool {
	toks := u.toks[s.from:s.to]
	last := toks[len(toks)-1]
	switch {
	case s.paper, e.isAny(last, "roles", "groups") && !(e.Grammar.HeadFirst && e.is("things", toks[0])):
		return true
	case e.is("things", toks[0]):
		return false
	case len(toks) == 1 && e.is("pronouns", last):
		return true
	case len(toks) == 1 && e.isAny(last, "calendar", "titles"):
		return false
	case e.Grammar.HeadFirst && slices.ContainsFunc(toks, func(t token) bool { return e.isAny(t, "roles", "groups", "orgs", "papers") }):
		return true
	case e.Grammar.Nouns:
		return e.isAny(last, "orgs") || e.isAny(toks[0], "roles", "groups", "orgs") || e.named(u, s)
	case !u.capitals && len(toks) > 1 && !last.capital() && !e.isAny(last, "orgs", "titles") && !e.isAgent(last):
		// "the broadcaster's programme": what a name has does not speak.
		return false
	}
	return slices.ContainsFunc(toks, func(t token) bool { return t.capital() && !e.is("calendar", t) }) && e.hasHead(toks)
}

// hasHead reports whether what stands before "of" can speak: a wreck of the
// Titanic cannot.
func (e *extraction) hasHead(toks []token) bool {
	of := slices.IndexFunc(toks, func(t token) bool { return e.is("ties", t) })
	if of < 1 {
		return true
	}
	return slices.ContainsFunc(toks[:of], func(t token) bool {
		return t.capital() || e.isAny(t, "roles", "groups", "orgs", "titles", "papers") || e.isAgent(t)
	})
}

// isAgent reports whether a noun is one for somebody who does something.
func (e *extraction) isAgent(t token) bool {
	return !e.Agents.Except[t.Fold] && slices.ContainsFunc(e.Agents.Endings, func(end string) bool {
		return len(t.Fold) > len(end)+2 && strings.HasSuffix(t.Fold, end)
	})
}
