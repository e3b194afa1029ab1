package claim

import (
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// colonHead is what stands before a headline's colon.
type colonHead struct {
	// toks may name a speaker; whole says that nothing else stands before the colon.
	toks  []token
	whole bool
	// behind are the tokens behind the colon.
	behind []token
}

// head reads a speaker before a colon: "Kremlin: …", "Navalny on mutiny: …". Only
// an office, a body, a leader, a name with a title, or any name before a quotation
// counts; other words before a colon are labels.
func (e *extraction) head(u *unit) (nounPhrase, bool) {
	h, ok := e.colonHead(u)
	if !ok || !e.namesIn(u, h.toks) {
		return nounPhrase{}, false
	}
	last := h.toks[len(h.toks)-1]
	if !e.isOfficeHead(h) && !e.isNamedHead(u, h) && !e.isLeaderHead(h) || e.is("things", h.toks[0]) || e.is("things", last) || e.isSpot(h.toks) {
		return nounPhrase{}, false
	}
	return nounPhrase{name: e.shorten(u, 0, len(h.toks)), from: 0, to: len(h.toks)}, true
}

// colonHead parts a headline at its first colon, and what may name a speaker there from
// what he speaks about or to whom.
func (e *extraction) colonHead(u *unit) (colonHead, bool) {
	if u.field != Title || !u.first {
		return colonHead{}, false
	}
	colon := slices.IndexFunc(u.toks, func(t token) bool { return t.Text == ":" })
	if colon < 1 || colon+1 >= len(u.toks) {
		return colonHead{}, false
	}
	end := colon
	if u.toks[end-1].Kind == text.Stop && end > 1 {
		end-- // "Doe Jr.: …"
	}
	to := end
	if about := slices.IndexFunc(u.toks[:end], func(t token) bool { return e.is("abouts", t) }); about > 0 && end-about <= maxTopic {
		to = about
	}
	if whom := slices.IndexFunc(u.toks[:to], func(t token) bool { return e.is("infinitives", t) }); whom > 0 && whom+1 < to && to-whom <= maxHead && u.toks[whom+1].capital() {
		to = whom // "Putin to Macron: '…'"
	}
	return colonHead{toks: u.toks[:to], whole: to == end, behind: u.toks[colon+1:]}, to <= maxHead
}

// namesIn reports whether toks are written as a name, an office, or both are.
func (e *extraction) namesIn(u *unit, toks []token) bool {
	last := len(toks) - 1
	for k, t := range toks {
		within := k > 0 && k < last && len(t.Fold) <= maxParticle && toks[k+1].capital()                        // "Von der Leyen"
		office := k > 0 && e.isAny(t, "roles", "ranks") && (e.is("roles", toks[last]) || e.nameIn(u, toks) > k) // "Taliban supreme leader"
		if !t.capital() && !within && !office && !(e.Grammar.HeadFirst && e.isAny(t, "joints", "roles")) || e.is("labels", t) {
			return false
		}
	}
	return true
}

// quotes reports whether any of what is behind the colon is quoted, begins whether that
// begins with a quotation, and confesses whether one speaks of himself there: "Doe: I
// will stay".
func (h colonHead) quotes() bool {
	return slices.ContainsFunc(h.behind, func(t token) bool { return t.quoted })
}
func (h colonHead) begins() bool { return h.behind[0].Kind == text.Quote }
func (e *extraction) confesses(h colonHead) bool {
	return h.whole && e.is("selves", h.behind[0]) && !h.toks[0].shout()
}

// isOfficeHead reports whether an office or a body speaks.
func (e *extraction) isOfficeHead(h colonHead) bool {
	if !h.whole {
		return false
	}
	last := h.toks[len(h.toks)-1]
	body := e.is("orgs", last) && (h.quotes() || len(e.mentions(h.toks)) > 0)
	return body || e.is("roles", last) || e.is("titles", h.toks[0]) || e.has("offices", h.toks) || e.isBody(h.toks)
}

// isNamedHead reports whether somebody speaks by name: before a quotation whoever the
// description names too, or has a title, and "Acme's Jane Doe".
func (e *extraction) isNamedHead(u *unit, h colonHead) bool {
	if len(h.toks) > 2 && h.toks[0].possessive() && h.whole && (h.quotes() || e.confesses(h)) && e.isIntroducedWhole(h.toks[1:]) {
		return true
	}
	if !h.begins() || u.capitals {
		return false
	}
	if e.places(h.toks) == 0 && (e.Grammar.Colons || !h.whole || e.isIntroducedWhole(h.toks)) {
		return true
	}
	titled := e.nameIn(u, h.toks)
	return titled > 0 && e.isAny(h.toks[titled-1], "roles", "titles") && !e.Grammar.HeadFirst && !e.Grammar.Nouns
}

// isLeaderHead reports whether a leader speaks, or in what is quoted a surname that the
// description introduces.
func (e *extraction) isLeaderHead(h colonHead) bool {
	if h.quotes() || e.confesses(h) {
		return e.isLeader(h.toks) || e.isIntroduced(h.toks)
	}
	return (e.Grammar.Colons || !h.whole) && e.isLeader(h.toks)
}
