package bot

import (
	"fmt"
	"slices"
	"testing"
)

func TestGuildsThatRemovedTheBotWhileItWasAway(t *testing.T) {
	t.Parallel()
	id := func(n uint64) string { return fmt.Sprint(n<<22 + 7) }
	for _, c := range []struct {
		name          string
		known, listed []string
		shard, shards int
		want          []string
	}{
		{"all are there", []string{id(1), id(2)}, []string{id(2), id(1), id(3)}, 0, 1, nil},
		{"one is gone", []string{id(1), id(2)}, []string{id(2)}, 0, 1, []string{id(1)}},
		{"the only one is gone", []string{id(1)}, nil, 0, 1, []string{id(1)}},
		{"other shards' are not listed, and stay", []string{id(4), id(5), id(6)}, []string{id(4)}, 0, 2, []string{id(6)}},
		{"the other shard", []string{id(4), id(5), id(6)}, nil, 1, 2, []string{id(5)}},
		{"a session that does not say its shard has all", []string{id(5)}, []string{id(5)}, 0, 0, nil},
		{"what is no id stays", []string{"g", ""}, nil, 0, 1, nil},
	} {
		if got := absent(c.known, c.listed, c.shard, c.shards); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
