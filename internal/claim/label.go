package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// maxTopic is how many words tell what a speaker before a colon speaks about,
// maxParticle how many bytes a small word within a name has, and minTold how many
// tokens stand before a colon that only a leader's name follows, and how many words
// a role behind one has.
const (
	maxTopic    = 6
	maxParticle = 3
	minTold     = 4
	maxRole     = 2
)

// isSpot reports whether toks are the name of a place that is no state.
func (e *extraction) isSpot(toks []token) bool {
	return slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool {
		return m.Actor.Kind == gazetteer.Place && m.From == 0 && m.To == len(toks)
	})
}

// isIntroduced reports whether the description gives a surname before a colon the
// rest of its name: "Speaker Jane Doe".
func (e *extraction) isIntroduced(toks []token) bool {
	if len(toks) != 1 || e.homeIn(toks) > 0 || toks[0].shout() {
		return false
	}
	for i := range e.lead {
		u := &e.lead[i]
		for k := 1; k < len(u.toks) && !u.capitals; k++ {
			first := u.toks[k-1]
			if u.toks[k].Fold == toks[0].Fold && u.toks[k].capital() && first.capital() && !first.shout() && !first.possessive() && !e.isAny(first, "determiners", "calendar", "prepositions") {
				return true
			}
		}
	}
	return false
}

// isIntroducedWhole reports whether toks are a person's full name, with which the
// description begins too: "Jane Doe: 'I will stay'".
func (e *extraction) isIntroducedWhole(toks []token) bool {
	if from, ok := e.person(toks, nil); !ok || from > 0 || !allCapital(toks) || e.is("labels", toks[0]) || len(e.lead) == 0 {
		return false
	}
	for i := range min(len(e.lead[0].toks), maxSpeaker) {
		if slices.EqualFunc(toks, e.lead[0].from(i, len(toks)), func(a, b token) bool { return a.Fold == b.Fold }) {
			return true
		}
	}
	return false
}

// isTeller reports whether the words from token i on, behind a headline's colon,
// are a state or a name of several words, and no place.
func (e *extraction) isTeller(u *unit, i int) bool {
	toks := u.toks[i:]
	if u.capitals || !allCapital(toks) {
		return false
	}
	mentions := e.mentions(toks)
	if len(mentions) == 0 {
		return len(toks) > 1 && len(toks) <= maxName && !slices.ContainsFunc(toks, func(t token) bool { return e.isAny(t, "labels", "calendar", "orgs") })
	}
	return mentions[0].Actor.Kind == gazetteer.State && mentions[0].From == 0 && mentions[0].To == len(toks)
}

// tail reads a speaker behind the last dash or colon of a headline: "… - UN",
// "… : police".
func (e *extraction) tail(u *unit) (nounPhrase, bool) {
	if u.field != Title {
		return nounPhrase{}, false
	}
	i := len(u.toks) - 1
	for i >= 0 && u.toks[i].Kind == text.Word {
		i--
	}
	n := len(u.toks) - 1 - i
	if i < 2 || n < 1 || n > maxTail || e.bounds(u.toks[i+1]) || e.is("pairs", u.toks[i+1]) {
		return nounPhrase{}, false
	}
	last, behind := u.toks[len(u.toks)-1], u.toks[i+1:]
	if slices.ContainsFunc(behind, func(t token) bool { return e.is("subordinators", t) && !t.shout() }) {
		return nounPhrase{}, false // "- named after her mother"
	}
	body := e.closesAsBody(u, behind) || i >= minTold && e.closesAsPerson(u, behind)
	body = body || i > n && behind[0].capital() && !u.capitals && e.is("roles", last)
	switch mark := u.toks[i].Text; {
	case mark == ":" && (body || e.has("offices", behind) || e.Grammar.HeadFirst && e.is("orgs", last)) && !e.is("labels", u.toks[i-1]):
	case strings.ContainsAny(mark, "-–—") && (body || e.isAny(last, "orgs", "roles") || e.isLeader(behind)) && !(e.is("labels", last) && !allCapital(behind)):
	default:
		return nounPhrase{}, false
	}
	return nounPhrase{name: e.shorten(u, i+1, len(u.toks)), from: i + 1, to: len(u.toks), paper: e.isPaper(u, len(u.toks)-1) || n == 1 && e.Agencies[last.Fold]}, true
}

// closesAsBody reports whether the words behind a headline's last mark are a body, a
// group of people or a paper.
func (e *extraction) closesAsBody(u *unit, toks []token) bool {
	n := len(toks)
	last := toks[n-1]
	shown := e.isAny(toks[0], "pictures", "labels") // "video report"
	switch {
	case last.shout(), n == maxRole && e.is("bodies", last) && !e.is("labels", toks[0]):
		return true
	case shown:
		return false
	case n > 1 && n < maxHead && allCapital(toks) && e.is("orgs", last) && !e.isAny(last, "things", "outlets"):
		return true
	}
	if n == 1 && e.Agencies[last.Fold] {
		return true
	}
	return e.isAny(last, "papers", "groups") && !e.is("labels", last) && (n < maxHead || allCapital(toks[:n-1]))
}

// closesAsPerson reports whether the words behind a headline's last mark are a
// person: one who is known, a name behind a role, a surname that the description
// gives its first name, or a role.
func (e *extraction) closesAsPerson(u *unit, toks []token) bool {
	n := len(toks)
	last := toks[n-1]
	if e.isLeader(toks) || e.isTeller(u, len(u.toks)-n) || last.capital() && e.isIntroduced(toks) {
		return true
	}
	if e.is("roles", last) && n <= maxRole && !e.is("labels", last) && (u.capitals || !last.capital()) {
		return true
	}
	name := e.nameIn(u, toks)
	return !u.capitals && name > 0 && e.isAny(toks[name-1], "roles", "titles")
}
