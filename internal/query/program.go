package query

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A query is kept as a row of bytes: its parts, each an operator and what belongs
// to it, then the terms on which it hangs. Numbers are varints.
//
//	word   term              the term occurs
//	title  term              it occurs in the title
//	row    flags count terms a row of words; flag 1: in the title
//	and    size count parts  all; size is the length of what follows in bytes,
//	or     size count parts  so that the rest can be left out
//	not    part
//	near   count part gap part gap part
const (
	codeWord byte = iota
	codeTitle
	codeRow
	codeAnd
	codeOr
	codeNot
	codeNear
)

// compiler writes the program of one query.
type compiler struct {
	x   *Index
	out []byte
}

// atomOf is what stands for an attribute in the tables of terms.
func (n *node) atomOf() atom { return atom{word: n.attr.key(n.text)} }

func (c *compiler) term(a atom) { c.out = binary.AppendUvarint(c.out, uint64(c.x.intern(a))) }

func (c *compiler) node(n *node) {
	switch n.op {
	case opAttr:
		c.out = append(c.out, codeWord)
		c.term(n.atomOf())
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
			c.term(a)
		}
	case n.title:
		c.out = append(c.out, codeTitle)
		c.term(n.atoms[0])
	default:
		c.out = append(c.out, codeWord)
		c.term(n.atoms[0])
	}
}

// several writes an and or an or: for an and the rarest parts first, since they
// fail most.
func (c *compiler) several(n *node) {
	code, kids := codeOr, n.kids
	if n.op == opAnd {
		code = codeAnd
		kids = slices.Clone(kids)
		slices.SortStableFunc(kids, func(a, b *node) int { return cmp.Compare(c.x.cost(a), c.x.cost(b)) })
	}
	inner := compiler{x: c.x}
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

// termsOf calls f with every term of the part at the beginning of code, as often
// as it stands there, and returns what is behind the part.
func termsOf(code []byte, f func(termID)) []byte {
	one := func() {
		var id uint64
		id, code = uvarint(code)
		f(termID(id))
	}
	o := code[0]
	code = code[1:]
	switch o {
	case codeWord, codeTitle:
		one()
	case codeRow:
		n := code[1]
		code = code[2:]
		for range n {
			one()
		}
	case codeAnd, codeOr:
		_, code = uvarint(code)
		n := code[0]
		code = code[1:]
		for range n {
			code = termsOf(code, f)
		}
	case codeNot:
		code = termsOf(code, f)
	case codeNear:
		n := code[0]
		code = termsOf(code[1:], f)
		for range n - 1 {
			code = termsOf(code[1:], f) // behind a gap
		}
	}
	return code
}

func uvarint(code []byte) (uint64, []byte) {
	if code[0] < 0x80 {
		return uint64(code[0]), code[1:]
	}
	v, n := binary.Uvarint(code)
	return v, code[n:]
}
