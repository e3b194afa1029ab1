package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// resolve gives a claim's speaker the name that the report tells elsewhere. ok
// is false when the speaker stays nobody, such as "he" or "a report".
func (e *extraction) resolve(f found) (string, bool) {
	toks := e.tokens(f.Speaker)
	if len(toks) == 0 {
		return "", false
	}
	last, role := toks[len(toks)-1], e.headRole(toks)
	switch {
	case e.is("nobodies", toks[0]) && (len(toks) == 1 || f.Field != Title):
		return "", false // what an outlet has from "people familiar with" it, it tells itself
	case e.isPronoun(toks):
		return e.antecedent(f)
	case e.isOrgan(toks):
		return f.Speaker, true
	case f.paper && e.anonymous(toks) && !(f.Field == Title && len(toks) > 1 && e.is("informants", last)):
		if f.class == "" && len(toks) == 1 && strings.HasSuffix(last.Fold, e.Plural) && e.Plural != "" {
			return "", false // "… – reports"
		}
		if name, ok := e.behindPaper(f); ok {
			return name, true
		}
		several := e.Plural != "" && strings.HasSuffix(last.Fold, e.Plural)
		said := f.outer && f.class == class(Assert) && !several || e.is("verdicts", last)
		return f.Speaker, f.Field == Title && said && !e.othersInTitle(f)
	case f.Field == Title && e.is("bodies", last) && e.anonymousBody(toks):
		if name, ok := e.bodyFor(); ok {
			return name, true
		}
	case f.Field == Lead && f.first && e.is("roles", last) && f.Side == "":
		if name, ok := e.titleName(); ok {
			return name, true
		}
	case f.Field == Title && !f.paper && !e.isLeader(toks) && len(role) == len(toks) && !strings.HasSuffix(last.Fold, e.Plural) && e.introducedAs(last) != "":
		return e.introducedAs(last), true
	case f.Field == Lead && f.first && e.is("bodies", last) && e.anonymousBody(toks):
		if name, ok := e.firm(); ok {
			return name, true
		}
	case f.Field == Lead && f.first && e.isHead(toks) && f.Side != "":
		if name, ok := e.openerOf(f); ok {
			return name, true
		}
	case f.Field == Title && !e.Grammar.HeadFirst && (e.is("roles", role[len(role)-1]) || !f.aside && e.isDoer(toks)) && !e.isPlural(role[len(role)-1]):
		if name, ok := e.personFor(role); ok {
			return name, true
		}
	}
	return f.Speaker, true
}

// introducedAs is the person with whom the description begins and of whom it says between
// commas that he is what the headline calls the speaker: "Jane Doe, a retired Green
// Beret who".
func (e *extraction) introducedAs(role token) string {
	if len(e.lead) == 0 || e.Grammar.HeadFirst || e.Grammar.Nouns || e.isAny(role, "orgs", "outlets", "pronouns") {
		return ""
	}
	u := &e.lead[0]
	to := capitalRun(u, 0)
	if from, ok := e.person(u.toks[:to], nil); !ok || from > 0 || u.capitals || to+1 >= len(u.toks) || u.toks[to].Text != "," || !e.is("determiners", u.toks[to+1]) {
		return ""
	}
	for _, t := range u.from(to+2, roleReach) {
		switch {
		case t.Fold == role.Fold:
			return u.span(0, to)
		case t.Kind != text.Word, e.bounds(t):
			return ""
		}
	}
	return ""
}

// isHead reports whether toks end with what somebody is who leads or governs.
func (e *extraction) isHead(toks []token) bool {
	last := toks[len(toks)-1].Fold
	return e.Statesmen[last] || e.Leads[last] || e.Rulers[last] && e.is("roles", toks[len(toks)-1])
}

