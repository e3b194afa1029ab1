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
	// past says that the word is one for what went before.
	past bool
	// paper says that it is a paper that speaks for somebody.
	paper bool
	// office are the tokens from and to of what is said of a name beside commas:
	// "the Kremlin's spokesman, Dmitry Peskov,".
	office [2]int
}

// The longest noun phrases of speakers, in tokens: beside a verb, before a colon,
// behind a dash, and between commas.
const (
	maxSpeaker    = 12
	maxHead       = 4
	maxTail       = 5
	maxApposition = 24
	maxBackground = 4
)

// speaker finds whose cue it is.
func (e *extraction) speaker(u *unit, h hit, hits []hit) (nounPhrase, bool) {
	if h.class == gerund {
		return e.subject(u, h, hits)
	}
	verb, ok := e.anchor(u, h)
	if !ok {
		return nounPhrase{}, false
	}
	j := e.beforeVerb(u, h, verb)
	if s, ok := e.seat(u, j, h); ok {
		return s, true
	}
	marked := j >= 0 && (u.toks[j].quoted || u.toks[j].Kind == text.Clause || u.toks[j].Kind == text.Quote)
	inverted := j < 0 || marked || e.is("reporters", u.toks[j])
	if s, ok := e.besideMark(u, h, j, verb, hits); ok && marked {
		return s, true
	}
	silent := false // a subject stands before the verb, and cannot speak
	if j >= 0 && !u.toks[j].quoted {
		s, ok := e.leftOf(u, j, hits)
		if last, closes := e.closesBare(u, h); closes && !ok {
			return last, true
		}
		if from := e.informedBegin(u, j); from < j && !ok {
			return e.rightOf(u, from)
		}
		switch {
		case s.to == 0 || !e.isSubject(u, s):
		case ok, e.closes(u, h, s), e.several(u, h, s), e.compelled(u, h, s, j):
			return e.listed(u, h, s), true
		default:
			silent = slices.ContainsFunc(u.toks[s.from:s.to], func(t token) bool { return !e.is("calendar", t) })
		}
	}
	if s, ok := e.reported(u, h); ok {
		return s, true
	}
	if e.hasObject(j, h) {
		return nounPhrase{}, false
	}
	if inverted || e.Grammar.Inverts && !silent && !e.is("subordinators", u.toks[j]) {
		s, ok := e.inverse(u, e.behind(u, h, verb), marked)
		return s, ok && e.mayFollow(u, h, s)
	}
	return nounPhrase{}, false
}

// mayFollow reports whether who stands behind a verb may speak by it. What begins as
// a doing is what the verb is about, and so is, behind one that is mostly something
// else in a headline of capitals, whatever is no name that is known: "Bank Raises
// Rates, Signals Potential Pause".
func (e *extraction) mayFollow(u *unit, h hit, s nounPhrase) bool {
	if e.Grammar.Inverts || e.Grammar.HeadFirst || e.Grammar.Nouns {
		return true
	}
	if u.field == Title && h.start > 0 && u.toks[h.start-1].Text == "," && e.goesOnAs(u, h, s) {
		return false
	}
	toks := u.toks[s.from:s.to]
	first, last := toks[0], toks[len(toks)-1]
	if !first.capital() && e.Progressives.has(first.Fold) && !e.isAny(first, "ranks", "roles") {
		return false
	}
	known := e.isAny(last, "roles", "groups", "orgs", "titles", "pronouns") || e.isAgent(last) || len(e.mentions(toks)) > 0
	return !u.capitals || !h.ambiguous || known || e.Compelling[h.word()] || h.class == closing
}

// besideMark reads the speaker of a verb behind a mark: who ends the sentence, or a
// name between commas. Where a language inverts, the clause before the mark is what
// is said, and no subject.
func (e *extraction) besideMark(u *unit, h hit, j, verb int, hits []hit) (nounPhrase, bool) {
	if s, ok := e.lastWord(u, j, h); ok {
		return s, true
	}
	if s, ok := e.betweenCommas(u, j, hits); ok || !e.Grammar.Inverts {
		return s, ok
	}
	return e.inverse(u, e.behind(u, h, verb), true)
}

