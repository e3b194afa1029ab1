package summary

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/text"
)

// maxScare is how many quoted words are no speech yet: a "special operation".
const maxScare = 3

// unattributed returns why what a sentence quotes or claims has no speaker in it,
// "" when it has. claims are those of the sentence alone.
func (r reading) unattributed(claims []claim.Claim) Refusal {
	sp := r.spoken()
	named := func(quoting bool) bool {
		return sp.named || slices.ContainsFunc(claims, func(c claim.Claim) bool {
			return (!quoting || c.Quote != "" && (sp.speaks || !r.known)) && !r.nobody(c.Speaker)
		})
	}
	switch {
	case r.quoted > maxScare && !named(true):
		return OrphanQuote
	case r.known && (sp.speaks || len(claims) > 0) && !named(false), sp.accuses:
		return Nameless
	}
	return ""
}

// nobody reports whether a speaker is named by what came before only: "he", or
// "the official" without a name.
func (r reading) nobody(speaker string) bool {
	toks := text.Tokens(speaker)
	at := strings.Index(r.text, speaker)
	for _, t := range toks {
		if r.isName(t, false) && !r.Function[t.Fold] && (at != 0 || len(toks) > 1 || !r.Bodies[t.Fold]) {
			return false
		}
	}
	if len(toks) == 0 || slices.ContainsFunc(toks, func(t text.Token) bool { return r.People[t.Fold] || r.Things[t.Fold] }) {
		return true
	}
	if at <= 0 {
		return false
	}
	// What is nobody's name may still be introduced here: "a spokesman".
	before := text.Tokens(r.text[:at])
	return len(before) > 0 && r.Definite[before[len(before)-1].Fold]
}

// speech is what the verbs of speech in a sentence tell.
type speech struct {
	// speaks says that there is one, named that the subject of one names or
	// introduces somebody, accuses that somebody is accused and nobody accuses.
	speaks, named, accuses bool
}

// spoken reads the verbs of speech. A passive verb is nobody's speech, unless it
// accuses: then whoever accuses must be named.
func (r reading) spoken() speech {
	var out speech
	attributed := false
	for i, t := range r.toks {
		if t.Kind != text.Word || !r.Verbs[t.Fold] && !r.Participles[t.Fold] || i > 0 && r.Nouns[r.toks[i-1].Fold] {
			continue
		}
		attributed = attributed || r.Plainly[t.Fold]
		switch {
		case near(r.toks[:i], r.Being, 2):
			if !r.Accusing[t.Fold] || near(r.toks[:i], r.Relatives, 3) {
				continue
			}
			by := slices.ContainsFunc(r.toks[i:], func(o text.Token) bool { return r.Agents[o.Fold] })
			out.named, out.accuses = out.named || by, out.accuses || !by
		case r.Participles[t.Fold]:
			out.named = out.named || r.names(r.toks[:i])
		default:
			out.named = out.named || r.subject(i)
		}
		out.speaks = true
	}
	out.accuses = out.accuses && !attributed
	return out
}

// near reports whether one of the last n tokens is one of the words.
func near(before []text.Token, ws words, n int) bool {
	return slices.ContainsFunc(before[max(0, len(before)-n):], func(t text.Token) bool { return ws[t.Fold] })
}

// subject reports whether the subject of the verb at i names or introduces
// somebody: before it in its clause, else anybody before, else behind it.
func (r reading) subject(i int) bool {
	from := i
	for from > 0 && r.toks[from-1].Kind != text.Clause && r.toks[from-1].Kind != text.Quote && !r.Joins[r.toks[from-1].Fold] {
		from--
	}
	clause, empty := r.toks[from:i], true
	for n, t := range clause {
		if t.Kind != text.Word || r.Helping[t.Fold] {
			continue
		}
		switch {
		case r.isName(t, from+n == 0), r.Introduces[t.Fold]:
			return true
		case empty && (r.People[t.Fold] || r.Things[t.Fold]):
			return r.names(r.toks[:from])
		case empty && r.Definite[t.Fold]:
			return slices.ContainsFunc(clause[n+1:], func(o text.Token) bool {
				return r.isName(o, false) || r.Bodies[o.Fold] && r.hasName(r.toks[:from]) // of the country that was named
			})
		}
		empty = false
	}
	switch {
	case empty:
		return r.names(r.toks[:from]) || r.follows(r.toks[i+1:])
	case r.Loose:
		return r.names(r.toks)
	}
	return r.plural(clause) // "police said": vague, and yet somebody
}

// plural reports whether the last noun of a subject is a body of people or
// several of a kind, and not only "some".
func (r reading) plural(subject []text.Token) bool {
	for _, t := range slices.Backward(subject) {
		if !r.Helping[t.Fold] && t.Kind == text.Word {
			return r.Bodies[t.Fold] || strings.HasSuffix(t.Fold, "s") && !r.Function[t.Fold]
		}
	}
	return false
}
