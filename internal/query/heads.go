package query

// heads tell with which of the prefixes that have names a word may begin. They count
// what is noted of each, so that it goes when they do, and keep a bit for what has a
// count.
type heads struct {
	bits       [1 << (headBits - 6)]uint64
	counts     [1 << headBits]uint8 // 255 stays: so many are not counted back
	all, short int                  // how many prefixes there are, and how many without a long head
}

// noted is what is noted of a prefix: its first bytes, and how many it has.
type noted struct {
	opening opening
	bytes   uint8
}

const (
	headBits = 16
	// A head is the first bytes of a word, which tell most of those that have no
	// prefix: four, or three for prefixes that have not so many.
	shortHead, longHead = 3, 4
)

const (
	golden = 0x9E3779B97F4A7C15
	silver = 0xC2B2AE3D27D4EB4F // another number without a pattern
)

// head is the bit of the first n bytes of longer prefixes.
func (o opening) head(n int) uint32 {
	return uint32(uint64(o) << (64 - 8*n) * silver >> (64 - headBits))
}

// whole is the bit of a prefix of n bytes; of one longer than an opening the rest does
// not matter.
func (o opening) whole(n int) uint32 {
	if n > openingBytes {
		return uint32(uint64(o) * (golden + 2*uint64(n)) >> (64 - headBits))
	}
	return uint32(uint64(o) << (64 - 8*n) * golden >> (64 - headBits))
}

func (h *heads) has(bit uint32) uint32 {
	return uint32(h.bits[bit>>6%uint32(len(h.bits))] >> (bit & 63) & 1)
}

// lengths has a bit for each length of prefixes that may begin a word of so many bytes.
func (h *heads) lengths(o opening, size uint32) uint32 {
	at := func(n int) uint32 { return h.has(o.whole(n)) << n }
	l := at(3) | at(4) | at(5) | at(6) | at(7) | at(8)
	for n := openingBytes + 1; n <= int(min(size, maxPrefixBytes)); n++ {
		l |= at(n)
	}
	return l & (2<<(min(size, maxPrefixBytes)&31) - 1)
}

// note says what is noted of a prefix.
func note(prefix string) noted { return noted{open(prefix), uint8(len(prefix))} }

// bits are those of a prefix.
func (n noted) bits() [2]uint32 {
	head := n.opening.head(shortHead)
	if n.bytes >= longHead {
		head = n.opening.head(longHead)
	}
	return [2]uint32{n.opening.whole(int(n.bytes)), head}
}

// add counts a prefix.
func (h *heads) add(n noted) {
	h.all++
	if n.bytes < longHead {
		h.short++
	}
	for _, bit := range n.bits() {
		if h.counts[bit] < 255 {
			h.counts[bit]++
		}
		h.bits[bit>>6] |= 1 << (bit & 63)
	}
}

// drop counts a prefix less.
func (h *heads) drop(n noted) {
	h.all--
	if n.bytes < longHead {
		h.short--
	}
	for _, bit := range n.bits() {
		if h.counts[bit] == 255 {
			continue
		}
		if h.counts[bit]--; h.counts[bit] == 0 {
			h.bits[bit>>6] &^= 1 << (bit & 63)
		}
	}
}
