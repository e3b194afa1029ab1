package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// How far behind a cue its object is looked for, and how much of what is said is
// read, in tokens.
const (
	objectReach    = 9
	contentReach   = 24
	ownReach       = 4
	withheldReach  = 2
	ungrantedReach = 8
	orderReach     = 6
	dealReach      = 3
	deedReach      = 5
	// maxRetort is how long a mere "that is a lie" is.
	maxRetort = 8
)

// act tells what a cue does, from its class and what follows it. ok is false
// when it is no act of speech after all.
func (e *extraction) act(u *unit, h hit, s nounPhrase) (act Act, tone Tone, ok bool) {
	if e.negated(u, h) {
		return NoComment, "", h.class == class(Confirm)
	}
	if e.tailNegated(u, h) {
		act := h.class.turned()
		return act, "", act != None
	}
	switch h.class {
	case gerund:
		if h.act == Assert && e.explainsDeed(u, s) {
			return Announce, "", true
		}
		return h.act, "", true
	case agreeing:
		return Announce, "", e.has("refused", u.from(h.end, dealReach)) || e.has("measures", u.from(h.end, dealReach))
	case deciding:
		return Announce, "", e.takes(u, h, s)
	case bidding:
		return Demand, "", e.orders(u, h)
	case welcome:
		return Assert, Welcome, true
	case doubt:
		return Assert, Doubt, true
	case refuse, dismiss, object:
		act := e.refusal(u, h)
		return act, "", act != None
	case class(Deny):
		act, ok := e.denial(u, h)
		return act, "", ok
	case class(Assert), closing:
		if e.is("declarings", u.toks[h.start]) && e.has("deals", e.clause(u.from(h.end, dealReach))) {
			return Announce, "", true // "declares an Easter truce"
		}
		return e.assertion(u, h, s), "", true
	case class(Announce):
		act := e.announcement(u, h)
		return act, "", act != None
	}
	return Act(h.class), "", true
}

// announcement tells whether what is announced is a threat or a refusal; None where
// it is still to be announced.
func (e *extraction) announcement(u *unit, h hit) Act {
	if h.start > 0 && e.is("futures", u.toks[h.start-1]) {
		return None
	}
	switch object := e.clause(u.from(h.end, objectReach)); {
	case e.has("harms", object):
		return Threaten
	case e.has("refusals", object):
		return Reject // "vows not to back down"
	}
	return Announce
}

// denial tells whether something is called untrue, or refused to somebody. ok is
// false where it is told of the one refused.
func (e *extraction) denial(u *unit, h hit) (act Act, ok bool) {
	switch {
	case e.has("withheld", u.from(h.end, withheldReach)):
		return Reject, !e.participle(h.words[0])
	case e.has("ungranted", u.from(h.end, ungrantedReach)):
		return Reject, true
	case u.field == Title && e.participle(h.word()) && e.deniesNothing(u, h):
		return Deny, false // "Sailor Denied Shelter"
	}
	return Deny, true
}

// deniesNothing reports whether behind a verb in the past stands a mere noun, and neither
// what is said nor a deed: then that is withheld from whoever stands before it.
func (e *extraction) deniesNothing(u *unit, h hit) bool {
	if h.end >= u.end() || e.Grammar.HeadFirst || e.Grammar.Nouns || e.has("denied", u.from(h.end, objectReach)) || e.has("parts", u.from(h.end, objectReach)) {
		return false
	}
	t := u.toks[h.end]
	return e.isNoun(t) && !e.Progressives.has(t.Fold) && e.homeIn(u.toks[h.end:]) == 0 && !e.is("thats", t)
}

// clause is toks up to a mark or a word behind which another clause begins.
func (e *extraction) clause(toks []token) []token {
	end := slices.IndexFunc(toks, func(t token) bool { return t.Kind == text.Clause && t.Text != ":" || e.is("subordinators", t) })
	if end < 0 {
		return toks
	}
	return toks[:end]
}

// from is up to n tokens from token i on.
func (u *unit) from(i, n int) []token {
	return u.toks[min(i, len(u.toks)):min(i+n, len(u.toks))]
}

