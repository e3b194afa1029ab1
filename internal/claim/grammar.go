package claim

import (
	"slices"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// How far a helping verb stands before its participle, and how many small words
// stand within a speaker's phrase between its capitals, in tokens.
const (
	bracketReach = 18
	innerReach   = 2
	seatReach    = 5
)

// anchor is where the finite verb of a cue stands: the helping verb before it in
// its clause, else its own first word. ok is false for a participle without a
// helping verb: that is said of somebody, not by him.
func (e *extraction) anchor(u *unit, h hit) (i int, ok bool) {
	word := h.words[len(h.words)-1]
	if len(e.Words["auxiliaries"]) == 0 || h.tail != "" || !e.participle(word) {
		return h.start, true
	}
	for i := h.start - 1; i >= 0 && h.start-i < bracketReach; i-- {
		t := u.toks[i]
		switch {
		case e.is("auxiliaries", t) || e.Passives[t.Fold]:
			return i, true
		case e.isAny(t, "between", "pronouns"):
		case !e.Grammar.Brackets, t.Kind != text.Word && t.Kind != text.Number, e.isAny(t, "thats", "subordinators"):
			i = 0
		}
	}
	final := e.Grammar.Brackets && h.end < len(u.toks) && e.is("auxiliaries", u.toks[h.end])
	return h.start, final || !e.Participles.Words[word] && e.Grammar.Brackets
}

// isSubject reports whether a noun phrase can be a subject by its case.
func (e *extraction) isSubject(u *unit, s nounPhrase) bool {
	if s.from > 0 && e.is("determiners", u.toks[s.from-1]) && e.is("obliques", u.toks[s.from-1]) {
		return false
	}
	return !e.is("obliques", u.toks[s.from]) || e.is("nominatives", u.toks[s.from])
}

// seat reads those who speak somewhere: "в Кремле заявили", "заявили в Кремле".
// They speak when the verb is a plural and the place is a party's or a body.
func (e *extraction) seat(u *unit, j int, h hit) (nounPhrase, bool) {
	if !e.is("plurals", u.toks[h.start]) {
		return nounPhrase{}, false
	}
	for k := j - 1; k >= max(0, j-seatReach); k-- {
		if e.is("seats", u.toks[k]) && (k == 0 || u.toks[k-1].Kind != text.Word || e.isAny(u.toks[k-1], "thats", "between", "reporters", "calendar")) {
			if s, ok := e.seated(u, k, j+1); ok {
				return s, true
			}
		}
	}
	if h.end < len(u.toks) && e.is("seats", u.toks[h.end]) {
		return e.seated(u, h.end, len(u.toks))
	}
	return nounPhrase{}, false
}

// seated reads the noun phrase behind a preposition at k, up to limit.
func (e *extraction) seated(u *unit, k, limit int) (nounPhrase, bool) {
	s, ok := e.rightOf(u, k+1)
	if !ok || s.to > limit {
		return nounPhrase{}, false
	}
	body := slices.ContainsFunc(u.toks[s.from:s.to], func(t token) bool { return t.shout() || e.is("orgs", t) })
	return s, body || len(e.sides(u.toks[s.from:s.to])) > 0
}

// reported reads the speaker of a clause whose verb closes it: "wie der Kreml am
// Montag mitteilte".
func (e *extraction) reported(u *unit, h hit) (nounPhrase, bool) {
	i := h.start
	for i > 0 && u.toks[i-1].Kind == text.Word {
		i--
	}
	if !e.Grammar.Brackets || i >= h.start || !e.is("reporters", u.toks[i]) {
		return nounPhrase{}, false
	}
	s, ok := e.rightOf(u, i+1)
	return s, ok && s.to <= h.start
}

// named reports whether a phrase of a language in which every noun has a capital
// names somebody: a party, or a bare name without an article.
func (e *extraction) named(u *unit, s nounPhrase) bool {
	toks := u.toks[s.from:s.to]
	if len(e.sides(toks)) > 0 {
		return true
	}
	article := s.from > 0 && e.is("determiners", u.toks[s.from-1])
	return !article && len(toks) <= maxName && allCapital(toks) && !slices.ContainsFunc(toks, func(t token) bool { return e.isAny(t, "things", "calendar") })
}

// mentions are the names of the gazetteer in toks.
func (e *extraction) mentions(toks []token) []gazetteer.Mention {
	plain := make([]text.Token, len(toks))
	for i, t := range toks {
		plain[i] = t.Token
	}
	return e.finder.Find(plain)
}

// trim cuts a noun phrase of a language in which every noun has a capital to the
// party that it begins with: "Russland Kriegsverbrechen" is Russland.
func (e *extraction) trim(u *unit, s nounPhrase) nounPhrase {
	if !e.Grammar.Nouns && !e.Grammar.Brackets {
		return s
	}
	for _, m := range e.mentions(u.toks[s.from:s.to]) {
		if m.Actor.Side != "" {
			s.from, s.to = s.from+m.From, s.from+m.To
			s.name = u.span(s.from, s.to)
			break
		}
	}
	return s
}

// places is how many of the first tokens name a state, a place or a body: in
// "президент України Володимир Зеленський" they only tell whose president he is.
func (e *extraction) places(toks []token) int {
	if !e.Grammar.HeadFirst && !e.Grammar.Nouns {
		return 0
	}
	n := 0
	for _, m := range e.mentions(toks) {
		if m.From != n || m.Actor.Kind == gazetteer.Leader {
			break
		}
		n = m.To
	}
	for n < len(toks) && (toks[n].shout() || e.is("orgs", toks[n])) {
		n++
	}
	return n
}

// isLeader reports whether a leader's name ends toks.
func (e *extraction) isLeader(toks []token) bool {
	return slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool {
		return m.Actor.Kind == gazetteer.Leader && m.To == len(toks)
	})
}

// said is what a cue tells: what stands before it where it closes its sentence
// or its speaker stands behind it, else what stands behind both.
func (e *extraction) said(u *unit, h hit, s nounPhrase) []token {
	last := len(u.toks)
	for last > 0 && u.toks[last-1].Kind == text.Stop {
		last--
	}
	from := max(h.end, s.to)
	first := min(h.start, s.from)
	closes := from >= last
	if s.from >= h.end && first > 0 {
		before := u.toks[first-1]
		closes = closes || before.Kind == text.Clause || before.Kind == text.Quote
	}
	if closes && first > 1 {
		return u.toks[:first]
	}
	return u.toks[min(from, last):last]
}