// openerOf is the leader with whom the headline begins, where the description begins with
// what he is for his party: "French president" behind "Macron breaks silence".
func (e *extraction) openerOf(f found) (string, bool) {
	if len(e.title) == 0 || len(e.lead) == 0 || f.At > e.lead[0].toks[min(len(e.lead[0].toks), maxSpeaker)-1].Start {
		return "", false
	}
	u := &e.title[0]
	s, ok := e.openingLeader(u)
	if !ok {
		return "", false
	}
	side, _ := e.speakFor(u.toks[s.from:s.to])
	return s.name, side == f.Side
}

// openingLeader reads the leader with whose name a sentence begins.
func (e *extraction) openingLeader(u *unit) (nounPhrase, bool) {
	from := 0
	if n := e.homeIn(u.toks[:min(maxName, len(u.toks))]); n > 0 && u.toks[n-1].possessive() {
		from = n // "Brazil's Lula"
	}
	for to := from + 1; to <= min(from+maxName, len(u.toks)-1); to++ {
		if e.isLeader(u.toks[from:to]) && allCapital(u.toks[from:to]) {
			return nounPhrase{name: u.span(from, to), from: from, to: to}, true
		}
	}
	return nounPhrase{}, false
}

// titleName is the full name of a person that stands before a headline's quotation:
// whom the description then calls only by what he is.
func (e *extraction) titleName() (string, bool) {
	if len(e.title) == 0 {
		return "", false
	}
	u := &e.title[0]
	colon := slices.IndexFunc(u.toks, func(t token) bool { return t.Text == ":" })
	if colon < 2 || colon > maxName || colon+1 >= len(u.toks) || u.toks[colon+1].Kind != text.Quote || u.capitals || !allCapital(u.toks[:colon]) {
		return "", false
	}
	from, ok := e.person(u.toks[:colon], nil)
	return u.span(0, colon), ok && from == 0 && !e.is("labels", u.toks[0])
}

// headRole is a role up to its head, where more is told behind that: "Lawyers for a
// trader" are lawyers.
func (e *extraction) headRole(toks []token) []token {
	i := slices.IndexFunc(toks, func(t token) bool { return e.is("prepositions", t) && !t.shout() })
	if i > 0 && !e.Grammar.HeadFirst && !e.Grammar.Nouns && e.isAny(toks[i-1], "roles", "groups") {
		return toks[:i]
	}
	return toks
}

// isDoer reports whether a noun phrase ends with a common noun for somebody who does
// something, and has no other: "British adventurer".
func (e *extraction) isDoer(toks []token) bool {
	last := toks[len(toks)-1]
	return !last.capital() && e.isAgent(last) && !e.isAny(last, "groups", "orgs", "papers") && !strings.HasSuffix(last.Fold, e.Plural) &&
		!slices.ContainsFunc(toks, func(t token) bool { return e.is("joints", t) })
}

// maxOffice is how many words an office before a name has at most.
const maxOffice = 4

// office is the role by which the headline names who speaks, where his name stands
// only in the description.
func (e *extraction) office(f found, name string) string {
	toks := e.tokens(f.Speaker)
	owned := 0 // whose the office is, is one word more: "a hostage's niece"
	for _, t := range toks {
		if t.possessive() {
			owned++
		}
	}
	if f.Field != Title || f.paper || name == f.Speaker || len(toks) == 0 || len(toks)+owned > maxOffice || !e.is("roles", toks[len(toks)-1]) && !e.isDoer(toks) {
		return ""
	}
	return f.Speaker
}

func (l *lexicon) tokens(s string) []token {
	var out []token
	for _, t := range text.Tokens(s) {
		out = append(out, l.mark(t))
	}
	return out
}

func (e *extraction) isPronoun(toks []token) bool { return len(toks) == 1 && e.is("pronouns", toks[0]) }

// isPlural reports whether a role is that of several people.
func (e *extraction) isPlural(t token) bool {
	return e.Plural != "" && strings.HasSuffix(t.Fold, e.Plural) && e.is("groups", t)
}

