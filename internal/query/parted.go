package query

// parted finds a number by a name. It is many small tables, found by the upper bits
// of a name; a table that is full parts in two, so that no addition waits for all to
// be copied. Most names that are asked for are not there, which a table's filter
// says: the filters are small enough to stay near the processor.
type parted struct {
	// tables are 1<<depth; those that have not parted so often stand several times.
	tables []*part
	// filters and slots are those of the tables: as slices, since reading through a
	// pointer to an array reads its beginning too.
	filters [][]uint64
	slots   [][]slot
	depth   uint8
}

const (
	slotBits    = 8
	partSlots   = 1 << slotBits
	mostUsed    = partSlots * 3 / 4
	filterWords = partSlots * 8 / 64
)

// part holds the names whose upper bits are alike.
type part struct {
	// filter has two bits, in one word, for each name in slots.
	filter [filterWords]uint64
	slots  [partSlots]slot
	used   int32
	depth  uint8 // how many upper bits are alike
}

// slot is free when its value is 0.
type slot struct {
	name  name
	value uint64
}

func newParted() parted {
	d := parted{tables: make([]*part, 2), filters: make([][]uint64, 2), slots: make([][]slot, 2), depth: 1}
	p := new(part)
	d.put(0, p)
	d.put(1, p)
	return d
}

// put makes p the i-th table.
func (d *parted) put(i int, p *part) {
	d.tables[i], d.filters[i], d.slots[i] = p, p.filter[:], p.slots[:]
}

// table is the number of the table that has the place of a name.
func (d *parted) table(n name) int { return int(n >> (-d.depth & 63)) }

func (d *parted) part(n name) *part { return d.tables[d.table(n)] }

// bits are where a name stands in the filter: the word, and which two of its bits.
func (n name) bits() (word int, first, second uint64) {
	return int(n % filterWords), uint64(n >> 5 & 63), uint64(n >> 11 & 63)
}

// home is where the search for a name begins.
func (n name) home() int { return int(n >> 17 % partSlots) }

// maybe is 1 for a name that is there, as for one in fifty that are not, and else 0.
func (d *parted) maybe(n name) int {
	word, first, second := n.bits()
	w := d.filters[d.table(n)][word]
	return int(w >> first & (w >> second) & 1)
}

// touch reads where the search for a name begins.
func (d *parted) touch(n name) uint64 { return uint64(d.slots[d.table(n)][n.home()].name) }

// get returns the value of a name, or 0.
func (d *parted) get(n name) uint64 {
	slots := d.slots[d.table(n)]
	for i := n.home(); ; i = (i + 1) % partSlots {
		if s := &slots[i]; s.value == 0 || s.name == n {
			return s.value
		}
	}
}

// seek returns the slot of a name or the free one where it would stand.
func (p *part) seek(n name) int {
	i := n.home()
	for p.slots[i].value != 0 && p.slots[i].name != n {
		i = (i + 1) % partSlots
	}
	return i
}

// set gives a name a value, which is not 0.
func (d *parted) set(n name, value uint64) {
	p := d.part(n)
	i := p.seek(n)
	if p.slots[i].value == 0 {
		for p.used >= mostUsed {
			d.halve(n)
			p = d.part(n)
		}
		i = p.seek(n)
		p.used++
		p.note(n)
	}
	p.slots[i] = slot{n, value}
}

func (p *part) note(n name) {
	word, first, second := n.bits()
	p.filter[word] |= 1<<first | 1<<second
}

// halve makes two tables of the one that has the place of a name, which becomes the
// first of them.
func (d *parted) halve(n name) {
	old := d.part(n)
	if old.depth == d.depth {
		tables := d.tables
		n := 2 * len(tables)
		d.tables, d.filters, d.slots, d.depth = make([]*part, n), make([][]uint64, n), make([][]slot, n), d.depth+1
		for i := range n {
			d.put(i, tables[i/2])
		}
	}
	was := *old
	halves := [2]*part{old, new(part)}
	for _, p := range halves {
		*p = part{depth: was.depth + 1}
	}
	for i := range was.slots {
		if s := &was.slots[i]; s.value != 0 {
			p := halves[s.name>>(63-was.depth)&1]
			p.slots[p.seek(s.name)] = *s
			p.used++
			p.note(s.name)
		}
	}
	width := 1 << (d.depth - was.depth)
	first := int(n>>(-d.depth&63)) &^ (width - 1)
	for i := range width {
		d.put(first+i, halves[i*2/width])
	}
}

// drop takes out a name that is there, closes the gap behind it and makes the filter
// true again.
func (d *parted) drop(n name) {
	p := d.part(n)
	i := p.seek(n)
	for j := (i + 1) % partSlots; p.slots[j].value != 0; j = (j + 1) % partSlots {
		if home := p.slots[j].name.home(); (j-home)&(partSlots-1) >= (j-i)&(partSlots-1) { // j may move to i
			p.slots[i] = p.slots[j]
			i = j
		}
	}
	p.slots[i] = slot{}
	p.used--
	clear(p.filter[:])
	for i := range p.slots {
		if p.slots[i].value != 0 {
			p.note(p.slots[i].name)
		}
	}
}
