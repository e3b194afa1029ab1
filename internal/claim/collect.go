package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/text"
)

// step is what a token does to a noun phrase that is read from its end.
type step int

const (
	passes  step = iota // a small word within it
	belongs             // a part of it
	ends                // it begins behind the token
	shares              // the token is another verb of the same subject
	tells               // what was read only tells where, and the noun stands before
	locates             // the same, and an article stands between
)

// collect goes left from token j to where the noun phrase begins. A phrase behind
// a preposition only tells where the noun before it is: in "the ambassador to
// London says", the ambassador speaks.
func (e *extraction) collect(u *unit, j int, hits []hit) (nounPhrase, bool) {
	if e.isDone(u, j, hits) {
		j--
	}
	from := j + 1
loop:
	for k := j; k >= 0 && j-k < maxSpeaker && !inHit(hits, k); k-- {
		switch e.step(u, k, from, j) {
		case passes:
		case belongs:
			from = k
		case ends:
			break loop
		case shares:
			return e.collect(u, k-1, hits)
		case tells:
			if s, ok := e.behindPlace(u, k, j); ok || k == 0 || u.toks[k-1].Kind != text.Word {
				return s, ok
			}
			return e.collect(u, k-1, hits)
		case locates:
			return e.collect(u, k-2, hits)
		}
	}
	if from > j {
		return nounPhrase{}, false
	}
	s := nounPhrase{
		name: e.shorten(u, from, j+1), from: from, to: j + 1,
		aside: e.isAside(u, from), past: e.isPast(u, from), paper: e.isPaper(u, j),
	}
	return s, e.speaks(u, s) && !e.isBidden(u, s) && !e.isRelated(u, s)
}

// isRelated reports whether who speaks stands right behind the plain plural of what is told
// of: "one of the plans Beijing has announced".
func (e *extraction) isRelated(u *unit, s nounPhrase) bool {
	if e.Plural == "" || u.capitals || s.to-s.from < 2 || e.homeIn(u.toks[s.to-1:s.to]) == 0 {
		return false
	}
	noun := u.toks[s.to-2]
	return noun.Kind == text.Word && !noun.capital() && !noun.possessive() && strings.HasSuffix(noun.Fold, e.Plural) && !e.isAny(noun, "roles", "groups", "orgs", "joints", "bounds", "outsiders", "ranks")
}

// isDone reports whether token j tells what was done to those right before it, where more
// of it follows: "captives released in Chad".
func (e *extraction) isDone(u *unit, j int, hits []hit) bool {
	return j > 0 && !e.Grammar.Inverts && !e.Grammar.HeadFirst && !e.Grammar.Nouns && !u.capitals && !u.toks[j].capital() && e.participle(u.toks[j].Fold) && !inHit(hits, j) &&
		j+1 < len(u.toks) && e.is("prepositions", u.toks[j+1]) && e.is("groups", u.toks[j-1]) && !e.isAny(u.toks[j], "informed")
}

// isBidden reports whether a noun phrase is what somebody is to do, with its object: "to
// oust Russia's minister".
func (e *extraction) isBidden(u *unit, s nounPhrase) bool {
	return !e.Grammar.Inverts && !u.capitals && s.from > 0 && e.is("infinitives", u.toks[s.from-1]) && s.to-s.from > 1 && !u.toks[s.from].capital() &&
		!e.isAny(u.toks[s.from], "roles", "groups", "orgs", "ranks", "titles", "papers", "amounts")
}

// step tells what token k does to the noun phrase that begins at from, so far,
// and ends with token j.
func (e *extraction) step(u *unit, k, from, j int) step {
	t := u.toks[k]
	switch {
	case t.Kind != text.Word && t.Kind != text.Number, t.quoted:
		return ends
	case e.is("pronouns", t) && !t.shout():
		if k == j {
			return belongs
		}
		return ends
	case k < j && e.is("pronouns", u.toks[j]) && !u.toks[j].shout():
		return ends // "the spies it says"
	case e.is("joints", t) && e.joins(u, k, from):
		return passes
	case k == 0 && from == 1 && u.field == Title && e.Heralds[t.Fold] && !t.possessive():
		return ends // "Moment general tells"
	case t.Fold == "s":
		return ends // what a blank parted from its name
	case e.is("pairs", t) && !e.Grammar.Inverts && from == k+1 && e.isFellow(u, k):
		return passes // "police and witnesses"
	case e.is("pairs", t) && !e.Grammar.Inverts:
		return ends // ", and analysts say"
	case e.is("verbs", t) && (!t.capital() || u.capitals && k > 0):
		if from <= j && k > 0 && e.coordinated(u.toks[k:j+1]) {
			return shares
		}
		return ends
	case e.is("prepositions", t) && !t.shout() && from <= j:
		return e.prepositionStep(u, k)
	case e.is("determiners", t) && t.capital() && !u.capitals && k > 0 && k < j && u.toks[k-1].capital() && u.toks[k+1].capital():
		return belongs // "Bruno Le Maire"
	case e.is("determiners", t) && !t.possessive() && !t.shout():
		return e.determinerStep(u, k, from, j)
	case e.bounds(t):
		return ends
	}
	return belongs
}

