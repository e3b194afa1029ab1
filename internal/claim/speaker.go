package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/text"
)

// nounPhrase is one that speaks: the tokens from up to and without to.
type nounPhrase struct {
	name     string
	from, to int
	// aside says that it stands behind a word that begins background.
	aside bool
	// paper says that it is a paper that speaks for somebody.
	paper bool
}

// The longest noun phrases of speakers, in tokens: beside a verb, before a colon,
// behind a dash, and between commas.
const (
	maxSpeaker    = 9
	maxHead       = 4
	maxTail       = 5
	maxApposition = 14
)

// speaker finds whose cue it is.
func (e *extraction) speaker(u *unit, h hit, hits []hit) (nounPhrase, bool) {
	if h.class == gerund {
		return e.subject(u, hits)
	}
	j := e.beforeVerb(u, h)
	inverted := j < 0 || u.toks[j].quoted || u.toks[j].Kind == text.Clause || u.toks[j].Kind == text.Quote
	if j >= 0 && !u.toks[j].quoted {
		if s, ok := e.leftOf(u, j, hits); ok {
			return s, true
		}
	}
	if inverted {
		return e.rightOf(u, h.end)
	}
	return nounPhrase{}, false
}

// beforeVerb is the token that a speaker before a cue would end with: adverbs,
// helping verbs and brackets are skipped.
func (e *extraction) beforeVerb(u *unit, h hit) int {
	j := h.start - 1
	for j >= 0 && (!u.toks[j].quoted || u.toks[j].scare) && e.is("between", u.toks[j]) && !u.toks[j].shout() {
		j--
	}
	if j >= 0 && u.toks[j].Kind == text.Quote && u.toks[h.start].scare {
		j--
	}
	if j >= 0 && u.toks[j].Text == ")" {
		for j >= 0 && u.toks[j].Text != "(" {
			j--
		}
		j--
	}
	return j
}

// leftOf reads the noun phrase that ends with token j. Behind a comma it is what
// stands before the commas, or the name between them where that is only a role:
// "the ambassador, Jane Doe, said".
func (e *extraction) leftOf(u *unit, j int, hits []hit) (nounPhrase, bool) {
	if u.toks[j].Text != "," {
		return e.collect(u, j, hits)
	}
	k := j - 1
	for k >= 0 && u.toks[k].Text != "," && u.toks[k].Kind != text.Stop {
		k--
	}
	if k < 1 || u.toks[k].Text != "," || j-k > maxApposition {
		return nounPhrase{}, false
	}
	outer, ok := e.collect(u, k-1, hits)
	if allCapital(u.toks[k+1:j]) && (!ok || e.is("roles", u.toks[outer.to-1])) {
		return nounPhrase{name: e.shorten(u, k+1, j), from: k + 1, to: j}, true
	}
	return outer, ok
}

func allCapital(toks []token) bool {
	return len(toks) > 0 && !slices.ContainsFunc(toks, func(t token) bool { return !t.capital() || t.possessive() })
}

// collect goes left from token j to where the noun phrase begins. A phrase behind
// a preposition only tells where the noun before it is: in "the ambassador to
// London says", the ambassador speaks.
func (e *extraction) collect(u *unit, j int, hits []hit) (nounPhrase, bool) {
	from := j + 1
loop:
	for k := j; k >= 0 && j-k < maxSpeaker; k-- {
		t := u.toks[k]
		switch {
		case t.Kind != text.Word && t.Kind != text.Number, t.quoted, inHit(hits, k):
			break loop
		case e.is("joints", t) && e.joins(u, k, from):
		case e.is("prepositions", t) && !t.shout() && from <= j:
			if k == 0 || u.toks[k-1].Kind != text.Word {
				break loop
			}
			return e.collect(u, k-1, hits)
		case e.is("determiners", t) && !t.possessive() && !t.shout():
			if k == 0 || !e.is("joints", u.toks[k-1]) || !e.joins(u, k-1, from) {
				break loop
			}
		case e.bounds(t):
			break loop
		default:
			from = k
		}
	}
	if from > j {
		return nounPhrase{}, false
	}
	s := nounPhrase{
		name: e.shorten(u, from, j+1), from: from, to: j + 1,
		aside: e.isAside(u, from), paper: e.is("papers", u.toks[j]),
	}
	return s, e.speaks(u, s)
}

func inHit(hits []hit, k int) bool {
	return slices.ContainsFunc(hits, func(h hit) bool { return k >= h.start && k < h.end })
}

// isAside reports whether a noun phrase stands behind a word such as "after".
func (e *extraction) isAside(u *unit, from int) bool {
	if from > 1 && e.is("determiners", u.toks[from-1]) {
		from--
	}
	return from > 0 && e.is("subordinators", u.toks[from-1])
}

// joins reports whether the joint at k ties what stands before it to the noun
// phrase that begins at from.
func (e *extraction) joins(u *unit, k, from int) bool {
	if k == 0 || from >= len(u.toks) || from-k > 2 {
		return false
	}
	left, right, joint := u.toks[k-1], u.toks[from], u.toks[k]
	names := left.capital() && right.capital()
	switch {
	case left.Kind != text.Word, left.quoted, e.bounds(left), e.is("determiners", left):
		return false
	case e.is("ties", joint):
		return true
	case e.is("pairs", joint):
		return names
	}
	// "a spokesman for", "the Institute for Peace", and "Residents in" where a
	// headline begins so.
	return e.isAny(left, "roles", "groups") || names && !u.capitals && e.is("tails", joint) ||
		k == 1 && u.field == Title && !u.capitals
}

