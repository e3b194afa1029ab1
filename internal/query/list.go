package query

import "encoding/binary"

// hooks find the list of the queries that hang on a name.
type hooks struct {
	parted
	shelf shelf
}

func (h *hooks) find(n name) list { return list(h.get(n)) }

// hang adds a query to those of a name.
func (h *hooks) hang(n name, e *entry) { h.set(n, uint64(h.shelf.add(h.find(n), e))) }

// unhang takes a query off a name on which it hangs.
func (h *hooks) unhang(n name, e *entry) {
	if left := h.shelf.remove(h.find(n), e); left != 0 {
		h.set(n, uint64(left))
	} else {
		h.drop(n)
	}
}

// list says where the queries are that hang on a name. They stand in a row of a
// [shelf]: first, when the list has more rows, the list of those; then the ids of the
// queries of which nothing else must hold; then an entry for each other one; then their
// programs. The zero list has none.
type list uint64

const (
	linkBytes  = 8
	idBytes    = 4 // the lower half of a query's id
	entryBytes = nameBytes + 4 + idBytes
	endBits    = 10
)

// newList makes a list of a row where the ids end at middle, the entries at codes and
// all at end, in bytes.
func newList(at uint32, more bool, middle, codes, end int) list {
	l := list(at)<<32 | (list(middle)<<(2*endBits)|list(codes)<<endBits|list(end))/unit
	if more {
		l |= 1 << 31
	}
	return l
}

func (l list) at() uint32 { return uint32(l >> 32) }
func (l list) more() bool { return l>>31&1 != 0 }

// start is where the ids begin in the row, middle where the entries do, codes where the
// programs do, and end where they end.
func (l list) start() int  { return int(l>>31&1) * linkBytes }
func (l list) middle() int { return int(l>>(2*endBits)&(1<<endBits-1)) * unit }
func (l list) codes() int  { return int(l>>endBits&(1<<endBits-1)) * unit }
func (l list) end() int    { return int(l&(1<<endBits-1)) * unit }

// grown is the list with its parts longer by so many bytes.
func (l list) grown(ids, entries, codes int) list {
	return newList(l.at(), l.more(), l.middle()+ids, l.codes()+ids+entries, l.end()+ids+entries+codes)
}

// moved is the list with its row at another place.
func (l list) moved(at uint32) list { return list(at)<<32 | l&(1<<32-1) }

// rest is the list of the rows behind one that has more.
func rest(row []byte) list { return list(binary.LittleEndian.Uint64(row)) }

// how says what must hold of a query when the name does on which it hangs: its shape,
// which mark the report bears then, and whether what else it needs is a beginning of a
// word rather than a name. Of a query that is added or taken out it says how long its
// program is, and in an entry where that begins among those of the row.
type how uint32

const (
	codeBits    = endBits
	shapeBits   = 7
	beginsShift = codeBits + shapeBits
	markShift   = beginsShift + 1
)

func newHow(s shape, code int) how { return how(s)<<codeBits | how(code/unit) }

func (h how) shape() shape { return shape(h >> codeBits & (1<<shapeBits - 1)) }
func (h how) code() int    { return int(h&(1<<codeBits-1)) * unit }
func (h how) begins() bool { return h>>beginsShift&1 != 0 }
func (h how) mark() mark   { return mark(h >> markShift) }

// with is the same for a program of another length or at another place.
func (h how) with(code int) how { return h&^(1<<codeBits-1) | how(code/unit) }

// shape says what must hold of a query when the name does on which it hangs.
type shape uint8

// Most queries are of the shapes that are told without a program.
const (
	alone   shape = iota + 1 // nothing else
	both                     // the second name, or a word that begins so, occurs too
	before                   // it stands right before the first
	behind                   // it stands right behind it
	but                      // so it does, and none of the names in the program does
	coupled                  // what the program says, and the second name occurs
	shared                   // the same, and the query hangs on other names too
	far                      // the same, and the program stands elsewhere, behind the whole id
	within                   // both are near: within plus the most words between, up to maxNear
)

// entry is a query that hangs on a name.
type entry struct {
	// second is another name that the query needs, or a beginning. Where there is
	// none, it is the name on which the query hangs.
	second name
	how    how
	id     uint32 // the lower half of the query's
	code   []byte
}

// need says what else the query needs.
func (e *entry) need(second name, m mark, begins bool) {
	e.second, e.how = second, e.how&(1<<beginsShift-1)|how(m)<<markShift
	if begins {
		e.how |= 1 << beginsShift
	}
}

