package query

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// placed is where the letters of a word are: how many bytes it has and, above sizeBits,
// in which field; and where it begins in the folds of that field, or of none in
// Text.buf.
type placed struct {
	size uint32
	at   int32
}

const sizeBits = 30

func (f field) sized(bytes int32) uint32 { return uint32(f)<<sizeBits | uint32(bytes) }

func (p placed) field() field  { return field(p.size >> sizeBits) }
func (p placed) bytes() uint32 { return p.size & (1<<sizeBits - 1) }

// present adds a report with the names that occur in it.
func (s *scratch) present(t *Text) {
	t.listed, t.words, t.buf = false, t.words[:0], t.buf[:0]
	s.placed = s.placed[:0]
	from, pos := len(s.seen), int32(0)
	r := sighting{}
	for f := range noField {
		pos = s.field(t, f, pos)
		if f == inTitle {
			r.titleEnd = pos
		}
		pos += fieldGap
	}
	s.prefixes(t, from)
	for a, value := range t.attributes {
		if value != "" {
			s.add(s.x.key.hashed(t.hash(a, value)), -1, 0)
		}
	}
	r.seen = int32(len(s.seen))
	s.reports = append(s.reports, r)
}

// field finds the names in one field, counting positions from pos, and returns
// the position behind the last.
func (s *scratch) field(t *Text, f field, pos int32) int32 {
	pieces, end := t.cuts[f].Pieces, pos+f.limit()
	for len(pieces) > 0 && pos < end {
		n := s.ordinary(t, f, pieces[:min(len(pieces), int(end-pos))], &pos)
		pieces = pieces[n:]
		if len(pieces) > 0 && pos < end && pieces[0].Kind <= text.Number {
			pos += s.special(t, f, &pieces[0], pos)
			pieces = pieces[1:]
		}
	}
	return pos
}

// ordinary finds the names of the pieces up to the first word that may have several
// or none, and returns how many those pieces are. Marks have no names.
func (s *scratch) ordinary(t *Text, f field, pieces []text.Piece, pos *int32) int {
	c, key := &t.cuts[f], *s.x.key
	folds := readable(c.Folds())
	n, w := len(s.seen), len(s.placed)
	behind := *pos - int32(n)
	all := slices.Grow(s.seen, len(pieces))
	openings := slices.Grow(s.openings, len(pieces))
	all, openings = all[:n+len(pieces)], openings[:n+len(pieces)]
	places := slices.Grow(s.placed, len(pieces))[:w+len(pieces)]
	i := 0
	for ; i < len(pieces); i++ {
		p := &pieces[i]
		word := bit(p.Kind <= text.Number)
		if p.Capitals && maybeAcronym(p) || word > bit(p.Plain) && !usual(c.Fold(p)) {
			break
		}
		all[n] = seen{name: key.hashed(p.Hash), pos: behind + int32(n)}
		lo, hi := p.Span()
		openings[n] = begun(folds[lo:]).cut(uint32(hi - lo))
		places[w] = placed{f.sized(hi - lo), lo}
		n, w = n+word, w+word
	}
	s.seen, s.openings, s.placed, *pos = all[:n], openings[:n], places[:w], behind+int32(n)
	return i
}

// bit is 1 for true. It has no branch.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
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
		s.add(s.x.key.hashed(w.hash), w.pos, begun(readable(t.buf)[w.lo:]).cut(uint32(w.hi-w.lo)))
		s.placed = append(s.placed, placed{noField.sized(w.hi - w.lo), w.lo})
	}
}

// add notes a name at a position, and the opening of the word that it is of.
func (s *scratch) add(n name, pos int32, o opening) {
	s.seen, s.openings = append(s.seen, seen{name: n, pos: pos}), append(s.openings, o)
}

// begun is the opening of a word at the beginning of rest.
func begun(rest []byte) opening {
	if len(rest) >= openingBytes {
		return opening(binary.LittleEndian.Uint64(rest))
	}
	return open(rest)
}

// prefixes finds the names of the prefixes of the words whose names are those from
// one on.
func (s *scratch) prefixes(t *Text, from int) {
	h := &s.x.heads
	if h.all == 0 {
		return
	}
	begin := slices.Grow(s.begin[:0], len(s.placed))[:len(s.placed)]
	openings := s.openings[from:][:len(begin)]
	n := 0
	if h.short == 0 {
		for i, o := range openings {
			begin[n] = int32(i)
			n += int(h.has(o.head(longHead)))
		}
	} else {
		for i, o := range openings {
			begin[n] = int32(i)
			n += int(h.has(o.head(shortHead)) | h.has(o.head(longHead)))
		}
	}
	s.begin = begin
	for _, i := range begin[:n] { // what follows is for few
		o, p := openings[i], s.placed[i]
		for l := h.lengths(o, p.bytes()); l != 0; l &= l - 1 {
			n := bits.TrailingZeros32(l)
			name := s.x.key.begun(o, n)
			if n > openingBytes {
				name = s.x.key.longer(name, text.Hash(t.letters(p)[openingBytes:n]))
			}
			s.add(name, s.seen[from+int(i)].pos, 0)
		}
	}
}

// letters are those of a word, and what follows it.
func (t *Text) letters(p placed) []byte {
	if p.field() == noField {
		return t.buf[p.at:]
	}
	return t.cuts[p.field()].Folds()[p.at:]
}
