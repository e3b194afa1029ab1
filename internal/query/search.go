package query

import (
	"encoding/binary"
	"slices"
)

// A large index is mostly out of the processor's caches, and waiting for memory is
// what matching costs; what it has to guess wrongly comes next. So several reports are
// matched together, and what is read next is touched for all of them before any goes
// on, which lets the waits overlap; and what cannot be foreseen is gathered without a
// branch.

// Together is how many reports are matched at once.
const Together = 16

// Match appends to dst the ids of the queries that a report matches, each once, in
// no order that means anything. It allocates nothing when there are none.
func (x *Index) Match(dst []ID, t *Text) []ID {
	s, _ := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	x.mu.RLock()
	defer x.mu.RUnlock()
	s.x = x
	s.look(0, t)
	s.reach(0)
	return s.match(0, dst)
}

// MatchAll finds the queries that each of several reports matches, as [Index.Match]
// does. It is faster than one after the other.
func (x *Index) MatchAll(m *Matches, docs []Doc) {
	s, _ := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	m.ids, m.ends = m.ids[:0], m.ends[:0]
	for some := range slices.Chunk(docs, Together) {
		for i := range some {
			s.texts[i].Read(some[i])
		}
		s.matchAll(x, m, len(some))
		for i := range some {
			s.texts[i].forget()
		}
	}
}

// matchAll finds the queries that the first n of s.texts match.
func (s *scratch) matchAll(x *Index, m *Matches, n int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s.x = x
	for i := range n {
		s.look(i, &s.texts[i])
	}
	for i := range n {
		s.reach(i)
	}
	for i := range n {
		m.ids = s.match(i, m.ids)
		m.ends = append(m.ends, len(m.ids))
	}
}

// Matches are the queries that several reports match. The zero value is ready, and
// it is used again for the next ones.
type Matches struct {
	ids  []ID
	ends []int
}

// Of returns the ids of the queries that the i-th report matches, until the next are
// matched.
func (m *Matches) Of(i int) []ID {
	from := 0
	if i > 0 {
		from = m.ends[i-1]
	}
	return m.ids[from:m.ends[i]:m.ends[i]]
}

// scratch is what matching reports needs. It is used again.
type scratch struct {
	x *Index
	// sighted are the names of the report at hand, all those of the reports that are
	// matched together.
	sighted
	all    [Together]sighted
	texts  [Together]Text
	chains chains
	// begins and roots are for what may be prefixes.
	begins []begin
	roots  []root
	// likely are the queries whose second name may have been seen, and waiting the
	// places on the shelf of those of which only their programs are still to be asked.
	likely  []likely
	waiting []uint32
	// repeated are queries found that hang on several names, which may be found
	// again.
	repeated []ID
	// warmth keeps the compiler from leaving out what only warms memory up.
	warmth uint64
	// lists and spans are for one row and one near at a time.
	lists [MaxWords][]int32
	spans [2][]span
}

// hung is a list of queries, and which of sighted.seen is the name on which they
// hang.
type hung struct {
	list list
	of   int32
}

// likely is a query's place on the shelf, and which of sighted.hung it is of.
type likely struct {
	at   uint32
	hung int32
}

// look finds the names of the i-th report, and those among them on which queries may
// hang.
func (s *scratch) look(i int, t *Text) {
	s.sighted = s.all[i]
	s.present(t)
	h := &s.x.hooks
	maybe := slices.Grow(s.maybe[:0], len(s.seen))[:len(s.seen)]
	n := 0
	for i := range s.seen {
		maybe[n] = int32(i)
		n += h.maybe(s.seen[i].name)
	}
	s.maybe = maybe[:n]
	touched := uint64(0)
	for _, i := range s.maybe {
		touched += h.touch(s.seen[i].name)
	}
	s.warmth += touched
	s.all[i] = s.sighted
}

