package claim

import (
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// takes reports whether a headline's party takes a measure: "US sanctions Myanmar's
// ministry", "EU agrees price caps".
func (e *extraction) takes(u *unit, h hit, s nounPhrase) bool {
	if u.field != Title || h.end >= len(u.toks) || len(e.sides(u.toks[s.from:s.to])) == 0 && !e.isAny(u.toks[s.to-1], "orgs", "roles", "groups") && !u.toks[s.to-1].shout() {
		return false
	}
	next := u.toks[h.end]
	if e.Penalties[h.word()] {
		people := u.capitals && !e.participle(h.word()) && (e.isAny(next, "roles", "groups", "orgs") || e.is("determiners", next) && !e.is("things", next))
		names := people || next.capital() && !u.capitals || next.Kind == text.Number || e.homeIn(u.toks[h.end:min(len(u.toks), h.end+maxSpeaker)]) > 0
		return names && !e.is("prepositions", next)
	}
	return e.has("measures", e.clause(u.from(h.end, orderReach)))
}

// plan reads the party that a headline begins with and that is to do something:
// "Poland to raise security".
func (e *extraction) plan(u *unit) (nounPhrase, bool) {
	if u.field != Title || !u.first {
		return nounPhrase{}, false
	}
	s, ok := e.opener(u)
	if !ok || !e.is("infinitives", u.toks[s.to]) {
		s, ok = e.ruler(u)
	}
	if !ok || len(e.sides(u.toks[s.from:s.to])) == 0 {
		return e.candidate(u)
	}
	to := s.to
	if u.toks[to].Text == "," { // "Russian premier, tycoons to visit"
		to = s.to + slices.IndexFunc(u.toks[s.to:min(len(u.toks), s.to+maxHead)], func(t token) bool { return e.is("infinitives", t) })
	}
	if to < s.to || !e.is("infinitives", u.toks[to]) {
		return nounPhrase{}, false
	}
	_, ok = e.starts("undertakings", u.toks[to+1:])
	return s, ok
}

// candidate reads the person who is to run for an office.
func (e *extraction) candidate(u *unit) (nounPhrase, bool) {
	to := capitalRun(u, 0)
	if to == 0 || to+1 >= len(u.toks) || !e.is("infinitives", u.toks[to]) || !e.has("candidacies", u.from(to+1, 1+maxRole)) {
		return nounPhrase{}, false
	}
	_, ok := e.person(u.toks[:to], nil)
	return nounPhrase{name: e.shorten(u, 0, to), from: 0, to: to}, ok
}

// ruler reads who governs the state that a headline begins with: "Chad's foreign
// minister to visit".
func (e *extraction) ruler(u *unit) (nounPhrase, bool) {
	to := slices.IndexFunc(u.toks, func(t token) bool { return e.is("infinitives", t) || t.Text == "," })
	home := e.homeIn(u.toks[:min(len(u.toks), maxSpeaker)])
	if to < 2 || to > maxHead+1 || home >= to {
		return nounPhrase{}, false
	}
	rest := slices.DeleteFunc(slices.Clone(u.toks[home:to]), func(t token) bool { return e.is("ranks", t) })
	most := maxName
	if u.capitals {
		most = 2 // "Joe Biden", and not "Miners Get Biden"
	}
	leader := to-home <= most && e.isLeader(u.toks[:to]) && allCapital(rest)
	if len(rest) == 0 || !leader && (home == 0 || len(rest) > 1 || !e.Rulers[rest[0].Fold]) {
		return nounPhrase{}, false
	}
	return nounPhrase{name: e.shorten(u, 0, to), from: 0, to: to}, true
}

// tellLater makes a plan of the last claim, where it is only told to come.
func (e *extraction) tellLater(u *unit, h hit) {
	if e.isToldPlan(u, h) {
		last := &e.found[len(e.found)-1]
		last.Told, last.Act = true, Announce
	}
}

// isToldPlan reports whether a headline's verb tells what somebody is to do: "Tory
// members to reveal their candidate".
func (e *extraction) isToldPlan(u *unit, h hit) bool {
	if u.field != Title || h.start == 0 || !e.is("infinitives", u.toks[h.start-1]) {
		return false
	}
	_, ok := e.starts("undertakings", u.toks[h.start:])
	return ok
}

// bids reports whether what is said begins by bidding others: "release them".
func (e *extraction) bids(content []token) bool {
	for len(content) > 0 && content[0].Kind == text.Quote {
		content = content[1:]
	}
	_, ok := e.starts("imperatives", content)
	return ok && content[0].quoted
}

// bidsPlainly reports whether a headline begins with what somebody bids, without
// quotation marks: "Leave the deer alone, says park". A noun goes on otherwise: "Ban on".
func (e *extraction) bidsPlainly(u *unit, content []token) bool {
	if len(content) < 3 || content[0].Start != u.toks[0].Start || u.field != Title {
		return false
	}
	p, ok := e.starts("imperatives", content)
	if !ok || len(p.words) >= len(content) {
		return false
	}
	object := content[len(p.words)]
	named := object.capital() && !u.capitals && !e.isAny(object, "things", "calendar")
	return len(p.words) > 1 || e.is("determiners", object) || object.possessive() || named
}

// undertakes reports whether what is said is what the speaker's own side is about to
// do: "Xi to visit Russia, the ministry says", "Rolls-Royce ready to return, says boss".
func (e *extraction) undertakes(u *unit, content []token, s nounPhrase) bool {
	if e.weighs(u.toks[s.from:s.to]) {
		return false // "plan to send boats is unlawful, court rules"
	}
	for i, t := range content[:min(len(content), orderReach)] {
		_, ready := e.starts("readiness", content[i:])
		if i > 0 && (ready || e.is("infinitives", t) && i+1 < len(content)) {
			next := content[min(i+1, len(content)-1)]
			return e.actsFor(content[:i], u.toks[s.from:s.to]) && (ready || !e.is("determiners", next) && next.Kind == text.Word && (u.capitals || !next.capital()) && e.homeIn(content[i+1:]) == 0)
		}
		if t.Kind != text.Word || e.isAny(t, "modals", "nones", "hads") || e.Progressives.has(t.Fold) || e.participle(t.Fold) || !t.capital() && !e.isAny(t, "homes", "roles", "ranks", "orgs", "determiners", "ties") && !ready {
			return false
		}
	}
	return false
}

// actsFor reports whether a speaker may tell what somebody will do: he is of the
// same side, or an office whose side is not told, or the head of something.
func (e *extraction) actsFor(doer, speaker []token) bool {
	own, _ := e.speakFor(speaker)
	others := e.sides(doer)
	if own != "" {
		return slices.Contains(others, own)
	}
	return e.isAny(speaker[len(speaker)-1], "roles", "orgs") && !e.comments(speaker) && (len(others) > 0) == e.is("orgs", speaker[len(speaker)-1])
}

// explainsDeed reports whether right behind the speaker stands what he has done: "Canada
// has suspended flights, saying".
func (e *extraction) explainsDeed(u *unit, s nounPhrase) bool {
	if s.to+1 >= len(u.toks) || !e.is("helpers", u.toks[s.to]) || e.Passives[u.toks[s.to].Fold] {
		return false
	}
	_, cue := e.cues.at(u.toks[s.to+1:])
	return !cue && e.participle(u.toks[s.to+1].Fold) && !e.is("states", u.toks[s.to+1])
}

// menaces reports whether somebody is warned of what the speaker's own side will do:
// "Kyiv warns Minsk against an attack", "warns that all options are open".
func (e *extraction) menaces(u *unit, h hit, s nounPhrase) bool {
	own, _ := e.speakFor(u.toks[s.from:s.to])
	if own == "" || e.isBody(u.toks[s.from:s.to]) || h.start > 0 && e.is("infinitives", u.toks[h.start-1]) {
		return false
	}
	if e.has("harms", u.from(h.end, objectReach)) || e.has("menaces", u.from(h.end, objectReach)) {
		return true
	}
	warned, ok := e.rightOf(u, h.end)
	if !ok || warned.to+1 >= len(u.toks) || !slices.ContainsFunc(e.sides(u.toks[warned.from:warned.to]), func(side string) bool { return side != own }) {
		return false
	}
	_, forbids := e.starts("forbiddings", u.toks[warned.to:])
	return forbids
}
