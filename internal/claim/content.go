package claim

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// maxParty is how many words a committed party has.
const maxParty = 6

// party is who is bound by what is said of him, or blamed by it, as written and
// as parties. In "Trump says Putin agreed", Putin; in "Chad accuses Niger of",
// Niger; in "Kyiv confirms exchange with Moscow", Moscow.
func (e *extraction) party(u *unit, h hit, s nounPhrase, act Act) (string, []string) {
	switch act {
	case Accuse:
		if h.class != class(Accuse) {
			break
		}
		return e.accused(u, h)
	case Confirm, Announce:
		return e.other(u, h)
	case Assert, Deny:
		if !e.Dissents[h.word()] {
			break
		}
		if s, ok := e.rightOf(u, h.end); ok { // whoever is disagreed with has said it
			return s.name, e.sides(u.toks[s.from:s.to])
		}
	default:
		return "", nil
	}
	from := h.end
	if _, before := e.said(u, h, s); before {
		from = 0
	} else if s.from >= h.end {
		from = s.to
	}
	if b, ok := e.bound(u, from); ok {
		return b.name, e.parties(u.toks[b.from:b.to])
	}
	if act == Accuse {
		return e.culprit(u, from)
	}
	return "", nil
}

// qualify tells of a claim what kind of thing is said with it.
func (e *extraction) qualify(c *Claim, u *unit, h hit, s nounPhrase, content []token) {
	by := u.toks[s.from:s.to]
	c.OfDeal = c.Act == Assert && e.ofDeal(content) || c.Act == Announce && (h.class == agreeing || e.ofDeal(content))
	c.Waves = c.Act == Deny && h.class == dismiss
	c.Aloof = c.Act == Deny && (e.has("parts", content) || e.has("innocence", content))
	c.Condemns = c.Act == Accuse && !e.has("blamings", u.toks[h.start:h.end]) && (h.class == class(Accuse) || e.has("insults", content))
	c.Incident = c.Act == Assert && e.isIncident(u)
	c.OfRefusal = c.Act == Assert && e.tellsRefusal(content)
	if c.Side != "" || c.Act != Assert && c.Act != Confirm && !c.Condemns {
		return
	}
	incident := func(t unit) bool { return e.isIncident(&t) }
	c.Informs = e.comments(by) || c.Act != Accuse && e.informs(by) && (incident(*u) || slices.ContainsFunc(e.title, incident))
}

// culprit is the party that begins what is said from token i on, where that blames:
// "says Russia is blocking aid".
func (e *extraction) culprit(u *unit, i int) (string, []string) {
	if e.Grammar.HeadFirst || e.Grammar.Nouns || e.Grammar.Inverts {
		return "", nil
	}
	toks := u.from(i, maxParty)
	for _, m := range e.mentions(toks) {
		if k := i + m.To; m.From == 0 && m.Actor.Party != "" && k < len(u.toks) && !u.toks[k-1].possessive() && u.toks[k].Kind == text.Word && !e.isAny(u.toks[k], "pairs", "prepositions", "roles", "orgs") {
			return u.span(i, k), []string{m.Actor.Party}
		}
	}
	return "", nil
}

// accused is who is blamed behind a verb of blame.
func (e *extraction) accused(u *unit, h hit) (string, []string) {
	i := h.end
	for e.Grammar.HeadFirst && i < min(len(u.toks), h.end+innerReach) && e.is("prepositions", u.toks[i]) {
		i++
	}
	s, ok := e.rightOf(u, i)
	if !ok {
		return "", nil
	}
	s = e.trim(u, s)
	if s = e.blamed(u, s); len(e.sides(u.toks[s.from:s.to])) == 0 && e.is("informants", u.toks[s.to-1]) {
		return s.name, nil // nobody can say which officials
	}
	if (e.Grammar.HeadFirst || e.Grammar.Nouns) && len(e.sides(u.toks[s.from:s.to])) == 0 {
		return "", nil // what is blamed is a deed
	}
	return s.name, e.parties(u.toks[s.from:s.to])
}

