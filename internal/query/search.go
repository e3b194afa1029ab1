package query

import (
	"math/bits"
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// Match appends to dst the ids of the queries that a report matches, in order.
// It allocates nothing when there are none.
func (x *Index) Match(dst []ID, t *Text) []ID {
	s, _ := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	x.mu.RLock()
	defer x.mu.RUnlock()
	s.begin(x, t)
	x.present(s, t)
	from := len(dst)
	for _, id := range s.hanging {
		p := x.term(id).hung
		for _, block := range p.full {
			dst = s.try(dst, block)
		}
		dst = s.try(dst, p.last)
	}
	if len(dst) == from {
		return dst
	}
	found := dst[from:]
	slices.Sort(found)
	return dst[:from+len(slices.Compact(found))]
}

// present finds the terms that occur in the report.
func (x *Index) present(s *scratch, t *Text) {
	for i := range t.words {
		w := &t.words[i]
		key := t.key(w)
		if id := x.find(&x.words, w.hash, key); id != 0 {
			s.see(id, w.pos)
		}
		if w.pos < 0 {
			continue
		}
		h := head(key)
		if h < 0 {
			continue
		}
		for mask := x.heads.masks[h]; mask != 0; mask &= mask - 1 {
			n := bits.TrailingZeros64(mask)
			if n > len(key) {
				break
			}
			if id := x.find(&x.prefixes, text.Hash(key[:n]), key[:n]); id != 0 {
				s.see(id, w.pos)
			}
		}
	}
}

// scratch is what matching one report needs. It is used again.
type scratch struct {
	x        *Index
	titleEnd int32
	seen     []seen
	// filter tells of most terms that they are not in the report.
	filter [filterWords]uint64
	// hanging are the terms seen on which queries hang, each once.
	hanging []termID

	// The table of what was seen, made when a query is first looked at.
	ready bool
	slots []spot
	pos   []int32 // the positions, term by term, in order
	// lists and spans are for one row and one near at a time.
	lists [MaxWords][]int32
	spans [2][]span
}

// seen is a term at a position.
type seen struct {
	id  termID
	pos int32
}

// spot is the place of a term's positions in scratch.pos.
type spot struct {
	id       termID
	from, to int32
}

const filterWords = 32

func (s *scratch) begin(x *Index, t *Text) {
	s.x, s.titleEnd, s.ready = x, t.titleEnd, false
	s.seen, s.hanging = s.seen[:0], s.hanging[:0]
	s.filter = [filterWords]uint64{}
}

func filterBit(id termID) (word uint32, bit uint64) {
	h := uint32(id) * 0x9E3779B1 >> 21
	return h >> 6, 1 << (h & 63)
}

func (s *scratch) see(id termID, pos int32) {
	bare := id &^ hangs
	w, bit := filterBit(bare)
	if id != bare && (s.filter[w]&bit == 0 || !slices.Contains(s.hanging, bare)) {
		s.hanging = append(s.hanging, bare)
	}
	s.filter[w] |= bit
	s.seen = append(s.seen, seen{bare, pos})
}

// try appends the ids of those queries of a block that hold.
func (s *scratch) try(dst []ID, block []entry) []ID {
	for _, e := range block {
		if e.second != 0 {
			if w, bit := filterBit(e.second); s.filter[w]&bit == 0 {
				continue
			}
		}
		r := s.x.rules.get(e.rule &^ whole)
		if e.rule&whole != 0 || s.run(r) {
			dst = append(dst, r.id)
		}
	}
	return dst
}

// settle makes the table of what was seen.
func (s *scratch) settle() {
	s.ready = true
	size := 64
	for size < 2*len(s.seen) {
		size *= 2
	}
	if cap(s.slots) < size {
		s.slots = make([]spot, size)
	}
	s.slots = s.slots[:size]
	clear(s.slots)
	s.pos = slices.Grow(s.pos[:0], len(s.seen))[:len(s.seen)]
	for _, o := range s.seen { // count
		p := s.slot(o.id)
		p.id = o.id
		p.to++
	}
	at := int32(0)
	for i := range s.slots {
		if p := &s.slots[i]; p.id != 0 {
			n := p.to
			p.from, p.to = at, at
			at += n
		}
	}
	for _, o := range s.seen {
		p := s.slot(o.id)
		if p.to > p.from && s.pos[p.to-1] == o.pos {
			continue // two readings of one word
		}
		s.pos[p.to] = o.pos
		p.to++
	}
}

// slot is where a term is, or belongs.
func (s *scratch) slot(id termID) *spot {
	mask := uint32(len(s.slots) - 1)
	for i := uint32(id) * 0x9E3779B1 >> 8 & mask; ; i = (i + 1) & mask {
		if p := &s.slots[i]; p.id == id || p.id == 0 {
			return p
		}
	}
}

// positions are those of a term, in order.
func (s *scratch) positions(id termID) []int32 {
	p := s.slot(id)
	return s.pos[p.from:p.to]
}
