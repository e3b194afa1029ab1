package query

import "github.com/attache-bot/attache/internal/text"

// name stands for a word, a prefix or an attribute: its hash. Two that share all
// 64 bits are taken for one. Chance does not bring that about, and whoever can
// make such a word for a rule or a report can as well write the word itself.
type name uint64

func (a atom) name() name {
	if a.prefix {
		return prefixName(a.word)
	}
	return name(text.Hash(a.word))
}

// spread makes every bit of a name depend on all of its lower ones.
func (n name) spread() uint64 { return uint64(n) * 0x9E3779B97F4A7C15 }

// hooks finds the queries that hang on a name. It is many small tables with open
// addressing, so that a table that grows holds up nobody for long. Most words of a
// report have no queries, which a table's filter says: that is small enough to
// stay near the processor.
type hooks [1 << hookBits]hookTable

const (
	hookBits   = 6
	filterBits = 3 // a filter has 1<<filterBits bits for each slot
	filterAt   = 20
	leastSlots = 64 >> filterBits
)

// hookTable holds the names whose spread begins alike.
type hookTable struct {
	filter []uint64 // a bit for each name in slots
	slots  []hook
	used   int
}

// hook lists the queries that hang on one name. Full blocks never move. It is free
// when last is empty.
type hook struct {
	name name
	last []entry
	full *[][]entry
}

// entryBlock is how many entries a block holds.
const entryBlock = 1024

// entry is a query that hangs on a name.
type entry struct {
	id ID
	// second is another name that the query needs, unless its shape is lone.
	second name
	// how says in its upper bits what must hold for the two names, and in the
	// lower ones where the query's program is.
	how uint32
	// many says that the query hangs on other names too.
	many bool
}

func (e *entry) shape() uint32 { return e.how >> codeBits }
func (e *entry) code() uint32  { return e.how & (1<<codeBits - 1) }

func (h *hooks) table(spread uint64) *hookTable { return &h[spread>>(64-hookBits)] }

// bit is where a name stands in the filter.
func (t *hookTable) bit(spread uint64) uint64 {
	return spread >> filterAt & uint64(len(t.filter)*64-1)
}

// home is where the search for a name begins.
func (t *hookTable) home(spread uint64) int {
	return int(spread >> (filterAt + filterBits) & uint64(len(t.slots)-1))
}

// maybe is 1 when queries may hang on a name, as on one in several that have none,
// and else 0.
func (h *hooks) maybe(spread uint64) int {
	t := h.table(spread)
	b := t.bit(spread)
	if b>>6 >= uint64(len(t.filter)) {
		return 0
	}
	return int(t.filter[b>>6] >> (b & 63) & 1)
}

// entriesTouched is how many entries lie in what one touch brings near.
const entriesTouched = 2

// touch reads where the search for names begins.
func (h *hooks) touch(all []seen, which []int32) (sum uint64) {
	for _, i := range which {
		spread := all[i].name.spread()
		t := h.table(spread)
		sum += uint64(t.slots[t.home(spread)].name)
	}
	return sum
}

// find returns the hook of a name, or nil.
func (h *hooks) find(n name) *hook {
	spread := n.spread()
	t := h.table(spread)
	if len(t.slots) == 0 {
		return nil
	}
	if s := &t.slots[t.seek(n, spread)]; len(s.last) > 0 {
		return s
	}
	return nil
}

// seek returns the slot of a name or the free one where it would stand.
func (t *hookTable) seek(n name, spread uint64) int {
	i := t.home(spread)
	for len(t.slots[i].last) > 0 && t.slots[i].name != n {
		i = (i + 1) & (len(t.slots) - 1)
	}
	return i
}

// hang adds an entry to those of a name.
func (h *hooks) hang(n name, e entry) {
	spread := n.spread()
	t := h.table(spread)
	if t.used*4 >= len(t.slots)*3 {
		t.grow()
	}
	s := &t.slots[t.seek(n, spread)]
	if len(s.last) == 0 {
		s.name = n
		t.used++
		t.note(spread)
	}
	if len(s.last) == entryBlock {
		if s.full == nil {
			s.full = new([][]entry)
		}
		*s.full = append(*s.full, s.last)
		s.last = make([]entry, 0, entryBlock)
	}
	s.last = append(s.last, e)
}

func (t *hookTable) note(spread uint64) {
	b := t.bit(spread)
	t.filter[b>>6] |= 1 << (b & 63)
}

func (t *hookTable) grow() {
	old := t.slots
	t.slots = make([]hook, max(leastSlots, 2*len(old)))
	t.filter = make([]uint64, len(t.slots)<<filterBits/64)
	for _, s := range old {
		if len(s.last) > 0 {
			spread := s.name.spread()
			t.slots[t.seek(s.name, spread)] = s
			t.note(spread)
		}
	}
}

// unhang takes a query off a name; the last entry takes its place.
func (h *hooks) unhang(n name, id ID) {
	spread := n.spread()
	t := h.table(spread)
	i := t.seek(n, spread)
	s := &t.slots[i]
	place := s.place(id)
	end := len(s.last) - 1
	*place = s.last[end]
	s.last = s.last[:end]
	if end > 0 {
		return
	}
	if s.full == nil {
		t.clear(i)
		return
	}
	last := len(*s.full) - 1
	s.last, *s.full = (*s.full)[last], (*s.full)[:last]
	if last == 0 {
		s.full = nil
	}
}

func (s *hook) place(id ID) *entry {
	for i := range s.last {
		if s.last[i].id == id {
			return &s.last[i]
		}
	}
	for _, block := range *s.full {
		for i := range block {
			if block[i].id == id {
				return &block[i]
			}
		}
	}
	return nil
}

// clear frees a slot, closes the gap behind it and makes the filter true again.
func (t *hookTable) clear(i int) {
	mask := len(t.slots) - 1
	for j := (i + 1) & mask; len(t.slots[j].last) > 0; j = (j + 1) & mask {
		home := t.home(t.slots[j].name.spread())
		if (j-home)&mask >= (j-i)&mask { // j may move to i
			t.slots[i] = t.slots[j]
			i = j
		}
	}
	t.slots[i] = hook{}
	t.used--
	clear(t.filter)
	for i := range t.slots {
		if len(t.slots[i].last) > 0 {
			t.note(t.slots[i].name.spread())
		}
	}
}
