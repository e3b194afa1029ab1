package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// The bounds of an answer: in code points, in sentences, and how much longer than
// what was given it may be.
const (
	minRunes     = 30
	maxRunes     = 700
	maxSentences = 3
	maxLonger    = 20
)

// Reason names what became of a try.
type Reason string

// What an answer was refused for, and why a try came to nothing.
const (
	// Accepted: the alert tells the text.
	Accepted Reason = "accepted"
	// Kept: the model, or the check, found nothing to change.
	Kept Reason = "kept"
	// NotPlain: there are marks in it that plain text of the reports has not.
	NotPlain Reason = "not-plain"
	// WrongLength: too short, too long, or too many sentences.
	WrongLength Reason = "wrong-length"
	// OtherLanguage: it is not in the language of the sentences.
	OtherLanguage Reason = "other-language"
	// NewQuote: it quotes what no report quotes so.
	NewQuote Reason = "new-quote"
	// NewNumber: it has a number that no sentence has.
	NewNumber Reason = "new-number"
	// NewWord: it has a word, perhaps a name, that no sentence has.
	NewWord Reason = "new-word"
	// Rewritten: its words cannot be laid on the sentences.
	Rewritten Reason = "rewritten"
	// LeftOut: somebody's word is missing.
	LeftOut Reason = "left-out"
	// Unattributed: what somebody says stands there without him.
	Unattributed Reason = "unattributed"
	// OtherClaim: it reads as if somebody said what he has not.
	OtherClaim Reason = "other-claim"
	// BadAnswer: the server's answer is none of a chat.
	BadAnswer Reason = "bad-answer"
	// CutShort: the server stopped in the middle.
	CutShort Reason = "cut-short"
	// Failed: the server could not be asked, or refused.
	Failed Reason = "failed"
	// Stopped: our own process ends.
	Stopped Reason = "stopped"
)

// Claims reads who says what in a report.
type Claims interface {
	Extract(r report.Report) []claim.Claim
}

// Checker decides whether an answer may be told. It is safe for concurrent use
// when its claims are.
type Checker struct {
	claims  Claims
	tongues map[string]tongue
}

// NewChecker returns a checker that reads who says what with claims.
func NewChecker(claims Claims) *Checker { return &Checker{claims: claims, tongues: tongues()} }

// Speaks reports whether answers in a language can be checked.
func (c *Checker) Speaks(language string) bool {
	_, ok := c.tongues[language]
	return ok
}

// Speakers are those who say something in a sentence, each once.
func (c *Checker) Speakers(language, sentence string) []string {
	var out []string
	for _, s := range c.claims.Extract(report.Report{Description: sentence, Language: language}) {
		if !slices.Contains(out, s.Speaker) {
			out = append(out, s.Speaker)
		}
	}
	return out
}

// Check decides on an answer to sentences in a language. It is [Accepted] only if
// nothing can be doubted.
func (c *Checker) Check(language string, sentences []string, answer string) Reason {
	t, ok := c.tongues[language]
	whole := strings.Join(sentences, " ")
	parts := split(answer)
	length := utf8.RuneCountInString(answer)
	switch {
	case !ok:
		return OtherLanguage
	case answer == whole, answer == "":
		return Kept
	case !plain(answer, whole):
		return NotPlain
	case length < minRunes, length > min(maxRunes, utf8.RuneCountInString(whole)+maxLonger), len(parts) > maxSentences:
		return WrongLength
	case text.Language(answer, "") != language:
		return OtherLanguage
	case !quotedIn(answer, sentences):
		return NewQuote
	case !numbersIn(answer, whole):
		return NewNumber
	}
	given := c.given(language, sentences)
	if !t.wordsIn(given, parts) {
		return NewWord
	}
	used := make([]map[int]bool, len(given))
	for _, p := range parts {
		path := t.align(given, t.cut(p))
		if path == nil || !lay(given, path, used) {
			return Rewritten
		}
	}
	return c.attributed(language, sentences, given, used, answer)
}

// split cuts an answer into its sentences.
func split(answer string) []string {
	spans := text.Sentences(answer)
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = answer[s.Start:s.End]
	}
	return out
}

