package claim

import (
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// beforeWho reads the speaker of a verb of whom more is told between them:
// "Envoy who met rebels says". A noun right behind "who" is the subject there: "a man
// who police say fled".
func (e *extraction) beforeWho(u *unit, h hit, hits []hit) (nounPhrase, bool) {
	verb := h.start
	who := verb - 1
	for who > 0 && u.toks[who].Kind != text.Clause && !e.isAny(u.toks[who], "embedders", "subordinators", "thats") {
		who--
	}
	if who > 0 && e.Compelling[h.word()] && !e.Grammar.Inverts {
		who = e.relative(u, who)
	}
	owned := who > 0 && e.Owned[u.toks[who].Fold] && e.Compelling[h.word()] // "parents whose son died say"
	if who < 1 || !owned && !e.Relatives[u.toks[who].Fold] || verb-who <= 2 || e.is("pairs", u.toks[verb-1]) {
		return nounPhrase{}, false
	}
	if !u.first || e.Grammar.Inverts || h.class == gerund || h.ambiguous && e.participle(h.word()) {
		return nounPhrase{}, false
	}
	if doing := u.toks[who+1]; !owned && (doing.capital() && !u.capitals || e.homeIn(u.toks[who+1:verb]) > 0 || e.isAny(doing, "groups", "roles", "orgs", "ranks", "determiners", "pronouns") || e.isAgent(doing)) {
		return nounPhrase{}, false
	}
	s, ok := e.collect(u, who-1, hits)
	from := s.from
	if from > 0 && e.is("determiners", u.toks[from-1]) {
		from--
	}
	return s, ok && begins(u, from) && !slices.ContainsFunc(u.toks[s.from:s.to], func(t token) bool { return e.is("pairs", t) })
}

// relativeBefore is the comma before comma k behind which begins what else is told of
// the noun, where that is cut by commas itself: "the firm, which sells nets, ropes and
// sails, among others, says"; else k.
func (e *extraction) relativeBefore(u *unit, k int) int {
	for c := k - 1; c > 0 && k-c <= maxApposition && u.toks[c].Kind != text.Stop; c-- {
		if t := u.toks[c+1].Fold; u.toks[c].Text == "," && (e.Relatives[t] || e.Owned[t]) {
			return c
		}
	}
	return k
}

// relative is the word before token i, in its clause, that begins what else is told of
// somebody, past what hangs on a word such as "after": "parents whose son died after being
// lost say"; else i.
func (e *extraction) relative(u *unit, i int) int {
	if !e.is("subordinators", u.toks[i]) || e.Relatives[u.toks[i].Fold] || e.Owned[u.toks[i].Fold] {
		return i
	}
	for k := i - 1; k > 0 && u.toks[k].Kind != text.Clause; k-- {
		if e.Relatives[u.toks[k].Fold] || e.Owned[u.toks[k].Fold] {
			return k
		}
	}
	return i
}