// rightOf reads the noun phrase that begins with token i, past an article. A
// paper's is its maker: "a report by the UN".
func (e *extraction) rightOf(u *unit, i int) (nounPhrase, bool) {
	for i < len(u.toks) && e.is("determiners", u.toks[i]) && !u.toks[i].shout() {
		i++
	}
	j := e.phraseEnd(u, i)
	for j > i && (e.is("calendar", u.toks[j-1]) || e.isAny(u.toks[j-1], "joints", "determiners")) {
		j--
	}
	if j == i {
		return nounPhrase{}, false
	}
	if j < len(u.toks) && e.is("papers", u.toks[j-1]) && e.is("makers", u.toks[j]) {
		if s, ok := e.rightOf(u, j+1); ok {
			return s, true
		}
	}
	s := nounPhrase{from: i, to: j, name: e.shorten(u, i, j), paper: e.is("papers", u.toks[j-1])}
	return s, e.speaks(u, s)
}

// phraseEnd is where a noun phrase that begins with token i ends: at the latest
// behind the name in it.
func (e *extraction) phraseEnd(u *unit, i int) int {
	j, named := i, false
	for j < len(u.toks) && j-i < maxSpeaker {
		t := u.toks[j]
		joint := e.is("joints", t)
		switch {
		case t.Kind != text.Word, t.quoted, e.bounds(t) && !joint:
			return j
		case named && !t.capital() && !joint && !e.isAny(t, "roles", "groups", "orgs", "papers"):
			return j
		case joint && (j+1 >= len(u.toks) || j == i || !e.is("tails", t)):
			return j
		}
		named = named || t.capital() && !u.capitals
		j++
	}
	return j
}

// subject reads the noun phrase that a sentence begins with, up to its role.
func (e *extraction) subject(u *unit, hits []hit) (nounPhrase, bool) {
	for j := 0; j < len(u.toks) && j < maxSpeaker; j++ {
		t := u.toks[j]
		if t.Kind != text.Word || e.bounds(t) || inHit(hits, j) {
			break
		}
		if e.isAny(t, "roles", "groups", "orgs") {
			return e.collect(u, j, hits)
		}
	}
	return nounPhrase{}, false
}

// head reads a speaker before a colon: "Kremlin: …". Only an office, a body or a
// name with a title counts; other words before a colon are labels.
func (e *extraction) head(u *unit) (nounPhrase, bool) {
	if u.field != Title || !u.first {
		return nounPhrase{}, false
	}
	i := slices.IndexFunc(u.toks, func(t token) bool { return t.Text == ":" })
	if i < 1 || i > maxHead || i+1 >= len(u.toks) {
		return nounPhrase{}, false
	}
	for _, t := range u.toks[:i] {
		if !t.capital() || e.is("labels", t) {
			return nounPhrase{}, false
		}
	}
	if !e.isAny(u.toks[i-1], "orgs", "roles") && !e.is("titles", u.toks[0]) && !e.has("offices", u.toks[:i]) {
		return nounPhrase{}, false
	}
	return nounPhrase{name: e.shorten(u, 0, i), from: 0, to: i}, true
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
	if i < 2 || n < 1 || n > maxTail {
		return nounPhrase{}, false
	}
	last := u.toks[len(u.toks)-1]
	body := last.shout() || e.isAny(last, "papers", "groups") && !e.is("labels", last)
	switch mark := u.toks[i].Text; {
	case mark == ":" && body && !e.is("labels", u.toks[i-1]):
	case strings.ContainsAny(mark, "-–—") && (body || e.isAny(last, "orgs", "roles")):
	default:
		return nounPhrase{}, false
	}
	return nounPhrase{name: e.shorten(u, i+1, len(u.toks)), from: i + 1, to: len(u.toks), paper: e.is("papers", last)}, true
}

// speaks reports whether a noun phrase can speak: a name, a role, a group of
// people, a paper, or a pronoun.
func (e *extraction) speaks(u *unit, s nounPhrase) bool {
	toks := u.toks[s.from:s.to]
	last := toks[len(toks)-1]
	switch {
	case s.paper, e.isAny(last, "roles", "groups"):
		return true
	case len(toks) == 1 && e.is("pronouns", last):
		return true
	case len(toks) == 1 && e.isAny(last, "calendar", "titles"):
		return false
	case !u.capitals && len(toks) > 1 && !last.capital() && !e.isAny(last, "orgs", "titles") && !e.isAgent(last):
		// "the broadcaster's programme": what a name has does not speak.
		return false
	}
	return slices.ContainsFunc(toks, func(t token) bool { return t.capital() && !e.is("calendar", t) })
}

// isAgent reports whether a noun is one for somebody who does something.
func (e *extraction) isAgent(t token) bool {
	return !e.Agents.Except[t.Fold] && slices.ContainsFunc(e.Agents.Endings, func(end string) bool {
		return len(t.Fold) > len(end)+2 && strings.HasSuffix(t.Fold, end)
	})
}
