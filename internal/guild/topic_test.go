package guild_test

import (
	"math"
	"testing"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/topic"
)

func TestTopicNumbers(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{1, 42, math.MaxInt64} {
		if got, ok := guild.TopicNumber(guild.TopicID(n)); !ok || got != n {
			t.Errorf("%d came back as %d, %t", n, got, ok)
		}
	}
	for _, id := range []topic.ID{"", "ceasefire", "own-", "own-0", "own--1", "own-01", "own-x", "own-1 ", "own-99999999999999999999"} {
		if n, ok := guild.TopicNumber(id); ok {
			t.Errorf("%q is taken for own topic %d", id, n)
		}
	}
}
