package query

// heads tell which lengths the prefixes have that may begin a word.
type heads struct {
	masks  [1 << headBits]headMask
	counts map[headLength]int32
	// filter has a bit for what begins each prefix. Bits stay when prefixes go.
	filter [1 << (filteredBits - 6)]uint64
}

const (
	headBits     = 11
	filteredBits = 16
)

// headMask is for the prefixes of one head. Of most words that begin so and are no
// such prefix their next two bytes say it.
type headMask struct {
	lengths uint32
	// next has a bit for the two bytes behind the head, or all bits when a prefix is
	// shorter. Bits stay until no prefix of the head is left.
	next uint32
}

// headLength is a prefix's head and how many bytes it has.
type headLength struct {
	head   uint16
	length uint8
}

const golden = 0x9E3779B97F4A7C15

// head is where a word's first letters are counted: three, or where letters take
// two bytes and more, two, with 8 bits more.
func (o opening) head() (h uint32, size uint32) {
	size = 24 + uint32(o>>4&8)
	return uint32(o) << (32 - size) * (golden >> 32) >> (32 - headBits), size
}

// behind is which bit the two bytes behind a head have.
func (o opening) behind(size uint32) uint32 { return uint32(uint16(o>>size) * 0x9E37 >> 11) }

// lengths has a bit for each length of prefixes that may begin a word of n bytes.
// It has no branch, since what words begin with cannot be foreseen.
func (p *heads) lengths(o opening, n uint32) uint32 {
	h, size := o.head()
	m := p.masks[h%(1<<headBits)]
	return m.lengths & (2<<(min(n, maxPrefixBytes)&31) - 1) & -(m.next >> o.behind(size) & 1)
}

// beginning has a bit for each length of prefixes with which a word that has this
// opening may begin, as the filter says, and for all lengths beyond the opening's
// when that may begin one.
func (p *heads) beginning(o opening) uint32 {
	return p.maybe(o, 3) | p.maybe(o, 4) | p.maybe(o, 5) | p.maybe(o, 6) | p.maybe(o, 7) | -p.maybe(o, 8)
}

// maybe has the bit of length n when the first n bytes may begin a prefix.
func (p *heads) maybe(o opening, n int) uint32 {
	b := filtered(o << (64 - 8*n))
	return uint32(p.filter[b>>6]>>(b&63)&1) << n
}

// filtered is the bit of what begins a prefix; o has it in its upper bytes.
func filtered(o opening) uint64 { return uint64(o) * golden >> (64 - filteredBits) }

func headOf(prefix string) headLength {
	h, _ := open(prefix).head()
	return headLength{uint16(h), uint8(len(prefix))}
}

// add counts a prefix.
func (p *heads) add(prefix string) {
	if p.counts == nil {
		p.counts = map[headLength]int32{}
	}
	o := open(prefix)
	h, size := o.head()
	p.counts[headLength{uint16(h), uint8(len(prefix))}]++
	m := &p.masks[h]
	m.lengths |= 1 << len(prefix)
	if len(prefix)*8 < int(size)+16 {
		m.next = ^uint32(0)
	} else {
		m.next |= 1 << o.behind(size)
	}
	b := filtered(o << (64 - 8*min(len(prefix), openingBytes)))
	p.filter[b>>6] |= 1 << (b & 63)
}

// drop counts a prefix less.
func (p *heads) drop(at headLength) {
	if p.counts[at]--; p.counts[at] > 0 {
		return
	}
	delete(p.counts, at)
	m := &p.masks[at.head]
	if m.lengths &^= 1 << at.length; m.lengths == 0 {
		m.next = 0
	}
}
