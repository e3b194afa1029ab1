package query

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A query's program is its parts, each an operator and what belongs to it. A query's
// record has its size and, if it is far, the query's id and program; then, for taking
// the query out, the names on which it hangs and what is noted of the prefixes that have
// names, read from the end. A name takes nameBytes, and so does a beginning.
//
//	word   name              it occurs
//	title  name              it occurs in the title
//	begins beginning         a word begins so
//	tops   beginning         a word in the title does
//	row    flags count names a row of words; flag 1: in the title; flag 2: before the
//	                         names there is a mask of those that are beginnings
//	and    size count parts  all; size is the length of what follows in bytes,
//	or     size count parts  a varint, so that the rest can be left out
//	not    part
//	near   count part gap part gap part
//
//	names  prefixes  count of prefixes  count of names
//
// Of a query of the shape but the program is how many names must not occur, in a unit,
// and those names.
const (
	codeWord byte = iota
	codeTitle
	codeBegins
	codeTops
	codeRow
	codeAnd
	codeOr
	codeNot
	codeNear
)

const (
	nameBytes  = 8
	notedBytes = openingBytes + 1
	sizeBytes  = 2
)

// compiler writes the program of one query.
type compiler struct {
	index *Index
	out   []byte
}

// atomOf is what stands for an attribute among the words.
func (n *node) atomOf() atom { return atom{word: n.attr.key(n.text)} }

func (c *compiler) name(a atom) {
	c.out = binary.LittleEndian.AppendUint64(c.out, uint64(c.index.key.atom(a)))
}

func readName(code []byte) name { return name(binary.LittleEndian.Uint64(code)) }

// tail writes what taking the query out needs.
func (c *compiler) tail(named []string, hung []atom) {
	for _, a := range hung {
		c.name(a)
	}
	for _, prefix := range named {
		n := note(prefix)
		c.out = append(binary.LittleEndian.AppendUint64(c.out, uint64(n.opening)), n.bytes)
	}
	c.out = append(c.out, byte(len(named)), byte(len(hung)))
}

// readTail calls hung and prefix for what tail has written at the end of row.
func readTail(row []byte, hung func(name), prefix func(noted)) {
	end := len(row) - 2
	prefixes, names := int(row[end]), int(row[end+1])
	from := end - prefixes*notedBytes
	for at := from; at < end; at += notedBytes {
		prefix(noted{opening(binary.LittleEndian.Uint64(row[at:])), row[at+openingBytes]})
	}
	for at := from - names*nameBytes; at < from; at += nameBytes {
		hung(readName(row[at:]))
	}
}

// named appends the prefixes of a part that have names, as often as they stand there,
// when the query hangs on some of its atoms.
func (n *node) named(dst []string, hung []atom) []string {
	for _, a := range n.atoms {
		if a.prefix && (!a.sought() || slices.Contains(hung, a)) {
			dst = append(dst, a.word)
		}
	}
	for _, kid := range n.kids {
		dst = kid.named(dst, hung)
	}
	return dst
}

func (c *compiler) node(n *node) {
	switch n.op {
	case opAttr:
		c.out = append(c.out, codeWord)
		c.name(n.atomOf())
	case opTerm:
		c.leaf(n)
	case opNot:
		c.out = append(c.out, codeNot)
		c.node(n.kids[0])
	case opNear:
		c.out = append(c.out, codeNear, byte(len(n.kids)))
		for i, kid := range n.kids {
			if i > 0 {
				c.out = append(c.out, byte(n.gaps[i-1]))
			}
			c.node(kid)
		}
	default:
		c.several(n)
	}
}

func (c *compiler) leaf(n *node) {
	title := byte(0)
	if n.title {
		title = 1
	}
	if len(n.atoms) > 1 {
		c.row(n.atoms, title)
		return
	}
	a := n.atoms[0]
	if a.sought() {
		c.out = append(c.out, codeBegins+title)
	} else {
		c.out = append(c.out, codeWord+title)
	}
	c.atom(a)
}

const (
	rowInTitle  = 1
	rowIsSought = 2
)

func (c *compiler) row(atoms []atom, flags byte) {
	sought := uint64(0)
	for i, a := range atoms {
		if a.sought() {
			sought |= 1 << i
		}
	}
	if sought != 0 {
		flags |= rowIsSought
	}
	c.out = append(c.out, codeRow, flags, byte(len(atoms)))
	if sought != 0 {
		c.out = binary.LittleEndian.AppendUint64(c.out, sought)
	}
	for _, a := range atoms {
		c.atom(a)
	}
}