// inverse reads the speaker behind his verb, past small words. Behind a mark
// ("…, affirme le ministère") any noun with an article speaks.
func (e *extraction) inverse(u *unit, i int, marked bool) (nounPhrase, bool) {
	for i < len(u.toks) && e.small(u.toks[i]) {
		i++
	}
	s, ok := e.rightOf(u, i)
	if !e.Grammar.Inverts && u.field == Title && e.acts(u, s.to) {
		return s, false // ", suggests Brady enticed him": he is spoken of
	}
	article := i < len(u.toks) && e.is("determiners", u.toks[i])
	if !ok && marked && article && s.to > s.from && (e.Grammar.HeadFirst || e.Grammar.Nouns) {
		ok = !e.isAny(u.toks[s.from], "things", "papers", "calendar")
	}
	return s, ok && e.isSubject(u, s)
}

// acts reports whether a verb may stand at token i: a word that parts nothing.
func (e *extraction) acts(u *unit, i int) bool {
	return i < len(u.toks) && u.toks[i].Kind == text.Word && !u.toks[i].quoted && e.participle(u.toks[i].Fold) && !u.toks[i].capital()
}

// behind is where a speaker behind his verb begins: within the bracket, where the
// language has one or he is a pronoun ("a-t-il dit"), else behind the cue.
func (e *extraction) behind(u *unit, h hit, verb int) int {
	within := slices.ContainsFunc(u.toks[verb:h.start], func(t token) bool { return e.is("pronouns", t) })
	if verb < h.start && (e.Grammar.Brackets || within) {
		return verb + 1
	}
	return h.end
}

