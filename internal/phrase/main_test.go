package phrase_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/phrase"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func checker(tb testing.TB) *phrase.Checker {
	tb.Helper()
	g, err := gazetteer.Load()
	if err != nil {
		tb.Fatal(err)
	}
	x, err := claim.New(g)
	if err != nil {
		tb.Fatal(err)
	}
	return phrase.NewChecker(x)
}
