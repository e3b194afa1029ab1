package query

import (
	"strconv"
	"strings"
)

// node is a part of a parsed query.
type node struct {
	op op
	// at is where it begins in the query, in characters from 1.
	at   int
	kids []*node
	// gaps are those of a near, between one kid and the next.
	gaps []int

	// Of a term: the words in a row, and how they were written.
	atoms  []atom
	text   string
	quoted bool
	title  bool // in the title alone
	// Of an attribute; text is its value.
	attr attr
}

type op uint8

const (
	opTerm op = iota // a word, a prefix, or several in a row
	opAttr
	opAnd
	opOr
	opNot
	opNear
)

// atom is one word of a term.
type atom struct {
	word   string
	prefix bool
}

func (a atom) matches(key []byte) bool {
	if a.prefix {
		return len(key) >= len(a.word) && string(key[:len(a.word)]) == a.word
	}
	return string(key) == a.word
}

// write prints a part; a part of lower rank than its surroundings stands in
// parentheses.
func (n *node) write(b *strings.Builder, rank int) {
	own := n.rank()
	if own < rank {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.op {
	case opTerm:
		if n.title {
			b.WriteString("title:")
		}
		n.writeValue(b)
	case opAttr:
		b.WriteString(n.attr.String())
		b.WriteByte(':')
		n.writeValue(b)
	case opNot:
		b.WriteByte('-')
		n.kids[0].write(b, rankUnary)
	default:
		for i, kid := range n.kids {
			switch {
			case i == 0:
			case n.op == opAnd:
				b.WriteByte(' ')
			case n.op == opOr:
				b.WriteString(" OR ")
			default:
				b.WriteString(" NEAR/" + strconv.Itoa(n.gaps[i-1]) + " ")
			}
			kid.write(b, own+1)
		}
	}
}

func (n *node) writeValue(b *strings.Builder) {
	if !n.quoted {
		b.WriteString(n.text)
		return
	}
	b.WriteByte('"')
	b.WriteString(n.text)
	b.WriteByte('"')
}

// The ranks of operators, from the loosest.
const (
	rankOr = iota
	rankAnd
	rankUnary
	rankNear
	rankTerm
)

func (n *node) rank() int {
	switch n.op {
	case opOr:
		return rankOr
	case opAnd:
		return rankAnd
	case opNot:
		return rankUnary
	case opNear:
		return rankNear
	}
	return rankTerm
}

// source is the part as written, for messages.
func (n *node) source() string {
	var b strings.Builder
	n.write(&b, rankOr)
	return b.String()
}
