package summary

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// Refusal names why a sentence cannot stand in a summary.
type Refusal string

// The refusals.
const (
	// Short and Long are sentences that say too little, or that nobody reads to
	// their end.
	Short Refusal = "short"
	Long  Refusal = "long"
	// Broken is half a quotation or half a bracket, Unfinished a sentence that was
	// cut off, or a line that is no sentence.
	Broken     Refusal = "broken"
	Unfinished Refusal = "unfinished"
	// Question asks the reader something, Voice speaks to him or of the outlet
	// itself, Page is a word of the page's own, Caption describes a picture.
	Question Refusal = "question"
	Voice    Refusal = "voice"
	Page     Refusal = "page"
	Caption  Refusal = "caption"
	// Leans is a sentence that is understood only behind the one before it, Pronoun
	// one that speaks of a "he" whom only that one names.
	Leans   Refusal = "leans"
	Pronoun Refusal = "pronoun"
	// Again says no more than the headline, Beside speaks of something else than
	// the story.
	Again  Refusal = "again"
	Beside Refusal = "beside"
	// Overtaken says that a party keeps silent which has answered since.
	Overtaken Refusal = "overtaken"
	// Hearsay is what somebody is said to have done, nobody knows by whom.
	Hearsay Refusal = "hearsay"
	// OrphanQuote is a quotation without its speaker, Nameless a claim whose
	// speaker is "he" or "the official".
	OrphanQuote Refusal = "orphan-quote"
	Nameless    Refusal = "nameless"
)

// The length of a sentence in words.
const (
	minWords = 4
	maxWords = 48
)

// reading is a sentence with what is read in it.
type reading struct {
	text string
	// toks are the tokens outside of quotations, quoted the number of tokens in the
	// longest of these, and whole is false when one is not closed.
	toks   []text.Token
	quoted int
	whole  bool
	// year is that of the report, 0 when it has no date.
	year int
	// title are the words of the headline, under which the sentence is read.
	title map[string]bool
	// grammar is that of the language, or one without words.
	*grammar
	known bool
}

func (g grammars) read(s, language string) reading {
	r := reading{text: s}
	if r.grammar, r.known = g.of[language], true; r.grammar == nil {
		r.grammar, r.known = &grammar{}, false
	}
	var spans []text.Span
	spans, r.whole = quotations(s)
	all := text.Tokens(s)
	r.toks = all[:0]
	inside := 0
	for _, t := range all {
		for len(spans) > 0 && t.Start >= spans[0].End {
			spans, inside = spans[1:], 0
		}
		if len(spans) > 0 && t.Start >= spans[0].Start {
			if t.Kind != text.Quote {
				inside++
				r.quoted = max(r.quoted, inside)
				continue
			}
		}
		r.toks = append(r.toks, t)
	}
	return r
}

// refuse returns why a sentence cannot stand alone by its form and words, "" when
// it can.
func (g grammars) refuse(s sentence, r reading, language string) Refusal {
	n := wordsIn(s.text, language)
	switch {
	case n < minWords:
		return Short
	case n > maxWords:
		return Long
	case !r.whole || strings.Count(s.text, "(") != strings.Count(s.text, ")") || strings.Count(s.text, "[") != strings.Count(s.text, "]"):
		return Broken
	case strings.ContainsAny(s.text, "?؟？"):
		return Question
	case unfinished(s):
		return Unfinished
	case s.caption || strings.HasPrefix(s.text, "("), credited(s.text), r.credits(), anywhere(g.captions, r.toks), r.dated():
		return Caption
	case strings.HasPrefix(s.text, "©"), first(g.page, r.toks), anywhere(g.pages, r.toks):
		return Page
	}
	return r.refuse()
}

func first(lists []phrases, toks []text.Token) bool {
	for _, p := range lists {
		if p.at(toks) {
			return true
		}
	}
	return false
}

func anywhere(lists []phrases, toks []text.Token) bool {
	for _, p := range lists {
		if p.in(toks) {
			return true
		}
	}
	return false
}

// wordsIn counts words; a script without blanks has one in two letters.
func wordsIn(s, language string) int {
	switch language {
	case "zh", "ja", "th":
		return utf8.RuneCountInString(s) / 2
	}
	return len(strings.Fields(s))
}

