package query

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// begin is a word that may have prefixes. With a part more the compiler would not
// keep it in registers.
type begin struct {
	opening opening
	// size is how many bytes the word has, and above sizeBits its field.
	size uint32
	pos  int32
	// at is where the word is in the folds of its field, or of none in Text.buf.
	at int32
}

const sizeBits = 30

func (f field) sized(bytes int32) uint32 { return uint32(f)<<sizeBits | uint32(bytes) }

func (b *begin) field() field  { return field(b.size >> sizeBits) }
func (b *begin) bytes() uint32 { return b.size & (1<<sizeBits - 1) }

// root is one of the words noted, by its index, with a bit for each length that a
// prefix of it may have.
type root struct {
	of      int32
	lengths uint32
}

// present finds the names that occur in the report.
func (s *scratch) present(t *Text) {
	t.listed, t.words, t.buf = false, t.words[:0], t.buf[:0]
	s.seen, s.begins = s.seen[:0], s.begins[:0]
	pos := int32(0)
	for f := range noField {
		pos = s.field(t, f, pos)
		if f == inTitle {
			s.titleEnd = pos
		}
		pos += fieldGap
	}
	for a, value := range t.attributes {
		if value != "" {
			s.seen = append(s.seen, seen{name: s.x.key.hashed(t.hash(a, value)), pos: -1})
		}
	}
	s.prefixes(t)
}

// field finds the names in one field, counting positions from pos, and returns
// the position behind the last.
func (s *scratch) field(t *Text, f field, pos int32) int32 {
	c := &t.cuts[f]
	folds, end := readable(c.Folds()), pos+f.limit()
	s.seen = slices.Grow(s.seen, len(c.Pieces))
	for i := range c.Pieces {
		p := &c.Pieces[i]
		if pos >= end {
			break
		}
		switch {
		case p.Plain && !maybeAcronym(p), !p.Plain && p.Kind <= text.Number && usual(c.Fold(p)):
			lo, hi := p.Span()
			s.seen = append(s.seen, seen{name: s.x.key.hashed(p.Hash), pos: pos})
			s.begins = append(s.begins, begin{begun(folds[lo:]), f.sized(hi - lo), pos, lo})
			pos++
		case p.Kind <= text.Number:
			pos += s.special(t, f, p, pos)
		}
	}
	return pos
}

// usual reports whether a fold can be but one word: it has nothing of the scripts
// whose words have several readings or are not parted, and is no acronym.
func usual(fold []byte) bool {
	for _, b := range fold {
		if b >= 0xD8 { // leads Arabic letters, and all with three bytes and more
			return false
		}
	}
	return len(fold) > 0 && fold[len(fold)-1] != '.'
}

// readable is a text with what lies behind it in memory, so that the opening of its
// last word can be read at once.
func readable(b []byte) []byte { return b[:min(len(b)+openingBytes, cap(b))] }

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
		s.seen = append(s.seen, seen{name: s.x.key.hashed(w.hash), pos: w.pos})
		s.begins = append(s.begins, begin{begun(readable(t.buf)[w.lo:]), noField.sized(w.hi - w.lo), w.pos, w.lo})
	}
}

// begun is the opening of a word at the beginning of rest.
func begun(rest []byte) opening {
	if len(rest) >= openingBytes {
		return opening(binary.LittleEndian.Uint64(rest))
	}
	return open(rest)
}

// prefixes finds the names of the prefixes of the words noted.
func (s *scratch) prefixes(t *Text) {
	h := &s.x.heads
	roots := slices.Grow(s.roots[:0], len(s.begins))[:len(s.begins)]
	n := 0
	for i := range s.begins {
		b := &s.begins[i]
		lengths := h.lengths(b.opening, b.bytes())
		roots[n] = root{int32(i), lengths}
		n += some(lengths)
	}
	roots = roots[:n]
	n = 0
	for i := range roots {
		of := roots[i].of
		lengths := roots[i].lengths & h.beginning(s.begins[of].opening)
		roots[n] = root{of, lengths}
		n += some(lengths)
	}
	s.roots = roots
	for _, r := range roots[:n] {
		b := &s.begins[r.of]
		for l := r.lengths; l != 0; l &= l - 1 {
			n := bits.TrailingZeros32(l)
			name := s.x.key.begun(b.opening, n)
			if n > openingBytes {
				name = s.x.key.longer(name, text.Hash(t.noted(b)[openingBytes:n]))
			}
			s.seen = append(s.seen, seen{name: name, pos: b.pos})
		}
	}
}

// some is 1 when any bit is set, and else 0.
func some(bits uint32) int { return int((bits | -bits) >> 31) }

// noted is a word that was noted, and what follows it.
func (t *Text) noted(b *begin) []byte {
	if b.field() == noField {
		return t.buf[b.at:]
	}
	return t.cuts[b.field()].Folds()[b.at:]
}
