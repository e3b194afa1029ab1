package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/text"
)

// hit is a cue in a sentence: the tokens from start up to and without end.
type hit struct {
	phrase
	start, end int
}

// word is the verb of a cue, "" of one without.
func (h hit) word() string {
	if len(h.words) == 0 {
		return ""
	}
	return h.words[0]
}

// hits finds the cues of a sentence outside of quotation marks.
func (e *extraction) hits(u *unit) []hit {
	var out []hit
	for i := 0; i < len(u.toks); i++ {
		if u.toks[i].Kind != text.Word || u.toks[i].quoted && !(u.toks[i].scare && u.field == Title) || u.toks[i].possessive() {
			continue
		}
		p, ok := e.cues.at(u.toks[i:])
		if !ok {
			continue
		}
		h := hit{p, i, i + len(p.words)}
		if u.hyphened(i) || i > 0 && u.toks[i-1].possessive() && (e.participle(h.words[0]) || e.isOwnedNoun(h)) {
			continue // "Russian-backed", "his rival's threatened uprising", "Kyiv's remarks that"
		}
		if e.isMisplaced(u, h) {
			continue
		}
		if p.ambiguous && (!e.isVerb(u, h, out) || e.isSpeakerOf(u, h)) {
			continue
		}
		out = append(out, h)
		i = h.end - 1
	}
	return out
}

// isOwnedNoun reports whether a cue of several words is a noun where it is somebody's:
// "plea for", and not "says that".
func (e *extraction) isOwnedNoun(h hit) bool {
	return len(h.words) > 1 && !e.Compelling[h.word()] && !e.Progressives.has(h.word())
}

// isMisplaced reports whether a verb that speaks only in some places, or by some, does
// not do so here.
func (e *extraction) isMisplaced(u *unit, h hit) bool {
	switch {
	case h.class == closing:
		return !e.closesOrOpens(u, h)
	case len(h.words) > 1:
		return false
	case e.Views[h.word()]:
		return !e.opensAsHolder(u, h)
	case e.Rulings[h.word()]:
		return !e.isRuling(u, h)
	case e.Assaults[h.word()]:
		return !e.isVerbal(u, h)
	}
	return false
}

// closesOrOpens reports whether a verb that speaks only there closes a sentence behind
// a comma, or stands behind the paper or the party that begins a headline.
func (e *extraction) closesOrOpens(u *unit, h hit) bool {
	return e.closesBehindComma(u, h) || e.namesLast(u, h) || e.opensAsPaper(u, h) || e.Reportings[h.word()] && e.opensAsHolder(u, h)
}

// closesBehindComma reports whether a verb ends a sentence that has a comma before it.
func (e *extraction) closesBehindComma(u *unit, h hit) bool {
	return h.end >= u.end() && u.has(",", h.start)
}

// opensAsHolder reports whether a headline begins with the party or the leader who
// holds a view, and names what it is about, and no doing: "Kyiv wants more air
// defence", but not "Kyiv wants to join".
func (e *extraction) opensAsHolder(u *unit, h hit) bool {
	if u.field != Title || !u.first || h.end >= u.end() || e.isAny(u.toks[h.end], "infinitives", "prepositions", "bounds") {
		return false
	}
	return e.opensAsParty(u, h.start) || h.start <= maxName && e.isLeader(u.toks[:h.start])
}

// isRuling reports whether those who judge stand right before a verb and what they
// judge behind it: "Court rules sanctions lawful". Behind a comma any body may: "ban
// unlawful, regulator rules".
func (e *extraction) isRuling(u *unit, h hit) bool {
	if h.start == 0 {
		return false
	}
	judge := u.toks[h.start-1]
	if e.closesBehindComma(u, h) {
		return e.Judges[judge.Fold] || e.isAny(judge, "orgs", "bodies", "groups")
	}
	return e.Judges[judge.Fold] && h.end < u.end() && !e.isAny(u.toks[h.end], "prepositions", "nounish")
}

// isVerbal reports whether a verb of force is one of words: a headline's person does it,
// and it tells over what, or quotes. "Doe attacks rival over tax", and not "Army attacks
// village over night".
func (e *extraction) isVerbal(u *unit, h hit) bool {
	if u.field != Title || h.start == 0 || h.end >= u.end() || e.isAny(u.toks[h.end], "prepositions", "bounds", "nounish") {
		return false
	}
	from := h.start
	for from > 0 && u.toks[from-1].capital() && !u.toks[from-1].possessive() {
		from--
	}
	if before := u.toks[h.start-1]; e.is("groups", before) && u.toks[h.end].Kind == text.Quote {
		return true // "Democrats attack 'extreme' court"
	}
	who := u.toks[from:h.start]
	if len(who) == 0 && !e.is("roles", u.toks[h.start-1]) {
		return false
	}
	_, person := e.person(who, nil)
	if !person && !e.isLeader(who) && !e.isIntroduced(who) && !e.is("roles", u.toks[h.start-1]) {
		return false
	}
	return slices.ContainsFunc(e.clause(u.from(h.end, objectReach)), func(t token) bool { return t.quoted || e.is("grounds", t) })
}