// unfinished reports whether a sentence was cut off, or never was one.
func unfinished(s sentence) bool {
	if strings.Contains(s.text, "…") || strings.Contains(s.text, "...") {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(s.text)
	return !closed(s.text) && (!s.sole || !unicode.IsLetter(last) && !unicode.IsDigit(last) && last != '%' && last != ')')
}

// credited reports whether a sentence has the mark of a picture's owner.
func credited(s string) bool {
	for _, mark := range []string{"(C)", "(L)", "(R)", "REUTERS/", "/REUTERS", "AFP/", "/AFP", "AP/", "EPA/", "/EPA", "/Getty", "Shutterstock"} {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return false
}

// credits reports whether a sentence is no more than whose picture it is: "Photo: …".
func (r reading) credits() bool {
	return len(r.toks) > 1 && r.Credits[r.toks[0].Fold] && r.toks[1].Text == ":"
}

// dated reports whether a sentence has a full date of the year of its report, as
// captions have: "… in Geneva, on June 24, 2023 in Bern". Reports do not name the
// year in which they are written. Of a report without a date it is the end of the
// sentence that tells.
func (r reading) dated() bool {
	for i, t := range r.toks {
		if t.Kind != text.Number || len(t.Text) != 4 || r.year != 0 && t.Text != strconv.Itoa(r.year) {
			continue
		}
		if r.year == 0 && i < len(r.toks)-2 {
			continue
		}
		if before := r.toks[max(0, i-3):i]; len(before) == 3 && r.Months[before[0].Fold] && before[1].Kind == text.Number {
			return true
		}
	}
	return false
}

// refuse looks at the words outside of quotations.
func (r reading) refuse() Refusal {
	for i, t := range r.toks {
		switch {
		case t.Kind != text.Word:
		case r.Voice[t.Fold] && !acronym(t.Text):
			return Voice
		case r.Hearsay[t.Fold], r.Rumours.at(r.toks[i:]):
			return Hearsay
		case r.People[t.Fold] && !r.names(r.toks[:i]), r.Owners[t.Fold] && !r.names(r.toks), r.Unknowns.at(r.toks[i:]), r.plays(i):
			return Pronoun
		}
	}
	switch {
	case r.opensUnknown():
		return Pronoun
	case len(r.toks) > 0 && r.Openers[r.toks[0].Fold], r.Leans.at(r.toks), r.Leaning.in(r.toks), r.opensKnown():
		return Leans
	}
	return ""
}

// plays reports whether the word at i is the role of somebody who speaks, and whom
// only what came before names: "the Ohio Democrat said".
func (r reading) plays(i int) bool {
	if !r.Roles[r.toks[i].Fold] || i+1 >= len(r.toks) || !r.Verbs[r.toks[i+1].Fold] && !r.Helping[r.toks[i+1].Fold] {
		return false
	}
	from := i
	for from > 0 && i-from < maxFollows && r.isName(r.toks[from-1], false) {
		from-- // where he is from
	}
	if from == 0 || !r.Definite[r.toks[from-1].Fold] {
		return false
	}
	named := func(t text.Token) bool { return r.isName(t, false) && !r.Function[t.Fold] }
	return !slices.ContainsFunc(r.toks[:from-1], named)
}

// acronym reports whether a word is in capitals, such as "US".
func acronym(s string) bool { return len(s) > 1 && strings.ToUpper(s) == s }

// opensUnknown reports whether a sentence begins with a pronoun for somebody who
// is not in it, or with a clause behind which one stands: "In Oslo, they …".
func (r reading) opensUnknown() bool {
	if len(r.toks) == 0 {
		return false
	}
	if r.unknown(r.toks[0]) && !r.Openers[r.toks[0].Fold] || r.Unknown.at(r.toks) {
		return true
	}
	if !r.Clauses[r.toks[0].Fold] || r.opensWithName() {
		return false
	}
	for i, t := range r.toks[:len(r.toks)-1] {
		if t.Text == "," && r.unknown(r.toks[i+1]) {
			return true
		}
	}
	return false
}

// unknown reports whether a token is a pronoun that stands for somebody or
// something.
func (r reading) unknown(t text.Token) bool {
	return r.People[t.Fold] || r.Owners[t.Fold] || r.Others[t.Fold]
}

// nearName is how far behind its conjunction the subject of a clause stands, in
// tokens.
const nearName = 4

// opensWithName reports whether a sentence begins with a clause whose subject is
// a name: "As Mr Guterres arrived in Kyiv, he …".
func (r reading) opensWithName() bool {
	if len(r.toks) <= nearName || !r.Joins[r.toks[0].Fold] {
		return false
	}
	for _, t := range r.toks[1 : nearName+1] {
		if r.isName(t, false) && !r.Function[t.Fold] {
			return true
		}
	}
	return false
}

// opensKnown reports whether a sentence begins with a thing that the reader is
// taken to know and that neither it nor the headline tells of: "the move", but not
// "the attack on Kyiv".
func (r reading) opensKnown() bool {
	if len(r.toks) < 3 || !r.Definite[r.toks[0].Fold] {
		return false
	}
	at := 1
	if next := r.toks[2].Fold; r.Counts[r.toks[1].Fold] && !r.Helping[next] && !r.Verbs[next] {
		at = 2 // "the two sides", and not "the two had"
	}
	if thing := r.toks[at].Fold; !r.Anaphors[thing] || r.title[thing] {
		return false
	}
	return at+1 >= len(r.toks) || !r.Explaining[r.toks[at+1].Fold] || !r.follows(r.toks[at+2:])
}

// names reports whether one of the tokens, from the beginning of a sentence, can
// be whom a pronoun stands for: a name, or somebody who is introduced ("a man").
func (r reading) names(before []text.Token) bool {
	for i, t := range before {
		if r.isName(t, i == 0) || r.Introduces[t.Fold] {
			return true
		}
	}
	return false
}

// hasName is names without those who are only introduced.
func (r reading) hasName(toks []text.Token) bool {
	for i, t := range toks {
		if r.isName(t, i == 0) {
			return true
		}
	}
	return false
}

// isName reports whether a token is a name; at the beginning of a sentence every
// word has a capital.
func (r reading) isName(t text.Token, begins bool) bool {
	c, _ := utf8.DecodeRuneInString(t.Text)
	return t.Kind == text.Word && unicode.IsUpper(c) && !(begins && (r.Function[t.Fold] || r.Bodies[t.Fold]))
}

// maxFollows is how far behind a word a name still belongs to it, in tokens.
const maxFollows = 6

// follows reports whether somebody is named right behind a word: "…", said X.
func (r reading) follows(after []text.Token) bool {
	for n, t := range after {
		if n == maxFollows || t.Kind != text.Word {
			return false
		}
		if r.isName(t, false) || r.Introduces[t.Fold] {
			return true
		}
	}
	return false
}
