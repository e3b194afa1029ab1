package query

import (
	"cmp"
	"slices"

	"github.com/attache-bot/attache/internal/topic"
)

// Match reports whether the query holds in a report. It is the plain evaluator:
// it looks through all words for each that the query names, and says what the
// [Index] must find.
func (q Query) Match(t *Text) bool { return q.root != nil && q.root.holds(t) }

func (n *node) holds(t *Text) bool {
	switch n.op {
	case opAnd:
		return !slices.ContainsFunc(n.kids, func(k *node) bool { return !k.holds(t) })
	case opOr:
		return slices.ContainsFunc(n.kids, func(k *node) bool { return k.holds(t) })
	case opNot:
		return !n.kids[0].holds(t)
	case opAttr:
		return n.attribute(t) >= 0
	case opNear:
		return len(n.chain(t)) > 0
	}
	return len(n.places(t, 1)) > 0
}

// attribute returns the index of the attribute among the words, or -1.
func (n *node) attribute(t *Text) int {
	words := t.list()
	for i := range words {
		if w := &words[i]; w.field == noField {
			if k := t.key(w); attr(k[0]) == n.attr && string(k[1:]) == n.text {
				return i
			}
		}
	}
	return -1
}

// place is where a term stands: its first and last word, as indices of
// Text.words.
type place struct{ first, last int }

// maxPlaces bounds at how many places of one word or phrase NEAR looks, the first
// ones of a report, but where it stands between two words alone. Without it, a
// report that says one word a thousand times would cost a chain of them a second.
const (
	maxPlaces = 100
	anyPlaces = 1 << 30
)

// places returns where a term or one of several alternatives stands, at most
// limit places of each.
func (n *node) places(t *Text, limit int) []place {
	var out []place
	if n.op == opOr {
		for _, kid := range n.kids {
			out = append(out, kid.places(t, limit)...)
		}
		return out
	}
	for i := range t.list() {
		if len(out) == limit {
			break
		}
		if k := len(out); k > 0 && t.words[out[k-1].first].pos == t.words[i].pos {
			continue // another reading of the same word
		}
		if last := n.row(t, i); last >= 0 {
			out = append(out, place{i, last})
		}
	}
	return out
}

// row returns the index of the last word when the term stands from word i on, or
// -1.
func (n *node) row(t *Text, i int) int {
	if t.words[i].field == noField || n.title && t.words[i].field != inTitle || !n.atoms[0].matches(t.key(&t.words[i])) {
		return -1
	}
	last := i
	for _, a := range n.atoms[1:] {
		next := -1
		for j := last + 1; j < len(t.words) && t.words[j].field != noField && t.words[j].pos <= t.words[last].pos+1; j++ {
			if t.words[j].pos == t.words[last].pos+1 && a.matches(t.key(&t.words[j])) {
				next = j
				break
			}
		}
		if next < 0 {
			return -1
		}
		last = next
	}
	return last
}

// chain returns places of all parts of a near, each beside the next, or nil.
func (n *node) chain(t *Text) []place {
	limit := maxPlaces
	if len(n.kids) == 2 && n.kids[0].word() && n.kids[1].word() {
		limit = anyPlaces
	}
	all := make([][]place, len(n.kids))
	for i, kid := range n.kids {
		all[i] = kid.places(t, limit)
	}
	// From the last part back: which of its places have all later parts beside.
	next := make([][]int, len(all)) // of each place: one of the next part, or -1
	var behind neighbours           // those places of the later part that have all others beside
	for i := len(all) - 1; i >= 0; i-- {
		next[i] = make([]int, len(all[i]))
		for j, a := range all[i] {
			if i < len(all)-1 {
				next[i][j] = behind.beside(t.words[a.first].pos, t.words[a.last].pos, int32(n.gaps[i]))
			}
		}
		behind = t.neighbours(all[i], next[i])
	}
	start := slices.IndexFunc(next[0], func(k int) bool { return k >= 0 })
	if start < 0 {
		return nil
	}
	var out []place
	for i, j := 0, start; i < len(all); i++ {
		out = append(out, all[i][j])
		j = next[i][j]
	}
	return out
}

// word reports whether a part is one word, anywhere in a report.
func (n *node) word() bool { return n.op == opTerm && len(n.atoms) == 1 && !n.title }

// neighbours are places in order of where they begin, and of where they end.
type neighbours struct{ begins, ends []neighbour }

type neighbour struct {
	pos   int32
	index int
}

// neighbours are those of the places whose next is not negative.
func (t *Text) neighbours(places []place, next []int) neighbours {
	var out neighbours
	for i, p := range places {
		if next[i] >= 0 {
			out.begins = append(out.begins, neighbour{t.words[p.first].pos, i})
			out.ends = append(out.ends, neighbour{t.words[p.last].pos, i})
		}
	}
	order := func(a, b neighbour) int { return cmp.Compare(a.pos, b.pos) }
	slices.SortStableFunc(out.begins, order)
	slices.SortStableFunc(out.ends, order)
	return out
}

// beside returns the index of one that does not overlap with what stands from
// first to last and has at most gap words between, or -1.
func (n neighbours) beside(first, last, gap int32) int {
	at := func(list []neighbour, from, to int32) int {
		i, _ := slices.BinarySearchFunc(list, from, func(x neighbour, pos int32) int { return cmp.Compare(x.pos, pos) })
		if i < len(list) && list[i].pos <= to {
			return list[i].index
		}
		return -1
	}
	if i := at(n.ends, first-1-gap, first-1); i >= 0 {
		return i
	}
	return at(n.begins, last+1, last+1+gap)
}

// maxEvidence bounds how many places of one term Explain names.
const maxEvidence = 3

// Explain returns what made the query hold: which words, at which place, in which
// field. It returns nil when the query does not hold.
func (q Query) Explain(t *Text) []topic.Evidence {
	var out []topic.Evidence
	if q.root == nil || !q.root.explain(t, &out) {
		return nil
	}
	return out
}

// explain appends why a part holds, or reports that it does not and appends nothing.
func (n *node) explain(t *Text, out *[]topic.Evidence) bool {
	switch n.op {
	case opNot: // what is not there has no place
		return n.holds(t)
	case opAnd:
		before := len(*out)
		for _, kid := range n.kids {
			if !kid.explain(t, out) {
				*out = (*out)[:before]
				return false
			}
		}
		return true
	case opOr:
		held := false
		for _, kid := range n.kids {
			held = kid.explain(t, out) || held
		}
		return held
	case opAttr:
		if n.attribute(t) < 0 {
			return false
		}
		*out = append(*out, topic.Evidence{Field: topic.Field(n.attr.String()), Kind: topic.Asked, Text: n.text, Rule: n.source()})
		return true
	}
	places := n.places
	if n.op == opNear {
		places = func(t *Text, _ int) []place { return n.chain(t) }
	}
	found := places(t, maxEvidence)
	for _, p := range found {
		*out = append(*out, t.evidence(p, n.source()))
	}
	return len(found) > 0
}

func (t *Text) evidence(p place, rule string) topic.Evidence {
	first, last := &t.words[p.first], &t.words[p.last]
	src := t.source(first.field)
	return topic.Evidence{
		Field: fieldNames[first.field], Kind: topic.Asked,
		Start: int(first.start), End: int(last.end), Text: src[first.start:last.end], Rule: rule,
	}
}
