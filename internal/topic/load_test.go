package topic_test

import (
	"os"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

const builtIn = "../../config/topics"

func load(tb testing.TB) *topic.Set {
	tb.Helper()
	set, err := topic.Load(os.DirFS(builtIn))
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
