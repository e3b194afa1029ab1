package query

import (
	"encoding/binary"
	"math/bits"
)

// shelf keeps short rows of bytes, in units of four, and hands out again what was
// put back. Rows move only when they grow, so that nobody waits for all to be copied.
type shelf struct {
	pages [][]byte
	used  uint32 // units of the last page
	// free is where the first free row of each size is, plus 1; it holds the next.
	free [rowSizes + 1]uint32
}

const (
	unit      = 4
	pageBits  = 14
	pageUnits = 1 << pageBits
	maxRow    = 512 // units
	rowSizes  = 18
)

// sizeOf returns how many units a row of n bytes takes, a power of two or one and a
// half times that, and the number of that size.
func sizeOf(n int) (size, units int) {
	units = (n + unit - 1) / unit
	if units <= 2 {
		return units, units
	}
	k := bits.Len(uint(units - 1))
	if half := 3 << (k - 2); units <= half {
		return 2*k - 1, half
	}
	return 2 * k, 1 << k
}

// take returns the place of a row for n bytes, at most maxRow units.
func (s *shelf) take(n int) uint32 {
	size, units := sizeOf(n)
	if first := s.free[size]; first > 0 {
		s.free[size] = binary.LittleEndian.Uint32(s.row(first - 1))
		return first - 1
	}
	if len(s.pages) == 0 || s.used+uint32(units) > pageUnits {
		s.pages = append(s.pages, make([]byte, pageUnits*unit))
		s.used = 0
	}
	at := uint32(len(s.pages)-1)<<pageBits | s.used
	s.used += uint32(units)
	return at
}

// keep returns the place of a copy.
func (s *shelf) keep(row []byte) uint32 {
	at := s.take(len(row))
	copy(s.row(at), row)
	return at
}

// row returns the row at a place, and what follows it in its page.
func (s *shelf) row(at uint32) []byte { return s.pages[at>>pageBits][at%pageUnits*unit:] }

// put takes back a row for n bytes.
func (s *shelf) put(at uint32, n int) {
	size, _ := sizeOf(n)
	binary.LittleEndian.PutUint32(s.row(at), s.free[size])
	s.free[size] = at + 1
}

// resize moves a row of n bytes to where m have their place, unless it is there.
func (s *shelf) resize(at uint32, n, m int) uint32 {
	from, _ := sizeOf(n)
	if to, _ := sizeOf(m); from == to {
		return at
	}
	next := s.take(m)
	copy(s.row(next)[:m], s.row(at)[:n])
	s.put(at, n)
	return next
}