// opensAsPaper reports whether a paper that speaks by itself begins a headline, with
// the verb right behind it: "New study finds".
func (e *extraction) opensAsPaper(u *unit, h hit) bool {
	return u.field == Title && u.first && h.start > 0 && h.start <= maxPaper && h.end < u.end() && e.is("verdicts", u.toks[h.start-1]) && !e.is("papers", u.toks[h.start])
}

// maxPaper is how many words a paper has that begins a headline.
const maxPaper = 4

// namesLast reports whether behind a verb behind a comma nothing but the name of a
// party or a body closes a headline: ", finds IAEA".
func (e *extraction) namesLast(u *unit, h hit) bool {
	toks := u.toks[h.end:u.end()]
	if u.field != Title || h.start == 0 || u.toks[h.start-1].Text != "," || len(toks) == 0 || len(toks) > maxName || u.capitals || !allCapital(toks) {
		return false
	}
	return e.is("orgs", toks[len(toks)-1]) || toks[len(toks)-1].shout() || e.homeIn(toks) == len(toks)
}

// isSpeakerOf reports whether a plain verb of speech stands right behind an ambiguous
// word, which then is the noun that speaks: "Turkish press says".
func (e *extraction) isSpeakerOf(u *unit, h hit) bool {
	p, ok := e.cues.at(u.toks[h.end:])
	return ok && len(h.words) == 1 && p.class == class(Assert) && e.Compelling[p.words[0]] && !u.toks[h.end].quoted
}

// isVerb reports whether an ambiguous word is a verb of speech here: it stands
// right behind a noun and not behind another cue of its clause.
func (e *extraction) isVerb(u *unit, h hit, before []hit) bool {
	if verb := u.toks[h.start]; h.start == 0 || verb.capital() && !verb.shout() && !u.capitals && u.field == Lead && !e.Grammar.Nouns {
		return false // "the Military Police of Public Order"
	}
	prev := u.toks[h.start-1]
	if e.qualified(u, h.start) {
		return false // "over 'preposterous' claim"
	}
	if e.is("between", prev) && h.start > 1 {
		prev = u.toks[h.start-2]
	}
	if e.is("selves", prev) && !e.is("determiners", prev) && prev.Kind == text.Word {
		return true // "it demands"
	}
	if last := h.words[len(h.words)-1]; e.Passives[u.toks[h.start-1].Fold] && !e.Grammar.Inverts && !e.Grammar.Brackets {
		return e.participle(last) // "was condemned", and not "is welcome"
	}
	switch {
	case e.Grammar.Inverts && u.field == Title && e.Contrasts[prev.Fold] && u.toks[h.start-1].Kind == text.Word:
		return true // "mais rejette"
	case e.beforeAges(u, h.start-1) < h.start-1:
		return true // "women aged 31 and 53 deny"
	case prev.Kind != text.Word && prev.Kind != text.Quote && prev.Text != ",":
		return false
	case prev.possessive(), e.isAny(prev, "determiners", "joints"), e.bounds(prev):
		return false
	case len(h.words) == 1 && h.end < len(u.toks) && !u.toks[h.end].capital() && !u.toks[h.end].quoted && strings.HasSuffix(h.words[0], "s") && e.participle(u.toks[h.end].Fold) && !e.opensAsParty(u, h.start):
		return false // "fears closed the beaches"
	case e.goesOnAsNoun(u, h), e.Callings[h.word()] && h.end < len(u.toks) && u.toks[h.end].Kind == text.Clause:
		return false // "claims of", "which owns the Acme brands,"
	case h.end >= len(u.toks)-1 && u.question(), h.end == len(u.toks) && !slices.ContainsFunc(u.toks[:h.start], func(t token) bool { return t.Kind == text.Clause }):
		return false
	}
	for _, b := range before {
		if !slices.ContainsFunc(u.toks[b.end:h.start], func(t token) bool { return t.Kind == text.Clause || e.is("subordinators", t) }) {
			return false
		}
	}
	return true
}

// goesOnAsNoun reports whether behind an ambiguous word stands what follows a noun, as
// in "claims of". Who blames may stand behind a participle: "condemned by Kyiv".
func (e *extraction) goesOnAsNoun(u *unit, h hit) bool {
	last := h.words[len(h.words)-1]
	if h.end >= len(u.toks) || e.lists.of(last)&e.bits["prepositions"] != 0 {
		return false
	}
	if !e.is("nounish", u.toks[h.end]) {
		return h.class == welcome && e.is("infinitives", u.toks[h.end]) // "thanks to"
	}
	blamed := h.class == class(Accuse) && e.participle(last) && e.is("bys", u.toks[h.end]) && !u.question()
	return !blamed
}

// qualified reports whether words in quotation marks right before token i only tell
// of what kind it is: a small word stands before them.
func (e *extraction) qualified(u *unit, i int) bool {
	k := i - 1
	if u.toks[k].Kind != text.Quote {
		return false
	}
	for k--; k > 0 && u.toks[k].quoted; k-- {
	}
	return k > 0 && u.toks[k].Kind == text.Quote && e.isAny(u.toks[k-1], "prepositions", "determiners")
}

// opensAsParty reports whether all that stands before token i is the name of a
// party: "North Korea calls failed launch".
func (e *extraction) opensAsParty(u *unit, i int) bool {
	return i <= maxName && allCapital(u.toks[:i]) && len(e.sides(u.toks[:i])) > 0
}