// prepositionStep tells what the preposition at k does: a phrase behind it only tells
// where, unless it tells what for or by whom.
func (e *extraction) prepositionStep(u *unit, k int) step {
	if e.is("infinitives", u.toks[k]) && !e.Grammar.Inverts && !u.toks[k+1].capital() && !e.is("determiners", u.toks[k+1]) {
		return ends // "a team to implement pledges"
	}
	if e.is("bys", u.toks[k]) && !e.Grammar.Inverts && k > 0 && e.participle(u.toks[k-1].Fold) {
		return ends // "squeezed by new rules"
	}
	if e.Grammar.Inverts || k > 0 && u.toks[k-1].Kind == text.Word {
		return tells
	}
	return ends
}

// determinerStep tells what the article at k does: it begins a noun phrase, unless
// something ties that to the one before it.
func (e *extraction) determinerStep(u *unit, k, from, j int) step {
	switch {
	case k == 0:
	case e.is("joints", u.toks[k-1]) && e.joins(u, k-1, from):
		return passes
	case k > 1 && from <= j && e.is("prepositions", u.toks[k-1]) && e.isNoun(u.toks[k-2]):
		return locates
	}
	return ends
}

func inHit(hits []hit, k int) bool {
	return slices.ContainsFunc(hits, func(h hit) bool { return k >= h.start && k < h.end })
}

// isPast reports whether a noun phrase stands behind a word such as "following"
// within its sentence.
func (e *extraction) isPast(u *unit, from int) bool {
	if from > 1 && e.is("determiners", u.toks[from-1]) {
		from--
	}
	for from > 2 && u.toks[from-1].Text == "," && u.toks[from-2].capital() && u.toks[from].capital() {
		from -= 2 // "following US, EU demands"
	}
	return from > 1 && e.is("pasts", u.toks[from-1])
}

// isAside reports whether a noun phrase stands behind a word such as "after".
func (e *extraction) isAside(u *unit, from int) bool {
	if from > 1 && e.is("determiners", u.toks[from-1]) {
		from--
	}
	for back := 2; back <= min(from, maxBackground); back++ {
		if p, ok := e.starts("backgrounds", u.toks[from-back:]); ok && len(p.words) == back {
			return true
		}
	}
	return from > 0 && e.is("subordinators", u.toks[from-1])
}

// isFellow reports whether what stands before a joint at k speaks too and begins
// what the joint stands in: "police and witnesses", "current and former officials".
func (e *extraction) isFellow(u *unit, k int) bool {
	if k == 0 || u.toks[k-1].Kind != text.Word || u.toks[k-1].quoted {
		return false
	}
	left := u.toks[k-1]
	opens := k == 1 || u.toks[k-2].Kind == text.Clause || e.is("determiners", u.toks[k-2]) || u.toks[k-2].capital() && (k == 2 || u.toks[k-3].Kind == text.Clause)
	return opens && (e.isAny(left, "groups", "roles", "orgs", "ranks") || e.isAgent(left))
}

// isNoun reports whether a token may be a noun, by what it is not.
func (e *extraction) isNoun(t token) bool {
	return t.Kind == text.Word && !t.quoted && !e.bounds(t) && !e.isAny(t, "between", "determiners", "pronouns", "prepositions", "calendar")
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
	case left.Kind != text.Word, left.quoted, e.bounds(left), e.is("determiners", left) && !(e.is("amounts", left) && e.is("ties", joint)):
		return false
	case e.is("ties", joint):
		return true
	case e.is("pairs", joint):
		// "Ministry of science and education", where such words have no capital
		office := e.Grammar.HeadFirst && !left.capital() && !right.capital() && k > 1 && from-k == 1 && e.isAny(u.toks[k-2], "roles", "orgs", "groups")
		return names || office
	}
	// "a spokesman for", "the Institute for Peace", and "Residents in" where a
	// headline begins so.
	return e.isAny(left, "roles", "groups") || names && !u.capitals && e.is("tails", joint) ||
		k == 1 && u.field == Title && !u.capitals
}