// beforeVerb is the token that a speaker before a cue would end with: adverbs,
// helping verbs and brackets are skipped. verb is where the finite verb stands.
func (e *extraction) beforeVerb(u *unit, h hit, verb int) int {
	j := verb - 1
	for j >= 0 && (!u.toks[j].quoted || u.toks[j].scare) && (e.is("between", u.toks[j]) || e.isAdverb(u.toks[j])) && !u.toks[j].shout() {
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
	return e.beforeAges(u, j)
}

// beforeAges is the token before the ages that end with token j, as in "women aged
// 31, 53 and 72"; else j.
func (e *extraction) beforeAges(u *unit, j int) int {
	k := j
	for k > 0 && (u.toks[k].Kind == text.Number || u.toks[k].Text == "," || e.is("pairs", u.toks[k])) {
		k--
	}
	if k > 0 && k < j && e.is("ages", u.toks[k]) {
		return k - 1
	}
	return j
}

// leftOf reads the noun phrase that ends with token j. Behind a comma it is what
// stands before the commas.
func (e *extraction) leftOf(u *unit, j int, hits []hit) (nounPhrase, bool) {
	if u.toks[j].Text != "," {
		return e.collect(u, j, hits)
	}
	if k := u.commaBefore(j); k > 0 {
		if !slices.ContainsFunc(u.toks[k+1:j], func(t token) bool { return e.is("helpers", t) }) {
			k = e.relativeBefore(u, k)
		}
		s, ok := e.collect(u, k-1, hits)
		if end := e.postEnd(u, k+1, j); ok && end > 0 {
			s.office = [2]int{k + 1, end}
		}
		return s, ok
	}
	return nounPhrase{}, false
}

// maxPost is how many words of an apposition may stand before the post it names.
const maxPost = 4

// postEnd is where what is said of somebody's post ends: "chief of Iran's security
// council", without where he is sent. It is 0 where the tokens name no post.
func (e *extraction) postEnd(u *unit, from, to int) int {
	i, found := from, false
	for ; i < min(to, from+maxPost); i++ {
		if _, found = e.starts("posts", u.toks[i:]); found {
			break
		}
		if t := u.toks[i]; t.Kind != text.Word || e.bounds(t) || e.isAny(t, "outsiders", "prepositions", "pronouns") {
			return 0
		}
	}
	if !found {
		return 0
	}
	for i < to && (!e.is("prepositions", u.toks[i]) || e.is("ties", u.toks[i])) && !e.is("subordinators", u.toks[i]) {
		i++
	}
	return i
}

// betweenCommas reads the name between commas that end with token j, where what
// stands before them is only a role: "the ambassador, Jane Doe, said".
func (e *extraction) betweenCommas(u *unit, j int, hits []hit) (nounPhrase, bool) {
	if j < 0 || u.toks[j].Text != "," || u.toks[j].quoted {
		return nounPhrase{}, false
	}
	k := u.commaBefore(j)
	if k < 1 || !allCapital(u.toks[k+1:j]) || e.homeIn(u.toks[k+1:j]) == j-k-1 && e.hangs(u, k-1) {
		return nounPhrase{}, false
	}
	outer, ok := e.collect(u, k-1, hits)
	if ok && !e.hasRole(u.toks[outer.from:outer.to]) {
		return nounPhrase{}, false
	}
	s := nounPhrase{name: e.shorten(u, k+1, j), from: k + 1, to: j}
	if ok {
		s.office = [2]int{outer.from, outer.to}
	}
	return s, true
}

// commaBefore is the comma before the comma j that belongs to it, or -1.
func (u *unit) commaBefore(j int) int {
	k := j - 1
	for k >= 0 && u.toks[k].Text != "," && u.toks[k].Kind != text.Stop {
		k--
	}
	if k < 0 || u.toks[k].Text != "," || j-k > maxApposition {
		return -1
	}
	return k
}

func allCapital(toks []token) bool {
	return len(toks) > 0 && !slices.ContainsFunc(toks, func(t token) bool { return !t.capital() || t.possessive() })
}

// lastWord reads the speaker who ends a sentence, or its part before a semicolon, behind
// a verb behind a comma: "…, says Trudeau".
func (e *extraction) lastWord(u *unit, j int, h hit) (nounPhrase, bool) {
	end := u.partEnd(h.end)
	if j < 0 || j != h.start-1 || u.toks[j].Text != "," || h.end >= end || e.Grammar.Inverts {
		return nounPhrase{}, false
	}
	s, ok := e.rightOf(u, h.end)
	if ok && e.isThingOf(u.toks[s.from:s.to]) {
		return nounPhrase{}, false // ", alleges frivolous arrests of refugees"
	}
	if ok && s.to < end && end-h.end <= maxHead+2 && e.unbroken(u, h.end, end) {
		s.to, s.name = end, e.shorten(u, s.from, end) // "says opposition channel TV Rain"
	}
	body := s.to > s.from && e.is("bodies", u.toks[s.to-1]) // "says thinktank"
	return s, (ok || body) && s.to >= end
}

// partEnd is where the part of a sentence ends in which token i stands: before a
// semicolon, else at the sentence's end.
func (u *unit) partEnd(i int) int {
	if part := slices.IndexFunc(u.toks[i:], func(t token) bool { return t.Text == ";" }); part >= 0 {
		return i + part
	}
	return u.end()
}

// isThingOf reports whether toks are a thing with what belongs to it, and nobody:
// "frivolous arrests of refugees".
func (e *extraction) isThingOf(toks []token) bool {
	first := toks[0]
	if e.Plural == "" || first.capital() || e.isAny(first, "roles", "groups", "orgs", "papers", "ranks") || e.isAgent(first) {
		return false
	}
	return slices.ContainsFunc(toks, func(t token) bool { return e.is("ties", t) })
}

// unbroken reports whether the tokens from i up to and without j may be one noun
// phrase.
func (e *extraction) unbroken(u *unit, i, j int) bool {
	return !slices.ContainsFunc(u.toks[i:j], func(t token) bool {
		return t.Kind != text.Word || t.quoted || e.bounds(t) || e.isAny(t, "pronouns", "calendar")
	})
}

// listed widens the noun phrase to all who are named one after another at the
// beginning of a headline: "Biden, Modi hail", where the verb is one of several
// speakers.
func (e *extraction) listed(u *unit, h hit, s nounPhrase) nounPhrase {
	if u.field != Title || s.from < 2 || s.from > maxName || u.toks[s.from-1].Text != "," || e.Grammar.Inverts {
		return s
	}
	if verb := h.word(); strings.HasSuffix(verb, "s") || e.participle(verb) {
		return s
	}
	if allCapital(u.toks[:s.from-1]) {
		s.from, s.name = 0, u.span(0, s.to)
	}
	return s
}

// tellsSeveral reports whether toks name several one after another.
func (e *extraction) tellsSeveral(toks []token) bool {
	return slices.ContainsFunc(toks, func(t token) bool { return t.Text == "," })
}

// closes reports whether a cue and the noun before it close a headline behind a
// comma: whoever stands there speaks, as in "…, medics say".
func (e *extraction) closes(u *unit, h hit, s nounPhrase) bool {
	ends := h.end >= u.end() || e.Orders[h.word()] && u.end()-h.end <= maxListener && e.unbroken(u, h.end, u.end())
	return u.field == Title && (h.class == class(Assert) || h.class == closing) && ends && s.to == h.start && s.from > 1 && u.toks[s.from-1].Text == "," &&
		!e.isAny(u.toks[s.from], "things", "calendar") && !e.is("pictures", u.toks[s.to-1])
}

// compelled reports whether a verb that only somebody can do makes the noun right
// before it speak, whatever it is: "a radio station says". It opens its clause.
func (e *extraction) compelled(u *unit, h hit, s nounPhrase, j int) bool {
	toks := u.toks[s.from:s.to]
	if !e.Compelling[h.word()] || s.to != j+1 || !u.first || h.class == class(Announce) && len(e.sides(toks)) == 0 {
		return false
	}
	last, verb := toks[len(toks)-1], h.word()
	mismatch := strings.HasSuffix(verb, e.Plural) && strings.HasSuffix(last.Fold, e.Plural) && !last.capital()
	of := slices.IndexFunc(toks, func(t token) bool { return e.is("ties", t) })
	amount := of > 0 && e.is("amounts", toks[of-1])
	return e.opensClause(u, s.from) && last.Kind == text.Word && !last.possessive() && !mismatch && !amount && e.headSpeaks(u, s) &&
		!e.isAny(last, "calendar", "things", "pictures", "papers", "titles", "pronouns") && !e.isAny(toks[0], "things", "calendar") &&
		!e.participle(last.Fold) && !e.Progressives.has(last.Fold)
}

// opensClause reports whether a clause begins with token i, past an article.
func (e *extraction) opensClause(u *unit, i int) bool {
	for i > 0 && e.is("determiners", u.toks[i-1]) {
		i--
	}
	return i == 0 || u.toks[i-1].Kind != text.Word || e.isAny(u.toks[i-1], "subordinators", "embedders", "pairs")
}

// several reports whether a plural noun that opens a field speaks by a verb of
// several speakers: "Pension funds argue".
func (e *extraction) several(u *unit, h hit, s nounPhrase) bool {
	if e.Plural == "" || s.from != 0 || !u.first || s.to != h.start || s.to-s.from < 2 || h.class != class(Assert) || e.Bare[h.word()] {
		return false
	}
	last, verb := u.toks[s.to-1], h.word()
	return strings.HasSuffix(last.Fold, e.Plural) && !e.isAny(last, "calendar", "things", "pictures") && !strings.HasSuffix(verb, e.Plural) && !e.participle(verb)
}

// hasObject reports whether what stands behind a verb is spoken to or of, and
// does not speak: "told Fox News", "vows revenge", a participle that opens a
// sentence.
func (e *extraction) hasObject(j int, h hit) bool {
	return !e.Grammar.Inverts && (e.Orders[h.word()] || !e.asserts(h) || j < 0 && e.participle(h.word()))
}
