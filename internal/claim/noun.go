package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// rightOf reads the noun phrase that begins with token i, past an article. A
// paper's is its maker: "a report by the UN".
func (e *extraction) rightOf(u *unit, i int) (nounPhrase, bool) {
	for i < len(u.toks) && e.is("determiners", u.toks[i]) && !u.toks[i].shout() {
		i++
	}
	if i < len(u.toks) && e.is("pronouns", u.toks[i]) && e.bounds(u.toks[i]) {
		return nounPhrase{name: u.span(i, i+1), from: i, to: i + 1}, true
	}
	if j := e.informedEnd(u, i); j > i {
		return nounPhrase{name: u.span(i, j), from: i, to: j}, true
	}
	j := e.phraseEnd(u, i)
	for j > i && (e.is("calendar", u.toks[j-1]) || e.isAny(u.toks[j-1], "joints", "determiners")) {
		j--
	}
	if j == i {
		return nounPhrase{}, false
	}
	if j < len(u.toks) && e.isPaper(u, j-1) && e.is("makers", u.toks[j]) {
		if s, ok := e.rightOf(u, j+1); ok {
			return s, true
		}
	}
	if e.Grammar.HeadFirst && e.is("papers", u.toks[i]) && !slices.ContainsFunc(u.toks[i:j], func(t token) bool { return t.capital() }) {
		n := 1 // "une enquête financée"
		if j-i > 1 && e.Organs[u.toks[i+1].Fold] {
			n = 2 // "medios estatales"
		}
		j = i + n
	}
	if e.Grammar.Nouns && e.is("papers", u.toks[j-1]) && j-i > 1 {
		i = j - 1 // "US-Medienberichte" are not the US
	}
	s := nounPhrase{from: i, to: j, name: e.shorten(u, i, j), paper: e.isPaper(u, j-1)}
	if name, ok := e.apposition(u, s); ok {
		return name, true
	}
	return s, e.speaks(u, s)
}

// isPaper reports whether token i is a paper that speaks, and does not end a name:
// "Institute for Strategic Studies".
func (e *extraction) isPaper(u *unit, i int) bool {
	named := i > 0 && u.toks[i].capital() && u.toks[i-1].capital() && !u.capitals && !e.Grammar.Nouns
	return e.is("papers", u.toks[i]) && !named
}

// informedEnd is where nameless people end that are told to know it, where they
// begin with token i: "people familiar with the matter"; else i.
func (e *extraction) informedEnd(u *unit, i int) int {
	if i+1 >= len(u.toks) || !e.is("nobodies", u.toks[i]) || !e.is("informed", u.toks[i+1]) {
		return i
	}
	j := i + 2
	for j < len(u.toks) && j-i < maxInformed && u.toks[j].Kind == text.Word && !u.toks[j].quoted {
		if _, cue := e.cues.at(u.toks[j:]); cue || e.bounds(u.toks[j]) && !e.is("prepositions", u.toks[j]) {
			break
		}
		j++
	}
	return j
}

// informedBegin is where nameless people begin that are told to know it, where they end
// with token j; else j.
func (e *extraction) informedBegin(u *unit, j int) int {
	for k := max(0, j-maxInformed); k < j; k++ {
		if e.informedEnd(u, k) == j+1 {
			return k
		}
	}
	return j
}

// maxInformed is how many words tell of people that they know it.
const maxInformed = 7

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
	return e.is("roles", toks[len(toks)-1]) || e.heads(toks)
}

// phraseEnd is where a noun phrase that begins with token i ends: at the latest
// behind the name in it.
func (e *extraction) phraseEnd(u *unit, i int) int {
	j, named, office := i, false, i
	for j < len(u.toks) && j-i < maxSpeaker {
		t := u.toks[j]
		joint := e.is("joints", t)
		if named && office <= j {
			office = e.officeEnd(u, j)
		}
		switch {
		case j < office:
		case t.Kind == text.Quote && e.Grammar.HeadFirst && e.nickname(u, j) > 0:
			j += e.nickname(u, j)
			continue
		case t.Kind != text.Word, t.quoted, e.bounds(t) && !joint, j == i+1 && e.is("pronouns", u.toks[i]):
			return j
		case named && j > i+1 && e.is("determiners", t) && e.is("tails", u.toks[j-1]) && u.toks[j-2].capital() && j+1 < len(u.toks) && u.toks[j+1].capital() && !u.capitals:
			// "Institute for the Study of War"
		case named && !t.capital() && !joint && !e.isAny(t, "roles", "groups", "orgs", "papers") && !e.ranked(u, j) && !e.goesOn(u, j):
			return j
		case j > i+1 && !u.capitals && e.is("determiners", t) && t.capital() && !u.toks[j-1].capital():
			return j // "according to a report The bank has"
		case joint && !e.continues(u, i, j), j > i && t.capital() && e.crowd(u.toks[j-1]):
			return j
		}
		named = named || t.capital() && !u.capitals
		j++
	}
	return j
}

