package query

import "slices"

// eval evaluates the part at the beginning of code and returns what is behind it.
func (s *scratch) eval(code []byte) (ok bool, rest []byte) {
	switch o := code[0]; o {
	case codeWord:
		return s.has(readName(code[1:])), code[1+nameBytes:]
	case codeTitle:
		p := s.positions(readName(code[1:]), &s.lists[0])
		return len(p) > 0 && p[0] < s.titleEnd, code[1+nameBytes:]
	case codeBegins:
		return s.begins(beginning(readName(code[1:]))), code[1+nameBytes:]
	case codeTops:
		p := s.beginnings(beginning(readName(code[1:])), &s.lists[0])
		return len(p) > 0 && p[0] < s.titleEnd, code[1+nameBytes:]
	case codeRow:
		return s.row(code[1:], nil, 1)
	case codeAnd, codeOr:
		size, inner := uvarint(code[1:])
		rest = inner[1+size:]
		n := inner[0]
		inner = inner[1:]
		for range n {
			if ok, inner = s.eval(inner); ok == (o == codeOr) {
				return ok, rest
			}
		}
		return o == codeAnd, rest
	case codeNot:
		ok, rest = s.eval(code[1:])
		return !ok, rest
	default:
		return s.near(code[1:])
	}
}

// span is a stretch of positions, end exclusive.
type span struct{ from, to int32 }

// row evaluates a row of words. When into is given, it appends the places, at most
// limit.
func (s *scratch) row(code []byte, into *[]span, limit int) (ok bool, rest []byte) {
	flags, n := code[0], int(code[1])
	title := flags&rowInTitle != 0
	lists := s.lists[:n]
	code = code[2:]
	sought := uint64(0)
	if flags&rowIsSought != 0 {
		sought, code = uint64(readName(code)), code[nameBytes:]
	}
	rarest := 0
	for i := range n {
		if sought>>i&1 != 0 {
			s.beginnings(beginning(readName(code)), &lists[i])
		} else {
			s.positions(readName(code), &lists[i])
		}
		code = code[nameBytes:]
		if len(lists[i]) < len(lists[rarest]) {
			rarest = i
		}
	}
	found := 0
	for _, at := range lists[rarest] {
		from := at - int32(rarest)
		if from < 0 || title && from >= s.titleEnd {
			continue
		}
		if stands(lists, from) {
			if into == nil {
				return true, code
			}
			ok = true
			*into = append(*into, span{from, from + int32(n)})
			if found++; found == limit {
				break
			}
		}
	}
	return ok, code
}

func stands(lists [][]int32, from int32) bool {
	for i, list := range lists {
		if _, ok := slices.BinarySearch(list, from+int32(i)); !ok {
			return false
		}
	}
	return true
}

// near evaluates a chain of parts: it keeps the places of each that are beside one
// of the part before.
func (s *scratch) near(code []byte) (ok bool, rest []byte) {
	n := int(code[0])
	code = code[1:]
	limit := maxPlaces
	word := func(o byte) bool { return o == codeWord || o == codeBegins }
	if n == 2 && word(code[0]) && word(code[1+nameBytes+1]) {
		limit = anyPlaces
	}
	before, here := &s.spans[0], &s.spans[1] // no near stands within another
	*before = (*before)[:0]
	code = s.places(code, before, limit)
	for range n - 1 {
		gap := int32(code[0])
		*here = (*here)[:0]
		code = s.places(code[1:], here, limit)
		*here = s.besides(*before, *here, gap)
		before, here = here, before
	}
	return len(*before) > 0, code
}

// places appends where a part of a near stands, at most limit places of each word
// or row, and returns what is behind it.
func (s *scratch) places(code []byte, into *[]span, limit int) []byte {
	switch o := code[0]; o {
	case codeRow:
		_, rest := s.row(code[1:], into, limit)
		return rest
	case codeOr:
		_, inner := uvarint(code[1:])
		n := inner[0]
		inner = inner[1:]
		for range n {
			inner = s.places(inner, into, limit)
		}
		return inner
	default:
		list := &s.lists[0]
		if o == codeBegins || o == codeTops {
			s.beginnings(beginning(readName(code[1:])), list)
		} else {
			s.positions(readName(code[1:]), list)
		}
		for i, p := range *list {
			if i == limit || (o == codeTitle || o == codeTops) && p >= s.titleEnd {
				break
			}
			*into = append(*into, span{p, p + 1})
		}
		return code[1+nameBytes:]
	}
}

// besides keeps those of b that do not overlap with one of a and have at most gap
// words between. Both come in any order; a is sorted.
func (s *scratch) besides(a, b []span, gap int32) []span {
	slices.SortFunc(a, func(x, y span) int { return int(x.from - y.from) })
	ends := s.lists[0][:0]
	for _, x := range a {
		ends = append(ends, x.to)
	}
	slices.Sort(ends)
	s.lists[0] = ends
	kept := b[:0]
	for _, y := range b {
		i, _ := slices.BinarySearchFunc(a, y.to, func(x span, to int32) int { return int(x.from - to) })
		behind := i < len(a) && a[i].from <= y.to+gap
		i, _ = slices.BinarySearch(ends, y.from-gap)
		if behind || i < len(ends) && ends[i] <= y.from {
			kept = append(kept, y)
		}
	}
	return kept
}