// atom writes an atom's name, or what begins the words that are sought.
func (c *compiler) atom(a atom) {
	if a.sought() {
		c.out = binary.LittleEndian.AppendUint64(c.out, uint64(open(a.word)))
		return
	}
	c.name(a)
}

// butNot writes how many names must not occur, in a unit, and which.
func (c *compiler) butNot(n *node) {
	c.out = binary.LittleEndian.AppendUint32(c.out, 0)
	for _, kid := range n.kids {
		switch {
		case kid.op != opNot:
			continue
		case kid.kids[0].op == opAttr:
			c.name(kid.kids[0].atomOf())
		default:
			c.name(kid.kids[0].atoms[0])
		}
		c.out[0]++
	}
}

// several writes an and or an or: for an and the rarest parts first, since they
// fail most.
func (c *compiler) several(n *node) {
	code, kids := codeOr, n.kids
	if n.op == opAnd {
		code = codeAnd
		var few [8]*node
		kids = append(few[:0], kids...)
		slices.SortStableFunc(kids, func(a, b *node) int { return cmp.Compare(c.index.cost(a), c.index.cost(b)) })
	}
	from := len(c.out)
	for _, kid := range kids {
		c.node(kid)
	}
	var room [2 + binary.MaxVarintLen64]byte
	head := append(room[:0], code)
	head = binary.AppendUvarint(head, uint64(len(c.out)-from))
	c.out = slices.Insert(c.out, from, append(head, byte(len(kids)))...)
}

// cost is the share of reports in which a part may hold, roughly.
func (x *Index) cost(n *node) float64 {
	switch n.op {
	case opAttr:
		return x.frequencies.share(n.atomOf())
	case opTerm:
		low := 1.0
		for _, a := range n.atoms {
			low = min(low, x.frequencies.share(a))
		}
		return low
	case opNot:
		return 1
	case opOr:
		sum := 0.0
		for _, kid := range n.kids {
			sum += x.cost(kid)
		}
		return sum
	}
	low := 1.0
	for _, kid := range n.kids {
		low = min(low, x.cost(kid))
	}
	return low
}

// costOfPrefix is how much more often than a prefix a word may occur on which a query
// hangs instead: each prefix with a name is to be told from what all words begin with.
const costOfPrefix = 16

// cover appends terms of which at least one occurs in every report in which the
// part holds, the rarest that there are, if there are any, and returns their cost too.
func (x *Index) cover(dst []atom, n *node) ([]atom, float64) {
	from := len(dst)
	switch n.op {
	case opAttr:
		a := n.atomOf()
		return append(dst, a), x.frequencies.share(a)
	case opTerm:
		best, low := n.atoms[0], 2.0
		for _, a := range n.atoms {
			share := x.frequencies.share(a)
			if a.prefix {
				share *= costOfPrefix
			}
			if a.weak() {
				share++ // a last resort
			}
			if share < low {
				best, low = a, share
			}
		}
		return append(dst, best), low
	case opNot:
		return dst, 0
	case opOr:
		sum := 0.0
		for _, kid := range n.kids {
			more, cost := x.cover(dst, kid)
			if len(more) == len(dst) {
				return more[:from], 0
			}
			dst, sum = more, sum+cost
		}
		return dst, sum
	}
	low := 0.0
	for _, kid := range n.kids {
		more, cost := x.cover(dst, kid)
		best, some := more[:len(dst)], more[len(dst):]
		if len(some) > 0 && (len(best) == from || cost < low) {
			low, best = cost, append(more[:from], some...)
		}
		dst = best
	}
	return dst, low
}

// needs appends the terms that occur in every report in which the part holds.
func (n *node) needs(dst []atom) []atom {
	switch n.op {
	case opAttr:
		return append(dst, n.atomOf())
	case opTerm:
		return append(dst, n.atoms...)
	case opAnd, opNear:
		for _, kid := range n.kids {
			dst = kid.needs(dst)
		}
	}
	return dst
}

func uvarint(code []byte) (uint64, []byte) {
	if code[0] < 0x80 {
		return uint64(code[0]), code[1:]
	}
	v, n := binary.Uvarint(code)
	return v, code[n:]
}
