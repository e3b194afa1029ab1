package claim

import (
	"slices"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// How far a helping verb stands before its participle, and how many small words
// stand within a speaker's phrase between its capitals; how far before a verb the
// seat of those who speak stands; and how long the name of whom they tell it is, in
// tokens.
const (
	bracketReach = 18
	innerReach   = 2
	seatReach    = 5
	maxListener  = 3
)

// anchor is where the finite verb of a cue stands: the helping verb before it in
// its clause, else its own first word. ok is false for a participle without a
// helping verb: that is said of somebody, not by him.
func (e *extraction) anchor(u *unit, h hit) (i int, ok bool) {
	word := h.words[len(h.words)-1]
	if len(e.Words["auxiliaries"]) == 0 || h.tail != "" || !e.participle(word) {
		return h.start, true
	}
	finite := func(w string) bool { return e.lists.of(w)&e.bits["between"] == 0 }
	if !e.Grammar.Brackets && slices.ContainsFunc(h.words[:len(h.words)-1], finite) {
		return h.start, true // "se muestra preocupada"
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
				s.to, s.name = j+1, u.span(s.from, j+1)
				return s, true
			}
		}
	}
	if h.end < len(u.toks) && e.is("seats", u.toks[h.end]) {
		return e.seated(u, h.end, len(u.toks))
	}
	return nounPhrase{}, false
}

// coordinated reports whether the last verb of toks shares its subject with the
// first: "провели исследование и сообщили".
func (e *extraction) coordinated(toks []token) bool { return e.is("pairs", toks[len(toks)-1]) }

// behindPlace reads the speaker behind a place or time that opens a clause at k,
// or behind what belongs to his office, up to token j: "В августе президент
// Зеленский заявил", "глава комитета по политике Анна Линд заявила".
func (e *extraction) behindPlace(u *unit, k, j int) (nounPhrase, bool) {
	if !e.Grammar.HeadFirst && !e.Grammar.Nouns {
		return e.behindPost(u, k, j)
	}
	if !e.Grammar.HeadFirst || len(e.Words["obliques"]) == 0 || e.is("prepositions", u.toks[j]) {
		return nounPhrase{}, false
	}
	from := j + 1
	if k == 0 || u.toks[k-1].Kind != text.Word {
		for i := k + 2; i <= j && from > j; i++ {
			if u.toks[i].capital() || e.isAny(u.toks[i], "roles", "groups") {
				from = i
			}
		}
	} else {
		for from-1 > k+1 && u.toks[from-1].capital() {
			from--
		}
		if j+1-from < 2 || j+1-from > maxName {
			return nounPhrase{}, false
		}
	}
	if from > j || e.places(u.toks[from:j+1]) == j+1-from {
		return nounPhrase{}, false
	}
	s := nounPhrase{name: e.shorten(u, from, j+1), from: from, to: j + 1}
	return s, e.isSubject(u, s) && e.speaks(u, s)
}

// behindPost reads the person's name behind the place of a post, with the
// preposition at k before it, up to token j: "ambassador to Chad Jane Doe said".
func (e *extraction) behindPost(u *unit, k, j int) (nounPhrase, bool) {
	if u.capitals || k == 0 || !e.isAny(u.toks[k-1], "roles", "titles") {
		return nounPhrase{}, false
	}
	from := k + 1 + e.homeIn(u.toks[k+1:j+1])
	if n := j + 1 - from; from == k+1 || n < 2 || n > maxName || !allCapital(u.toks[from:j+1]) || e.homeIn(u.toks[from:j+1]) > 0 {
		return nounPhrase{}, false
	}
	s := nounPhrase{name: u.span(from, j+1), from: from, to: j + 1}
	return s, e.speaks(u, s)
}

// continues reports whether a noun phrase that begins at i goes on over the joint
// at j.
func (e *extraction) continues(u *unit, i, j int) bool {
	if j+1 >= len(u.toks) || j == i {
		return false
	}
	before, after := u.toks[j-1], u.toks[j+1]
	switch {
	case !e.Grammar.HeadFirst && !e.Grammar.Nouns:
		return e.is("tails", u.toks[j]) || e.playsTwo(u, j) || e.is("pairs", u.toks[j]) && (e.is("orgs", u.toks[i]) || !u.capitals && !after.quoted) && before.capital() && after.capital()
	case e.is("pairs", u.toks[j]):
		return before.capital() && after.capital() && !after.quoted
	case e.Grammar.Nouns:
		return e.is("tails", u.toks[j]) && e.isAny(before, "roles", "groups", "orgs") || e.is("ties", u.toks[j])
	}
	return e.is("tails", u.toks[j])
}

