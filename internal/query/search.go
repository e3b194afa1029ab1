package query

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// Match appends to dst the ids of the queries that a report matches, each once, in
// no order that means anything. It allocates nothing when there are none.
func (x *Index) Match(dst []ID, t *Text) []ID {
	s, _ := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	x.mu.RLock()
	defer x.mu.RUnlock()
	s.begin(x)
	s.present(t)
	dst = s.hanging(dst)
	dst = s.run(dst)
	s.x = nil
	return append(dst, s.distinct()...)
}

// scratch is what matching one report needs. It is used again.
type scratch struct {
	x        *Index
	titleEnd int32
	// seen are the names in the report, in order of their positions. Those that fall
	// together are chained, the last one first.
	seen   []seen
	chains [chainCount]int32 // the last of each chain, as an index from 1; 0 is none
	// hung are the names seen on which queries may hang, as indices of seen, and
	// hooks those on which they do, each once.
	hung  []int32
	hooks []*hook
	// waiting are the queries of which only their programs are still to be asked.
	waiting []waiting
	// repeated are queries found that hang on several names, which may be found
	// again.
	repeated []ID
	// warmth keeps the compiler from leaving out what only warms memory up.
	warmth uint64
	// lists and spans are for one row and one near at a time.
	lists [MaxWords][]int32
	spans [2][]span
}

const (
	chainBits  = 8
	chainCount = 1 << chainBits // what a byte can tell
)

// seen is a name at a position.
type seen struct {
	name name
	pos  int32
	next int32 // in its chain, as an index from 1
}

// waiting is a query whose program is to be run.
type waiting struct {
	id   ID
	code uint32
	many bool
}

func (s *scratch) begin(x *Index) {
	s.x, s.seen, s.waiting, s.repeated = x, s.seen[:0], s.waiting[:0], s.repeated[:0]
	clear(s.chains[:])
}

// present finds the names that occur in the report.
func (s *scratch) present(t *Text) {
	t.listed, t.words, t.buf = false, t.words[:0], t.buf[:0]
	pos := int32(0)
	for f := range noField {
		pos = s.field(t, f, pos)
		if f == inTitle {
			s.titleEnd = pos
		}
		pos += fieldGap
	}
	from := len(t.words)
	t.attributes()
	s.own(t, from)
	s.link()
}

// A large index is mostly out of the processor's caches, and waiting for memory is
// what matching costs; what it has to guess wrongly comes next. So what is read
// next is touched for all names at once, which lets the waits overlap, and what
// cannot be foreseen is gathered without a branch.

// hanging appends the ids of those queries that hold which hang on the names seen;
// those that need their programs wait.
func (s *scratch) hanging(dst []ID) []ID {
	touched := s.x.hooks.touch(s.seen, s.hung)
	s.hooks = s.hooks[:0]
	for _, i := range s.hung {
		if h := s.x.hooks.find(s.seen[i].name); h != nil && s.first(i) {
			s.hooks = append(s.hooks, h)
		}
	}
	for _, h := range s.hooks {
		for i := 0; i < len(h.last); i += entriesTouched {
			touched += uint64(h.last[i].id)
		}
	}
	s.warmth += touched
	for _, h := range s.hooks {
		if h.full != nil {
			for _, block := range *h.full {
				dst = s.try(dst, h.name, block)
			}
		}
		dst = s.try(dst, h.name, h.last)
	}
	clear(s.hooks) // what they hold may go with the index
	return dst
}

// first reports whether what was seen at i was not seen before.
func (s *scratch) first(i int32) bool {
	n := s.seen[i].name
	return s.next(s.seen[i].next, n) == 0
}

// found appends a query that holds; one of many names is kept apart.
func (s *scratch) found(dst []ID, id ID, many bool) []ID {
	if many {
		s.repeated = append(s.repeated, id)
		return dst
	}
	return append(dst, id)
}

// distinct are the queries that were kept apart, each once.
func (s *scratch) distinct() []ID {
	if len(s.repeated) < 2 {
		return s.repeated
	}
	slices.Sort(s.repeated)
	return slices.Compact(s.repeated)
}

// run runs the programs that wait.
func (s *scratch) run(dst []ID) []ID {
	sum := byte(0)
	for _, w := range s.waiting {
		sum += s.x.code.get(w.code)[0]
	}
	s.warmth += uint64(sum)
	for _, w := range s.waiting {
		if ok, _ := s.eval(s.x.code.get(w.code)); ok {
			dst = s.found(dst, w.id, w.many)
		}
	}
	return dst
}

// field finds the names in one field, counting positions from pos, and returns
// the position behind the last.
func (s *scratch) field(t *Text, f field, pos int32) int32 {
	c := &t.cuts[f]
	folds, end := c.Folds(), pos+f.limit()
	s.seen = slices.Grow(s.seen, len(c.Pieces))
	for i := range c.Pieces {
		p := &c.Pieces[i]
		if p.Kind > text.Number {
			continue
		}
		if pos >= end {
			break
		}
		if p.Plain && !maybeAcronym(p) {
			lo, hi := p.Span()
			s.seen = append(s.seen, seen{name: name(p.Hash), pos: pos})
			if hi-lo >= minPrefix {
				s.begins(folds[lo:], hi-lo, pos)
			}
			pos++
			continue
		}
		pos += s.special(t, f, p, pos)
	}
	return pos
}

