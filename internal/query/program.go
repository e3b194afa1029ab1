package query

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A query's program is its parts, each an operator and what belongs to it. A query's
// record has its size and, if it is far, the query's id and program; then, for taking
// the query out, the names on which it hangs and its prefixes, read from the end. A
// name takes nameBytes.
//
//	word   name              it occurs
//	title  name              it occurs in the title
//	row    flags count names a row of words; flag 1: in the title
//	and    size count parts  all; size is the length of what follows in bytes,
//	or     size count parts  a varint, so that the rest can be left out
//	not    part
//	near   count part gap part gap part
//
//	names  prefixes  count of prefixes  count of names
const (
	codeWord byte = iota
	codeTitle
	codeRow
	codeAnd
	codeOr
	codeNot
	codeNear
)

const (
	nameBytes = 8
	headBytes = 3
	sizeBytes = 2
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
func (c *compiler) tail(n *node, hung []atom) {
	for _, a := range hung {
		c.name(a)
	}
	prefixes := byte(0)
	n.prefixes(func(prefix string) {
		h := headOf(prefix)
		c.out = append(binary.LittleEndian.AppendUint16(c.out, h.head), h.length)
		prefixes++
	})
	c.out = append(c.out, prefixes, byte(len(hung)))
}

// readTail calls hung and prefix for what tail has written at the end of row.
func readTail(row []byte, hung func(name), prefix func(headLength)) {
	end := len(row) - 2
	prefixes, names := int(row[end]), int(row[end+1])
	from := end - prefixes*headBytes
	for at := from; at < end; at += headBytes {
		prefix(headLength{binary.LittleEndian.Uint16(row[at:]), row[at+2]})
	}
	for at := from - names*nameBytes; at < from; at += nameBytes {
		hung(readName(row[at:]))
	}
}

// prefixes calls f with every prefix of a part, as often as it stands there.
func (n *node) prefixes(f func(string)) {
	for _, a := range n.atoms {
		if a.prefix {
			f(a.word)
		}
	}
	for _, kid := range n.kids {
		kid.prefixes(f)
	}
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
	switch {
	case len(n.atoms) > 1:
		flags := byte(0)
		if n.title {
			flags = 1
		}
		c.out = append(c.out, codeRow, flags, byte(len(n.atoms)))
		for _, a := range n.atoms {
			c.name(a)
		}
	case n.title:
		c.out = append(c.out, codeTitle)
		c.name(n.atoms[0])
	default:
		c.out = append(c.out, codeWord)
		c.name(n.atoms[0])
	}
}

// several writes an and or an or: for an and the rarest parts first, since they
// fail most.
func (c *compiler) several(n *node) {
	code, kids := codeOr, n.kids
	if n.op == opAnd {
		code = codeAnd
		kids = slices.Clone(kids)
		slices.SortStableFunc(kids, func(a, b *node) int { return cmp.Compare(c.index.cost(a), c.index.cost(b)) })
	}
	inner := compiler{index: c.index}
	for _, kid := range kids {
		inner.node(kid)
	}
	c.out = append(c.out, code)
	c.out = binary.AppendUvarint(c.out, uint64(len(inner.out)))
	c.out = append(c.out, byte(len(kids)))
	c.out = append(c.out, inner.out...)
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

// cover returns terms of which at least one occurs in every report in which the
// part holds, the rarest that there are, with their cost; nil when there are none.
func (x *Index) cover(n *node) ([]atom, float64) {
	switch n.op {
	case opAttr:
		return []atom{n.atomOf()}, x.frequencies.share(n.atomOf())
	case opTerm:
		best, low := n.atoms[0], 2.0
		for _, a := range n.atoms {
			share := x.frequencies.share(a)
			if a.weak() {
				share++ // a last resort
			}
			if share < low {
				best, low = a, share
			}
		}
		return []atom{best}, low
	case opNot:
		return nil, 0
	case opOr:
		var all []atom
		sum := 0.0
		for _, kid := range n.kids {
			some, cost := x.cover(kid)
			if some == nil {
				return nil, 0
			}
			all, sum = append(all, some...), sum+cost
		}
		return all, sum
	}
	var best []atom
	low := 0.0
	for _, kid := range n.kids {
		if some, cost := x.cover(kid); some != nil && (best == nil || cost < low) {
			best, low = some, cost
		}
	}
	return best, low
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