// blamed cuts a noun phrase to who is blamed, without what for.
func (e *extraction) blamed(u *unit, s nounPhrase) nounPhrase {
	if e.Grammar.HeadFirst || e.Grammar.Nouns {
		return s
	}
	for i := s.from + 1; i < s.to; i++ {
		if e.is("tails", u.toks[i]) && !e.is("ties", u.toks[i]) {
			s.to, s.name = i, e.shorten(u, s.from, i)
			break
		}
	}
	return s
}

// bound is the subject of what is said from token i on, where its verb binds.
func (e *extraction) bound(u *unit, i int) (nounPhrase, bool) {
	if i < len(u.toks) && u.toks[i].Text == "," && (e.Grammar.Brackets || i+1 < len(u.toks) && e.is("thats", u.toks[i+1])) {
		i++
	}
	lower := e.Grammar.HeadFirst || e.Grammar.Nouns || e.Grammar.Inverts
	month := func(t token) bool { return e.is("calendar", t) && (lower || t.capital()) } // no "march on Moscow"
	for i < len(u.toks) && (e.is("determiners", u.toks[i]) || month(u.toks[i]) || e.bounds(u.toks[i])) {
		i++
	}
	named, place := false, false
	for j := i; j < len(u.toks) && j-i <= maxParty; j++ {
		t := u.toks[j]
		if j > i && e.is("pronouns", u.toks[j-1]) && !u.toks[j-1].shout() {
			break // "tells Doe he will", of himself
		}
		if j > i && e.binds(u, j) {
			return e.trim(u, nounPhrase{name: e.shorten(u, i, j), from: i, to: j}), named
		}
		if t.Kind != text.Word || t.quoted && !t.scare {
			break
		}
		place = place || e.is("prepositions", t) && !e.is("ties", t) && j > i && !e.isAny(u.toks[j-1], "groups", "roles", "orgs") && !u.toks[j-1].capital()
		named = named || t.capital() && !place // in "march on Moscow" nobody is named
	}
	return nounPhrase{}, false
}

// other is the other party of what is confirmed or announced.
func (e *extraction) other(u *unit, h hit) (string, []string) {
	for i := range u.from(h.end, objectReach) {
		if u.toks[h.end+i].Kind == text.Clause {
			break
		}
		if e.has("partings", u.toks[h.end+i:h.end+i+1]) {
			break // "suspends ties with Venezuela" binds it alone
		}
		if _, ok := e.starts("accords", u.toks[h.end+i:]); !ok {
			continue
		}
		s, ok := e.rightOf(u, h.end+i+1)
		if !ok {
			break
		}
		if ps := e.sides(u.toks[s.from:s.to]); len(ps) > 0 {
			return s.name, ps
		}
	}
	return "", nil
}

// sides are the parties that toks name, each once; a state that only tells whose a
// group is, as in "Sudan's RSF", is none.
func (e *extraction) sides(toks []token) []string {
	var out []string
	mentions := e.mentions(toks)
	for i, m := range mentions {
		p := m.Actor.Party
		if p != "" && !slices.Contains(out, p) && !(i+1 < len(mentions) && e.owns(toks, m, mentions[i+1])) {
			out = append(out, p)
		}
	}
	return out
}

// maxKind is how many words may stand between a state and its group: "Russia's
// mercenary group Wagner".
const maxKind = 2

// owns reports whether a state is named only to tell whose the group behind it is:
// "Sudan's RSF", "Congolese rebels".
func (e *extraction) owns(toks []token, state, group gazetteer.Mention) bool {
	if group.Actor.Kind == gazetteer.Group && group.Actor.Party == "" {
		return state.Actor.Kind == gazetteer.State && group.From == state.To
	}
	if group.Actor.Land == "" || group.Actor.Land != state.Actor.Party || state.Actor.Kind != gazetteer.State || group.From-state.To > maxKind {
		return false
	}
	return !slices.ContainsFunc(toks[state.To:group.From], func(t token) bool {
		return t.Kind != text.Word || e.isAny(t, "pairs", "prepositions", "verbs", "orgs")
	})
}

