package story

import (
	"strings"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// Reason names why a report opened or joined a story.
type Reason string

// The reasons.
const (
	// OpensNew means that no open story tells of the same development.
	OpensNew Reason = "new"
	// SameLink means that the story has a report with the same canonical link.
	SameLink Reason = "same-link"
	// SameText means that the story has a report with the same title and text.
	SameText Reason = "same-text"
	// NearTitle means that the story has a report in the same language whose
	// title says nearly the same in the same words.
	NearTitle Reason = "near-title"
	// SameParties means that the story has a report in another language whose
	// title names the same parties, at the same stage of the same topic.
	SameParties Reason = "same-parties"
	// Alike means that the story has a report in the same language that tells,
	// in words of its own, of the same: by its words, names, numbers, parties and
	// topic. The rarest words that both have follow after a colon.
	Alike Reason = "alike"
)

// maxReasonWord is how many bytes of a word a reason takes.
const maxReasonWord = 40

// Rule is the reason without what belongs to one report.
func (r Reason) Rule() Reason {
	rule, _, _ := strings.Cut(string(r), ":")
	return Reason(rule)
}

// Words are the words that a reason names, with commas between.
func (r Reason) Words() string {
	_, words, _ := strings.Cut(string(r), ": ")
	return words
}

// alikeIn is the reason that names the given words as the report has them.
func alikeIn(r report.Report, words [rarest]*term) Reason {
	var named []string
	for _, t := range words {
		if t == nil {
			continue
		}
		for _, w := range text.Words(r.Title + "\n" + r.Description) {
			if stemOf(w, r.Language) == t.word {
				named = append(named, text.Cut(w, maxReasonWord))
				break
			}
		}
	}
	return Alike + Reason(": "+strings.Join(named, ", "))
}
