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
	s.start(x)
	s.present(t)
	s.reach()
	return s.match(0, dst)
}

// MatchAll finds the queries that each of several reports matches, as [Index.Match]
// does. It is faster than one after the other.
func (x *Index) MatchAll(m *Matches, docs []Doc) {
	s, _ := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	m.ids, m.ends = m.ids[:0], m.ends[:0]
	for some := range slices.Chunk(docs, Together) {
		s.matchAll(x, m, some)
	}
	s.text.forget()
}

// matchAll finds the queries that a few reports match.
func (s *scratch) matchAll(x *Index, m *Matches, docs []Doc) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s.start(x)
	for i := range docs {
		s.text.Read(docs[i])
		s.present(&s.text)
	}
	s.reach()
	for i := range docs {
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
	x    *Index
	text Text
	sighted
	// at is the first of the lists that no report has had.
	at     int
	chains chains
	marks  marks
	// begin are the words of the report at hand that may begin with prefixes that have
	// names.
	begin []int32
	// likely are the queries whose second name may have been seen, and waiting those
	// of which only the programs are still to be asked.
	likely  []likely
	waiting []likely
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

// likely is an entry's place on the shelf, that of the programs of its row, and of
// which of sighted.hung it is.
type likely struct {
	at, codes uint32
	hung      int32
}

// start makes ready for the first report.
func (s *scratch) start(x *Index) {
	s.x, s.at = x, 0
	clear(s.chains[:])
	s.seen, s.openings, s.maybe, s.hung, s.reports = s.seen[:0], s.openings[:0], s.maybe[:0], s.hung[:0], s.reports[:0]
}

// reach finds the lists that hang on the names of the reports.
func (s *scratch) reach() {
	h := &s.x.hooks
	maybe := slices.Grow(s.maybe, len(s.seen))[:len(s.seen)]
	n := 0
	for i, all := 0, s.seen; i < len(all); i++ {
		maybe[n] = int32(i)
		n += h.maybe(all[i].name)
	}
	s.maybe = maybe[:n]
	touched := uint64(0)
	for _, of := range s.maybe {
		touched += h.touch(s.seen[of].name)
	}
	s.hung = slices.Grow(s.hung, len(s.maybe))
	for _, of := range s.maybe {
		if l := h.find(s.seen[of].name); l != 0 {
			s.hung = append(s.hung, hung{l, of})
		}
	}
	const line = 64 // bytes that memory brings at once
	for i := range s.hung {
		l := s.hung[i].list
		row, end := h.shelf.row(l.at()), l.codes()
		for at := 0; at < end; at += line {
			touched += uint64(row[at])
		}
	}
	s.warmth += touched
}

// match appends the ids of the queries that the i-th report matches, which is the next.
func (s *scratch) match(i int, dst []ID) []ID {
	r := &s.reports[i]
	from := s.at
	for s.at < len(s.hung) && s.hung[s.at].of < r.seen {
		s.at++
	}
	s.likely, s.waiting, s.repeated = s.likely[:0], s.waiting[:0], s.repeated[:0]
	if s.at == from {
		return dst
	}
	s.from, s.to, s.titleEnd = 0, r.seen, r.titleEnd
	if i > 0 {
		s.from = s.reports[i-1].seen
	}
	s.link()
	dst = s.hanging(from, s.at, dst)
	dst = s.try(dst)
	dst = s.run(dst)
	return append(dst, s.distinct()...)
}

// hanging appends the ids of those queries on the lists from one on of which nothing
// else must hold, and gathers those of the others whose second name may have been seen.
func (s *scratch) hanging(from, to int, dst []ID) []ID {
	for i := from; i < to; i++ {
		u := s.hung[i]
		first := &s.seen[u.of]
		if s.next(first.next, first.name) > 0 {
			continue // it was seen before and had its turn
		}
		for l := u.list; ; {
			row := s.x.hooks.shelf.row(l.at())[:l.codes()]
			dst = appendIDs(dst, row[l.start():l.middle()])
			s.others(row[l.middle():], l, int32(i))
			if !l.more() {
				break
			}
			l = rest(row)
		}
	}
	return dst
}

// appendIDs appends ids as they stand in a row.
func appendIDs(dst []ID, ids []byte) []ID {
	n := len(dst)
	dst = slices.Grow(dst, len(ids)/idBytes)[:n+len(ids)/idBytes]
	for i := range dst[n:] {
		dst[n+i] = ID(binary.LittleEndian.Uint32(ids[i*idBytes:]))
	}
	return dst
}

// others gathers the likely ones of the queries whose entries are those of a list.
func (s *scratch) others(entries []byte, l list, hung int32) {
	from := len(s.likely)
	most := len(entries)/entryBytes + 1
	s.likely = slices.Grow(s.likely, most)
	some := s.likely[from : from+most]
	n := 0
	at, codes := l.at()+uint32(l.middle()/unit), l.at()+uint32(l.codes()/unit)
	for ; len(entries) >= entryBytes; entries = entries[entryBytes:] {
		some[n] = likely{at, codes, hung}
		n += s.marks.has(howOf(entries).mark())
		at += entryBytes / unit
	}
	s.likely = s.likely[:from+n]
}

// try appends the ids of those likely queries that hold; those that need their
// programs wait.
func (s *scratch) try(dst []ID) []ID {
	for _, l := range s.likely {
		row := s.x.hooks.shelf.row(l.at)
		second, h := readName(row), howOf(row)
		b := int32(0)
		if h.begins() {
			if !s.begins(beginning(second)) {
				continue
			}
		} else if b = s.last(second); b == 0 {
			continue
		}
		switch shape := h.shape(); {
		case shape == coupled || shape == shared || shape == far:
			s.waiting = append(s.waiting, l)
		case shape == but:
			if s.none(s.x.hooks.shelf.row(l.codes)[h.code():]) {
				dst = append(dst, ID(idOf(row)))
			}
		case shape == both || s.holds(shape, s.seen[s.hung[l.hung].of].name, second, b):
			dst = append(dst, ID(idOf(row)))
		}
	}
	return dst
}

// none reports whether none of the names in a program occurs.
func (s *scratch) none(code []byte) bool {
	n := int(code[0])
	for names := code[unit:][:n*nameBytes]; len(names) > 0; names = names[nameBytes:] {
		if s.has(readName(names)) {
			return false
		}
	}
	return true
}

// run runs the programs that wait.
func (s *scratch) run(dst []ID) []ID {
	for _, l := range s.waiting {
		row := s.x.hooks.shelf.row(l.at)
		shape, id := howOf(row).shape(), ID(idOf(row))
		code := s.x.hooks.shelf.row(l.codes)[howOf(row).code():]
		if shape == far {
			code = s.x.records.row(binary.LittleEndian.Uint32(code))
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
