package query

import "github.com/attache-bot/attache/internal/text"

// heads tell which lengths the prefixes have that begin like a word, and of most
// beginnings of words that they are no prefix.
type heads struct {
	masks  [1 << headBits]headMask
	counts map[headLength]int32
	// filter has a bit for what begins each prefix. Bits stay when prefixes go.
	filter [1 << (openingBits - 6)]uint64
}

const (
	headBits    = 11
	openingBits = 16
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

// opening is the first 8 bytes of a word, the first one lowest. What is beyond the
// word does not matter.
type opening uint64

func open[T string | []byte](word T) opening {
	var o opening
	for i := range min(len(word), 8) {
		o |= opening(word[i]) << (8 * i)
	}
	return o
}

// head is where a word's first letters are counted: three, or where letters take
// two bytes and more, four bytes. Only words that have as many have a head.
func (o opening) head() (h uint16, size int) {
	first, size := uint32(o), 4
	if first&0x80 == 0 {
		first, size = first&(1<<24-1), 3
	}
	return uint16(first * 0x9E3779B1 >> (32 - headBits)), size
}

// behind is the bit of the two bytes behind a head.
func (o opening) behind(size int) uint32 {
	two := uint16(o >> (8 * size))
	return 1 << (two * 0x9E37 >> 11)
}

// prefix is the name of the first n bytes, as far as they are in the opening.
func (o opening) prefix(n int) name {
	if n < 8 {
		o &= 1<<(8*n) - 1
	}
	return (name(o) + name(n)) * 0x9E3779B97F4A7C15
}

// withRest makes the name of a longer prefix of the name that its opening has.
func (n name) withRest(hash uint64) name { return n ^ name(hash) }

func prefixName(prefix string) name {
	n := open(prefix).prefix(len(prefix))
	if len(prefix) > 8 {
		n = n.withRest(text.Hash(prefix[8:]))
	}
	return n
}

// lengths has a bit for each length of prefixes that may begin a word.
func (p *heads) lengths(o opening) uint32 {
	h, size := o.head()
	m := &p.masks[h]
	if m.next&o.behind(size) == 0 {
		return 0
	}
	return m.lengths
}

// maybe reports whether a prefix may have a name that [opening.prefix] gave.
func (p *heads) maybe(n name) bool {
	b := n >> (64 - openingBits)
	return p.filter[b>>6]>>(b&63)&1 != 0
}

func headOf(prefix string) headLength {
	h, _ := open(prefix).head()
	return headLength{h, uint8(len(prefix))}
}

// add counts a prefix.
func (p *heads) add(prefix string) {
	if p.counts == nil {
		p.counts = map[headLength]int32{}
	}
	o := open(prefix)
	h, size := o.head()
	p.counts[headLength{h, uint8(len(prefix))}]++
	m := &p.masks[h]
	m.lengths |= 1 << len(prefix)
	if len(prefix) < size+2 {
		m.next = ^uint32(0)
	} else {
		m.next |= o.behind(size)
	}
	b := o.prefix(len(prefix)) >> (64 - openingBits)
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
