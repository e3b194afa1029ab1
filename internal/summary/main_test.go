package summary_test

import (
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/summary"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loaded makes summaries as the bot does, for all tests: loading it takes longer than
// most of them do with it.
var loaded = sync.OnceValues(func() (*summary.Maker, error) {
	actors, err := gazetteer.Load()
	if err != nil {
		return nil, err
	}
	claims, err := claim.New(actors)
	if err != nil {
		return nil, err
	}
	return summary.New(claims)
})

func maker(tb testing.TB) *summary.Maker {
	tb.Helper()
	m, err := loaded()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// told makes the reports of a story, each by an outlet of its own.
func told(language string, texts ...[2]string) []report.Report {
	var out []report.Report
	for i, t := range texts {
		name := string(rune('a' + i))
		out = append(out, report.Report{
			ID: report.ID(i + 1), Source: source.ID(name), Link: "https://" + name + ".example/1",
			Title: t[0], Description: t[1], Language: language,
		})
	}
	return out
}
