package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// assertion tells what a plain "says" does, from what is said.
func (e *extraction) assertion(u *unit, h hit, s nounPhrase) Act {
	content, _ := e.said(u, h, s)
	if len(content) > 0 && content[0].Text == ":" {
		content = content[1:] // "Kremlin: we had no part in it"
	}
	content = unquoted(content[:min(len(content), contentReach)])
	opening := content[:min(len(content), ownReach)]
	switch {
	case e.orders(u, h):
		return Demand
	case e.Callings[h.word()] && e.has("insults", u.from(h.end, objectReach)):
		return Accuse
	case e.Callings[h.word()] && e.has("untrue", content) && !e.has("denied", content):
		return Accuse // "calls the boycott absurd"
	case e.has("untrue", content) && (len(content) <= maxRetort || e.has("denied", content)):
		return Deny
	case e.has("innocence", content[:min(len(content), objectReach)]) && e.ofItself(u, opening, s), e.clears(u, content, s):
		return Deny
	case e.has("refusals", content) && !e.tellsOfOthers(u, opening, s):
		return Reject
	case e.Warnings[h.word()] && e.menaces(u, h, s):
		return Threaten
	case e.beginsOwn(content, e.tellsOfOthers(u, opening, s)) || e.ownDoing(opening) || e.decides(u, content, s) || e.undertakes(u, content, s) || e.Compelling[h.word()] && e.disposes(u, content, s):
		if e.Warnings[h.word()] {
			return Threaten // "warns it will strike"
		}
		return Announce
	case e.bids(content), e.bidsPlainly(u, content):
		return Demand
	case e.has("bidden", content[:min(len(content), orderReach)]), !e.Warnings[h.word()] && !e.Rulings[h.word()] && e.asks(content):
		return Demand
	case !e.Warnings[h.word()] && !e.Preludes[strings.Join(h.words, " ")] && !e.weighs(u.toks[s.from:s.to]) && e.blames(e.foreground(content)):
		return Accuse
	}
	return Assert
}

// clears reports whether what is said shortly is what did not happen, and of nobody of
// another side: of another's balloon he only asserts what it did not do.
func (e *extraction) clears(u *unit, content []token, s nounPhrase) bool {
	content = e.foreground(content)
	if !e.has("absences", content) || len(content) > maxRetort && !e.has("denied", content) {
		return false
	}
	opening := content[:min(len(content), ownReach)]
	return len(e.sides(opening)) == 0 || e.ofItself(u, opening, s)
}

// tellsOfOthers reports whether what is said begins with another side than the speaker's.
func (e *extraction) tellsOfOthers(u *unit, opening []token, s nounPhrase) bool {
	side, _ := e.speakFor(u.toks[s.from:s.to])
	sides := e.sides(opening)
	return side != "" && len(sides) > 0 && !slices.Contains(sides, side)
}

// weighs reports whether toks are those who only find what is so: a court, a poll.
func (e *extraction) weighs(speaker []token) bool {
	last := speaker[len(speaker)-1]
	return e.Judges[last.Fold] || e.Surveys[last.Fold]
}

// asks reports whether what is said is what others must do, and not what they should
// have done.
func (e *extraction) asks(content []token) bool {
	for i := range min(len(content), objectReach) {
		p, ok := e.starts("demands", content[i:])
		if past := i + len(p.words); ok && past <= objectReach && (past >= len(content) || !e.is("helpers", content[past])) {
			return true
		}
	}
	return false
}

// unquoted is toks without the quotation marks in them: claims may be ‘false’ and
// somebody ‘ready’ to sign. One before them stays: what is quoted whole is no doing.
func unquoted(toks []token) []token {
	if len(toks) == 0 {
		return nil
	}
	rest := slices.DeleteFunc(slices.Clone(toks[1:]), func(t token) bool { return t.Kind == text.Quote })
	return append([]token{toks[0]}, rest...)
}

// orders reports whether somebody is told to do something: "tells Israel to stop".
func (e *extraction) orders(u *unit, h hit) bool {
	if !e.Orders[h.word()] && h.class != bidding {
		return false
	}
	for i := h.end; i+1 < min(len(u.toks), h.end+orderReach); i++ {
		switch t := u.toks[i]; {
		case e.is("infinitives", t) && !u.hyphened(i): // "begs door-to-door" asks nobody
			next := u.toks[i+1]
			if next.Kind == text.Quote && i+2 < len(u.toks) {
				next = u.toks[i+2]
			}
			return i > h.end && next.Kind == text.Word && !next.capital() && !e.is("determiners", next)
		case t.Kind != text.Word, e.isAny(t, "thats", "pronouns", "embedders"):
			return false
		}
	}
	return false
}

