// Package summary owns what a story is told in: two or three sentences taken
// from its reports word for word, each with the report that it stands in.
//
// # Which sentences
//
// News leads: the first sentences of a report beat every ranking of sentences
// that was measured on news, and leave the fewest quotes and pronouns without
// the one they belong to. So sentences are weighed by where they stand first,
// and then by what they share with the headline and with the other reports, and
// by whether they say who says something.
//
// # Which ones never
//
// A reader sees the sentences without their neighbours, and takes what stands
// there for the news. Therefore a sentence is refused, with a [Refusal], when
// it cannot be understood alone, when it is no sentence of the report but the
// page's own words, and above all when it quotes or claims something without
// naming the speaker. What is refused is left out; nothing is mended, because a
// mended sentence is nobody's.
//
// # The other side
//
// When somebody says something that binds another party, the answer of that
// party, if a report has it, takes a place in the summary. That it kept silent is
// left out once it has answered.
package summary

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
)

const (
	// MaxSentences is how many sentences a summary has at most.
	MaxSentences = 3
	// MaxRunes bounds the whole summary, in code points.
	MaxRunes = 700
	// MaxReports is how many reports of a story are read: the first and the newest.
	MaxReports = 10
	// firstReports is how many of them are the first.
	firstReports = 3
)

// Claims reads who says what in a report.
type Claims interface {
	Extract(r report.Report) []claim.Claim
}

// Sentence is one sentence of a summary.
type Sentence struct {
	// Text is verbatim from the report, without its dateline.
	Text string
	// Report, Source and Link are those of the report that it stands in.
	Report report.ID
	Source source.ID
	Link   string
	// Answer says that it is the word of a party that others have spoken of.
	Answer bool
}

// Maker makes summaries. It is safe for concurrent use when its claims are.
type Maker struct {
	claims   Claims
	grammars grammars
}

// New returns a maker that reads who says what with claims; with nil it goes by
// the words of its own grammars alone, and finds no answers. Its error is one of
// the grammars that the program carries.
func New(claims Claims) (*Maker, error) {
	g, err := readGrammars()
	if err != nil {
		return nil, err
	}
	return &Maker{claims: claims, grammars: g}, nil
}

func (m *Maker) extract(r report.Report) []claim.Claim {
	if m.claims == nil {
		return nil
	}
	return m.claims.Extract(r)
}

// Story is what the reports of a story come to, in their sequence; empty when no
// sentence can stand alone. The headline, which the reader has seen, is not said
// again. Sentences are in the wanted language when there is one in it, else in
// that of the first report that has one; an empty wish is for the latter.
func (m *Maker) Story(headline string, reports []report.Report, language string) []Sentence {
	reports = Telling(reports)
	all := m.candidates(headline, reports)
	all = inOneLanguage(all, language)
	p := pick{all: all, room: MaxRunes}
	p.best(func(*candidate) bool { return true })
	p.best(func(c *candidate) bool { return c.answer })
	for len(p.chosen) < MaxSentences && p.best(func(*candidate) bool { return true }) {
		continue
	}
	slices.SortStableFunc(p.chosen, func(a, b *candidate) int { return cmp.Compare(a.order, b.order) })
	out := make([]Sentence, 0, len(p.chosen))
	for _, c := range p.chosen {
		out = append(out, Sentence{Text: c.text, Report: c.from.ID, Source: c.from.Source, Link: c.from.Link, Answer: c.answer})
	}
	return out
}

// Telling are those reports of a story that its summary is made of, in their
// sequence: at most [MaxReports], the first and the newest.
func Telling(reports []report.Report) []report.Report {
	if len(reports) <= MaxReports {
		return reports
	}
	return slices.Concat(reports[:firstReports], reports[len(reports)-MaxReports+firstReports:])
}

// inOneLanguage keeps the sentences of one language: the wanted one, else that
// of the first sentence that stands alone.
func inOneLanguage(all []candidate, wanted string) []candidate {
	first := slices.IndexFunc(all, func(c candidate) bool { return c.refusal == "" })
	if first < 0 {
		return nil
	}
	if !slices.ContainsFunc(all, func(c candidate) bool { return c.refusal == "" && c.from.Language == wanted }) {
		wanted = all[first].from.Language
	}
	return slices.DeleteFunc(all, func(c candidate) bool { return c.from.Language != wanted })
}

// pick chooses sentences one by one.
type pick struct {
	all    []candidate
	chosen []*candidate
	room   int
}

// sayAgain is the share of a sentence's words, of the shorter one's, from which
// a second sentence adds nothing, and saysAgain the same where both have one
// speaker.
const (
	sayAgain  = 0.45
	saysAgain = 0.35
)

// best adds the best sentence that fits and that wanted accepts, and reports
// whether there was one.
func (p *pick) best(wanted func(*candidate) bool) bool {
	if len(p.chosen) == MaxSentences {
		return false
	}
	var best *candidate
	for i := range p.all {
		c := &p.all[i]
		if !wanted(c) || !p.stands(c) || best != nil && c.score <= best.score || p.told(c) {
			continue
		}
		if size := utf8.RuneCountInString(c.text) + 1; size <= p.room {
			best = c
		}
	}
	if best == nil {
		return false
	}
	p.room -= utf8.RuneCountInString(best.text) + 1
	p.chosen = append(p.chosen, best)
	return true
}

// stands reports whether c can be understood: alone, or right behind the
// sentence on which it leans.
func (p *pick) stands(c *candidate) bool {
	return c.refusal == "" || c.refusal == Leans && slices.ContainsFunc(p.chosen, func(o *candidate) bool { return o.order == c.order-1 && o.from == c.from })
}

// told reports whether a chosen sentence says the same.
func (p *pick) told(c *candidate) bool {
	return slices.ContainsFunc(p.chosen, func(o *candidate) bool {
		same := sayAgain
		if sameSpeaker(c, o) {
			same = saysAgain
		}
		return o == c || shared(c.words, o.words) >= same*float64(min(len(c.words), len(o.words)))
	})
}

// sameSpeaker reports whether one and the same speaks in both.
func sameSpeaker(a, b *candidate) bool {
	return slices.ContainsFunc(a.claims, func(x claim.Claim) bool {
		return slices.ContainsFunc(b.claims, func(y claim.Claim) bool {
			return x.Act == y.Act && shared(setOf(x.Speaker), setOf(y.Speaker)) > 0
		})
	})
}

// shared counts the words that both have.
func shared(a, b map[string]bool) float64 {
	n := 0
	for w := range a {
		if b[w] {
			n++
		}
	}
	return float64(n)
}

// Text joins the sentences of a summary with blanks.
func Text(sentences []Sentence) string {
	out := ""
	for i, s := range sentences {
		if i > 0 {
			out += " "
		}
		out += s.Text
	}
	return out
}

// setOf are the folded words of a text that carry content.
func setOf(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range text.Words(s) {
		out[w] = true
	}
	return out
}
