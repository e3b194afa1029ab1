package query

import (
	"slices"
	"sync"
)

// ID names a query in an index.
type ID int64

// Index finds the queries that a report matches. It is safe for concurrent use:
// queries may be added and removed while reports are matched.
type Index struct {
	frequencies *Frequencies
	pool        sync.Pool

	mu    sync.RWMutex
	hooks hooks
	heads heads
	at    map[ID]rule
	code  arena
}

// rule is where a query's program stands in Index.code.
type rule struct{ code, size uint32 }

// codeBits are enough for 256 MiB of programs.
const codeBits = 26

// What must hold when a query hangs on a name. Most queries are of one of these
// shapes, which are told without a program.
const (
	alone   uint32 = iota // nothing else
	both                  // the second name occurs too
	before                // it stands right before the first
	behind                // it stands right behind it
	lone                  // what the program says; there is no second name
	coupled               // the second name occurs, and what the program says
	within                // both are near: within plus the most words between, up to maxNear
)

// NewIndex returns an empty index. Frequencies may be nil; then longer words count
// as rarer.
func NewIndex(f *Frequencies) *Index {
	if f == nil {
		f = &Frequencies{}
	}
	x := &Index{frequencies: f, at: map[ID]rule{}}
	x.pool.New = func() any { return new(scratch) }
	return x
}

// Len returns how many queries stand.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.at)
}

// Add adds a query, in the place of one with the same id. The zero query matches
// nothing.
func (x *Index) Add(id ID, q Query) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
	if q.root == nil {
		return
	}
	cover, _ := x.cover(q.root)
	slices.SortFunc(cover, compareAtoms)
	cover = slices.Compact(cover)
	second, hasSecond := x.second(q.root, cover)
	shape := q.root.shape(cover, second, hasSecond)

	var c compiler
	if shape == lone || shape == coupled {
		c.node(q.root, x)
	}
	c.tail(q.root, cover)
	r := rule{size: uint32(len(c.out)), code: x.code.add(c.out)}
	x.at[id] = r
	e := entry{id: id, how: shape<<codeBits | r.code, many: len(cover) > 1}
	if hasSecond {
		e.second = second.name()
	}
	for _, a := range cover {
		x.hooks.hang(a.name(), e)
	}
	q.root.prefixes(x.heads.add)
}

// shape returns which of the shapes a query has that hangs on the names of cover
// and also needs second, if there is one.
func (n *node) shape(cover []atom, second atom, hasSecond bool) uint32 {
	plain := func(n *node) bool { return n.op == opAttr || n.op == opTerm && len(n.atoms) == 1 && !n.title }
	one := len(cover) == 1
	switch {
	case one && plain(n):
		return alone
	case !hasSecond:
		return lone
	case one && n.op == opTerm && !n.title && len(n.atoms) == 2:
		if n.atoms[0] == cover[0] {
			return behind
		}
		return before
	case one && n.op == opAnd && len(n.kids) == 2 && plain(n.kids[0]) && plain(n.kids[1]):
		return both
	case one && n.op == opNear && len(n.kids) == 2 && plain(n.kids[0]) && plain(n.kids[1]):
		return within + uint32(n.gaps[0])
	}
	return coupled
}

func compareAtoms(a, b atom) int {
	switch {
	case a.word < b.word || a.word == b.word && !a.prefix && b.prefix:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// second is the rarest term that the query needs besides those on which it hangs.
func (x *Index) second(root *node, cover []atom) (best atom, ok bool) {
	low := 0.0
	for _, a := range root.needs(nil) {
		if share := x.frequencies.share(a); !slices.Contains(cover, a) && (!ok || share < low) {
			best, low, ok = a, share, true
		}
	}
	if !ok && root.op == opNear && len(root.kids) == 2 && len(cover) == 1 {
		return cover[0], true // a word beside another one of its kind
	}
	return best, ok
}

// Remove takes a query out and reports whether it was there.
func (x *Index) Remove(id ID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.remove(id)
}

func (x *Index) remove(id ID) bool {
	r, ok := x.at[id]
	if !ok {
		return false
	}
	delete(x.at, id)
	readTail(x.code.get(r.code)[:r.size], func(n name) { x.hooks.unhang(n, id) }, x.heads.drop)
	x.code.free(r.code, r.size)
	return true
}