// add adds a query to a list and returns what the list is then.
func (s *shelf) add(l list, e *entry) list {
	ids, entries := 0, entryBytes
	if e.how.shape() == alone {
		ids, entries = idBytes, 0
	}
	size := ids + entries + len(e.code)
	switch end := l.end(); {
	case l == 0:
		l = newList(s.take(size), false, 0, 0, 0)
	case end+size > maxRow*unit:
		at := s.take(linkBytes + size)
		binary.LittleEndian.PutUint64(s.row(at), uint64(l))
		l = newList(at, true, linkBytes, linkBytes, linkBytes)
	default:
		l = l.moved(s.resize(l.at(), end, end+size))
	}
	row := s.row(l.at())
	if ids > 0 {
		copy(row[l.middle()+ids:], row[l.middle():l.end()])
		binary.LittleEndian.PutUint32(row[l.middle():], e.id)
	} else {
		copy(row[l.codes()+entries:], row[l.codes():l.end()])
		copy(row[l.end()+entries:], e.code)
		e.write(row[l.codes():], l.end()-l.codes())
	}
	return l.grown(ids, entries, len(e.code))
}

// write writes an entry whose program begins at a place among those of the row.
func (e *entry) write(row []byte, code int) {
	binary.LittleEndian.PutUint64(row, uint64(e.second))
	binary.LittleEndian.PutUint32(row[nameBytes:], uint32(e.how.with(code)))
	binary.LittleEndian.PutUint32(row[nameBytes+4:], e.id)
}

func howOf(row []byte) how   { return how(binary.LittleEndian.Uint32(row[nameBytes:])) }
func idOf(row []byte) uint32 { return binary.LittleEndian.Uint32(row[nameBytes+4:]) }

// remove takes a query off a list and returns what the list is then.
func (s *shelf) remove(l list, e *entry) list {
	row := s.row(l.at())
	if at := l.find(row, e); at >= 0 {
		return s.cut(l, at, e)
	}
	if !l.more() {
		return l
	}
	left := s.remove(rest(row), e)
	if left != 0 {
		binary.LittleEndian.PutUint64(row, uint64(left))
		return l
	}
	copy(row, row[linkBytes:l.end()])
	next := newList(0, false, l.middle()-linkBytes, l.codes()-linkBytes, l.end()-linkBytes)
	return next.moved(s.resize(l.at(), l.end(), next.end()))
}

// find returns where in its row a list has a query, or -1. One that is far is told by
// where its program is, since others may have the same half of an id.
func (l list) find(row []byte, e *entry) int {
	if e.how.shape() == alone {
		for i := l.start(); i < l.middle(); i += idBytes {
			if binary.LittleEndian.Uint32(row[i:]) == e.id {
				return i
			}
		}
		return -1
	}
	for i := l.middle(); i < l.codes(); i += entryBytes {
		h := howOf(row[i:])
		same := h.shape() == e.how.shape() && idOf(row[i:]) == e.id
		if same && (h.shape() != far || string(row[l.codes()+h.code():][:len(e.code)]) == string(e.code)) {
			return i
		}
	}
	return -1
}

// cut takes the query that stands at a place out of a row of a list, and the row when
// it is empty then.
func (s *shelf) cut(l list, at int, e *entry) list {
	row, left := s.row(l.at()), l.grown(-idBytes, 0, 0)
	if e.how.shape() != alone {
		left = l.grown(0, -entryBytes, -e.how.code())
	}
	switch {
	case left.end() == left.start():
		if left = 0; l.more() {
			left = rest(row)
		}
		s.put(l.at(), l.end())
		return left
	case e.how.shape() == alone:
		copy(row[at:], row[at+idBytes:l.end()])
	default:
		l.cutEntry(row, at, e.how.code())
	}
	return left.moved(s.resize(l.at(), l.end(), left.end()))
}

// cutEntry takes the entry at a place and its program of so many bytes out of a row.
func (l list) cutEntry(row []byte, at, size int) {
	gone := howOf(row[at:]).code()
	for i := l.middle(); i < l.codes() && size > 0; i += entryBytes {
		if h := howOf(row[i:]); h.code() > gone {
			binary.LittleEndian.PutUint32(row[i+nameBytes:], uint32(h.with(h.code()-size)))
		}
	}
	code := l.codes() + gone
	copy(row[code:], row[code+size:l.end()])
	copy(row[at:], row[at+entryBytes:l.end()-size])
}