// playsTwo reports whether two roles of one person stand around the joint at j:
// "expert and political scientist Jane Doe".
func (e *extraction) playsTwo(u *unit, j int) bool {
	if !e.is("pairs", u.toks[j]) || !e.is("roles", u.toks[j-1]) {
		return false
	}
	for i := j + 1; i+1 < min(len(u.toks), j+1+maxName); i++ {
		if e.is("roles", u.toks[i]) {
			return u.toks[i+1].capital()
		}
	}
	return false
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
		if m.Actor.Party != "" {
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
	n, mentions := 0, e.mentions(toks)
	for n < len(toks) {
		i := slices.IndexFunc(mentions, func(m gazetteer.Mention) bool { return m.From == n && m.Actor.Kind != gazetteer.Leader })
		switch {
		case i >= 0:
			n = mentions[i].To
		case toks[n].shout() || e.is("orgs", toks[n]):
			n++
		default:
			return n
		}
	}
	return n
}

// isBody reports whether toks are the name of an organisation of states.
func (e *extraction) isBody(toks []token) bool {
	return slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool {
		return m.Actor.Kind == gazetteer.Body && m.From == 0 && m.To == len(toks)
	})
}

// isLeader reports whether a leader's name ends toks.
func (e *extraction) isLeader(toks []token) bool {
	return slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool {
		return m.Actor.Kind == gazetteer.Leader && m.To == len(toks)
	})
}

// said is what a cue tells: what stands before it where it closes its sentence
// or its speaker stands behind it, else what stands behind both. before tells
// which.
func (e *extraction) said(u *unit, h hit, s nounPhrase) (content []token, before bool) {
	last := u.end()
	from := max(h.end, s.to)
	first := min(h.start, s.from)
	// "…, Trump tells Fox News"
	closes := from >= last || e.Orders[h.word()] && last-from <= maxListener && first > 0 && u.toks[first-1].Text == ","
	if s.from >= h.end && first > 0 {
		mark := u.toks[first-1]
		closes = closes || mark.Kind == text.Clause || mark.Kind == text.Quote
	}
	if closes && first > 1 {
		return u.toks[:first], true
	}
	return u.toks[min(from, last):last], false
}

// end is where a sentence ends without its full stop.
func (u *unit) end() int {
	last := len(u.toks)
	for last > 0 && u.toks[last-1].Kind == text.Stop {
		last--
	}
	return last
}

// nest takes back the claims of a sentence that stand in what another one says:
// in "Putin agreed to a pause, says Trump" Putin says nothing, and is bound. A
// paper's word takes nothing back, unless it is a poll's, nor does what is background.
// The claims of the sentence begin at base.
func (e *extraction) nest(u *unit, base int) {
	outer := slices.IndexFunc(e.found[base:], func(f found) bool { return f.covers && (!f.paper || e.polls(f.Speaker)) && !f.aside })
	if outer < 0 {
		return
	}
	o := e.found[base+outer]
	kept := e.found[:base]
	for _, f := range slices.Clone(e.found[base:]) {
		if f.covers || f.Speaker == o.Speaker || f.Side != "" && f.Side == o.Side || e.parted(u, f, o) {
			kept = append(kept, f)
			continue
		}
		if o.Party == "" && f.Side != "" {
			o.Party, o.Parties = f.Speaker, []string{f.Side}
		}
	}
	e.found = kept
	for i := base; i < len(e.found); i++ {
		if e.found[i].At == o.At && e.found[i].Speaker == o.Speaker {
			e.found[i] = o
		}
	}
}

// polls reports whether a speaker is a poll, which tells what people think.
func (e *extraction) polls(speaker string) bool {
	toks := e.tokens(speaker)
	return len(toks) > 0 && e.Surveys[toks[len(toks)-1].Fold]
}

// parted reports whether a mark stands between two claims that parts what they
// say: "Kyiv refuses; the plan is dead, says Orban".
func (e *extraction) parted(u *unit, f, o found) bool {
	from, to := min(f.At, o.At), max(f.At, o.At)
	inner := slices.DeleteFunc(slices.Clone(u.toks), func(t token) bool { return t.Start <= from || t.End >= to })
	if len(inner) > 0 && o.At > f.At {
		inner = inner[:len(inner)-1] // the mark that the outer one hangs on
	}
	if o.At < f.At {
		return slices.ContainsFunc(inner, func(t token) bool { return t.Text == ";" })
	}
	return slices.ContainsFunc(inner, func(t token) bool { return t.Kind == text.Clause && t.Text != "," })
}
