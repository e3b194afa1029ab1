package query

import "slices"

// sighted are the names in several reports.
type sighted struct {
	reports []sighting
	// seen are the names, those of one report that are equal in order of their
	// positions.
	seen []seen
	// openings are those of the words among seen; those of other names are 0.
	openings []opening
	// maybe are the names on which queries may hang, as indices of seen, and hung
	// those on which they do.
	maybe []int32
	hung  []hung
	// from and to are where the names of the report at hand begin and end, and titleEnd
	// is the position behind its title.
	from, to, titleEnd int32
}

// sighting says of a report where its names end among all, and its title.
type sighting struct{ seen, titleEnd int32 }

// chains of names that fall together, the last one first, as indices of
// sighted.seen from 1. Those of reports before the one at hand are none.
type chains [chainCount]int32

const (
	chainBits  = 9
	chainCount = 1 << chainBits
)

// seen is a name at a position.
type seen struct {
	name name
	pos  int32
	// next is the next one in its chain, as an index from 1, or 0. Until the names of
	// its report are linked it is the origin of the word.
	next int32
}

func (n name) chain() int { return int(n >> 32 % chainCount) }

// mark is one of those that a report has for its names and for how its words begin.
type mark uint16

// marks are those of a report. A name that has none is not in it. Those of one report
// after the other have other numbers, so that they are cleared once in 255 reports.
type marks struct {
	of  [1 << markBits]uint8
	now uint8
}

const markBits = 11

func (n name) mark() mark { return mark(n >> 20 % (1 << markBits)) }

// mark is that of the first three letters.
func (o opening) mark() mark { return mark(uint64(o) << 40 * silver >> (64 - markBits)) }

// next begins those of the next report.
func (m *marks) next() {
	if m.now++; m.now == 0 {
		clear(m.of[:])
		m.now = 1
	}
}

func (m *marks) set(i mark) { m.of[i%mark(len(m.of))] = m.now }

// has is 1 when a mark is set, and else 0.
func (m *marks) has(i mark) int { return bit(m.of[i%mark(len(m.of))] == m.now) }

// link chains and marks the names of the report at hand.
func (s *scratch) link() {
	s.marks.next()
	all, openings := s.seen[s.from:s.to], s.openings[s.from:s.to]
	for i := range all {
		o := &all[i]
		c := &s.chains[o.name.chain()]
		o.next, *c = s.ofReport(*c), s.from+int32(i)+1
		s.marks.set(o.name.mark())
		s.marks.set(openings[i].mark())
	}
}

// ofReport is an index from 1, or 0 when it is of a report before the one at hand.
func (s *scratch) ofReport(i int32) int32 {
	if i <= s.from {
		return 0
	}
	return i
}

// begins reports whether a word of the report begins so.
func (s *scratch) begins(b beginning) bool {
	mask := b.mask()
	for _, o := range s.openings[s.from:s.to] {
		if o&mask == b {
			return true
		}
	}
	return false
}

// beginnings sets list to the positions of the words that begin so, in order, and
// returns it.
func (s *scratch) beginnings(b beginning, list *[]int32) []int32 {
	out := (*list)[:0]
	mask := b.mask()
	for i, o := range s.openings[s.from:s.to] {
		if o&mask != b {
			continue
		}
		if pos := s.seen[int(s.from)+i].pos; len(out) == 0 || out[len(out)-1] != pos {
			out = append(out, pos)
		}
	}
	*list = out
	return out
}

// next is the first of a chain that is of a name, from i on, as an index from 1,
// or 0.
func (s *scratch) next(i int32, n name) int32 {
	for i > 0 && s.seen[i-1].name != n {
		i = s.seen[i-1].next
	}
	return i
}

// last is where a name was seen last, as an index from 1, or 0.
func (s *scratch) last(n name) int32 { return s.next(s.ofReport(s.chains[n.chain()]), n) }

// has reports whether a name was seen.
func (s *scratch) has(n name) bool { return s.last(n) > 0 }

// positions sets list to those of a name, in order, and returns it.
func (s *scratch) positions(n name, list *[]int32) []int32 {
	out := (*list)[:0]
	for i := s.last(n); i > 0; i = s.next(s.seen[i-1].next, n) {
		if o := &s.seen[i-1]; len(out) == 0 || out[len(out)-1] != o.pos { // a word may be two readings
			out = append(out, o.pos)
		}
	}
	slices.Reverse(out)
	*list = out
	return out
}

// holds reports whether a query of one of the frequent shapes holds whose names
// both occur, the second one last at b.
func (s *scratch) holds(shape shape, first, second name, b int32) bool {
	a := s.last(first)
	if shape > within {
		return s.beside(first, second, a, b, int32(shape-within)+1)
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
			b = s.next(s.seen[b-1].next, second)
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
