package claim_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/text"
)

// labelled is a report whose main claim a person has labelled. The labelled
// reports are other people's and stay outside the repository.
type labelled struct {
	Title, Description string
	Gold               struct {
		Act    claim.Act
		Source string
	}
}

func readLabelled(tb testing.TB) []labelled {
	tb.Helper()
	path, ok := sharedtest.Find(tb, "data", "claims-dev.jsonl")
	if !ok {
		tb.Skip("no measuring data")
	}
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			tb.Fatal(err)
		}
		l.Title, l.Description = text.Clean(l.Title), text.Clean(strings.NewReplacer("&apos;", "'", "&quot;", `"`, "&amp;", "&").Replace(l.Description))
		out = append(out, l)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

// score counts what a person would call right.
type score struct{ acts, named, sources, unnamed, invented, reports int }

func (s *score) add(l labelled, got said) {
	s.reports++
	if got.Act == l.Gold.Act {
		s.acts++
	}
	switch {
	case l.Gold.Source == "":
		s.unnamed++
		if got.Speaker != "" {
			s.invented++
		}
	default:
		s.named++
		if sameSpeaker(got.Speaker, l.Gold.Source) {
			s.sources++
		}
	}
}

// sameSpeaker reports whether two names share at least half of their words.
func sameSpeaker(a, b string) bool {
	left, right := text.Tokens(a), text.Tokens(b)
	both := 0
	for _, x := range left {
		for _, y := range right {
			if x.Fold == y.Fold {
				both++
				break
			}
		}
	}
	return both > 0 && 4*both >= len(left)+len(right)
}

// TestMainClaimsOfLabelledReports holds what was reached. The lexicon was written
// with the even lines before one's eyes; the odd lines only check it, so only
// their figures are printed.
func TestMainClaimsOfLabelledReports(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	var halves [2]score
	for i, l := range readLabelled(t) {
		halves[i%2].add(l, mainOf(x, english(l.Title, l.Description)))
	}
	for i, floor := range []struct{ acts, sources, invented int }{{95, 97, 5}, {77, 93, 24}} {
		s := halves[i]
		acts, sources, invented := 100*s.acts/s.reports, 100*s.sources/s.named, 100*s.invented/s.unnamed
		t.Logf("half %d: act %d %%, source %d %%, invented %d %%", i, acts, sources, invented)
		if acts < floor.acts || sources < floor.sources || invented > floor.invented {
			t.Errorf("half %d: act %d %%, source %d %%, invented %d %%; want at least %d, %d and at most %d", i, acts, sources, invented, floor.acts, floor.sources, floor.invented)
		}
	}
}

// BenchmarkExtract reads the labelled reports, beside what cutting them into
// tokens costs.
func BenchmarkExtract(b *testing.B) {
	x := extractor(b)
	var reports []report.Report
	for _, l := range readLabelled(b) {
		reports = append(reports, english(l.Title, l.Description))
	}
	againstTokens(b, x, reports)
}