// reach finds the lists that hang on the names of the i-th report.
func (s *scratch) reach(i int) {
	h, r := &s.x.hooks, &s.all[i]
	r.hung = r.hung[:0]
	for _, of := range r.maybe {
		if l := h.find(r.seen[of].name); l != 0 {
			r.hung = append(r.hung, hung{l, of})
		}
	}
	touched := uint64(0)
	const line = 64 // bytes that memory brings at once
	for _, u := range r.hung {
		row, end := h.shelf.row(u.list.at()), u.list.end()
		for at := 0; at < end; at += line {
			touched += uint64(row[at])
		}
	}
	s.warmth += touched
}

// match appends the ids of the queries that the i-th report matches.
func (s *scratch) match(i int, dst []ID) []ID {
	s.sighted = s.all[i]
	s.likely, s.waiting, s.repeated = s.likely[:0], s.waiting[:0], s.repeated[:0]
	if len(s.hung) == 0 {
		return dst
	}
	s.link()
	dst = s.hanging(dst)
	dst = s.try(dst)
	dst = s.run(dst)
	return append(dst, s.distinct()...)
}

// hanging appends the ids of those queries of which nothing else must hold, and
// gathers those of the others whose second name may have been seen.
func (s *scratch) hanging(dst []ID) []ID {
	for i, u := range s.hung {
		first := &s.seen[u.of]
		if s.next(first.next, first.name) > 0 {
			continue // it was seen before and had its turn
		}
		for l := u.list; ; {
			row := s.x.hooks.shelf.row(l.at())[:l.end()]
			for ids := row[l.start():l.middle()]; len(ids) > 0; ids = ids[idBytes:] {
				dst = append(dst, ID(binary.LittleEndian.Uint32(ids)))
			}
			s.others(row[l.middle():], l.at()+uint32(l.middle()/unit), int32(i))
			if !l.more() {
				break
			}
			l = rest(row)
		}
	}
	return dst
}

// others gathers the likely ones of the queries in a row, which stands at a place.
func (s *scratch) others(row []byte, at uint32, hung int32) {
	from := len(s.likely)
	most := len(row)/entryBytes + 1
	s.likely = slices.Grow(s.likely, most)
	some := s.likely[from : from+most]
	n := 0
	for len(row) >= entryBytes {
		some[n] = likely{at, hung}
		n += s.maybeSeen(readName(row))
		size := entryBytes + howOf(row).code()
		at, row = at+uint32(size/unit), row[size:]
	}
	s.likely = s.likely[:from+n]
}

// try appends the ids of those likely queries that hold; those that need their
// programs wait.
func (s *scratch) try(dst []ID) []ID {
	for _, l := range s.likely {
		row := s.x.hooks.shelf.row(l.at)
		second := readName(row)
		b := s.last(second)
		if b == 0 {
			continue
		}
		switch shape := howOf(row).shape(); {
		case shape == coupled || shape == shared || shape == far:
			s.waiting = append(s.waiting, l.at)
		case shape == both || s.holds(shape, s.seen[s.hung[l.hung].of].name, second, b):
			dst = append(dst, ID(idOf(row)))
		}
	}
	return dst
}

// run runs the programs that wait.
func (s *scratch) run(dst []ID) []ID {
	for _, at := range s.waiting {
		row := s.x.hooks.shelf.row(at)
		shape, id, code := howOf(row).shape(), ID(idOf(row)), row[entryBytes:]
		if shape == far {
			code = s.x.hooks.shelf.row(binary.LittleEndian.Uint32(code))
			id, code = ID(binary.LittleEndian.Uint64(code[sizeBytes:])), code[sizeBytes+8:]
		}
		if ok, _ := s.eval(code); !ok {
			continue
		}
		if shape == coupled {
			dst = append(dst, id)
		} else { // it may be found by another name too
			s.repeated = append(s.repeated, id)
		}
	}
	return dst
}

// distinct are the queries found that hang on several names, each once.
func (s *scratch) distinct() []ID {
	if len(s.repeated) < 2 {
		return s.repeated
	}
	slices.Sort(s.repeated)
	return slices.Compact(s.repeated)
}
