package topic_test

import (
	"os"
	"sync"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

const builtIn = "../../config/topics"

// loaded are the built-in topics, which are safe for concurrent use: loading them takes
// longer than most tests do with them.
var loaded = sync.OnceValues(func() (*topic.Set, error) { return topic.Load(os.DirFS(builtIn)) })

func load(tb testing.TB) *topic.Set {
	tb.Helper()
	set, err := loaded()
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func TestBuiltInTopicsPassTheirOwnTests(t *testing.T) {
	t.Parallel()
	set := load(t)
	for _, d := range set.Definitions() {
		t.Run(string(d.ID), func(t *testing.T) {
			t.Parallel()
			for _, f := range set.Check(d) {
				t.Error(f)
			}
		})
	}
}
