package claim

import (
	"slices"
	"strings"
	"unicode"

	"github.com/attache-bot/attache/internal/text"
)

// beginner reads whoever a headline begins with, past a label, where a plain word behind
// the name tells where it ends: who does several things is named once, as in "Acme fires
// crew, says they stole".
func (e *extraction) beginner(u *unit) (nounPhrase, bool) {
	from := 0
	if colon := slices.IndexFunc(u.toks, func(t token) bool { return t.Text == ":" }); colon > 0 && colon <= maxRole && e.is("labels", u.toks[colon-1]) {
		from = colon + 1
	}
	to := capitalRun(u, from)
	run := to
	for to > from && to < len(u.toks) && !u.toks[to].quoted && (e.isAny(u.toks[to], "roles", "groups", "orgs") || e.isAgent(u.toks[to])) {
		to++ // "Acme workers"
	}
	if to > run && !e.is("groups", u.toks[to-1]) {
		to = capitalRun(u, to) // "Bergen star Jane Doe"
	}
	if u.field != Title || u.capitals || to == from || to-from > maxName+1+maxRole || run-from > maxName || to >= len(u.toks) || u.toks[to-1].possessive() || !e.plainBehind(u, to) {
		return nounPhrase{}, false
	}
	toks := u.toks[from:to]
	if first := toks[0]; e.isAny(first, "determiners", "pronouns", "prepositions", "subordinators", "labels", "calendar", "things", "papers") || e.bounds(first) || e.Heralds[first.Fold] || e.is("things", toks[len(toks)-1]) {
		return nounPhrase{}, false
	}
	if run == to && len(toks) == 1 && !e.isKnown(toks) && !e.isIntroduced(toks) && !strings.HasSuffix(u.toks[to].Fold, e.Plural) && from == 0 {
		return nounPhrase{}, false // "Sailors fined": a noun with the capital of the sentence
	}
	return nounPhrase{name: e.shorten(u, from, to), from: from, to: to}, true
}

// isKnown reports whether toks are in the gazetteer, or shout as a body's name does.
func (e *extraction) isKnown(toks []token) bool {
	return len(e.mentions(toks)) > 0 || toks[0].shout()
}

// plainBehind reports whether at token i a word without a capital goes on that no noun
// phrase crosses into, in quotation marks or not: "Doe 'shocked' by sale".
func (e *extraction) plainBehind(u *unit, i int) bool {
	if i+1 < len(u.toks) && u.toks[i].Kind == text.Quote && u.toks[i+1].scare {
		i++
	}
	t := u.toks[i]
	return t.Kind == text.Word && !t.capital() && (!t.quoted || t.scare) && !e.bounds(t) && !e.isAny(t, "prepositions", "joints")
}

// remark reads whose words a headline ends with behind its last colon: of the person
// whom it begins with, where nobody else says anything in it. "Doe reacts to ban: 'I am
// shocked'".
func (e *extraction) remark(u *unit) (nounPhrase, int, bool) {
	if u.field != Title || !u.first || e.Grammar.Inverts || e.Grammar.Brackets || e.Grammar.HeadFirst || slices.ContainsFunc(e.found, func(f found) bool { return f.Field == Title }) {
		return nounPhrase{}, 0, false
	}
	colon := len(u.toks) - 1
	for colon > 0 && u.toks[colon].Text != ":" {
		colon--
	}
	s, ok := e.openingName(u)
	if toks := u.toks[s.from:s.to]; !ok || !e.isLeader(toks) && !e.isIntroduced(toks) && !e.isIntroducedWhole(toks) {
		return nounPhrase{}, 0, false
	}
	if colon <= s.to+1 || colon+minRemark >= len(u.toks) || u.toks[colon+1].Kind != text.Quote || !u.toks[colon+2].quoted {
		return nounPhrase{}, 0, false
	}
	verb := u.toks[s.to]
	does := strings.HasSuffix(verb.Fold, e.Plural) && !e.Passives[verb.Fold] && !e.isAny(verb, "verbs", "cases", "incidents", "things") || verb.Kind == text.Quote
	return s, colon, does && u.toks[len(u.toks)-1].Kind == text.Quote && !slices.ContainsFunc(u.toks[colon+2:len(u.toks)-1], func(t token) bool { return !t.quoted })
}

// minRemark is how many tokens a remark has at least, its quotation marks among them.
const minRemark = 4

// firm is what a headline begins with by name, where the description then calls it only
// by what it is. Its spelling, or a verb behind it, tells that it is a name: "the company" behind "Acme closes shop".
func (e *extraction) firm() (string, bool) {
	if len(e.title) == 0 {
		return "", false
	}
	u := &e.title[0]
	s, ok := e.beginner(u)
	inner := strings.IndexFunc(strings.TrimLeft(s.name, s.name[:min(1, len(s.name))]), unicode.IsUpper) >= 0 // "RSC", "OpenAI"
	if !ok || s.to-s.from > 1 || !strings.HasSuffix(u.toks[s.to].Fold, e.Plural) {
		return "", false
	}
	_, does := e.cues.at(u.toks[s.to:])
	return s.name, inner || does || e.isDeed(u.toks[s.to])
}

// closesBare reads who ends a headline behind a verb that only somebody can do, where no
// comma parts it from what is said: "Bars sold off after 93 years says Acme".
func (e *extraction) closesBare(u *unit, h hit) (nounPhrase, bool) {
	if u.field != Title || e.Grammar.Inverts || u.capitals || !e.Compelling[h.word()] || h.class != class(Assert) || h.end >= u.end() || !u.toks[h.end].capital() {
		return nounPhrase{}, false
	}
	s, ok := e.rightOf(u, h.end)
	return s, ok && s.to >= u.end() && allCapital(u.toks[s.from:s.to])
}

// isNamesake reports whether toks are a person's name that begins as a thing does: "Bill
// Hansen".
func (e *extraction) isNamesake(u *unit, toks []token) bool {
	from, ok := e.person(toks, nil)
	return ok && from == 0 && len(toks) > 1 && allCapital(toks) && (!u.capitals || e.isIntroducedWhole(toks))
}

// isSubjectOf reports whether a headline begins with a speaker's name: then it tells of
// him, and no paper that it names is his.
func (e *extraction) isSubjectOf(speaker []token) bool {
	if len(e.title) == 0 || len(speaker) == 0 || len(e.title[0].toks) <= len(speaker) {
		return false
	}
	toks := e.title[0].toks
	return !toks[len(speaker)-1].possessive() && !e.isAny(toks[len(speaker)], "papers") &&
		slices.EqualFunc(toks[:len(speaker)], speaker, func(a, b token) bool { return a.Fold == b.Fold })
}

// asksWhy reports whether a headline goes on behind its colon as one that explains: "'No
// hope': Why sailors leave".
func (e *extraction) asksWhy(u *unit) bool {
	colon := slices.IndexFunc(u.toks, func(t token) bool { return t.Text == ":" && !t.quoted })
	return colon > 0 && e.explains(u.toks[colon+1:])
}
