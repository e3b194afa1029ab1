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
	rules    blocks[rule]
	freed    []uint32 // rules that are free
	at       map[ID]uint32
	code     arena
}

// term is a word, a prefix or an attribute that queries name.
type term struct {
	key    string
	prefix bool
	// uses counts where it stands in programs.
	uses uint32
	// hung are the queries that hang on it; nil for none.
	hung *posting
}

// rule is a query in the index.
type rule struct {
	id   ID
	code uint32 // its program, in Index.code
	size uint32
}

// posting lists queries that hang on one term. Full blocks never move.
type posting struct {
	last []entry
	full [][]entry
}

// postingBlock is how many entries a block holds.
const postingBlock = 1024

// entry is a query that hangs on a term.
type entry struct {
	rule uint32 // with whole set when the query is that term and nothing else
	// second is another term that the query needs, or 0.
	second termID
}

const whole uint32 = 1 << 31

// NewIndex returns an empty index. Frequencies may be nil; then longer words count
// as rarer.
func NewIndex(f *Frequencies) *Index {
	if f == nil {
		f = &Frequencies{}
	}
	x := &Index{frequencies: f, at: map[ID]uint32{}}
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
	alone := q.root.op == opAttr || q.root.op == opTerm && len(q.root.atoms) == 1 && !q.root.title

	c := compiler{x: x}
	c.node(q.root) // first, so that all its terms have ids
	header := binary.AppendUvarint(nil, uint64(len(cover)))
	e := entry{}
	if hasSecond {
		e.second = x.lookup(second)
	}
	hung := make([]termID, len(cover))
	for i, a := range cover {
		hung[i] = x.lookup(a)
		header = binary.AppendUvarint(header, uint64(hung[i]))
	}
	program := append(header, c.out...)
	r := rule{id: id, size: uint32(len(program)), code: x.code.add(program)}
	e.rule = x.addRule(r)
	x.at[id] = e.rule
	if alone {
		e.rule |= whole
	}
	for _, t := range hung {
		x.hang(t, e)
	}
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
	at, ok := x.at[id]
	if !ok {
		return false
	}
	delete(x.at, id)
	r := x.rules.get(at)
	program := x.code.get(r.code, r.size)
	count, rest := uvarint(program)
	for range count {
		var t uint64
		t, rest = uvarint(rest)
		x.unhang(termID(t), at)
	}
	terms(program, x.drop)
	x.code.free(r.code, r.size)
	*r = rule{}
	x.freed = append(x.freed, at)
	return true
}

func (x *Index) addRule(r rule) uint32 {
	if n := len(x.freed); n > 0 {
		at := x.freed[n-1]
		x.freed = x.freed[:n-1]
		*x.rules.get(at) = r
		return at
	}
	return x.rules.add(r)
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
	return x.find(x.table(a.prefix), text.Hash(a.word), []byte(a.word)) &^ hangs
}

// intern counts one more use of a term and returns its id.
func (x *Index) intern(a atom) termID {
	id := x.lookup(a)
	if id != 0 {
		x.term(id).uses++
		return id
	}
	t := term{key: a.word, prefix: a.prefix, uses: 1}
	if n := len(x.free); n > 0 {
		id = x.free[n-1]
		x.free = x.free[:n-1]
		*x.term(id) = t
	} else {
		id = termID(x.terms.add(t))
	}
	x.table(a.prefix).insert(text.Hash(a.word), a.word, id)
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
	*t = term{}
	x.free = append(x.free, id)
}

func (x *Index) hang(id termID, e entry) {
	t := x.term(id)
	if t.hung == nil {
		t.hung = new(posting)
		x.table(t.prefix).slotOf(text.Hash(t.key), id).id |= hangs
	}
	p := t.hung
	if len(p.last) == postingBlock {
		p.full = append(p.full, p.last)
		p.last = make([]entry, 0, postingBlock)
	}
	p.last = append(p.last, e)
}

// unhang takes a query off a term; the last entry takes its place.
func (x *Index) unhang(id termID, at uint32) {
	t := x.term(id)
	p := t.hung
	is := func(e entry) bool { return e.rule&^whole == at }
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
	t.hung = nil
	x.table(t.prefix).slotOf(text.Hash(t.key), id).id &^= hangs
}
