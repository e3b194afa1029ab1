package query

import (
	"slices"
	"strings"
)

// Vocabulary knows what may stand behind source:, topic: and stage:.
type Vocabulary interface {
	// Values lists the values of a field, or nil when any will do.
	Values(field string) []string
}

// Check refuses values that nothing can have, so that a misspelt topic is found
// before it stays silent for ever.
func (q Query) Check(v Vocabulary) error {
	var err error
	q.root.walk(func(n *node) {
		if n.op != opAttr || err != nil {
			return
		}
		known := v.Values(n.attr.String())
		if known == nil || slices.Contains(known, n.text) {
			return
		}
		field := n.attr.String()
		switch near := nearest(n.text, known); {
		case len(near) > 0:
			err = failure(n.at, FaultUnknownNear, "field", field, "text", n.text, "near", field+":"+strings.Join(near, ", "+field+":"))
		case len(known) > 0:
			err = failure(n.at, FaultUnknownSome, "field", field, "text", n.text, "some", strings.Join(known[:min(len(known), maxNearest)], ", "))
		default:
			err = failure(n.at, FaultUnknown, "field", field, "text", n.text)
		}
	})
	return err
}

func (n *node) walk(f func(*node)) {
	if n == nil {
		return
	}
	f(n)
	for _, kid := range n.kids {
		kid.walk(f)
	}
}

// maxNearest is how many values are proposed.
const maxNearest = 3

// nearest are the known values that share the longest beginning, if it is at least
// half of s.
func nearest(s string, known []string) []string {
	var best []string
	length := max(2, (len(s)+1)/2)
	for _, k := range known {
		n := 0
		for n < min(len(k), len(s)) && k[n] == s[n] {
			n++
		}
		switch {
		case n > length:
			best, length = []string{k}, n
		case n == length && len(best) < maxNearest:
			best = append(best, k)
		}
	}
	return best
}
