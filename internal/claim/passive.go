package claim

import (
	"slices"
	"strings"
)

// byReach is how far behind a passive verb the one who does it stands, in tokens:
// "criticised on social media by".
const byReach = 5

// isPassive reports whether the one before the cue is spoken of or to, and does
// not speak: "is accused of", "told to", "denied access".
func (e *extraction) isPassive(u *unit, h hit) bool {
	if i, ok := e.anchor(u, h); ok && i < h.start && e.Passives[u.toks[i].Fold] && e.Grammar.Brackets {
		word := h.words[len(h.words)-1]
		return e.Participles.Words[word] || strings.HasSuffix(word, "t")
	}
	after, ok := e.Passed[h.class]
	if !ok || !e.passes(h) || e.Actives[strings.Join(h.words, " ")] {
		return false
	}
	if h.start > 0 && e.Orders[h.word()] && e.Hearers[u.toks[h.start-1].Fold] {
		return true // "Jurors told he lied"
	}
	for i := h.start - 1; i >= 0 && e.is("between", u.toks[i]); i-- {
		if e.Passives[u.toks[i].Fold] {
			return true
		}
		if e.is("helpers", u.toks[i]) {
			return false // "has told"
		}
	}
	if len(e.Words["auxiliaries"]) > 0 {
		return false // a participle with a helping verb of its own
	}
	if h.end >= len(u.toks) {
		return u.field == Title && (h.class != class(Assert) || e.Orders[h.word()]) // ", court told"
	}
	return after[u.toks[h.end].Fold] || e.Passed[class(h.word())][u.toks[h.end].Fold]
}

// isHeard reports whether a cue closes a headline behind a comma as what those are told
// who hear a case: then others say all of it. "Doe threatened crew, court told".
func (e *extraction) isHeard(u *unit, h hit) bool {
	return u.field == Title && h.end >= u.end() && h.start > 0 && e.Orders[h.word()] && e.Hearers[u.toks[h.start-1].Fold] && u.has(",", h.start)
}

// passes reports whether a cue may be a past participle, with its small word where it
// has one: "called out".
func (e *extraction) passes(h hit) bool {
	last := h.words[len(h.words)-1]
	return e.participle(last) || len(h.words) == 2 && e.participle(h.word()) && e.lists.of(last)&(e.bits["bounds"]|e.bits["prepositions"]) != 0
}

// participle reports whether a word may be a verb's past participle.
func (e *extraction) participle(word string) bool {
	return e.Participles.Words[word] || slices.ContainsFunc(e.Participles.Endings, func(end string) bool { return strings.HasSuffix(word, end) })
}

// addPassive keeps what somebody who is named does to another. In a description it is
// told of the one who undergoes it, and background, unless the headline tells the same.
func (e *extraction) addPassive(u *unit, h hit) {
	if s, act, ok := e.undergone(u, h); ok {
		f := e.add(u, h, s, act, "")
		f.past = f.past || u.field == Lead && len(e.title) > 0 && !e.titleHas(h.word()) && e.retold(e.title[0].toks) < maxRetold
	}
}

// titleHas reports whether the headline has a verb, in whichever form.
func (e *extraction) titleHas(verb string) bool {
	stem := verb[:min(len(verb), stemLength)]
	return slices.ContainsFunc(e.title, func(u unit) bool {
		return slices.ContainsFunc(u.toks, func(t token) bool { return strings.HasPrefix(t.Fold, stem) })
	})
}

// dismissesThing reports whether what is dismissed, and stands right before the verb, is
// nobody: an officer is sent away.
func (e *extraction) dismissesThing(before []token) bool {
	i := len(before) - 1
	for i >= 0 && e.is("between", before[i]) {
		i--
	}
	return i >= 0 && !before[i].capital() && !e.isAny(before[i], "roles", "groups", "pronouns") && !e.isAgent(before[i])
}

// undergone reads what is done to somebody and tells by whom: "the plan was
// rejected by Kyiv". ok is false where nobody is named.
func (e *extraction) undergone(u *unit, h hit) (s nounPhrase, act Act, ok bool) {
	by := h.end + slices.IndexFunc(e.clause(u.from(h.end, byReach)), func(t token) bool { return e.is("bys", t) })
	if by < h.end || by > h.end && h.class != class(Accuse) {
		return nounPhrase{}, None, false
	}
	if s, ok = e.rightOf(u, by+1); !ok {
		return nounPhrase{}, None, false
	}
	before := u.toks[:h.start]
	switch h.class {
	case refuse, dismiss:
		act = e.refused(before)
		if act == None && h.class == dismiss {
			return s, Deny, e.dismissesThing(before)
		}
		if act == None || e.has("ungranted", before) {
			act = Reject
		}
	case class(Deny):
		switch act = Deny; {
		case e.has("ungranted", before):
			act = Reject
		case !e.has("denied", before):
			return nounPhrase{}, None, false // somebody is denied something
		}
	case class(Accuse), class(Confirm), class(Demand):
		act = Act(h.class)
	default:
		return nounPhrase{}, None, false
	}
	return s, act, true
}