// officeEnd is where the office ends that plain words from j on name, right behind
// the party whose it is: "air force" in "the Ukrainian air force"; else j.
func (e *extraction) officeEnd(u *unit, j int) int {
	owner := u.toks[j-1]
	if e.Grammar.HeadFirst || e.Grammar.Nouns || !owner.possessive() && len(e.sides(u.toks[j-1:j])) == 0 {
		return j
	}
	for i := j; i < len(u.toks) && i-j < maxOfficeWords; i++ {
		t := u.toks[i]
		if t.Kind != text.Word || t.quoted || t.capital() || e.bounds(t) {
			break
		}
		if e.isAny(t, "roles", "groups", "orgs", "papers") {
			return i + 1
		}
		if _, cue := e.cues.at(u.toks[i:]); cue {
			break
		}
	}
	return j
}

// maxOfficeWords is how many plain words name an office.
const maxOfficeWords = 3

// ranked reports whether a word of rank stands before a role: in "Russia foreign
// minister" the phrase does not end before "foreign".
func (e *extraction) ranked(u *unit, j int) bool {
	return e.is("ranks", u.toks[j]) && j+1 < len(u.toks) && e.is("roles", u.toks[j+1])
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
	return !t.capital() && !e.Grammar.HeadFirst && !e.Grammar.Nouns && e.isAny(t, "groups", "papers") && strings.HasSuffix(t.Fold, "s")
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
func (e *extraction) subject(u *unit, h hit, hits []hit) (nounPhrase, bool) {
	if s, ok := e.opening(u); ok {
		return s, true
	}
	if s, ok := e.openingName(u); ok && e.standsApart(u, h, s) {
		return s, true
	}
	for j := 0; j < len(u.toks) && j < maxSpeaker; j++ {
		t := u.toks[j]
		if t.Kind != text.Word || e.bounds(t) || inHit(hits, j) {
			break
		}
		if e.isAny(t, "roles", "groups", "orgs") {
			for j+1 < len(u.toks) && (u.toks[j+1].capital() || e.is("roles", u.toks[j+1])) && !u.toks[j+1].possessive() && !inHit(hits, j+1) {
				j++ // "mercenary leader Jane Doe"
			}
			return e.collect(u, j, hits)
		}
	}
	return nounPhrase{}, false
}

// opener reads the party or leader that a headline begins with.
func (e *extraction) opener(u *unit) (nounPhrase, bool) {
	from := 0
	if e.Grammar.HeadFirst && len(u.toks) > 1 && e.is("determiners", u.toks[0]) {
		from = 1 // "La Norvège"
	}
	for _, m := range e.mentions(u.toks[:min(len(u.toks), maxSpeaker)]) {
		if m.From == from && m.To < len(u.toks) && u.toks[m.To].Kind == text.Word && !u.toks[m.To-1].possessive() {
			return nounPhrase{name: e.shorten(u, from, m.To), from: from, to: m.To}, true
		}
	}
	return e.openingName(u)
}

// standsApart reports whether a gerund hangs on no noun right before it, but on the
// subject: ", accusing", "quits accusing", and not "half of voters accusing".
func (e *extraction) standsApart(u *unit, h hit, s nounPhrase) bool {
	if h.start < s.to {
		return false
	}
	before := u.toks[h.start-1]
	return before.Text == "," || e.isAny(before, "pairs", "subordinators") || h.start == s.to+1 && !before.capital()
}

// isLoneSurname reports whether a headline begins with a surname and its verb.
func (e *extraction) isLoneSurname(u *unit) bool {
	name, verb := u.toks[0], u.toks[1]
	return e.Plural != "" && e.isSurname(u.toks[:1]) && !e.isAny(name, "determiners", "pronouns", "prepositions", "bounds") &&
		strings.HasSuffix(verb.Fold, e.Plural) && !e.isAny(verb, "groups", "roles", "orgs", "papers", "things") && !e.isAgent(verb)
}

// openingName reads the person's name that a headline begins with, where a plain word
// behind it tells where it ends.
func (e *extraction) openingName(u *unit) (nounPhrase, bool) {
	to := capitalRun(u, 0)
	if u.field != Title || u.capitals || to == 0 || to == len(u.toks) || u.toks[to-1].possessive() || e.bounds(u.toks[to]) || u.toks[to].Kind != text.Word && !e.plainBehind(u, to) {
		return nounPhrase{}, false
	}
	surname := to == 1 && e.isLoneSurname(u)
	if _, ok := e.person(u.toks[:to], nil); !ok && !surname {
		return nounPhrase{}, false
	}
	return nounPhrase{name: e.shorten(u, 0, to), from: 0, to: to}, true
}

// opening reads the party that a sentence begins with, where a helping verb stands
// right behind it: "Canada has suspended flights, saying".
func (e *extraction) opening(u *unit) (nounPhrase, bool) {
	from := 0
	if e.is("determiners", u.toks[0]) && len(u.toks) > 1 {
		from = 1
	}
	to := from + e.homeIn(u.toks[from:min(len(u.toks), from+maxSpeaker)])
	if to == from || to >= len(u.toks) || u.toks[to-1].possessive() || !e.is("helpers", u.toks[to]) {
		return nounPhrase{}, false
	}
	return nounPhrase{name: u.span(from, to), from: from, to: to}, true
}

// speaks reports whether a noun phrase can speak: a name, a role, a group of
// people, a paper, or a pronoun.
func (e *extraction) speaks(u *unit, s nounPhrase) bool {
	toks := u.toks[s.from:s.to]
	last := toks[len(toks)-1]
	switch {
	case len(toks) == 1 && e.Heralds[last.Fold]:
		return false // "Watch highlights"
	case e.isAny(last, "things", "pictures") && !e.Grammar.HeadFirst && !e.Grammar.Nouns && !e.namesBody(toks):
		return false
	case s.from > 0 && e.is("orgs", last) && e.is("determiners", u.toks[s.from-1]) && !e.Grammar.HeadFirst && !e.Grammar.Nouns:
		return true // "the ministry"
	case !e.headSpeaks(u, s):
		return false
	case s.paper, e.isAny(last, "roles", "groups") && !(e.Grammar.HeadFirst && e.is("things", toks[0])):
		return true
	case e.is("things", toks[0]) && !e.isNamesake(u, toks) && !e.has("places", toks[:min(len(toks), maxRole)]):
		return false // and not "Amnesty International"
	case e.heads(toks):
		return true
	case toks[0].Kind == text.Number && !e.Grammar.HeadFirst && !e.Grammar.Nouns:
		return false // "2.9 million gene therapy"
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
	return slices.ContainsFunc(toks, func(t token) bool { return t.capital() && !e.is("calendar", t) }) && e.hasHead(u, s)
}

// namesBody reports whether toks are a body's name that ends with what it is for:
// "Institute for the Study of War".
func (e *extraction) namesBody(toks []token) bool {
	i := slices.IndexFunc(toks, func(t token) bool { return e.is("tails", t) })
	return i > 0 && e.is("orgs", toks[i-1]) && toks[i-1].capital() && toks[len(toks)-1].capital()
}

// heads reports whether a role stands before "of": in "the head of the city's
// school" the head speaks.
func (e *extraction) heads(toks []token) bool {
	of := slices.IndexFunc(toks, func(t token) bool { return e.is("joints", t) && !e.is("pairs", t) })
	return of > 0 && !e.Grammar.HeadFirst && !e.Grammar.Nouns && e.isAny(toks[of-1], "roles", "titles")
}

// hasHead reports whether what stands before "of" can speak: a wreck of the
// Titanic cannot. A capital tells that it is a name, unless every word has one or
// it only begins a sentence.
func (e *extraction) hasHead(u *unit, s nounPhrase) bool {
	toks := u.toks[s.from:s.to]
	of := slices.IndexFunc(toks, func(t token) bool { return e.is("ties", t) })
	if of < 1 || slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool { return m.From == 0 && m.To > of }) {
		return true
	}
	head := toks[of-1]
	if e.isAny(head, "roles", "groups", "orgs", "titles", "papers") || e.isAgent(head) {
		return true
	}
	for i, t := range toks[:of] {
		if t.capital() && !u.capitals && (i > 0 || of == 1 || !begins(u, s.from)) {
			return true
		}
	}
	return false
}

// headSpeaks reports whether what stands before "of" is no thing that several
// people only belong to: "arrests of refugees" do not speak, "thousands of" them
// and the "families of" them do.
func (e *extraction) headSpeaks(u *unit, s nounPhrase) bool {
	toks := u.toks[s.from:s.to]
	of := slices.IndexFunc(toks, func(t token) bool { return e.is("ties", t) })
	return of < 1 || e.Grammar.HeadFirst || e.Grammar.Nouns || e.hasHead(u, s) || e.isAny(toks[of-1], "amounts", "ranks")
}

// isAgent reports whether a noun is one for somebody who does something.
func (e *extraction) isAgent(t token) bool { return e.Agents.has(t.Fold) }

// isAdverb reports whether a word may stand between a speaker and his verb for
// its ending.
func (e *extraction) isAdverb(t token) bool {
	return !t.capital() && t.Kind == text.Word && e.Adverbs.has(t.Fold) && !e.isAny(t, "roles", "groups", "orgs", "titles")
}