// anonymous reports whether a paper is nobody's by its words: "new report".
func (e *extraction) anonymous(toks []token) bool {
	return !slices.ContainsFunc(toks, func(t token) bool {
		return t.capital() && !e.isAny(t, "papers", "determiners", "ranks") || e.isAny(t, "groups", "roles", "orgs") && !e.is("papers", t)
	})
}

// anonymousBody reports whether a body is named by common nouns alone, or tells besides
// from which state it is: "US thinktank".
func (e *extraction) anonymousBody(toks []token) bool {
	rest := toks[:len(toks)-1]
	if n := e.homeIn(rest); n > 0 && e.isNation(rest[:n]) {
		rest = rest[n:]
	}
	return !slices.ContainsFunc(rest, token.capital) && len(e.mentions(rest)) == 0
}

// bodyFor is the body with a name that opens the description with a claim.
func (e *extraction) bodyFor() (string, bool) {
	for _, f := range e.found {
		if f.Field != Lead || !f.first || f.aside || f.paper {
			continue
		}
		toks := e.tokens(f.Speaker)
		if len(toks) == 0 {
			continue
		}
		named := !slices.ContainsFunc(toks, func(t token) bool { return !t.capital() && !e.isAny(t, "joints", "determiners") })
		if last := toks[len(toks)-1]; named && (e.is("orgs", last) && !e.is("groups", last) || e.namesBody(toks)) {
			return f.Speaker, true
		}
	}
	return "", false
}

// othersInTitle reports whether the headline has another claim than f.
func (e *extraction) othersInTitle(f found) bool {
	return slices.ContainsFunc(e.found, func(o found) bool { return o.Field == Title && o.At != f.At })
}

// antecedent is the speaker before a pronoun: the nearest before it in its
// field, else the title's.
func (e *extraction) antecedent(f found) (string, bool) {
	var best *found
	for i := range e.found {
		o := &e.found[i]
		switch {
		case o.paper, e.isPronoun(e.tokens(o.Speaker)):
		case o.Field == f.Field && o.At < f.At && (best == nil || best.Field != f.Field || o.At > best.At):
			best = o
		case o.Field == Title && f.Field == Lead && best == nil:
			best = o
		}
	}
	if best == nil {
		return "", false
	}
	return best.Speaker, true
}

// voice is who of a side speaks, without whose he is, and whether he is named by a
// common noun alone.
func (e *extraction) voice(speaker string) (voice string, common bool) {
	toks := e.tokens(speaker)
	mentions := slices.DeleteFunc(e.mentions(toks), func(m gazetteer.Mention) bool {
		return m.Actor.Kind == gazetteer.Group && m.Actor.Party == "" // "rebels" are nobody's
	})
	var out []string
	for i, t := range toks {
		side := slices.ContainsFunc(mentions, func(m gazetteer.Mention) bool {
			return i >= m.From && i < m.To && m.Actor.Kind != gazetteer.Leader
		})
		if !side && t.Kind == text.Word && !e.isAny(t, "determiners", "joints") {
			out = append(out, t.Fold)
		}
	}
	if e.isRebel(toks) {
		return strings.Join(out, " "), true
	}
	named := slices.ContainsFunc(toks[min(1, len(toks)):], token.capital)
	common = len(mentions) == 0 && len(toks) > 0 && !named && !e.Grammar.Nouns && (e.isAny(toks[len(toks)-1], "groups", "roles") || len(e.mentions(toks)) > 0)
	return strings.Join(out, " "), common
}

// isRebel reports whether toks are one of those who stand up against a state, whom
// nobody names: "Russian warlord", "Congolese rebel leader".
func (e *extraction) isRebel(toks []token) bool {
	mentions := e.mentions(toks)
	if len(mentions) != 2 || !e.owns(toks, mentions[0], mentions[1]) || mentions[1].Actor.Party != "" {
		return false
	}
	last := toks[len(toks)-1]
	return mentions[0].From == 0 && len(toks) <= mentions[1].To+1 && e.Plural != "" && !strings.HasSuffix(last.Fold, e.Plural) && !last.possessive()
}

