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
	s.begin(x)
	s.present(t)
	s.warmPostings()
	from := len(dst)
	for i := range s.hanging {
		h := &s.hanging[i]
		p := x.postings.get(h.posting - 1)
		for _, block := range p.full {
			dst = s.try(dst, h.term, block)
		}
		dst = s.try(dst, h.term, p.last)
	}
	dst = s.run(dst)
	s.x = nil
	if len(dst)-from < 2 {
		return dst
	}
	found := dst[from:]
	slices.Sort(found)
	return dst[:from+len(slices.Compact(found))]
}

// scratch is what matching one report needs. It is used again.
type scratch struct {
	x        *Index
	titleEnd int32
	// seen are the terms of the report, in order of their positions. Those whose
	// ids fall together are chained, the last one first.
	seen   []seen
	chains [chainCount]int32 // the last of each chain, as an index from 1; 0 is none
	// hanging are the terms seen on which queries hang, each once.
	hanging []hanging
	// waiting are the queries of which only their programs are still to be asked.
	waiting []waiting
	// warmth keeps the compiler from leaving out what only warms memory up.
	warmth uint64
	// lists and spans are for one row and one near at a time.
	lists [MaxWords][]int32
	spans [2][]span
}

const (
	chainBits  = 8
	chainCount = 1 << chainBits
)

// seen is a term at a position.
type seen struct {
	id   termID
	pos  int32
	next int32 // in its chain, as an index from 1
}

// hanging is a term on which queries hang.
type hanging struct {
	term    termID
	posting uint32
}

// waiting is a query whose program is to be run.
type waiting struct {
	id   ID
	code uint32
}

func (s *scratch) begin(x *Index) {
	s.x, s.seen, s.hanging, s.waiting = x, s.seen[:0], s.hanging[:0], s.waiting[:0]
	clear(s.chains[:])
}

// present finds the terms that occur in the report.
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
}

// A large index is mostly out of the processor's caches, and waiting for memory is
// what matching costs. The warming functions touch what will be read next for all
// words at once, so that the waits overlap: that halves them at 100,000 queries.

func (s *scratch) warmWords(c *text.Cutting) {
	sum := uint64(0)
	for i := range c.Pieces {
		if table, at, _ := s.x.words.home(c.Pieces[i].Hash); len(table) > 0 {
			sum += table[at&uint64(len(table)-1)].hash
		}
	}
	s.warmth += sum
}

func (s *scratch) warmPostings() {
	sum := ID(0)
	for i := range s.hanging {
		if last := s.x.postings.get(s.hanging[i].posting - 1).last; len(last) > 0 {
			sum += last[0].id
		}
	}
	s.warmth += uint64(sum)
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
			dst = append(dst, w.id)
		}
	}
	return dst
}

// field finds the terms of one field, counting positions from pos, and returns
// the position behind the last.
func (s *scratch) field(t *Text, f field, pos int32) int32 {
	c := &t.cuts[f]
	folds, end := c.Folds(), pos+f.limit()
	s.warmWords(c)
	for i := range c.Pieces {
		p := &c.Pieces[i]
		if p.Kind > text.Number {
			continue
		}
		if pos >= end {
			break
		}
		if p.Plain {
			lo, hi := p.Span()
			s.word(p.Hash, folds[lo:hi], pos)
			if !t.maybeAcronym(f, p) {
				pos++
				continue
			}
		}
		// What is not of plain letters alone has keys of its own.
		from := len(t.words)
		base := int32(len(t.buf))
		if p.Plain {
			lo, hi := p.Span()
			t.buf = append(t.buf, folds[lo:hi]...)
			base -= lo
		}
		n := t.add(f, p, pos, base)
		s.own(t, from)
		pos += n
	}
	return pos
}

// own finds the terms among the words that t has gathered from one on.
func (s *scratch) own(t *Text, from int) {
	for i := from; i < len(t.words); i++ {
		w := &t.words[i]
		s.word(w.hash, t.key(w), w.pos)
	}
}

// word finds the terms that a word is.
func (s *scratch) word(hash uint64, key []byte, pos int32) {
	x := s.x
	if found := s.find(&x.words, hash, key); found != nil {
		s.see(found, pos)
	}
	h := head(key)
	if h < 0 {
		return
	}
	mask := x.heads.masks[h]
	if mask == 0 || pos < 0 {
		return
	}
	var at text.Hasher
	for ; mask != 0; mask &= mask - 1 {
		n := bits.TrailingZeros32(mask)
		if n > len(key) {
			break
		}
		hash := at.Until(key, n)
		if w, bit := filterBit(hash); x.heads.filter[w]&bit == 0 {
			continue
		}
		if found := s.find(&x.prefixes, hash, key[:n]); found != nil {
			s.see(found, pos)
		}
	}
}

func (s *scratch) find(d *dictionary, hash uint64, key []byte) *slot {
	if s.x.twins > 0 {
		return s.x.findKey(d, hash, key)
	}
	return d.find(hash)
}

func chainOf(id termID) uint32 { return uint32(id) * 0x9E3779B1 >> (32 - chainBits) }

func (s *scratch) see(found *slot, pos int32) {
	id := found.id
	if found.hung != 0 && !s.has(id) {
		s.hanging = append(s.hanging, hanging{id, found.hung})
	}
	c := &s.chains[chainOf(id)]
	s.seen = append(s.seen, seen{id, pos, *c})
	*c = int32(len(s.seen))
}

// has reports whether a term was seen.
func (s *scratch) has(id termID) bool {
	for i := s.chains[chainOf(id)]; i > 0; i = s.seen[i-1].next {
		if s.seen[i-1].id == id {
			return true
		}
	}
	return false
}

// positions sets list to those of a term, in order, and returns it.
func (s *scratch) positions(id termID, list *[]int32) []int32 {
	out := (*list)[:0]
	for i := s.chains[chainOf(id)]; i > 0; i = s.seen[i-1].next {
		if o := &s.seen[i-1]; o.id == id && (len(out) == 0 || out[len(out)-1] != o.pos) { // a word may be two readings
			out = append(out, o.pos)
		}
	}
	slices.Reverse(out)
	*list = out
	return out
}

// try appends the ids of those queries of a block that hold; those that need their
// programs wait.
func (s *scratch) try(dst []ID, first termID, block []entry) []ID {
	for i := range block {
		e := &block[i]
		if e.second != 0 && !s.has(e.second) {
			continue
		}
		switch shape := e.shape(); {
		case shape == inProgram:
			s.waiting = append(s.waiting, waiting{e.id, e.code()})
		case shape <= both || s.holds(shape, first, e):
			dst = append(dst, e.id)
		}
	}
	return dst
}

// holds reports whether a query of one of the frequent shapes holds whose terms
// both occur.
func (s *scratch) holds(shape uint32, first termID, e *entry) bool {
	ours, others := s.positions(first, &s.lists[0]), s.positions(e.second, &s.lists[1])
	reach := int32(1)
	if shape > within {
		reach = int32(shape-within) + 1
	}
	j := 0
	for _, a := range ours {
		for j < len(others) && others[j] < a-reach {
			j++
		}
		for _, b := range others[j:] {
			if b > a+reach {
				break
			}
			if d := b - a; shape == behind && d > 0 || shape == before && d < 0 || shape > within && d != 0 {
				return true
			}
		}
	}
	return false
}