// special finds the names that a piece is that has keys of its own, and returns
// how many positions it takes.
func (s *scratch) special(t *Text, f field, p *text.Piece, pos int32) int32 {
	from := len(t.words)
	base := int32(len(t.buf))
	if p.Plain {
		t.buf = append(t.buf, t.cuts[f].Fold(p)...)
		lo, _ := p.Span()
		base -= lo
	}
	n := t.add(f, p, pos, base)
	s.own(t, from)
	return n
}

// own finds the names among the words that t has gathered from one on.
func (s *scratch) own(t *Text, from int) {
	for i := from; i < len(t.words); i++ {
		w := &t.words[i]
		s.seen = append(s.seen, seen{name: name(w.hash), pos: w.pos})
		if w.pos >= 0 && w.hi-w.lo >= minPrefix { // an attribute has no prefix
			s.begins(t.buf[w.lo:], w.hi-w.lo, w.pos)
		}
	}
}

// begins notes what may be a prefix of a word of n bytes, which begins rest.
func (s *scratch) begins(rest []byte, n int32, pos int32) {
	var o opening
	if len(rest) >= 8 {
		o = opening(binary.LittleEndian.Uint64(rest))
	} else {
		o = open(rest)
	}
	lengths := s.x.heads.lengths(o)
	if n < maxPrefixBytes {
		lengths &= 1<<(n+1) - 1
	}
	for ; lengths != 0; lengths &= lengths - 1 {
		n := bits.TrailingZeros32(lengths)
		name := o.prefix(n)
		if !s.x.heads.maybe(name) {
			continue
		}
		if n > 8 {
			name = name.withRest(text.Hash(rest[8:n]))
		}
		s.seen = append(s.seen, seen{name: name, pos: pos})
	}
}

// link chains what was seen and gathers the names on which queries may hang.
func (s *scratch) link() {
	hung := slices.Grow(s.hung[:0], len(s.seen))[:len(s.seen)]
	n := 0
	h := &s.x.hooks
	for i := range s.seen {
		o := &s.seen[i]
		spread := o.name.spread()
		c := &s.chains[chainOf(spread)]
		o.next, *c = *c, int32(i+1)
		hung[n] = int32(i)
		n += h.maybe(spread)
	}
	s.hung = hung[:n]
}

func chainOf(spread uint64) uint8 { return uint8(spread >> 50) }

// next is the first of a chain that is of a name, from i on, as an index from 1,
// or 0.
func (s *scratch) next(i int32, n name) int32 {
	for i > 0 && s.seen[i-1].name != n {
		i = s.seen[i-1].next
	}
	return i
}

// last is where a name was seen last, as an index from 1, or 0.
func (s *scratch) last(n name) int32 { return s.next(s.chains[chainOf(n.spread())], n) }

// has reports whether a name was seen.
func (s *scratch) has(n name) bool { return s.last(n) > 0 }

// positions sets list to those of a name, in order, and returns it.
func (s *scratch) positions(n name, list *[]int32) []int32 {
	out := (*list)[:0]
	for i := s.chains[chainOf(n.spread())]; i > 0; i = s.seen[i-1].next {
		if o := &s.seen[i-1]; o.name == n && (len(out) == 0 || out[len(out)-1] != o.pos) { // a word may be two readings
			out = append(out, o.pos)
		}
	}
	slices.Reverse(out)
	*list = out
	return out
}

// try appends the ids of those queries of a block that hold; those that need their
// programs wait.
func (s *scratch) try(dst []ID, first name, block []entry) []ID {
	for i := range block {
		e := &block[i]
		shape := e.shape()
		if shape != alone && shape != lone && !s.has(e.second) {
			continue
		}
		switch {
		case shape == lone, shape == coupled:
			s.waiting = append(s.waiting, waiting{e.id, e.code(), e.many})
		case shape <= both || s.holds(shape, first, e):
			dst = s.found(dst, e.id, e.many)
		}
	}
	return dst
}

// holds reports whether a query of one of the frequent shapes holds whose names
// both occur.
func (s *scratch) holds(shape uint32, first name, e *entry) bool {
	a, b := s.last(first), s.last(e.second)
	if shape > within {
		return s.beside(first, e.second, a, b, int32(shape-within)+1)
	}
	step := int32(1) // from the first name to the second
	if shape == before {
		step = -1
	}
	for a > 0 && b > 0 {
		switch p, q := s.seen[a-1].pos+step, s.seen[b-1].pos; {
		case p == q:
			return true
		case p > q:
			a = s.next(s.seen[a-1].next, first)
		default:
			b = s.next(s.seen[b-1].next, e.second)
		}
	}
	return false
}

// beside reports whether two names stand at most reach words apart, from where
// they were seen last. The same place is none beside itself.
func (s *scratch) beside(m, n name, a, b, reach int32) bool {
	for a > 0 && b > 0 {
		p, q := s.seen[a-1].pos, s.seen[b-1].pos
		switch d := p - q; {
		case d == 0: // two readings of one word: each may have another beside it
			a, b = s.seen[a-1].next, s.seen[b-1].next
			if a = s.before(a, m, p); a > 0 && p-s.seen[a-1].pos <= reach {
				return true
			}
			if b = s.before(b, n, q); b > 0 && q-s.seen[b-1].pos <= reach {
				return true
			}
		case d <= reach && -d <= reach:
			return true
		case d > 0:
			a = s.next(s.seen[a-1].next, m)
		default:
			b = s.next(s.seen[b-1].next, n)
		}
	}
	return false
}

// before is next, but leaves out what stands at pos too.
func (s *scratch) before(i int32, n name, pos int32) int32 {
	for i = s.next(i, n); i > 0 && s.seen[i-1].pos == pos; {
		i = s.next(s.seen[i-1].next, n)
	}
	return i
}
