package query

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/attache-bot/attache/internal/text"
)

// ID names a query in an index.
type ID int64

// Index finds the queries that a report matches. It is safe for concurrent use:
// queries may be added and removed while reports are matched.
type Index struct {
	frequencies *Frequencies
	pool        sync.Pool

	mu       sync.RWMutex
	words    dictionary
	prefixes dictionary
	heads    heads
	terms    blocks[term]
	free     []termID
	// twins counts terms that share their hash with another one.
	twins    int
	postings blocks[posting]
	unused   []uint32 // postings that are free
	at       map[ID]rule
	code     arena
}

// term is a word, a prefix or an attribute that queries name.
type term struct {
	key    string
	prefix bool
	// twin says that another term of the same hash was there before it.
	twin bool
	// uses counts where it stands in programs.
	uses uint32
}

// rule is where a query's program stands in Index.code.
type rule struct{ code, size uint32 }

// posting lists queries that hang on one term. Full blocks never move.
type posting struct {
	last []entry
	full [][]entry
}

// postingBlock is how many entries a block holds.
const postingBlock = 1024

// entry is a query that hangs on a term.
type entry struct {
	id ID
	// second is another term that the query needs, or 0.
	second termID
	// how says in its upper bits what must hold for the two terms, and in the
	// lower ones where the query's program is.
	how uint32
}

func (e entry) shape() uint32 { return e.how >> codeBits }
func (e entry) code() uint32  { return e.how & (1<<codeBits - 1) }

// codeBits are enough for 256 MiB of programs.
const codeBits = 26

// What must hold when a query hangs on a term. Most queries are of one of these
// shapes, which are told without their programs.
const (
	alone     uint32 = iota // nothing else
	both                    // the second term occurs too
	before                  // it stands right before the first
	behind                  // it stands right behind it
	inProgram               // what the program says
	within                  // both are near: within plus the most words between, up to maxNear
)

// NewIndex returns an empty index. Frequencies may be nil; then longer words count
// as rarer.
func NewIndex(f *Frequencies) *Index {
	if f == nil {
		f = &Frequencies{}
	}
	x := &Index{frequencies: f, at: map[ID]rule{}}
	x.pool.New = func() any { return new(scratch) }
	x.terms.add(term{}) // terms are numbered from 1
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

	c := compiler{x: x}
	c.node(q.root) // first, so that all its terms have ids
	e := entry{id: id}
	if hasSecond {
		e.second = x.lookup(second)
	}
	hung := make([]termID, len(cover))
	for i, a := range cover {
		hung[i] = x.lookup(a)
		c.out = binary.AppendUvarint(c.out, uint64(hung[i]))
	}
	r := rule{size: uint32(len(c.out)), code: x.code.add(c.out)}
	x.at[id] = r
	e.how = q.root.shape(cover, second)<<codeBits | r.code
	for _, t := range hung {
		x.hang(t, e)
	}
}

// shape returns which of the frequent shapes a query has that hangs on the terms
// of cover and also needs second, or inProgram.
func (n *node) shape(cover []atom, second atom) uint32 {
	if len(cover) != 1 {
		return inProgram
	}
	plain := func(n *node) bool { return n.op == opAttr || n.op == opTerm && len(n.atoms) == 1 && !n.title }
	switch {
	case plain(n):
		return alone
	case n.op == opTerm && !n.title && len(n.atoms) == 2 && second.word != "":
		if n.atoms[0] == cover[0] {
			return behind
		}
		return before
	case n.op == opAnd && len(n.kids) == 2 && plain(n.kids[0]) && plain(n.kids[1]) && second.word != "":
		return both
	case n.op == opNear && len(n.kids) == 2 && plain(n.kids[0]) && plain(n.kids[1]) && second.word != "":
		return within + uint32(n.gaps[0])
	}
	return inProgram
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
	var used []termID
	hung := termsOf(x.code.get(r.code)[:r.size], func(t termID) { used = append(used, t) })
	for len(hung) > 0 {
		var t uint64
		t, hung = uvarint(hung)
		x.unhang(termID(t), id)
	}
	for _, t := range used {
		x.drop(t)
	}
	x.code.free(r.code, r.size)
	return true
}

func (x *Index) term(id termID) *term { return x.terms.get(uint32(id)) }

func (x *Index) table(prefix bool) *dictionary {
	if prefix {
		return &x.prefixes
	}
	return &x.words
}

// lookup returns the id of a term, or 0.
func (x *Index) lookup(a atom) termID {
	if s := x.findKey(x.table(a.prefix), text.Hash(a.word), []byte(a.word)); s != nil {
		return s.id
	}
	return 0
}

// intern counts one more use of a term and returns its id.
func (x *Index) intern(a atom) termID {
	id := x.lookup(a)
	if id != 0 {
		x.term(id).uses++
		return id
	}
	t := term{key: a.word, prefix: a.prefix, uses: 1}
	table, hash := x.table(a.prefix), text.Hash(a.word)
	if table.find(hash) != nil {
		t.twin = true
		x.twins++
	}
	if n := len(x.free); n > 0 {
		id = x.free[n-1]
		x.free = x.free[:n-1]
		*x.term(id) = t
	} else {
		id = termID(x.terms.add(t))
	}
	table.insert(hash, id)
	if a.prefix {
		x.heads.add(a.word, 1)
	}
	return id
}

// drop counts one use of a term less and forgets it with the last.
func (x *Index) drop(id termID) {
	t := x.term(id)
	if t.uses--; t.uses > 0 {
		return
	}
	x.table(t.prefix).remove(text.Hash(t.key), id)
	if t.prefix {
		x.heads.add(t.key, -1)
	}
	if t.twin {
		x.twins--
	}
	*t = term{}
	x.free = append(x.free, id)
}

func (x *Index) slotOf(id termID) *slot {
	t := x.term(id)
	return x.table(t.prefix).slotOf(text.Hash(t.key), id)
}

func (x *Index) hang(id termID, e entry) {
	s := x.slotOf(id)
	if s.hung == 0 {
		if n := len(x.unused); n > 0 {
			s.hung = x.unused[n-1]
			x.unused = x.unused[:n-1]
		} else {
			s.hung = x.postings.add(posting{}) + 1
		}
	}
	p := x.postings.get(s.hung - 1)
	if len(p.last) == postingBlock {
		p.full = append(p.full, p.last)
		p.last = make([]entry, 0, postingBlock)
	}
	p.last = append(p.last, e)
}

// unhang takes a query off a term; the last entry takes its place.
func (x *Index) unhang(term termID, id ID) {
	s := x.slotOf(term)
	p := x.postings.get(s.hung - 1)
	is := func(e entry) bool { return e.id == id }
	block, i := p.last, slices.IndexFunc(p.last, is)
	for _, b := range p.full {
		if i >= 0 {
			break
		}
		block, i = b, slices.IndexFunc(b, is)
	}
	end := len(p.last) - 1
	block[i] = p.last[end]
	p.last = p.last[:end]
	if end > 0 {
		return
	}
	if n := len(p.full); n > 0 {
		p.last, p.full = p.full[n-1], p.full[:n-1]
		return
	}
	*p = posting{}
	x.unused = append(x.unused, s.hung)
	s.hung = 0
}
