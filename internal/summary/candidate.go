package summary

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// firstSentences is how far into a text sentences are taken from: what comes
// later is background, but for the other side's answer, which reports keep for
// their end: it is looked for up to lastAnswer.
const (
	firstSentences = 5
	lastAnswer     = 14
)

// maxText bounds how much of a text is read, in bytes.
const maxText = 8 << 10

// candidate is a sentence that may be taken.
type candidate struct {
	text string
	from *report.Report
	// order is its place in all reports: neighbours differ by one.
	order int
	// at is its place in its text, from 0.
	at     int
	words  map[string]bool
	claims []claim.Claim
	// refusal is why it cannot stand alone; empty when it can.
	refusal Refusal
	// answer says that a bound party speaks in it.
	answer bool
	// old says that it tells of an earlier year.
	old   bool
	score float64
}

// candidates are the sentences of the reports with what they are worth.
func (m *Maker) candidates(headline string, reports []report.Report) []candidate {
	var all []candidate
	known := map[string]bool{}
	title, theme := setOf(headline), theme(headline, reports)
	heads := m.heads(reports)
	bound, answered, far := bound(heads), answered(heads), firstSentences
	if len(bound) > 0 {
		far = lastAnswer
	}
	for i := range reports {
		r := &reports[i]
		var own map[string]bool // one report alone is all there is to know of its story
		if len(reports) > 1 && r.Title != "" {
			own = setOf(r.Title)
		}
		for n, field := range []string{r.Description, r.Body} {
			for at, s := range sentences(clip(field), far) {
				if known[s.text] {
					continue
				}
				known[s.text] = true
				c := candidate{text: s.text, from: r, order: i<<16 | n<<15 | at, at: at}
				m.read(&c, s, title, bound)
				if c.refusal == "" && strings.EqualFold(s.text, r.Title) {
					c.refusal = Unfinished // a headline is no sentence
				}
				if c.refusal == "" && overtaken(c.claims, i, answered) {
					c.refusal = Overtaken
				}
				if own != nil && at > 0 && c.refusal == "" && !c.answer && shared(c.words, theme)+shared(c.words, own) == 0 {
					c.refusal = Beside
				}
				if at < firstSentences || c.answer {
					all = append(all, c)
				}
			}
		}
	}
	weigh(all, title, len(reports))
	return all
}

// theme are the words of the headline, and those that two titles of the story
// share.
func theme(headline string, reports []report.Report) map[string]bool {
	out, seen := setOf(headline), map[string]bool{}
	for _, r := range reports {
		for w := range setOf(r.Title) {
			if seen[w] {
				out[w] = true
			}
			seen[w] = true
		}
	}
	return out
}

// clip is the beginning of a text that is read; its last sentence may be cut.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// read finds out what can be said of a sentence by itself.
func (m *Maker) read(c *candidate, s sentence, title map[string]bool, bound []string) {
	r := m.grammars.read(c.text, c.from.Language)
	r.title = title
	if at := c.from.Time(); !at.IsZero() {
		r.year = at.Year()
	}
	c.refusal = m.grammars.refuse(s, r, c.from.Language)
	if c.refusal != "" && c.refusal != Leans {
		return
	}
	c.words, c.old = setOf(c.text), old(r.toks, c.from.Time())
	if again(title, c.words) {
		c.refusal = Again
		return
	}
	if c.refusal == "" && r.addresses() {
		c.refusal = Leans
	}
	c.claims = m.extract(report.Report{Description: c.text, Language: c.from.Language})
	if why := r.unattributed(c.claims); why != "" {
		c.refusal = why
		return
	}
	c.answer = slices.ContainsFunc(c.claims, func(o claim.Claim) bool { return answers(o, bound) })
}

// addresses reports whether a sentence calls somebody by his title and surname,
// as he is called once he has been introduced, whom neither the headline nor the
// sentence itself introduces.
func (r reading) addresses() bool {
	for i, t := range r.toks[:max(0, len(r.toks)-1)] {
		if name := r.toks[i+1]; r.Titles[t.Fold] && r.isName(name, false) && !r.title[name.Fold] && strings.Count(r.text, name.Text) == 1 {
			return true
		}
	}
	return false
}

// sameAsTitle is the likeness to the headline from which a sentence adds nothing.
const sameAsTitle = 0.75

// again reports whether a sentence says no more than the headline.
func again(title, words map[string]bool) bool {
	both := shared(title, words)
	all := float64(len(title)+len(words)) - both
	return all > 0 && both/all >= sameAsTitle || both == float64(len(words))
}

// bound are the parties that others speak of: those that the main claims of the
// reports bind, without those who make them.
func bound(heads [][]claim.Claim) []string {
	var out []string
	for _, claims := range heads {
		main, ok := claim.Main(claims)
		if !ok {
			continue
		}
		for _, p := range main.Parties {
			if p != main.Side && p != "" && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// answers reports whether a claim is the word of a bound party on what others
// say of it.
func answers(c claim.Claim, bound []string) bool {
	switch c.Act {
	case claim.Confirm, claim.Deny, claim.NoComment, claim.Reject:
		return slices.Contains(bound, c.Side) || slices.Contains(bound, strings.Join(text.Words(c.Speaker), " "))
	}
	return false
}

// What a sentence is worth by where it stands, by the words that it shares with
// the headline and with the rest, by naming a speaker, by how new its report is,
// and less for its length.
const (
	weightLead  = 0.5
	weightTitle = 0.25
	weightRest  = 0.3
	weightClaim = 0.15
	leadFades   = 3.0 // sentences
	weightLong  = 0.15
	weightLeans = 0.1
	weightOld   = 0.25
	weightNew   = 0.1
	longWords   = 30.0
)

// weigh scores the sentences against each other.
func weigh(all []candidate, title map[string]bool, reports int) {
	holders := map[string]int{}
	for i := range all {
		for w := range all[i].words {
			holders[w]++
		}
	}
	for i := range all {
		c := &all[i]
		if len(c.words) == 0 {
			continue
		}
		rest := 0
		for w := range c.words {
			if holders[w] > 1 {
				rest++
			}
		}
		c.score = weightLead*math.Exp(-float64(c.at)/leadFades) +
			weightTitle*shared(c.words, title)/float64(max(1, len(title))) +
			weightRest*float64(rest)/float64(len(c.words)) +
			weightNew*float64(c.order>>16)/float64(reports)
		if len(c.claims) > 0 {
			c.score += weightClaim
		}
		if n := float64(len(strings.Fields(c.text))); n > longWords {
			c.score -= weightLong * (n - longWords) / longWords
		}
		if c.refusal == Leans {
			c.score -= weightLeans
		}
		if c.old {
			c.score -= weightOld
		}
	}
}

// old reports whether a sentence tells of an earlier year than a report's.
func old(toks []text.Token, at time.Time) bool {
	return !at.IsZero() && slices.ContainsFunc(toks, func(t text.Token) bool {
		return t.Kind == text.Number && len(t.Text) == 4 && t.Text >= "1900" && t.Text < strconv.Itoa(at.Year())
	})
}