// refusal tells a denial from a refusal by its object, the nearer one; else by
// the verb.
func (e *extraction) refusal(u *unit, h hit) Act {
	zones := [][]token{u.toks[h.end:]}
	if h.class == object {
		zones[0] = u.from(h.end, deedReach)
	}
	if verb, ok := e.anchor(u, h); ok && verb < h.start && e.Grammar.Brackets {
		zones = [][]token{u.toks[verb+1 : h.start], u.toks[h.end:]}
	}
	for _, zone := range zones {
		if act := e.refused(zone); act != None {
			return act
		}
	}
	switch h.class {
	case refuse:
		return Reject
	case object:
		return None
	case dismiss:
		if e.sendsAway(u, h) {
			return None
		}
	}
	return Deny
}

// sendsAway reports whether somebody is dismissed, and nothing called untrue: "a
// general", "Labuschagne" and not "Meghan as a talentless host".
func (e *extraction) sendsAway(u *unit, h hit) bool {
	if h.end >= len(u.toks) || u.capitals || e.is("prepositions", u.toks[h.end-1]) {
		return false
	}
	object := u.toks[h.end]
	return (object.capital() || e.isAny(object, "roles", "titles")) && !e.has("characterised", u.from(h.end, contentReach))
}

// refused tells by its object what a refusal does; None where it has none.
func (e *extraction) refused(toks []token) Act {
	for i := range min(len(toks), objectReach) {
		rest := toks[i:]
		if rest[0].Kind == text.Clause && rest[0].Text != "," {
			break
		}
		if _, ok := e.starts("denied", rest); ok {
			return Deny
		}
		if _, ok := e.starts("refused", rest); ok {
			return Reject
		}
	}
	return None
}

// assertion tells what a plain "says" does, from what is said.
func (e *extraction) assertion(u *unit, h hit, s nounPhrase) Act {
	content, _ := e.said(u, h, s)
	content = unquoted(content[:min(len(content), contentReach)])
	opening := content[:min(len(content), ownReach)]
	switch {
	case e.orders(u, h):
		return Demand
	case e.Callings[h.word()] && e.has("insults", u.from(h.end, objectReach)):
		return Accuse
	case e.has("untrue", content) && (len(content) <= maxRetort || e.has("denied", content)):
		return Deny
	case e.has("innocence", content[:min(len(content), objectReach)]) && e.ofItself(u, opening, s):
		return Deny
	case e.has("refusals", content):
		return Reject
	case e.Warnings[h.word()] && e.menaces(u, h, s):
		return Threaten
	case e.beginsOwn(content) || e.ownDoing(opening) || e.decides(u, content, s) || e.undertakes(u, content, s):
		if e.Warnings[h.word()] {
			return Threaten // "warns it will strike"
		}
		return Announce
	case e.bids(content):
		return Demand
	case !e.Warnings[h.word()] && !e.Rulings[h.word()] && e.has("demands", content[:min(len(content), objectReach)]):
		return Demand
	case !e.Warnings[h.word()] && e.blames(e.foreground(content)):
		return Accuse
	}
	return Assert
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
// doing, behind "that" at most.
func (e *extraction) beginsOwn(content []token) bool {
	for i := range min(len(content), 2) {
		if _, ok := e.starts("own", content[i:]); ok {
			return true
		}
	}
	return false
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
		return true
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

// negated reports whether a cue is turned around: "has not admitted".
func (e *extraction) negated(u *unit, h hit) bool {
	for i := h.start - 1; i >= 0 && e.is("between", u.toks[i]); i-- {
		if e.is("negations", u.toks[i]) {
			return true
		}
	}
	return h.end < len(u.toks) && e.is("afternots", u.toks[h.end])
}

// turned is the act of a class whose verb is turned around before its tail.
func (c class) turned() Act {
	switch c {
	case refuse, dismiss:
		return Assert // "schließt nicht aus"
	case class(Announce):
		return Reject // "stimmt nicht zu"
	}
	return None
}

// tailNegated reports whether a verb is turned around before its tail.
func (e *extraction) tailNegated(u *unit, h hit) bool {
	if h.tail == "" || h.class == class(NoComment) {
		return false
	}
	i := h.tailIn(u.toks[h.end:])
	return i > 0 && e.is("negations", u.toks[h.end+i-1])
}
