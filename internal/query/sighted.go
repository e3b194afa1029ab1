package query

import "slices"

// sighted are the names in a report.
type sighted struct {
	// titleEnd is the position behind the title.
	titleEnd int32
	// seen are the names, those that are equal in order of their positions.
	seen []seen
	// maybe are the names on which queries may hang, as indices of seen, and hung
	// those on which they do.
	maybe []int32
	hung  []hung
}

// chains of names that fall together, the last one first, as indices of
// sighted.seen from 1; 0 is none.
type chains [chainCount]int32

const (
	chainBits  = 9
	chainCount = 1 << chainBits
)

// seen is a name at a position.
type seen struct {
	name name
	pos  int32
	next int32 // in its chain, as an index from 1
}

func (n name) chain() int { return int(n >> 32 % chainCount) }

// link chains what was seen.
func (s *scratch) link() {
	clear(s.chains[:])
	for i := range s.seen {
		o := &s.seen[i]
		c := &s.chains[o.name.chain()]
		o.next, *c = *c, int32(i+1)
	}
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
func (s *scratch) last(n name) int32 { return s.next(s.chains[n.chain()], n) }

// has reports whether a name was seen.
func (s *scratch) has(n name) bool { return s.last(n) > 0 }

// maybeSeen is 1 for a name that was seen, as for some others, and else 0.
func (s *scratch) maybeSeen(n name) int {
	return int(uint32(-s.chains[n.chain()]) >> 31) // that of a positive number is negative
}

// positions sets list to those of a name, in order, and returns it.
func (s *scratch) positions(n name, list *[]int32) []int32 {
	out := (*list)[:0]
	for i := s.chains[n.chain()]; i > 0; i = s.seen[i-1].next {
		if o := &s.seen[i-1]; o.name == n && (len(out) == 0 || out[len(out)-1] != o.pos) { // a word may be two readings
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