// plain reports whether an answer is of letters, digits and the marks of prose,
// and of others only those that were given.
func plain(answer, given string) bool {
	if text.Clean(answer) != answer {
		return false
	}
	for _, r := range answer {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .,;:!?'’‘\"“”„«»()-–—%", r) && !strings.ContainsRune(given, r) {
			return false
		}
	}
	return true
}

// spans are what a text holds in double quotation marks, without them. ok is false
// where a mark has no other.
func spans(s string) (out []string, ok bool) {
	open := -1
	for i, r := range s {
		if !strings.ContainsRune("\"“”„«»", r) {
			continue
		}
		if open < 0 {
			open = i + utf8.RuneLen(r)
			continue
		}
		out, open = append(out, s[open:i]), -1
	}
	return out, open < 0
}

// quotedIn reports whether everything that an answer quotes stands so, and quoted,
// in one of the sentences.
func quotedIn(answer string, sentences []string) bool {
	quotes, ok := spans(answer)
	if !ok {
		return false
	}
	for _, q := range quotes {
		if !slices.ContainsFunc(sentences, func(s string) bool {
			in, ok := spans(s)
			return ok && slices.Contains(in, q)
		}) {
			return false
		}
	}
	return true
}

// numbersIn reports whether every word with a digit stands so in what was given,
// with its sign and unit.
func numbersIn(answer, given string) bool {
	known := map[string]bool{}
	trim := func(w string) string { return strings.Trim(w, ".,;:!?()'’‘\"“”„«»–—") }
	for w := range strings.FieldsSeq(given) {
		known[trim(w)] = true
	}
	for w := range strings.FieldsSeq(answer) {
		if strings.ContainsFunc(w, unicode.IsDigit) && !known[trim(w)] {
			return false
		}
	}
	return true
}

// wordsIn reports whether every word of an answer is one that was given, or joins.
func (t tongue) wordsIn(given []sentence, parts []string) bool {
	known := map[string]bool{}
	for _, s := range given {
		for _, w := range s.words {
			known[w.fold] = true
		}
	}
	for _, p := range parts {
		for _, w := range t.cut(p).words {
			if !known[w.fold] && !t.joiners[w.fold] {
				return false
			}
		}
	}
	return true
}

// lay notes which words of which sentences a sentence of the answer has used. It
// is false where a sentence is told twice, or where what the reports tell is joined
// to what somebody says, so that it would be his word.
func lay(given []sentence, path []place, used []map[int]bool) bool {
	var of []int
	for _, p := range path {
		if !slices.Contains(of, p.of) {
			of = append(of, p.of)
			if used[p.of] != nil {
				return false
			}
			used[p.of] = map[int]bool{}
		}
		used[p.of][p.at] = true
	}
	claimed := slices.ContainsFunc(of, func(i int) bool { return len(given[i].said) > 0 })
	own := slices.ContainsFunc(of, func(i int) bool { return len(given[i].said) == 0 })
	return !claimed || !own
}

// attributed asks whether everybody's word is there with him, and nobody's else.
func (c *Checker) attributed(language string, sentences []string, given []sentence, used []map[int]bool, answer string) Reason {
	for i, s := range given {
		for _, said := range s.said {
			switch {
			case used[i] == nil:
				return LeftOut
			case !s.keeps(said, used[i], sentences[i]):
				return Unattributed
			}
		}
	}
	for _, told := range c.claims.Extract(report.Report{Description: answer, Language: language}) {
		if !slices.ContainsFunc(given, func(s sentence) bool {
			return slices.ContainsFunc(s.said, func(said claim.Claim) bool {
				return said.Act == told.Act && said.Speaker == told.Speaker && said.Tone == told.Tone
			})
		}) {
			return OtherClaim
		}
	}
	return Accepted
}

// keeps reports whether the words that were used of a sentence hold a claim's verb
// and speaker. A sentence in which they are not to be found is to stand whole.
func (s sentence) keeps(said claim.Claim, used map[int]bool, whole string) bool {
	verb, speaker := false, false
	from, to := said.At, said.At+len(said.Cue)
	name := strings.Index(whole, said.Speaker)
	for i, w := range s.words {
		inVerb := w.start >= from && w.start < to
		inName := name >= 0 && w.start >= name && w.start < name+len(said.Speaker)
		if (inVerb || inName) && !used[i] {
			return false
		}
		verb, speaker = verb || inVerb, speaker || inName
	}
	return verb && speaker || len(used) == len(s.words)
}