// decides reports whether what is said is what the speaker's own side will do:
// "Germany will send tanks, says Scholz".
func (e *extraction) decides(u *unit, content []token, s nounPhrase) bool {
	side, _ := e.speakFor(u.toks[s.from:s.to])
	if side == "" {
		side = e.governed(u.toks[s.from:s.to], content)
	}
	if side == "" {
		return false
	}
	for i := range min(len(content), ownReach) {
		if e.isAny(content[i], "determiners", "titles", "roles") {
			continue
		}
		if !e.is("homes", content[i]) && !e.isParty(content[i:min(i+2, len(content))], side) {
			return false
		}
		after := content[i+1 : min(len(content), i+1+deedReach)]
		if e.hasDone(content[i:]) {
			return true // "Norway has recalled its envoy, says Oslo"
		}
		return e.has("readiness", after) || slices.ContainsFunc(after, func(t token) bool { return e.is("modals", t) }) && e.has("deeds", after)
	}
	return false
}

// disposes reports whether what is said is what is done with something by the speaker's
// side, which nobody else is told to do: "hostages will be freed, says Hamas", "march
// halted".
func (e *extraction) disposes(u *unit, content []token, s nounPhrase) bool {
	side, _ := e.speakFor(u.toks[s.from:s.to])
	if side == "" || e.isBody(u.toks[s.from:s.to]) || e.Grammar.HeadFirst || e.Grammar.Nouns {
		return false
	}
	for i, t := range content[:min(len(content), orderReach)] {
		switch {
		case i > 0 && (e.is("modals", t) || e.Passives[t.Fold]):
			deed := content[i+1:]
			for len(deed) > 0 && (e.is("negations", deed[0]) || e.Passives[deed[0].Fold]) {
				deed = deed[1:]
			}
			return len(deed) > 0 && e.is("modals", t) && e.participle(deed[0].Fold) && e.isDeed(deed[0]) && e.ownOrNone(content[:i], side) && !slices.ContainsFunc(e.clause(deed), func(t token) bool { return e.is("bys", t) })
		case i > 0 && e.isDeed(t) && e.participle(t.Fold):
			return e.ownOrNone(content[:i], side) && !e.isAny(content[i-1], "incidents", "events") && e.endsDeed(content[i+1:])
		case t.Kind != text.Word, e.isAny(t, "helpers", "thats", "pronouns", "subordinators"):
			return false
		}
	}
	return false
}

// endsDeed reports whether behind a participle goes on no noun that it belongs to, and
// nobody who did it.
func (e *extraction) endsDeed(rest []token) bool {
	return len(rest) == 0 || rest[0].Kind == text.Clause || !e.is("bys", rest[0]) && e.isAny(rest[0], "prepositions", "infinitives", "subordinators", "calendar", "between")
}

// ownOrNone reports whether toks name no side but one, before what they tell of a place.
func (e *extraction) ownOrNone(toks []token, side string) bool {
	if i := slices.IndexFunc(toks, func(t token) bool { return e.is("prepositions", t) && !e.is("ties", t) }); i > 0 {
		toks = toks[:i]
	}
	return !slices.ContainsFunc(e.sides(toks), func(other string) bool { return other != side })
}

// governed is the party with which what is said begins, where one who governs says it and
// nobody tells whom: "Japan will restore ties: minister".
func (e *extraction) governed(speaker, content []token) string {
	if len(speaker) > maxRole || !e.Rulers[speaker[len(speaker)-1].Fold] {
		return ""
	}
	for _, m := range e.mentions(content[:min(len(content), ownReach)]) {
		if m.From == 0 && m.Actor.Kind == gazetteer.State {
			return m.Actor.Party
		}
	}
	return ""
}