// isOrgan reports whether a speaker is an outlet of a state: "state media".
func (e *extraction) isOrgan(toks []token) bool {
	outlet := func(t token) bool { return e.is("outlets", t) }
	for i, t := range toks {
		if e.Organs[t.Fold] && (outlet(t) || e.Grammar.HeadFirst && slices.ContainsFunc(toks, outlet)) {
			return true // "Staatsmedien", "médias d'Etat"
		}
		if i > 0 && e.Organs[toks[i-1].Fold] && slices.ContainsFunc(toks[i:], outlet) {
			return true
		}
	}
	return false
}

// isOutlet reports whether a speaker of a side is an outlet by its last word, or by
// the one before a state: "Times of Israel", "Polish media". What an outlet has from
// people whom nobody names it tells itself.
func (e *extraction) isOutlet(speaker, side string) bool {
	toks := e.tokens(speaker)
	n := len(toks)
	if n == 0 || n > 1 && side == "" && e.is("nobodies", toks[0]) {
		return n > 0
	}
	if side == "" {
		return e.is("outlets", toks[n-1])
	}
	for _, m := range e.mentions(toks) {
		of := m.To == n && m.From > 1 && e.is("ties", toks[m.From-1]) && e.is("outlets", toks[m.From-2])
		if of || m.From == 0 && m.To == n-1 && e.is("outlets", toks[n-1]) {
			return true
		}
	}
	return false
}

// sideFor is the party of a speaker whose own words do not tell it: that of his
// name, else of whoever spoke right before in the sentence: "its spokesman".
func (e *extraction) sideFor(f found, name string) string {
	if side, _ := e.speakFor(e.tokens(name)); side != "" || !f.owned {
		return side
	}
	best := ""
	for _, o := range e.found {
		if o.Field == f.Field && o.At < f.At && o.Side != "" {
			best = o.Side
		}
	}
	return best
}

// behindPaper is whose paper speaks in a headline: who speaks in the description,
// by name. Nameless researchers tell less than the paper does.
func (e *extraction) behindPaper(f found) (string, bool) {
	if f.Field != Title {
		return "", false
	}
	for _, o := range e.found {
		author := e.tokens(o.Speaker)
		answers := o.Act == Deny || o.Act == Reject || o.Act == NoComment
		if o.Field == Lead && (o.first || o.paper) && !answers && !(e.isSubjectOf(author) && (f.Act == Accuse || e.polls(f.Speaker))) && !e.isPronoun(author) && (!o.paper || !e.anonymous(author)) && e.mayWrite(author) {
			return o.Speaker, true
		}
	}
	return e.makerInLead()
}

// makerInLead is whose paper a description begins with: "Bergen Post report details".
func (e *extraction) makerInLead() (string, bool) {
	if len(e.lead) == 0 || e.Grammar.HeadFirst || e.Grammar.Nouns {
		return "", false
	}
	u := &e.lead[0]
	from := 0
	if e.is("determiners", u.toks[0]) {
		from = 1
	}
	to := capitalRun(u, from)
	if to-from < 2 || to >= len(u.toks) || u.capitals || !e.is("papers", u.toks[to]) || !e.isAny(u.toks[to-1], "orgs", "outlets") {
		return "", false
	}
	return u.span(from, to), true
}

// mayWrite reports whether those who speak are named and no mere state.
func (e *extraction) mayWrite(author []token) bool {
	state := slices.ContainsFunc(e.mentions(author), func(m gazetteer.Mention) bool {
		return m.Actor.Kind == gazetteer.State && m.From == 0 && m.To == len(author)
	})
	named := slices.ContainsFunc(author, func(t token) bool { return t.capital() && !e.isAny(t, "groups", "determiners") })
	return !state && (e.Grammar.Nouns || named)
}