// speakFor are the party that a speaker speaks for, that of the leader whose name
// ends the words, else the first that they name, and those who speak jointly with
// it: "Armenia and Azerbaijan".
func (e *extraction) speakFor(toks []token) (side string, with []string) {
	sides := e.sides(toks)
	mentions := e.mentions(toks)
	paired := e.tellsSeveral(toks) || slices.ContainsFunc(toks, func(t token) bool { return e.is("pairs", t) })
	if n := len(mentions); n > 1 && !paired && mentions[n-1].To == len(toks) && mentions[n-1].Actor.Kind == gazetteer.Leader {
		return mentions[n-1].Actor.Party, nil
	}
	switch {
	case len(sides) == 0:
		return e.localOffice(toks), nil
	case paired:
		return sides[0], sides[1:]
	}
	return sides[0], nil
}

// localOffice is the state of whoever holds office in a place of it: "Kharkiv
// governor". It is empty for those whom an occupier has put there.
func (e *extraction) localOffice(toks []token) string {
	home := ""
	for _, m := range e.mentions(toks) {
		home = m.Actor.Home
	}
	if home == "" || !e.has("localities", toks) || e.has("installed", toks) {
		return ""
	}
	return home
}

// parties are the parties that toks name, or the words themselves.
func (e *extraction) parties(toks []token) []string {
	if s := e.sides(toks); len(s) > 0 {
		return s
	}
	var ws []string
	for _, t := range toks {
		if t.Kind == text.Word && !e.is("determiners", t) {
			ws = append(ws, t.Fold)
		}
	}
	if len(ws) == 0 {
		return nil
	}
	return []string{strings.Join(ws, " ")}
}

// binds reports whether a verb that binds its subject begins with token j, past
// helping words.
func (e *extraction) binds(u *unit, j int) bool {
	for j < len(u.toks) {
		if p, ok := e.starts("commitments", u.toks[j:]); ok {
			next := j + len(p.words)
			if !e.is("modals", u.toks[j]) || next >= len(u.toks) {
				return true
			}
			return !e.has("undergone", u.from(next, 1)) && !e.is("prepositions", u.toks[next]) // "will face trial", "the will of"
		}
		if !e.is("between", u.toks[j]) {
			return false
		}
		j++
	}
	return false
}

// negatedReach is how far behind a negation what it denies begins, in tokens.
const negatedReach = 2

// blames reports whether what is said lays something on another, and does not say that
// it has not been done.
func (e *extraction) blames(content []token) bool {
	for i := range content {
		if _, ok := e.starts("blames", content[i:]); ok {
			return !slices.ContainsFunc(content[max(0, i-negatedReach):i], func(t token) bool { return e.isAny(t, "negations", "nones") })
		}
	}
	return false
}

// foreground is what is said up to a word behind which something else is told:
// "the town has fallen, as Norway charges them with plotting", ", and others call it".
func (e *extraction) foreground(toks []token) []token {
	for i := 0; i+1 < len(toks); i++ {
		if i > 0 && toks[i].Text == "," && !toks[i].quoted && e.is("pairs", toks[i+1]) {
			return toks[:i]
		}
		role := e.is("reporters", toks[i]) && e.is("determiners", toks[i+1]) // "as a dictator"
		if e.is("subordinators", toks[i]) && !toks[i].quoted && !role {
			return toks[:i]
		}
	}
	return toks
}

// quote is the longest passage in quotation marks after the cue, else before it,
// if it is more than a word.
func quote(u *unit, h hit) string {
	if q := longestQuote(u, h.end, len(u.toks)); q != "" {
		return q
	}
	return longestQuote(u, 0, h.start)
}

func longestQuote(u *unit, from, to int) string {
	best := ""
	for i := from; i < to; {
		j := i
		for j < to && u.toks[j].quoted {
			j++
		}
		if j-i > 1 {
			if q := strings.TrimRight(u.text[u.toks[i].Start:u.toks[j-1].End], " ,;"); len(q) > len(best) {
				best = q
			}
		}
		i = max(j, i+1)
	}
	return best
}
