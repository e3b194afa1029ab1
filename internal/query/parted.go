package query

// parted finds a number by a name. It is many small tables, found by the upper bits
// of a name; a table that is full parts in two, so that no addition waits for all to
// be copied. Most names that are asked for are not there, which a table's filter
// says: the filters are small enough to stay near the processor.
type parted struct {
	// tables are 1<<depth; those that have not parted so often stand several times.
	tables []*part
	depth  uint8
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
	p := new(part)
	return parted{tables: []*part{p, p}, depth: 1}
}

func (d *parted) part(n name) *part { return d.tables[n>>(-d.depth&63)] }

// bits are where a name stands in the filter: the word, and which two of its bits.
func (n name) bits() (word int, first, second uint64) {
	return int(n % filterWords), uint64(n >> 5 & 63), uint64(n >> 11 & 63)
}

// home is where the search for a name begins.
func (n name) home() int { return int(n >> 17 % partSlots) }

// maybe is 1 for a name that is there, as for one in fifty that are not, and else 0.
func (d *parted) maybe(n name) int {
	word, first, second := n.bits()
	w := d.part(n).filter[word]
	return int(w >> first & (w >> second) & 1)
}

// touch reads where the search for a name begins.
func (d *parted) touch(n name) uint64 { return uint64(d.part(n).slots[n.home()].name) }

// get returns the value of a name, or 0.
func (d *parted) get(n name) uint64 {
	p := d.part(n)
	return p.slots[p.seek(n)].value
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

// halve makes two tables of the one that has the place of a name.
func (d *parted) halve(n name) {
	old := d.part(n)
	if old.depth == d.depth {
		wider := make([]*part, 0, 2*len(d.tables))
		for _, p := range d.tables {
			wider = append(wider, p, p)
		}
		d.tables, d.depth = wider, d.depth+1
	}
	var halves [2]*part
	for i := range halves {
		halves[i] = &part{depth: old.depth + 1}
	}
	for i := range old.slots {
		if s := &old.slots[i]; s.value != 0 {
			p := halves[s.name>>(63-old.depth)&1]
			p.slots[p.seek(s.name)] = *s
			p.used++
			p.note(s.name)
		}
	}
	width := 1 << (d.depth - old.depth)
	first := int(n>>(-d.depth&63)) &^ (width - 1)
	for i := range width {
		d.tables[first+i] = halves[i*2/width]
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
