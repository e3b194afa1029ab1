package story

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
)

const (
	// maxTitleWords and maxLeadWords are how many words of a title and of a
	// description are read; what follows is background.
	maxTitleWords, maxLeadWords = 40, 45
	// maxLeadBytes bounds the description before its words are counted.
	maxLeadBytes = 600
	// openingWords is how many words of a title stand for its subject.
	openingWords = 3
)

// gist is what a report says, as it is compared with what others say.
type gist struct {
	language string
	source   source.ID
	time     time.Time
	genre    genre
	answers  answer
	// speaks says that somebody says what the title tells.
	speaks bool
	// occasions are those that the report names, truces those that its title calls a
	// truce after.
	occasions, truces occasions
	// bare says that only the title tells: there is no description, or a picture's.
	bare bool
	// words are the content words of title and description by their stems, in
	// order of the alphabet, each once.
	words []gistWord
	// told are the concepts that the title names, a bit for each; meant are
	// those that title or description name.
	told, meant uint64
	// title is the title as near titles are compared.
	title *title
	// acts are those that the title's main clauses tell.
	acts actSet
	// opening are the stems that the title begins with.
	opening []string
	// speaker is who says what the title tells, empty where nobody does.
	speaker string
	parties []string
}

// gistWord is a word with where and how it stands.
type gistWord struct {
	term *term
	mark wordMark
}

type wordMark uint8

const (
	inTitle wordMark = 1 << iota
	inLead
	// inMain marks words of a title that stand in its main clauses.
	inMain
	// capital and small tell how it is written where that tells something.
	capital
	small
)

func (w gistWord) is(m wordMark) bool { return w.mark&m != 0 }

// name reports whether the word is a name as far as its writing tells.
func (w gistWord) name() bool { return w.mark&(capital|small) == capital }

// reader makes the gist of one report.
type reader struct {
	*gist
	terms *terms
	marks map[string]wordMark
}

// gist reads a report.
func (x *terms) gist(r report.Report, parties []string) *gist {
	head := withoutOutlet(r.Title)
	shouting := text.Shouts(head)
	title := text.Tokens(head)
	t := readTitle(r, title, shouting)
	g := &gist{language: r.Language, source: r.Source, time: t.time, title: &t, parties: parties}
	title = firstWords(title, maxTitleWords)
	var lead []text.Token
	if !isCaption(r.Description) {
		lead = firstWords(text.Tokens(text.Cut(r.Description, maxLeadBytes)), maxLeadWords)
	}
	g.bare = len(lead) == 0
	l := lineOf(title)
	g.genre, g.answers, g.speaks = l.genre(r.Language), answersIn(title), l.speaks()
	g.occasions, g.truces = occasionsIn(title)
	told, _ := occasionsIn(lead)
	g.occasions |= told
	if gathersInLead(lead) {
		g.genre |= gathers
	}
	d := reader{gist: g, terms: x, marks: make(map[string]wordMark, len(title)+len(lead))}
	var in []clause
	if r.Language == actsLanguage {
		g.acts, in = x.lexicon.acts.read(title)
		g.speaker = x.lexicon.acts.speaker(title, x.lexicon.speech)
	}
	d.read(title, in, inTitle, shouting, !shouting && !inTitleCase(title))
	d.read(lead, nil, inLead, false, true)
	g.words = make([]gistWord, 0, len(d.marks))
	for w, m := range d.marks {
		g.words = append(g.words, gistWord{term: x.get(w, r.Language), mark: m})
	}
	slices.SortFunc(g.words, func(a, b gistWord) int { return strings.Compare(a.term.word, b.term.word) })
	return g
}

// firstWords are the tokens up to so many words.
func firstWords(toks []text.Token, most int) []text.Token {
	for i, t := range toks {
		if t.Kind == text.Word {
			if most--; most < 0 {
				return toks[:i]
			}
		}
	}
	return toks
}

// inTitleCase reports whether a headline has capitals on most words, so that
// they tell no names.
func inTitleCase(title []text.Token) bool {
	upper, lower := 0, 0
	for _, t := range title {
		switch {
		case t.Kind != text.Word || utf8.RuneCountInString(t.Fold) < 4:
		case isCapital(t.Text):
			upper++
		default:
			lower++
		}
	}
	return upper > 2*lower
}

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// read adds the words of one part. With case, capitals tell names, but at the
// beginning of a sentence. in says in which clause each stands, where that is known.
func (d *reader) read(toks []text.Token, in []clause, part wordMark, shouting, cased bool) {
	begins := true
	for i, t := range toks {
		if t.Kind == text.Stop {
			begins = true
		}
		if t.Kind != text.Word && t.Kind != text.Number {
			continue
		}
		first := begins
		begins = false
		if !t.Content(shouting) || t.Fold == "" || isNumeral(t.Fold) {
			continue // numbers are compared as a whole
		}
		mark := part
		if in == nil || in[i] == inNews {
			mark |= inMain
		}
		if cased && !first {
			mark |= cmp.Or(capitalIf(isCapital(t.Text)), small)
		}
		d.add(stemOf(t.Fold, d.language), mark)
	}
}

func capitalIf(yes bool) wordMark {
	if yes {
		return capital
	}
	return 0
}

func (d *reader) add(stem string, mark wordMark) {
	if stem == "" {
		return
	}
	d.marks[stem] |= mark
	if c, ok := d.terms.lexicon.concept[stem]; ok && d.language == "en" {
		d.meant |= 1 << c
		if mark&inTitle != 0 {
			d.told |= 1 << c
		}
	}
	if mark&inTitle != 0 && len(d.opening) < openingWords && !slices.Contains(d.opening, stem) {
		d.opening = append(d.opening, stem)
	}
}
