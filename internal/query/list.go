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
// queries of which nothing else must hold; then the other ones. The zero list has
// none.
type list uint64

const (
	linkBytes  = 8
	idBytes    = 4 // the lower half of a query's id
	entryBytes = nameBytes + 4 + idBytes
)

// newList makes a list of a row where the ids end at middle and all at end, in
// units.
func newList(at uint32, more bool, middle, end int) list {
	l := list(at)<<32 | list(middle)<<16 | list(end)
	if more {
		l |= 1 << 31
	}
	return l
}

func (l list) at() uint32 { return uint32(l >> 32) }
func (l list) more() bool { return l>>31&1 != 0 }

// start is where the ids begin in the row, middle where the other queries do, and end
// where they end.
func (l list) start() int  { return int(l>>31&1) * linkBytes }
func (l list) middle() int { return int(l>>16&0x7fff) * unit }
func (l list) end() int    { return int(l&0xffff) * unit }

// grown is the list with its parts longer by so many bytes.
func (l list) grown(at uint32, ids, others int) list {
	return newList(at, l.more(), (l.middle()+ids)/unit, (l.end()+ids+others)/unit)
}

// rest is the list of the rows behind one that has more.
func rest(row []byte) list { return list(binary.LittleEndian.Uint64(row)) }

// how says what must hold of a query when the name does on which it hangs, and how
// many units its program has, which follows its entry.
type how uint32

const codeBits = 16

func newHow(s shape, code int) how { return how(s)<<codeBits | how(code/unit) }

func (h how) shape() shape { return shape(h >> codeBits) }
func (h how) code() int    { return int(h&(1<<codeBits-1)) * unit }

// shape says what must hold of a query when the name does on which it hangs.
type shape uint8

// Most queries are of the shapes that are told without a program.
const (
	alone   shape = iota + 1 // nothing else
	both                     // the second name occurs too
	before                   // it stands right before the first
	behind                   // it stands right behind it
	coupled                  // what the program says, and the second name occurs
	shared                   // the same, and the query hangs on other names too
	far                      // the same, and the program stands elsewhere, behind the whole id
	within                   // both are near: within plus the most words between, up to maxNear
)

// entry is a query that hangs on a name.
type entry struct {
	// second is another name that the query needs. Where there is none, it is the
	// one on which the query hangs.
	second name
	how    how
	id     uint32 // the lower half of the query's
	code   []byte
}

// add adds a query to a list and returns what the list is then.
func (s *shelf) add(l list, e *entry) list {
	ids, others := 0, entryBytes+len(e.code)
	if e.how.shape() == alone {
		ids, others = idBytes, 0
	}
	switch end := l.end(); {
	case l == 0:
		l = newList(s.take(ids+others), false, 0, 0)
	case end+ids+others > maxRow*unit:
		at := s.take(linkBytes + ids + others)
		binary.LittleEndian.PutUint64(s.row(at), uint64(l))
		l = newList(at, true, linkBytes/unit, linkBytes/unit)
	default:
		l = l.grown(s.resize(l.at(), end, end+ids+others), 0, 0)
	}
	row := s.row(l.at())
	if ids > 0 {
		copy(row[l.middle()+ids:], row[l.middle():l.end()])
		binary.LittleEndian.PutUint32(row[l.middle():], e.id)
	} else {
		e.write(row[l.end():])
	}
	return l.grown(l.at(), ids, others)
}

func (e *entry) write(row []byte) {
	binary.LittleEndian.PutUint64(row, uint64(e.second))
	binary.LittleEndian.PutUint32(row[nameBytes:], uint32(e.how))
	binary.LittleEndian.PutUint32(row[nameBytes+4:], e.id)
	copy(row[entryBytes:], e.code)
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
	next := newList(0, false, (l.middle()-linkBytes)/unit, (l.end()-linkBytes)/unit)
	return next | list(s.resize(l.at(), l.end(), next.end()))<<32
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
	for i := l.middle(); i < l.end(); i += entryBytes + howOf(row[i:]).code() {
		same := howOf(row[i:]) == e.how && idOf(row[i:]) == e.id
		if same && (e.how.shape() != far || string(row[i+entryBytes:][:len(e.code)]) == string(e.code)) {
			return i
		}
	}
	return -1
}

// cut takes the query that begins at a place out of a row of a list, and the row when
// it is empty then.
func (s *shelf) cut(l list, at int, e *entry) list {
	row, left, size := s.row(l.at()), l.grown(l.at(), -idBytes, 0), idBytes
	if e.how.shape() != alone {
		size = entryBytes + e.how.code()
		left = l.grown(l.at(), 0, -size)
	}
	if left.end() == left.start() {
		if left = 0; l.more() {
			left = rest(row)
		}
		s.put(l.at(), l.end())
		return left
	}
	copy(row[at:], row[at+size:l.end()])
	return left&(1<<32-1) | list(s.resize(l.at(), l.end(), left.end()))<<32
}
