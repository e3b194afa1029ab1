package query

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// origin says which word a name is of: the piece of a field, or of noField the one that
// t.words has gathered.
func origin(f field, i int) int32 { return int32(uint32(f)<<originBits | uint32(i)) }

const originBits = 30

// letters are those of the word at an origin.
func (t *Text) letters(origin int32) []byte {
	f, i := field(uint32(origin)>>originBits), uint32(origin)&(1<<originBits-1)
	if f == noField {
		return t.key(&t.words[i])
	}
	return t.cuts[f].Fold(&t.cuts[f].Pieces[i])
}

// present adds a report with the names that occur in it.
func (s *scratch) present(t *Text) {
	t.listed, t.words, t.buf = false, t.words[:0], t.buf[:0]
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
	s.attribute(t, attrSource, t.doc.Source)
	s.attribute(t, attrCountry, t.doc.Country)
	s.attribute(t, attrLanguage, t.doc.Language)
	for i := range t.doc.Topics {
		s.attribute(t, attrTopic, string(t.doc.Topics[i].Topic))
		s.attribute(t, attrStage, string(t.doc.Topics[i].Stage))
	}
	r.seen = int32(len(s.seen))
	s.reports = append(s.reports, r)
}

// field finds the names in one field, counting positions from pos, and returns
// the position behind the last.
func (s *scratch) field(t *Text, f field, pos int32) int32 {
	pieces, end := t.cuts[f].Pieces, pos+f.limit()
	for i := 0; i < len(pieces) && pos < end; {
		i = s.ordinary(t, f, i, min(len(pieces), i+int(end-pos)), &pos)
		if i < len(pieces) && pos < end && pieces[i].Kind <= text.Number {
			pos += s.special(t, f, &pieces[i], pos)
			i++
		}
	}
	return pos
}

// ordinary finds the names of the pieces from one on, up to another one or the first
// word that may have several names or none, and returns which that is. Marks have none.
func (s *scratch) ordinary(t *Text, f field, from, to int, pos *int32) int {
	c, key := &t.cuts[f], *s.x.key
	folds, pieces := c.Folds(), c.Pieces[:to]
	folds = folds[:len(folds)+text.Spare]
	n := len(s.seen)
	behind := *pos - int32(n)
	all := slices.Grow(s.seen, to-from)[:n+to-from]
	openings := slices.Grow(s.openings, to-from)[:n+to-from]
	i := from
	for ; i < len(pieces); i++ {
		p := &pieces[i]
		word := bit(p.Kind <= text.Number)
		if p.Capitals && maybeAcronym(p) || word > bit(p.Plain) && !usual(c.Fold(p)) {
			break
		}
		all[n] = seen{key.hashed(p.Hash), behind + int32(n), origin(f, i)}
		lo, hi := p.Span()
		openings[n] = opening(binary.LittleEndian.Uint64(folds[lo:])).cut(uint32(hi - lo))
		n += word
	}
	s.seen, s.openings, *pos = all[:n], openings[:n], behind+int32(n)
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
		s.seen = append(s.seen, seen{s.x.key.hashed(w.hash), w.pos, origin(noField, i)})
		s.openings = append(s.openings, open(t.buf[w.lo:w.hi]))
	}
}

// attribute finds the name of what is known of the report besides its text.
func (s *scratch) attribute(t *Text, a attr, value string) {
	if value != "" {
		s.add(s.x.key.hashed(t.hash(a, value)), -1)
	}
}

// add adds a name at a position that is not of a word.
func (s *scratch) add(n name, pos int32) {
	s.seen, s.openings = append(s.seen, seen{name: n, pos: pos}), append(s.openings, 0)
}

// prefixes finds the names of the prefixes of the words whose names are those from
// one on.
func (s *scratch) prefixes(t *Text, from int) {
	h := &s.x.heads
	if h.all == 0 {
		return
	}
	openings := s.openings[from:]
	begin := slices.Grow(s.begin[:0], len(openings))[:len(openings)]
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
		o, w := openings[i], s.seen[from+int(i)]
		letters := t.letters(w.next)
		for l := h.lengths(o, uint32(len(letters))); l != 0; l &= l - 1 {
			n := bits.TrailingZeros32(l)
			name := s.x.key.begun(o, n)
			if n > openingBytes {
				name = s.x.key.longer(name, text.Hash(letters[openingBytes:n]))
			}
			s.add(name, w.pos)
		}
	}
}
