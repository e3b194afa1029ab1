package phrase

import (
	"strings"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// word is one word or number of a sentence, as it is compared.
type word struct {
	fold  string
	start int
}

// sentence is one sentence, cut for comparison. marks[i] are the marks before word
// i, and the last ones those that close it.
type sentence struct {
	words []word
	marks []string
	// said are the claims in it; of a sentence that was given only.
	said []claim.Claim
}

// cut reads one sentence. Quotation marks of every shape are one mark, and so are
// the marks of clauses, but for the semicolon.
func (t tongue) cut(s string) sentence {
	var out sentence
	mark := ""
	for _, tok := range text.Tokens(s) {
		switch tok.Kind {
		case text.Quote:
			mark += `"`
		case text.Clause:
			if tok.Text == ";" {
				mark += ";"
			} else {
				mark += ","
			}
		case text.Stop:
			mark += "." // a sentence that was cut in the wrong place stays so
		case text.Word, text.Number, text.Symbol:
			if t.free[tok.Fold] {
				continue
			}
			fold := tok.Fold
			if same, ok := t.alike[fold]; ok {
				fold = same
			}
			if strings.HasSuffix(text.Fold(tok.Text), "'s") {
				fold += "'s"
			}
			out.words = append(out.words, word{fold, tok.Start})
			out.marks = append(out.marks, mark)
			mark = ""
		}
	}
	out.marks = append(out.marks, strings.TrimRight(mark, "."))
	return out
}

// given reads the sentences that were given, with who says what in each.
func (c *Checker) given(language string, texts []string) []sentence {
	t := c.tongues[language]
	out := make([]sentence, len(texts))
	for i, s := range texts {
		out[i] = t.cut(s)
		out[i].said = c.claims.Extract(report.Report{Description: s, Language: language})
	}
	return out
}

// languageOf is the language that the sentences are in, "und" when that is not
// plain.
func languageOf(w Wanted) string { return text.Language(strings.Join(w.Sentences, " "), "") }
