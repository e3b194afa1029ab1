package query

import (
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// anchored refuses a query that may hold without any word that is worth looking
// for: each of its alternatives must ask for one.
func anchored(n *node) error {
	switch n.op {
	case opAnd:
		var first error
		for _, kid := range n.kids {
			err := anchored(kid)
			if err == nil {
				return nil
			}
			if first == nil || kid.op != opNot && isNegative(first) {
				first = err
			}
		}
		return first
	case opOr:
		for _, kid := range n.kids {
			if err := anchored(kid); err != nil {
				return err
			}
		}
		return nil
	case opNear:
		var first error
		for _, kid := range n.kids {
			err := anchored(kid)
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
		}
		return first
	}
	return anchor(n)
}

func isNegative(err error) bool {
	e, ok := err.(*Error) //nolint:errorlint // anchored returns nothing else
	return ok && e.Reason == ReasonNegative
}

// anchor says why a term, an attribute or a negation is nothing to look for by
// itself, or returns nil.
func anchor(n *node) error {
	bad := func(f Fault) error { return failure(n.at, f, "text", n.source()) }
	switch n.op {
	case opNot:
		return bad(FaultNegative)
	case opAttr:
		if n.attr == attrSource || n.attr == attrTopic {
			return nil
		}
		return bad(FaultBroad)
	}
	letters := true
	for _, a := range n.atoms {
		if !a.weak() {
			return nil
		}
		letters = letters && a.short()
	}
	if letters {
		return bad(FaultOneLetter)
	}
	return bad(FaultStopWord)
}

// weak reports whether the word alone tells nothing.
func (a atom) weak() bool { return !a.prefix && (a.short() || text.IsStopWord(a.word)) }

func (a atom) short() bool {
	r, size := utf8.DecodeRuneInString(a.word)
	return size == len(a.word) && !text.Unspaced(r)
}
