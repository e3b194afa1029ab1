package claim

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// token is a token with what extraction asks of it.
type token struct {
	text.Token
	// lists are the lexicon's lists that it is in, a bit for each.
	lists uint64
	// quoted says that it stands within quotation marks.
	quoted bool
	// particle says that it is a small word within a person's name: "al", "von der".
	particle bool
	// scare says that so few words are quoted with it that they are no speech.
	scare bool
}

// maxScare is how many quoted words a sentence may still use as its own:
// "Syria ‘totally rejects’ report".
const maxScare = 3

// possessive reports whether the token ends in 's.
func (t token) possessive() bool {
	return t.Kind == text.Word && strings.ContainsAny(t.Text, "'’") && !strings.Contains(t.Fold, "'")
}

// capital reports whether the token begins with a capital letter.
func (t token) capital() bool {
	name := t.Text
	if particle, rest, ok := strings.Cut(name, "-"); ok && len(particle) == 2 && particle != "ex" && particle != "un" {
		name = rest // "al-Zubaidi"
	}
	r, _ := utf8.DecodeRuneInString(name)
	return t.Kind == text.Word && (unicode.IsUpper(r) || t.particle)
}

// shout reports whether the token is all capitals, such as "UN".
func (t token) shout() bool {
	letters := 0
	for _, r := range t.Text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 1
}

// unit is one sentence of a field.
type unit struct {
	field Field
	// text is the field's; the tokens' offsets are in it.
	text string
	toks []token
	// first says that it is the field's first sentence.
	first bool
	// capitals says that nearly every word has a capital, so that it marks no name.
	capitals bool
}

// maxUnits bounds how many sentences of a description are read: what comes later
// is background.
const maxUnits = 6

// units cuts a field into sentences.
func (l *lexicon) units(field Field, s string) []unit {
	var out []unit
	for _, span := range text.Sentences(s) {
		u := unit{field: field, text: s, first: len(out) == 0}
		for _, t := range text.Tokens(s[span.Start:span.End]) {
			t.Start += span.Start
			t.End += span.Start
			u.toks = append(u.toks, l.mark(t))
		}
		if len(u.toks) == 0 {
			continue
		}
		l.markParticles(u.toks)
		u.markQuotes()
		u.capitals = u.mostlyCapitals()
		out = append(out, u)
		if len(out) == maxUnits {
			break
		}
	}
	return out
}

// markParticles marks the small words that stand before the last part of a name.
func (l *lexicon) markParticles(toks []token) {
	for i := len(toks) - 2; i > 0; i-- {
		if l.is("particles", toks[i]) && toks[i+1].capital() && (toks[i-1].capital() || l.is("particles", toks[i-1])) {
			toks[i].particle = true
		}
	}
}

// markQuotes marks what stands between quotation marks. A mark that is never
// closed quotes the rest of the sentence only if it opens one; one that closes
// what an earlier sentence opened quotes all before it.
func (u *unit) markQuotes() {
	open := -1
	for i, t := range u.toks {
		if t.Kind != text.Quote {
			continue
		}
		if open < 0 {
			switch {
			case u.opens(i):
				open = i
			case i > 0 && u.ends(i) && !strings.ContainsAny(t.Text, "'’‘"):
				u.quote(0, i, false)
			}
			continue
		}
		if !closes(u.toks[open].Text, t.Text) {
			continue
		}
		u.quote(open+1, i, i-open-1 <= maxScare)
		open = -1
	}
	if open >= 0 && open < len(u.toks)-2 && !strings.ContainsAny(u.toks[open].Text, "'’") {
		u.quote(open+1, len(u.toks), false)
	}
}

// quote marks the tokens from up to and without to as quoted.
func (u *unit) quote(from, to int, scare bool) {
	for i := from; i < to; i++ {
		u.toks[i].quoted, u.toks[i].scare = true, scare
	}
}

// opens reports whether the quotation mark i stands before a word and not behind
// one.
func (u *unit) opens(i int) bool {
	t := u.toks[i]
	if strings.ContainsAny(t.Text, "«„‚") {
		return true // French ones stand apart from what they quote
	}
	next, _ := utf8.DecodeRuneInString(u.text[t.End:])
	return next != utf8.RuneError && !unicode.IsSpace(next) && !strings.ContainsRune(",.;:!?)", next)
}

// ends reports whether the quotation mark i stands behind a word or its mark, and
// before none.
func (u *unit) ends(i int) bool {
	before, _ := utf8.DecodeLastRuneInString(u.text[:u.toks[i].Start])
	return unicode.IsLetter(before) || unicode.IsPunct(before)
}

// closes reports whether two quotation marks make a pair.
func closes(opening, closing string) bool {
	single := func(s string) bool { return strings.ContainsAny(s, "'‘’‚‹›") }
	return single(opening) == single(closing)
}

func (u *unit) mostlyCapitals() bool {
	words, capitals := 0, 0
	for _, t := range u.toks {
		if t.Kind == text.Word && utf8.RuneCountInString(t.Text) > 3 {
			words++
			if t.capital() {
				capitals++
			}
		}
	}
	most := 7
	if u.field == Lead {
		most = 9 // the caption of a picture names many, and writes no title
	}
	return words > 2 && capitals*10 >= words*most
}

// span is the text from token i up to and without token j, without a possessive
// at its end.
func (u *unit) span(i, j int) string {
	if i >= j {
		return ""
	}
	end := u.toks[j-1].End
	if u.toks[j-1].possessive() {
		end = u.toks[j-1].Start + strings.IndexAny(u.toks[j-1].Text, "'’")
	}
	return u.text[u.toks[i].Start:end]
}

// opinion reports whether a headline ends with its author: "… | Jane Doe".
func (u *unit) opinion() bool {
	i := len(u.toks) - 1
	for i >= 0 && u.toks[i].Text != "|" {
		i--
	}
	author := u.toks[i+1:]
	capitals := 0
	for _, t := range author {
		if t.capital() {
			capitals++
		}
	}
	return i > 0 && len(author) <= maxAuthor && len(author)-capitals <= 1
}

// maxAuthor is how many words the authors of a headline have.
const maxAuthor = 8

// has reports whether a mark stands before token i.
func (u *unit) has(mark string, i int) bool {
	return slices.ContainsFunc(u.toks[:i], func(t token) bool { return t.Text == mark })
}

// hyphened reports whether token i is the second part of a word with a hyphen.
func (u *unit) hyphened(i int) bool {
	start := u.toks[i].Start
	return i > 0 && start > 0 && u.text[start-1] == '-' && u.toks[i-1].End >= start-1
}

// question reports whether the sentence asks.
func (u *unit) question() bool { return strings.HasSuffix(u.toks[len(u.toks)-1].Text, "?") }
