package claim

import "github.com/attache-bot/attache/internal/text"

// maxParty is how many words a committed party has.
const maxParty = 6

// party is who is bound by what is said of him: the subject of what is said,
// where its verb binds. In "Trump says Putin agreed", Putin.
func (e *extraction) party(u *unit, h hit, act Act) string {
	if act != Assert && act != Confirm && act != Accuse && act != Deny || len(h.words) == 0 {
		return ""
	}
	i := h.end
	for i < len(u.toks) && (e.is("determiners", u.toks[i]) || e.is("bounds", u.toks[i]) && !u.toks[i].shout() || e.is("calendar", u.toks[i])) {
		i++
	}
	named := false
	for j := i; j < len(u.toks) && j-i <= maxParty; j++ {
		t := u.toks[j]
		if e.binds(u, j) && j > i {
			if !named {
				return ""
			}
			return e.shorten(u, i, j)
		}
		if t.Kind != text.Word || t.quoted && !t.scare {
			return ""
		}
		named = named || t.capital()
	}
	return ""
}

// binds reports whether a verb that binds its subject begins with token j, past
// helping words.
func (e *extraction) binds(u *unit, j int) bool {
	for j < len(u.toks) {
		if _, ok := e.starts("commitments", u.toks[j:]); ok {
			return true
		}
		if !e.is("between", u.toks[j]) {
			return false
		}
		j++
	}
	return false
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
			if q := u.text[u.toks[i].Start:u.toks[j-1].End]; len(q) > len(best) {
				best = q
			}
		}
		i = max(j, i+1)
	}
	return best
}
