// Package summary owns what a story is told in: two or three sentences taken
// from its reports, never written.
//
// News leads: the first sentences of a report beat every ranking of sentences
// that was measured on news, and leave the fewest quotes and pronouns without
// the one they belong to. So the summary is the lead, without the sentences
// that cannot stand alone or say again what the title says.
package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

const (
	// MaxSentences is how many sentences a summary has at most.
	MaxSentences = 3
	// maxWords is the length in words beyond which a sentence is passed over.
	maxWords = 60
	// maxRunes bounds the whole summary.
	maxRunes = 600
	// firstSentences is how far into a text sentences are taken from.
	firstSentences = 6
	// sayAgain is the likeness to the title from which a sentence adds nothing.
	sayAgain = 0.75
)

// Lead returns the best lead sentences of r in reading order, or "" when none
// can stand alone.
func Lead(r report.Report) string {
	src := r.Description
	if len(strings.Fields(src)) < 8 && r.Body != "" {
		src = r.Body
	}
	title := text.Words(r.Title)
	var out []string
	size := 0
	for i, sp := range text.Sentences(src) {
		if i >= firstSentences || len(out) == MaxSentences {
			break
		}
		s := src[sp.Start:sp.End]
		if !standsAlone(s, len(out) > 0) || text.Jaccard(title, text.Words(s), 1) >= sayAgain {
			continue
		}
		n := utf8.RuneCountInString(s)
		if size+n > maxRunes {
			if size == 0 {
				return text.Cut(s, maxRunes)
			}
			break
		}
		out = append(out, s)
		size += n + 1
	}
	return strings.Join(out, " ")
}

// openers begin a sentence that leans on the one before it.
const openers = " but however and so yet still instead meanwhile then this that these those he she it they his her its their "

// standsAlone reports whether a reader understands s without its neighbours; a
// sentence that follows a chosen one may lean on it.
func standsAlone(s string, follows bool) bool {
	words := strings.Fields(s)
	if len(words) < 4 || len(words) > maxWords {
		return false
	}
	if strings.Count(s, `"`)%2 == 1 || strings.Count(s, "“") != strings.Count(s, "”") {
		return false // half a quotation
	}
	if last, _ := utf8.DecodeLastRuneInString(s); last == ':' || last == ',' {
		return false
	}
	first := strings.ToLower(strings.TrimFunc(words[0], func(r rune) bool { return !unicode.IsLetter(r) }))
	return follows || !strings.Contains(openers, " "+first+" ")
}