// hasDone reports whether what is said goes on with what its first word, a party, its
// government or its army, has done or does by its own decision.
func (e *extraction) hasDone(content []token) bool {
	if e.Grammar.HeadFirst || e.Grammar.Nouns || len(content) == 0 {
		return false
	}
	if content[0].possessive() && len(content) > 1 && e.isAny(content[1], "orgs", "groups", "homes") {
		content = content[1:]
	}
	content = content[1:]
	for len(content) > 1 && (e.is("helpers", content[0]) || e.isAdverb(content[0])) {
		if t := content[0]; e.is("states", t) || e.Passives[t.Fold] && !e.Progressives.has(content[1].Fold) {
			return false // "Russia is united", "was struck"
		}
		content = content[1:]
	}
	return len(content) > 1 && (e.is("doings", content[0]) || e.isDeed(content[0]))
}

// isDeed reports whether a verb is one of what a side does by its own decision, in
// any form of it: "recalls", "expelled", "suspending".
func (e *extraction) isDeed(verb token) bool {
	for _, end := range []string{"s", "es", "ed", "d", "ing"} {
		stem, ok := strings.CutSuffix(verb.Fold, end)
		if !ok || len(stem) < 3 {
			continue
		}
		single := stem[:len(stem)-1] // "expelled"
		for _, form := range []string{stem, stem + "e", single} {
			if form == single && stem[len(stem)-1] != stem[len(stem)-2] {
				continue
			}
			if verb.Fold = form; e.has("deeds", []token{verb}) {
				return true
			}
		}
	}
	return false
}

// ofItself reports whether what is said begins with the speaker's own side.
func (e *extraction) ofItself(u *unit, opening []token, s nounPhrase) bool {
	side, _ := e.speakFor(u.toks[s.from:s.to])
	if sides := e.sides(opening); side != "" && len(sides) > 0 && !slices.ContainsFunc(sides, func(other string) bool { return other != side }) {
		return true // "Kremlin insists Lavrov was not involved"
	}
	return slices.ContainsFunc(opening, func(t token) bool {
		return e.is("selves", t) || side != "" && e.isParty([]token{t}, side)
	})
}

// isParty reports whether toks name a party or its leader, and not somebody who
// fights for it.
func (e *extraction) isParty(toks []token, side string) bool {
	return slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool {
		return m.Actor.Code == side
	})
}

// beginsOwn reports whether what is said begins with words for the speaker's own
// doing, behind "that" at most, or behind those who are told it. ofOthers says that others
// stand there: then "will not" without a pronoun is their doing.
func (e *extraction) beginsOwn(content []token, ofOthers bool) bool {
	for i := range min(len(content), 2) {
		if ofOthers && i > 0 && !e.is("selves", content[i]) {
			break
		}
		if p, ok := e.starts("own", content[i:]); ok {
			refused := slices.ContainsFunc(content[i:i+len(p.words)], func(t token) bool { return e.is("negations", t) })
			return refused || !e.isWish(content[i+len(p.words):])
		}
	}
	return false
}

// isWish reports whether behind "will" or "would" stands no doing: what somebody is or
// wants, will have done or be able to do. What he will be doing is his doing.
func (e *extraction) isWish(verb []token) bool {
	p, ok := e.starts("wishes", verb)
	if !ok {
		return false
	}
	rest := verb[len(p.words):]
	return !e.Passives[verb[0].Fold] || len(rest) == 0 || !e.Progressives.has(rest[0].Fold)
}

// ownDoing reports whether what is said begins with the speaker's own doing: "it
// has shot down", "we will leave".
func (e *extraction) ownDoing(content []token) bool {
	if len(content) > 2 && e.is("owners", content[0]) && e.isAny(content[1], "orgs", "groups") {
		content = content[1:] // "its military downed"
	} else if len(content) < 2 || !e.is("selves", content[0]) {
		return false
	}
	verb := content[1]
	if content[0].possessive() {
		return e.Progressives.has(verb.Fold) || e.participle(verb.Fold) && !e.is("states", verb) // "it's delaying", "he's ordered"
	}
	if e.is("modals", verb) {
		return !e.isWish(content[2:])
	}
	if e.is("helpers", verb) && len(content) > 2 {
		doing := content[2:]
		if e.isAdverb(doing[0]) && len(doing) > 1 {
			doing = doing[1:]
		}
		if e.Progressives.has(doing[0].Fold) {
			return true // "it is delaying the release"
		}
	}
	if e.is("helpers", verb) && !e.is("states", verb) && len(content) > 2 {
		verb = content[2]
	}
	english := !e.Grammar.HeadFirst && !e.Grammar.Nouns
	return e.is("doings", verb) || english && e.participle(verb.Fold) && !e.is("states", verb)
}
