package query

import (
	"encoding/binary"
	"slices"
	"sync"
)

// ID names a query in an index.
type ID int64

// Index finds the queries that a report matches. It is safe for concurrent use:
// queries may be added and removed while reports are matched.
type Index struct {
	frequencies *Frequencies
	key         *key
	pool        sync.Pool

	mu    sync.RWMutex
	hooks hooks
	heads heads
	// rules has a rule for each id, and records what the rules tell the place of.
	rules   rules
	records shelf
	count   int
	work    work
}

// rule is what taking a query out needs: how it hangs, and where its record is.
type rule uint64

func (r rule) how() how   { return how(r >> 32) }
func (r rule) at() uint32 { return uint32(r) }

// rules has a rule for each id. There are as many ids as queries, so they are in
// several, and none of them has so many tables that doubling them takes long.
type rules [64]parted

// of is where the rule of an id is, which may be empty yet.
func (r *rules) of(n name) *parted { return &r[n>>42%name(len(r))] }

func (r *rules) get(n name) rule {
	p := r.of(n)
	if p.tables == nil {
		return 0
	}
	return rule(p.get(n))
}

func (r *rules) set(n name, to rule) {
	p := r.of(n)
	if p.tables == nil {
		*p = newParted()
	}
	p.set(n, uint64(to))
}

// work is what adding a query needs for a while. It is used again: whatever asks for
// memory may have to wait for it.
type work struct {
	cover, needs []atom
	named        []string
	code, record []byte
}

// forget empties it, so that no query's text stays for its sake.
func (w *work) forget() {
	clear(w.cover)
	clear(w.needs)
	clear(w.named)
	w.cover, w.needs, w.named = w.cover[:0], w.needs[:0], w.named[:0]
}

// mostInline is how many bytes of a query's program may stand beside its entries, for
// all names on which it hangs.
const mostInline = 128

// NewIndex returns an empty index. Frequencies may be nil; then longer words count
// as rarer.
func NewIndex(f *Frequencies) *Index {
	if f == nil {
		f = &Frequencies{}
	}
	x := &Index{frequencies: f, key: newKey(), hooks: hooks{parted: newParted()}}
	x.pool.New = func() any { return new(scratch) }
	return x
}

// Len returns how many queries stand.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.count
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
	w := &x.work
	defer w.forget()
	w.cover, _ = x.cover(w.cover, q.root)
	slices.SortFunc(w.cover, compareAtoms)
	cover := slices.Compact(w.cover)
	second, hasSecond := x.second(q.root, cover)
	w.named = q.root.named(w.named, cover)
	e := x.keep(id, q.root, cover, w.named, q.root.shape(id, cover, hasSecond))
	x.count++
	for _, a := range cover {
		n := x.key.atom(a)
		switch {
		case !hasSecond:
			e.need(n, n.mark(), false)
		case second.sought():
			e.need(name(open(second.word)), open(second.word).mark(), true)
		default:
			e.need(x.key.atom(second), x.key.atom(second).mark(), false)
		}
		x.hooks.hang(n, &e)
	}
	for _, prefix := range w.named {
		x.heads.add(note(prefix))
	}
}

// keep writes a query's program and its record, and returns the entry for the names
// on which it hangs, but for what else it needs.
func (x *Index) keep(id ID, root *node, cover []atom, named []string, shape shape) entry {
	e := entry{id: uint32(id)}
	record := compiler{index: x, out: append(x.work.record, make([]byte, sizeBytes)...)}
	if shape == but || shape == coupled || shape == shared || shape == far {
		c := compiler{index: x, out: x.work.code}
		if shape == but {
			c.butNot(root)
		} else {
			c.node(root)
		}
		if shape == far || len(c.out)*len(cover) > mostInline {
			if shape == but {
				c.out = c.out[:0]
				c.node(root)
			}
			shape = far
			record.out = append(binary.LittleEndian.AppendUint64(record.out, uint64(id)), c.out...)
		}
		e.code = append(c.out, make([]byte, -len(c.out)&(unit-1))...)
		x.work.code = e.code[:0]
	}
	record.tail(named, cover)
	binary.LittleEndian.PutUint16(record.out, uint16(len(record.out)))
	x.work.record = record.out[:0]
	at := x.records.keep(record.out)
	if shape == far {
		e.code = binary.LittleEndian.AppendUint32(e.code[:0], at)
	}
	e.how = newHow(shape, len(e.code))
	x.rules.set(x.key.id(id), rule(e.how)<<32|rule(at))
	return e
}

// shape returns which of the shapes a query has that hangs on the names of cover,
// and which needs a second one or not.
func (n *node) shape(id ID, cover []atom, hasSecond bool) shape {
	plain := func(n *node) bool { return n.op == opAttr || n.op == opTerm && len(n.atoms) == 1 && !n.title }
	named := func(n *node) bool { return n.op == opAttr || !slices.ContainsFunc(n.atoms, atom.sought) }
	switch {
	case id != ID(uint32(id)):
		return far
	case len(cover) > 1:
		return shared
	case n.without(plain, named):
		return but
	case !hasSecond && !plain(n):
		return coupled
	case plain(n):
		return alone
	case n.op == opTerm && !n.title && len(n.atoms) == 2 && named(n):
		if n.atoms[0] == cover[0] {
			return behind
		}
		return before
	case len(n.kids) != 2 || !plain(n.kids[0]) || !plain(n.kids[1]):
		return coupled
	case n.op == opAnd:
		return both
	case n.op == opNear && named(n.kids[0]) && named(n.kids[1]):
		return within + shape(n.gaps[0])
	}
	return coupled
}

// without reports whether a part is an and of one plain part or two and of plain ones
// with names that must not hold.
func (n *node) without(plain, named func(*node) bool) bool {
	if n.op != opAnd {
		return false
	}
	must := 0
	for _, kid := range n.kids {
		not := kid.op == opNot && plain(kid.kids[0]) && named(kid.kids[0])
		if !not && !plain(kid) {
			return false
		}
		must += bit(!not)
	}
	return must <= 2 && must < len(n.kids)
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
	x.work.needs = root.needs(x.work.needs)
	for _, a := range x.work.needs {
		if share := x.frequencies.share(a); !slices.Contains(cover, a) && (!ok || share < low) {
			best, low, ok = a, share, true
		}
	}
	twice := root.op == opNear && len(root.kids) == 2 || root.op == opTerm && len(root.atoms) == 2
	if !ok && twice && len(cover) == 1 {
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
	n := x.key.id(id)
	r := x.rules.get(n)
	if r == 0 {
		return false
	}
	x.rules.of(n).drop(n)
	x.count--
	e := entry{how: r.how(), id: uint32(id)}
	if r.how().shape() == far {
		e.code = binary.LittleEndian.AppendUint32(nil, r.at())
	}
	record := x.records.row(r.at())
	record = record[:binary.LittleEndian.Uint16(record)]
	readTail(record, func(n name) { x.hooks.unhang(n, &e) }, x.heads.drop)
	x.records.put(r.at(), len(record))
	return true
}
