package query

// heads tell which lengths the prefixes have that begin like a word, and of most
// beginnings of words that they are no prefix.
type heads struct {
	masks  [1 << headBits]uint32
	counts map[headLength]int32
	// filter has a bit for what begins each prefix. Bits stay when prefixes go.
	filter [1 << (beginBits - 6)]uint64
}

const (
	headBits  = 12
	beginBits = 17
)

// headLength is a prefix's head and how many bytes it has.
type headLength struct {
	head   uint16
	length uint8
}

// opening is the first 8 bytes of a word, the first one lowest; what is beyond the
// word is 0.
func opening(word []byte) uint64 {
	var o uint64
	for i, b := range word[:min(len(word), 8)] {
		o |= uint64(b) << (8 * i)
	}
	return o
}

// head is where a word's first letters are counted: three, or where letters take
// two bytes and more, four bytes. Only words that have as many have a head.
func head(opening uint64) uint16 {
	h := uint32(opening)
	if h&0x80 == 0 {
		h &= 1<<24 - 1
	}
	return uint16(h * 0x9E3779B1 >> (32 - headBits))
}

// begin is the bit of a prefix of n bytes in heads.filter, by an opening that
// begins with it.
func begin(opening uint64, n int) (word uint32, bit uint32) {
	if n < 8 {
		opening &= 1<<(8*n) - 1
	}
	h := uint32((opening + uint64(n)) * 0x9E3779B97F4A7C15 >> (64 - beginBits))
	return h >> 6, h & 63
}

// maybe is 1 when n bytes that begin a word may be a prefix, and 0 when they are
// none.
func (p *heads) maybe(opening uint64, n int) int {
	w, bit := begin(opening, n)
	return int(p.filter[w] >> bit & 1)
}

func headOf(prefix string) headLength {
	return headLength{head(opening([]byte(prefix))), uint8(len(prefix))}
}

// add counts a prefix.
func (p *heads) add(prefix string) {
	if p.counts == nil {
		p.counts = map[headLength]int32{}
	}
	at := headOf(prefix)
	p.counts[at]++
	p.masks[at.head] |= 1 << at.length
	w, bit := begin(opening([]byte(prefix)), len(prefix))
	p.filter[w] |= 1 << bit
}

// drop counts a prefix less.
func (p *heads) drop(at headLength) {
	if p.counts[at]--; p.counts[at] == 0 {
		delete(p.counts, at)
		p.masks[at.head] &^= 1 << at.length
	}
}
