package claim

import (
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// How far behind a cue its object is looked for, and how much of what is said is
// read, in tokens.
const (
	objectReach    = 9
	contentReach   = 24
	ownReach       = 4
	withheldReach  = 3
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
		if e.Outlines[h.word()] && e.has("plans", e.clause(u.from(h.end, orderReach))) {
			return Announce, "", true // "outlines a plan to"
		}
		return e.assertion(u, h, s), "", true
	case class(Demand):
		if h.end < u.end() && len(h.words) == 1 && e.is("embedders", u.toks[h.end]) && !e.is("thats", u.toks[h.end]) {
			return Assert, Doubt, true // "asks why he was jailed"
		}
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
	case e.has("withheld", u.from(h.end, withheldReach)) && !e.has("denied", u.from(h.end, withheldReach)):
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
	if h.class == object && e.Callings[h.word()] {
		return None // "calls in banks for talks"
	}
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
