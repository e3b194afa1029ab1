package phrase_test

import (
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/phrase"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// checked is the one checker of all tests: reading its lexicons takes a while.
var checked = sync.OnceValues(func() (*phrase.Checker, error) {
	g, err := gazetteer.Load()
	if err != nil {
		return nil, err
	}
	x, err := claim.New(g)
	if err != nil {
		return nil, err
	}
	return phrase.NewChecker(x), nil
})

func checker(tb testing.TB) *phrase.Checker {
	tb.Helper()
	c, err := checked()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}
