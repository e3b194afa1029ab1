package query

import (
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/text"
)

// hanging lists the ids of the queries that hang on a name, in order.
func (h *hooks) hanging(n name) []uint32 {
	var out []uint32
	for l := h.find(n); l != 0; {
		row := h.shelf.row(l.at())
		for i := l.start(); i < l.middle(); i += idBytes {
			out = append(out, binary.LittleEndian.Uint32(row[i:]))
		}
		for i := l.middle(); i < l.codes(); i += entryBytes {
			out = append(out, idOf(row[i:]))
		}
		if !l.more() {
			break
		}
		l = rest(row)
	}
	slices.Sort(out)
	return out
}

// TestHooksHoldWhatHangs hangs queries on names and takes them off at random, so many
// on some names that they take several rows.
func TestHooksHoldWhatHangs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, key := hooks{parted: newParted()}, newKey()
		stand := map[name]map[uint32]*entry{}
		next := uint32(0)
		for range rapid.IntRange(1, 12).Draw(t, "rounds") {
			n := key.hashed(uint64(rapid.IntRange(0, 4).Draw(t, "name")))
			if stand[n] == nil {
				stand[n] = map[uint32]*entry{}
			}
			size := rapid.SampledFrom([]int{0, 0, 4, 128}).Draw(t, "program")
			shape := rapid.SampledFrom([]shape{alone, alone, both, coupled}).Draw(t, "shape")
			if shape != coupled {
				size = 0
			}
			for range rapid.IntRange(0, 400).Draw(t, "more") {
				next++
				e := &entry{id: next, how: newHow(shape, size), code: make([]byte, size)}
				stand[n][next] = e
				h.hang(n, e)
			}
			ids := slices.Sorted(maps.Keys(stand[n]))
			for _, id := range ids[:rapid.IntRange(0, len(ids)).Draw(t, "fewer")] {
				h.unhang(n, stand[n][id])
				delete(stand[n], id)
			}
			for n, entries := range stand {
				if got, want := h.hanging(n), slices.Sorted(maps.Keys(entries)); !slices.Equal(got, want) {
					t.Fatalf("%d hang instead of %d: %v, %v", len(got), len(want), got, want)
				}
			}
		}
	})
}

// TestHooksFindEachOfManyNames lets tables part and names go again.
func TestHooksFindEachOfManyNames(t *testing.T) {
	t.Parallel()
	h, key := hooks{parted: newParted()}, newKey()
	const names = 3000
	e := func(i uint64) *entry { return &entry{id: uint32(i), how: newHow(alone, 0)} }
	for i := range uint64(names) {
		h.hang(key.hashed(i), e(i))
	}
	pages := len(h.shelf.pages)
	for i := range uint64(names) {
		if i%3 == 0 {
			h.unhang(key.hashed(i), e(i))
		}
	}
	for i := range uint64(names) {
		n := key.hashed(i)
		got := h.hanging(n)
		switch gone := i%3 == 0; {
		case gone && len(got) > 0:
			t.Fatalf("%v hangs on name %d, which is gone", got, i)
		case !gone && (len(got) != 1 || got[0] != uint32(i) || h.maybe(n) == 0):
			t.Fatalf("%v hangs on name %d; the filter says %d", got, i, h.maybe(n))
		case gone:
			h.hang(n, e(i))
		}
	}
	if len(h.shelf.pages) > pages {
		t.Error("what was put back is not handed out again")
	}
}

// TestNobodyCanMakeWordsFallTogether takes words whose hashes, times a number that
// everybody knows, begin alike, as members may choose them for their queries.
func TestNobodyCanMakeWordsFallTogether(t *testing.T) {
	t.Parallel()
	const most = 25 // of 500; chance does not bring about as many
	var words []uint64
	word := []byte("w")
	for i := 0; len(words) < 500; i++ {
		word = strconv.AppendInt(word[:1], int64(i), 10)
		if h := text.Hash(word); h*golden>>54 == 0 {
			words = append(words, h)
		}
	}
	key := newKey()
	if *newKey() == *key {
		t.Error("two indexes have one key")
	}
	for what, of := range map[string]func(name) int{
		"chain": name.chain, "slot": name.home, "table": func(n name) int { return int(n >> 56) },
	} {
		counts := map[int]int{}
		for _, h := range words {
			counts[of(key.hashed(h))]++
		}
		if got := slices.Max(slices.Collect(maps.Values(counts))); got > most {
			t.Errorf("%d of %d words share one %s", got, len(words), what)
		}
	}
}
