package query

import "testing"

// TestNoAdditionMovesMuch counts what an addition may have to copy besides one row and
// one table, whose sizes are bounded: the lists of tables and of pages, which double.
// It asks for more of each than a hundred thousand queries have.
func TestNoAdditionMovesMuch(t *testing.T) {
	t.Parallel()
	const (
		many = 100_000
		most = 16 << 10 // words; to copy them takes some ten microseconds
		// What finds a table, or a page, takes so many words.
		tableWords, pageWords = 7, 3
	)
	names, book, key := newParted(), new(rules), newKey()
	var s shelf
	moved := 0
	for i := range many {
		before := names.depth
		names.set(key.hashed(uint64(i)), 1)
		if names.depth != before {
			moved = max(moved, len(names.tables)*tableWords)
		}
		n := key.id(ID(i))
		before = book.of(n).depth
		book.set(n, 1)
		if d := book.of(n); d.depth != before {
			moved = max(moved, len(d.tables)*tableWords)
		}
		pages := cap(s.pages)
		s.take(100)
		if cap(s.pages) != pages {
			moved = max(moved, len(s.pages)*pageWords)
		}
	}
	if moved > most {
		t.Errorf("an addition moves %d words", moved)
	}
	if size := partSlots*2 + filterWords; size > most {
		t.Errorf("a table has %d words", size)
	}
	for i := range many {
		if n := key.id(ID(i)); names.get(key.hashed(uint64(i))) != 1 || book.get(n) != 1 {
			t.Fatalf("%d is lost", i)
		}
	}
}

// TestAddingAgainAllocatesNothing adds queries in the place of themselves: what an
// addition needs for a while is there, and what it keeps has its place.
func TestAddingAgainAllocatesNothing(t *testing.T) {
	x := NewIndex(nil)
	for i, s := range []string{
		"truce", "truce kyiv", `"prisoner swap" -trade`, "(truce OR ceasefire OR armistice) NEAR/5 kyiv", "missil* refinery*",
		`title:truce ("cease fire" OR harbour) (grain OR barge) -football -cricket`, "-tennis lantern willow copper meadow",
	} {
		q, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		x.Add(ID(i), q)
		if got := testing.AllocsPerRun(100, func() { x.Add(ID(i), q) }); got != 0 {
			t.Errorf("%s: %v allocations", s, got)
		}
	}
}
