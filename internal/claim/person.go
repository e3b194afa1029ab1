package claim

import (
	"slices"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// personFor is the person whom the description names where the title has a role:
// the first whom the title does not name, and who plays that part.
func (e *extraction) personFor(role []token) (string, bool) {
	known := words{}
	for _, u := range e.title {
		for _, t := range u.toks {
			known[t.Fold] = true
		}
	}
	for i := range e.lead {
		u := &e.lead[i]
		if u.capitals {
			continue
		}
		for j := 0; j < len(u.toks); {
			j = e.pastPost(u, j)
			k := capitalRun(u, j)
			if k == j || j > 0 && e.is("ties", u.toks[j-1]) {
				j = max(k, j+1)
				continue
			}
			if k-j == 1 && e.surnameSpeaks(u, j, known) && !e.leadsOther(u.toks[j:k], nil, role) && !e.playsOther(u, j, j, role) {
				return u.span(j, k), true
			}
			if from, ok := e.person(u.toks[j:k], known); ok && e.fits(u, j, j+from, k, role) {
				return u.span(j+from, k), true
			}
			j = k
		}
	}
	return "", false
}

// fits reports whether the person whom a run of capitals up to end names, from name
// on, is the one who plays a role.
func (e *extraction) fits(u *unit, run, name, end int, role []token) bool {
	switch {
	case end-run == 1 && !e.opens(u, run):
		return false
	case e.leadsOther(u.toks[name:end], u.toks[max(0, run-prepositionReach):name], role):
		return false
	case begins(u, run) && !e.apposedOther(u, run, end, role) && !e.undergoes(u, end):
		return true
	case e.playsOther(u, run, name, role):
		return false
	}
	return e.speaksNext(u, run, end) || resembles(u, run, end, role) || e.titled(u, run) || e.introduced(u, run, end, role) ||
		name > run && e.doesIt(u, run)
}

// pastPost is behind the place of a post that begins with token i: the name in
// "ambassador to Chad Jane Doe" begins behind it; else i.
func (e *extraction) pastPost(u *unit, i int) int {
	if i < 2 || !e.is("prepositions", u.toks[i-1]) || !e.isAny(u.toks[i-2], "roles", "titles") {
		return i
	}
	return i + e.homeIn(u.toks[i:capitalRun(u, i)])
}

// surnameSpeaks reports whether token i alone, behind a comma, is a name with a
// plain verb of speech right behind it: ", Prigozhin said".
func (e *extraction) surnameSpeaks(u *unit, i int, known words) bool {
	t := u.toks[i]
	if i == 0 || u.toks[i-1].Text != "," || known[t.Fold] || t.possessive() || !e.isSurname(u.toks[i:i+1]) || len(e.mentions(u.toks[i:i+1])) > 0 && !e.isLeader(u.toks[i:i+1]) {
		return false
	}
	p, ok := e.cues.at(u.toks[i+1:])
	return ok && p.class == class(Assert) && !p.ambiguous && !e.isAny(t, "determiners", "prepositions", "bounds")
}

// sidesDiffer reports whether an office is one of another party than the role
// looked for: "Russia's President" is no "EU minister".
func (e *extraction) sidesDiffer(office, role []token) bool {
	a, b := e.sides(office), e.sides(role)
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// leadsOther reports whether a name is that of a leader who cannot play a role: one
// of another party, or, for somebody who has left office or only knows of things,
// one in office.
func (e *extraction) leadsOther(name, office, role []token) bool {
	outsider := func(t token) bool { return e.is("outsiders", t) }
	if former := slices.ContainsFunc(office, outsider); !former && slices.ContainsFunc(role, outsider) {
		governs := func(t token) bool { return e.Statesmen[t.Fold] }
		if slices.ContainsFunc(office, governs) || e.isLeader(name) && slices.ContainsFunc(office, func(t token) bool { return e.isAny(t, "roles", "titles") }) {
			return true
		}
	}
	return e.isLeader(name) && e.homeIn(role) > 0 && len(role) == e.homeIn(role)+1 && e.sidesDiffer(name, role)
}

// playsOther reports whether right before a name a role stands that is not the
// one looked for: "suspect John Doe" is no witness.
func (e *extraction) playsOther(u *unit, run, name int, role []token) bool {
	before := name - 1
	if e.sidesDiffer(u.toks[max(0, run-1):name], role) {
		return true
	}
	plays := before >= 0 && slices.ContainsFunc(role, func(r token) bool { return r.Fold == u.toks[before].Fold })
	if before > 0 && !plays && e.is("roles", u.toks[before]) && e.is("owners", u.toks[before-1]) {
		return true // "its chief Jane Doe" is no "US official"
	}
	if e.opens(u, name) || name > run || before < 0 || !e.is("roles", u.toks[before]) || e.is("titles", u.toks[before]) {
		return false
	}
	return !plays
}

// opens reports whether the name at from opens a description, with a verb of
// speech right behind it: then he is the one whom the title tells of.
func (e *extraction) opens(u *unit, from int) bool {
	to := capitalRun(u, from)
	if !u.first || from > roleReach || to >= len(u.toks) {
		return false
	}
	_, speaks := e.cues.at(u.toks[to:])
	return speaks && !slices.ContainsFunc(u.toks[:from], func(t token) bool { return e.is("embedders", t) })
}

// capitalRun is the end of the capitals that begin with token i; a possessive
// ends them.
func capitalRun(u *unit, i int) int {
	for i < len(u.toks) && u.toks[i].capital() && !u.toks[i].quoted {
		i++
		if u.toks[i-1].possessive() {
			break
		}
	}
	return i
}

// person reports whether a run of capitals is a person's name, and where it
// begins behind titles. known are words of which it has none.
func (e *extraction) person(run []token, known words) (from int, ok bool) {
	for i, t := range run {
		if e.isAny(t, "titles", "roles", "ranks", "labels") {
			from = i + 1
		}
	}
	rest := run[from:]
	if len(rest) == 1 && from == 0 && e.isLeader(rest) && !known[rest[0].Fold] {
		return 0, true // "Ramaphosa praises"
	}
	if len(rest) < 2 || nameLen(rest) > longName(rest) || e.isPlace(run, from) {
		return 0, false
	}
	for i, t := range rest {
		if t.shout() || known[t.Fold] || e.isAny(t, "orgs", "calendar", "bounds", "determiners") {
			return 0, false
		}
		if _, place := e.starts("places", rest[i:]); place {
			return 0, false
		}
	}
	return from, true
}

// isPlace reports whether the gazetteer knows a run of capitals, from some token
// on or over it, as a state, a place or a body.
func (e *extraction) isPlace(run []token, from int) bool {
	return slices.ContainsFunc(e.mentions(run), func(m gazetteer.Mention) bool { return m.To > from && m.Actor.Kind != gazetteer.Leader })
}

// begins reports whether token i begins a sentence, or what stands behind its
// label.
func begins(u *unit, i int) bool { return i == 0 || i < 4 && u.toks[i-1].Text == ":" }

// roleReach is how far from a name the words of its role and its verb may stand,
// in tokens, and prepositionReach how far before it the preposition that makes it
// no subject.
const (
	roleReach        = 6
	prepositionReach = 4
)

// resembles reports whether the words around a name have one in common with a role.
func resembles(u *unit, from, to int, role []token) bool {
	return slices.ContainsFunc(u.toks[max(0, from-roleReach):min(len(u.toks), to+roleReach)], func(t token) bool {
		return len(t.Fold) > 2 && slices.ContainsFunc(role, func(r token) bool { return r.Fold == t.Fold })
	})
}

// speaksNext reports whether the name at from speaks right behind it; not when it
// hangs on a preposition.
func (e *extraction) speaksNext(u *unit, from, to int) bool {
	if e.hangs(u, from) {
		return false
	}
	for i := to; i < min(len(u.toks), to+roleReach); i++ {
		if p, ok := e.cues.at(u.toks[i:]); ok && !p.ambiguous && !u.toks[i].quoted {
			return true
		}
	}
	return false
}

// titled reports whether the name at from has a title, or a role before it, in
// the first sentence, and hangs on no preposition.
func (e *extraction) titled(u *unit, from int) bool {
	return u.first && !e.hangs(u, from) && (e.is("titles", u.toks[from]) || from > 0 && e.is("roles", u.toks[from-1]))
}

// hangs reports whether a preposition stands before token i, and not one that only
// tells the place of a post: "ambassador to Chad Jane Doe".
func (e *extraction) hangs(u *unit, i int) bool {
	before := i - 1
	for before >= 0 && u.toks[before].Kind == text.Word && !e.is("prepositions", u.toks[before]) && i-before < prepositionReach {
		before--
	}
	if before < 0 || !e.is("prepositions", u.toks[before]) {
		return false
	}
	post := before > 0 && e.isAny(u.toks[before-1], "roles", "titles")
	return !post || e.homeIn(u.toks[before+1:i]) != i-before-1
}

// apposed is the first role of what stands behind a name that ends with token to,
// between commas and behind an article: "Jane Doe, the town's outspoken head of".
func (e *extraction) apposed(u *unit, to int) (token, bool) {
	if to+1 >= len(u.toks) || u.toks[to].Text != "," || !e.is("determiners", u.toks[to+1]) {
		return token{}, false
	}
	for _, t := range u.toks[to+2 : min(len(u.toks), to+1+roleReach)] {
		if t.Kind != text.Word || e.bounds(t) {
			break
		}
		if e.is("roles", t) {
			return t, true
		}
	}
	return token{}, false
}

// introduced reports whether the role behind a name is the one looked for, in its
// own words or in others: who is the head of something is its leader.
func (e *extraction) introduced(u *unit, from, to int, role []token) bool {
	t, ok := e.apposed(u, to)
	return ok && !e.hangs(u, from) && e.oneRole(t, role)
}

// oneRole reports whether a word is one of a role's, or leads as who has the role.
func (e *extraction) oneRole(t token, role []token) bool {
	return e.Leads[t.Fold] && e.Leads[role[len(role)-1].Fold] || slices.ContainsFunc(role, func(r token) bool { return r.Fold == t.Fold })
}

// apposedOther reports whether the role behind a name that itself says nothing is not
// the one looked for: "Jane Doe, the driver who" is no judge.
func (e *extraction) apposedOther(u *unit, from, to int, role []token) bool {
	t, ok := e.apposed(u, to)
	return ok && !e.oneRole(t, role) && !slices.ContainsFunc(e.found, func(f found) bool {
		return f.Field == Lead && f.Speaker == u.span(from, to)
	})
}

// doesIt reports whether the title at from, with a name behind it, is who does what
// is told of another: "was condemned by Prime Minister Jane Doe".
func (e *extraction) doesIt(u *unit, from int) bool {
	if from < 2 || !e.is("bys", u.toks[from-1]) || !e.participle(u.toks[from-2].Fold) {
		return false
	}
	_, cue := e.cues.at(u.toks[from-2:])
	return cue
}

// undergoes reports whether of a name that ends with token to, past an age between
// commas, something is told that is done to him: "Jane Doe, 35, was accused".
func (e *extraction) undergoes(u *unit, to int) bool {
	if to+2 < len(u.toks) && u.toks[to].Text == "," && u.toks[to+1].Kind == text.Number && u.toks[to+2].Text == "," {
		to += 3
	}
	return to+1 < len(u.toks) && e.Passives[u.toks[to].Fold] && e.participle(u.toks[to+1].Fold)
}
