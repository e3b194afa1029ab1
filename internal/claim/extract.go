package claim

import (
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// maxClaims bounds how many claims of one report are kept.
const maxClaims = 8

// Extract reads the claims of a report, the main one first if there is one (see
// [Main]). A report in a language without a lexicon has none.
func (x *Extractor) Extract(r report.Report) []Claim {
	l := x.languages[r.Language]
	if l == nil {
		return nil
	}
	e := extraction{lexicon: l, finder: x.finders[r.Language], actors: x.actors, at: r.Time(), title: l.units(Title, r.Title), lead: l.units(Lead, r.Description)}
	for i := range e.title {
		e.read(&e.title[i])
	}
	for i := range e.lead {
		e.read(&e.lead[i])
	}
	return e.ordered()
}

// extraction is the reading of one report.
type extraction struct {
	*lexicon
	finder      *gazetteer.Finder
	actors      *gazetteer.Gazetteer
	at          time.Time // when the report appeared
	title, lead []unit
	found       []found
}

// found is a claim with what its order hangs on.
type found struct {
	Claim
	// prelude says that its cue tells how somebody takes something, before what he says
	// of it: "sounds alarm, calls on Congress to act".
	prelude bool
	first   bool // it stands in the field's first sentence
	outer   bool // it closes its sentence and stands for all of it: "…, says X"
	aside   bool
	past    bool  // it stands behind a word such as "following": what went before
	owned   bool  // its speaker is somebody's before: "its spokesman"
	paper   bool  // its speaker is a paper that speaks for somebody
	class   class // of the cue, "" of an attribution without a verb
	// covers says that the rest of the sentence is what it says.
	covers bool
	// named are those of whom it speaks, the speaker's own among them.
	named []string
}

// read reads the claims of one sentence.
func (e *extraction) read(u *unit) {
	hits := e.hits(u)
	base := len(e.found)
	outer := -1  // the cue in whose content what follows may stand
	nobody := -1 // the same, where nobody is told who speaks: "faces anger for saying"
	var last nounPhrase
	for i, h := range hits {
		if e.isPassive(u, h) {
			e.addPassive(u, h)
			continue
		}
		s, ok := e.whose(u, h, hits, last)
		if h.class == gerund {
			if ok && u.field == Lead && (s.to == h.start || e.tellsWhich(u, h)) {
				continue // "a man claiming to be a spy": it tells who is meant
			}
			if !ok {
				nobody = i
			}
		}
		if !ok || nobody >= 0 && e.within(u, hits[nobody], s, h) {
			continue
		}
		act, tone, ok := e.act(u, h, s)
		if !ok || !e.isSpoken(u, h, s) {
			continue
		}
		if outer >= 0 && e.within(u, hits[outer], s, h) {
			// What one says that another did is the claim of the one who says it; what
			// he says that he himself does, his own act.
			if told := &e.found[len(e.found)-1]; told.Act == Assert && e.isPronoun(u.toks[s.from:s.to]) {
				told.Act = act
			}
			continue
		}
		e.add(u, h, s, act, tone)
		e.tellLater(u, h)
		outer, last = i, s
	}
	if len(hits) > 0 && e.isHeard(u, hits[len(hits)-1]) {
		e.found = e.found[:base]
	}
	e.attributions(u)
	if s, ok := e.plan(u); ok && len(e.found) == base {
		e.add(u, hit{start: s.to, end: s.to + 2}, s, Announce, "").Told = true
	}
	e.nest(u, base)
}

// whose finds whose cue it is: the subject of the one before it, where it shares that,
// the one whom a headline begins with, or its own.
func (e *extraction) whose(u *unit, h hit, hits []hit, last nounPhrase) (s nounPhrase, ok bool) {
	switch shared := e.sharesSubject(u, h); {
	case shared && last.to > 0:
		s, ok = last, true
	case shared && u.field == Title:
		s, ok = e.opener(u) // "Macron opens summit, calls for"
		if b, begins := e.beginner(u); begins && b.to > s.to {
			s, ok = b, true // "Norwegian skipper Jane Doe cuts nets, calls for"
		}
	}
	if !ok {
		s, ok = e.beforeWho(u, h, hits)
	}
	if !ok {
		s, ok = e.speaker(u, h, hits)
	}
	if ok && h.class == gerund && e.afterwards(u, h) {
		s.past = true // "slammed after saying"
	}
	return s, ok
}

// tellsWhich reports whether a gerund stands right behind what a preposition hangs
// on, of which it tells what is in it: "blasted over a letter claiming that".
func (e *extraction) tellsWhich(u *unit, h hit) bool {
	return h.start > 2 && e.isNoun(u.toks[h.start-1]) && !e.isAdverb(u.toks[h.start-1]) &&
		e.is("determiners", u.toks[h.start-2]) && e.is("prepositions", u.toks[h.start-3])
}

// afterwards reports whether a gerund hangs on a word such as "after".
func (e *extraction) afterwards(u *unit, h hit) bool {
	i := h.start - 1
	for i >= 0 && e.isAdverb(u.toks[i]) {
		i--
	}
	return i >= 0 && e.is("subordinators", u.toks[i])
}

// tellsBefore reports whether what was said before is told: with "had", or, in a
// headline, in the past behind a word such as "after".
func (e *extraction) tellsBefore(u *unit, h hit, s nounPhrase) bool {
	if h.start > 0 && e.is("hads", u.toks[h.start-1]) && e.participle(h.word()) {
		return true // "had threatened to leave", "has long declined"
	}
	return s.aside && u.field == Title && !e.Grammar.Inverts && e.participle(h.word())
}

// opensAside reports whether a headline begins with what is only said beside what it
// tells: "As Kyiv calls for talks, shelling goes on".
func (e *extraction) opensAside(u *unit, s nounPhrase) bool {
	opens := s.from == 1 || s.from == 2 && e.is("determiners", u.toks[1])
	return s.aside && u.field == Title && u.first && opens && !e.Grammar.Inverts && u.has(",", len(u.toks))
}

// tellsBeside reports whether what is said in a headline stands behind a word such as
// "as" and an event before it, or a dash: "Gunman kills three as Kyiv warns".
func (e *extraction) tellsBeside(u *unit, s nounPhrase) bool {
	if !s.aside || u.field != Title {
		return false
	}
	return slices.ContainsFunc(u.toks[:s.from], func(t token) bool {
		return !t.quoted && e.isAny(t, "events", "incidents") || t.Kind == text.Clause && strings.ContainsAny(t.Text, "-–—")
	})
}

// sharesSubject reports whether a verb stands right behind a comma or "and" and so
// has the subject of the one before it: "Putin denounces revolt, vows response".
func (e *extraction) sharesSubject(u *unit, h hit) bool {
	if h.start == 0 {
		return false
	}
	before := u.toks[h.start-1]
	if e.Grammar.Inverts {
		_, behind := e.rightOf(u, h.end) // "и призывает Кремль"
		return u.field == Title && !behind && !e.asserts(h) && (e.Contrasts[before.Fold] || e.is("pairs", before) && !h.ambiguous)
	}
	if e.asserts(h) {
		// ", says Xi is no dictator": who stands behind is spoken of.
		s, speaks := e.rightOf(u, h.end)
		if s.to == 0 && h.end < u.end() && e.is("prepositions", u.toks[h.end]) {
			return u.field == Title && (before.Text == "," || e.Contrasts[before.Fold]) // "but warns on prices"
		}
		return s.to > 0 && u.field == Title && (before.Text == "," || e.is("pairs", before)) && (e.goesOnAs(u, h, s) || !speaks && s.to < u.partEnd(h.end) && !e.Grammar.HeadFirst && !e.Grammar.Nouns)
	}
	return before.Text == "," || (e.is("pairs", before) || e.Contrasts[before.Fold]) && !h.ambiguous
}

// goesOnAs reports whether behind who stands behind a verb goes on what is said of him:
// a helping verb, or any other word that begins no place or time.
func (e *extraction) goesOnAs(u *unit, h hit, s nounPhrase) bool {
	if s.to >= u.end() || u.toks[s.to-1].possessive() {
		return false
	}
	next := u.toks[s.to]
	if e.isAny(next, "helpers", "modals", "negations") || !e.Grammar.Inverts && e.is("between", next) && e.is("bounds", next) {
		return true // ", says court could be packed"
	}
	if e.is("infinitives", next) && s.to+1 < u.end() && !e.isAny(u.toks[s.to-1], "roles", "titles") {
		after := u.toks[s.to+1]
		return !after.capital() && !e.is("determiners", after) // ", suggests panel to oversee"
	}
	end := u.partEnd(h.end)
	short := end-h.end <= maxHead+2 && e.unbroken(u, h.end, end) // ", says opposition channel TV Rain"
	return next.Kind == text.Word && !next.capital() && !next.quoted && !short && !u.capitals && !e.bounds(next) && !e.isAny(next, "prepositions", "subordinators", "joints", "calendar", "pairs")
}

// asserts reports whether a cue is one that often stands before its speaker.
func (e *extraction) asserts(h hit) bool {
	return h.class == class(Assert) || h.class == closing || h.class == class(Confirm) || h.class == gerund
}

// isSpoken reports whether a cue and the noun phrase beside it are an act of
// speech, after all.
func (e *extraction) isSpoken(u *unit, h hit, s nounPhrase) bool {
	return e.agrees(u, h, s) && !e.mayBe(u, h) && !e.embedded(u, h, s) && !e.purpose(u, h, s) && !e.greets(u, h) && !e.isObject(u, h, s) && !e.isDanger(u, h, s)
}

// mayBe reports whether what is said is only possible, or granted: "may have vowed".
func (e *extraction) mayBe(u *unit, h hit) bool {
	for i := h.start - 1; i >= 0 && e.is("between", u.toks[i]); i-- {
		if e.Possibles[u.toks[i].Fold] {
			return true
		}
	}
	return false
}

// isDanger reports whether a thing and no party threatens: "tensions threaten the
// industry".
func (e *extraction) isDanger(u *unit, h hit, s nounPhrase) bool {
	if h.class != class(Threaten) || len(h.words) > 1 || e.Grammar.Inverts || e.Grammar.Nouns {
		return false
	}
	toks := u.toks[s.from:s.to]
	last := toks[len(toks)-1]
	named := slices.ContainsFunc(e.mentions(toks), func(m gazetteer.Mention) bool { return m.To == len(toks) })
	person := !u.capitals && len(toks) > 1 && allCapital(toks)
	return !named && !person && !e.isAny(last, "roles", "groups", "orgs", "pronouns", "titles") && !e.isAgent(last) && !e.heads(toks)
}

// agrees reports whether a verb without an ending has several speakers; where it
// has not, it is no verb: "after gas blast kills". Only words that are mostly
// something else are asked.
func (e *extraction) agrees(u *unit, h hit, s nounPhrase) bool {
	if !h.ambiguous || !e.Bare[strings.Join(h.words, " ")] || s.to > h.start {
		return true
	}
	toks := u.toks[s.from:s.to]
	if last := toks[len(toks)-1]; u.capitals && e.is("orgs", last) && !e.is("informants", last) && !strings.HasSuffix(last.Fold, "s") {
		return false // "to Appeal Court Order"
	}
	plural := e.tellsSeveral(toks) || strings.HasSuffix(toks[len(toks)-1].Fold, "s") && len(toks[len(toks)-1].Fold) > len("gas")
	return plural || slices.ContainsFunc(toks, func(t token) bool { return e.isAny(t, "pairs", "groups", "pronouns") })
}

// isObject reports whether an ambiguous word is a noun that ends what another verb
// is about: "homes approved, defying White House calls for restraint".
func (e *extraction) isObject(u *unit, h hit, s nounPhrase) bool {
	if !h.ambiguous || s.to > h.start || s.from == 0 {
		return false
	}
	if last := u.toks[s.to-1]; !e.Grammar.Inverts && (e.is("bys", u.toks[s.from-1]) || e.is("owners", u.toks[s.from-1]) && !e.isAny(last, "roles", "groups", "orgs") && !e.isAgent(last)) {
		return true // "squeezed by Washington's demands", "his Watergate claims"
	}
	if u.toks[s.from-1].Kind != text.Clause {
		return false
	}
	first := u.toks[s.from]
	return !first.capital() && e.Progressives.has(first.Fold)
}

// purpose reports whether a verb behind "to" tells what something is for, or what
// another is made to do. Only a headline uses it of what its subject will do:
// "Macron to warn Trump".
func (e *extraction) purpose(u *unit, h hit, s nounPhrase) bool {
	to := h.start - 1
	if to < 1 || !e.is("infinitives", u.toks[to]) || e.is("between", u.toks[to-1]) {
		return false
	}
	if s.to > to || slices.ContainsFunc(u.toks[s.to:to], func(t token) bool { return !e.is("between", t) && !e.isAdverb(t) && t.Text != "," }) {
		return true
	}
	plain := slices.ContainsFunc(u.toks[s.from:s.to], func(t token) bool {
		return !t.capital() && !e.isAny(t, "roles", "groups", "orgs", "ranks", "joints") && !e.isAgent(t)
	})
	return u.field != Title || plain || s.from > 0 && !begins(u, s.from)
}

// greets reports whether somebody is welcomed, and nothing that he did.
func (e *extraction) greets(u *unit, h hit) bool {
	if h.class != welcome || !e.Greetings[h.word()] {
		return false
	}
	s, _ := e.rightOf(u, h.end)
	return s.to > s.from && !u.toks[s.to-1].possessive() && (e.isLeader(u.toks[s.from:s.to]) || e.is("titles", u.toks[s.from]))
}

// embedded reports whether a speaker stands right behind a word such as
// "whether": then he is spoken of.
func (e *extraction) embedded(u *unit, h hit, s nounPhrase) bool {
	before := s.from - 1
	if before > 0 && e.is("determiners", u.toks[before]) && (e.asserts(h) || !e.is("embedders", u.toks[before])) {
		before--
	}
	return before >= 0 && e.is("embedders", u.toks[before]) && !e.isPronoun(u.toks[s.from:s.to])
}

// within reports whether a cue and its speaker stand in what an earlier cue says.
func (e *extraction) within(u *unit, outer hit, s nounPhrase, h hit) bool {
	if s.from < outer.end || s.to > h.start {
		return false
	}
	for i := outer.end; i < h.start; i++ {
		t := u.toks[i]
		opens := t.Text == "," && (e.is("thats", u.toks[i+1]) || e.Grammar.Brackets && i == outer.end)
		if t.Kind == text.Clause && !opens || e.is("subordinators", t) {
			return false
		}
	}
	return true
}

// attributions reads the claims of a sentence that have no verb of speech.
func (e *extraction) attributions(u *unit) {
	for i := range u.toks {
		if p, ok := e.starts("according", u.toks[i:]); ok && !u.toks[i].quoted {
			h := hit{start: i, end: i + len(p.words)}
			if s, ok := e.rightOf(u, h.end); ok {
				e.add(u, h, s, e.assertion(u, h, s), "").covers = i == 0 || s.to >= u.end()
			}
		} else if p, ok := e.starts("postposed", u.toks[i:]); ok && i > 0 {
			if s, ok := e.leftOf(u, i-1, nil); ok {
				e.add(u, hit{start: i, end: i + len(p.words)}, s, Assert, "").covers = true
			}
		}
	}
	if s, colon, ok := e.remark(u); ok {
		h := hit{start: colon, end: colon + 1}
		e.add(u, h, s, e.assertion(u, h, s), "")
	}
	for _, read := range []func(*unit) (nounPhrase, bool){e.tail, e.head} {
		if s, ok := read(u); ok {
			h := hit{start: s.from, end: s.to}
			e.add(u, h, s, e.assertion(u, h, s), "").covers = true
		}
	}
}

// add keeps a claim.
func (e *extraction) add(u *unit, h hit, s nounPhrase, act Act, tone Tone) *found {
	party, parties := e.party(u, h, s, act)
	c := Claim{
		Speaker: s.name, Act: act, Tone: tone, Quote: quote(u, h), Party: party,
		Cue: u.span(h.start, h.end), Field: u.field, At: u.toks[h.start].Start,
	}
	if c.Side, c.With = e.speakFor(u.toks[s.from:s.to]); c.Side == "" {
		c.Side, _ = e.speakFor(u.toks[s.office[0]:s.office[1]])
	}
	c.Parties = slices.DeleteFunc(slices.Clone(parties), func(p string) bool { return p == c.Side || slices.Contains(c.With, p) })
	end := u.end()
	outer := act == Assert && (h.end >= end || s.from >= h.end && s.to >= end)
	content, covers := e.said(u, h, s)
	e.qualify(&c, u, h, s, content)
	e.found = append(e.found, found{
		Claim: c, class: h.class, named: parties, prelude: e.Preludes[strings.Join(h.words, " ")],
		first: u.first, outer: outer, covers: covers && h.class == class(Assert),
		aside: s.aside, past: s.past || e.opensAside(u, s) || e.tellsBefore(u, h, s) || act == Assert && e.tellsBeside(u, s), owned: e.isOwned(u, s), paper: s.paper,
	})
	return &e.found[len(e.found)-1]
}

// isOwned reports whether a speaker is told by another before: "its spokesman", "he".
func (e *extraction) isOwned(u *unit, s nounPhrase) bool {
	return s.from > 0 && e.is("owners", u.toks[s.from-1]) || e.isPronoun(u.toks[s.from:s.to])
}
