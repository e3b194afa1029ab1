package query

// dictionary finds the id of a key. It is many small tables with open addressing,
// so that a table that grows holds up nobody for long, and a key is compared
// where its slot lies.
type dictionary struct {
	shards [shardCount][]slot
	used   [shardCount]int32
}

const (
	shardBits  = 10
	shardCount = 1 << shardBits
	// inSlot is how many bytes of a key its slot holds; of longer ones the rest is
	// compared in the table of terms.
	inSlot = 19
)

// slot is free when its id is 0.
type slot struct {
	hash uint64
	id   termID // with hangs set when queries hang on the term
	n    uint8
	head [inSlot]byte
}

// termID numbers the terms of an index from 1. In programs and postings it is
// bare; in a slot hangs may be set.
type termID uint32

const hangs termID = 1 << 31

func spread(hash uint64) uint64 { return hash * 0x9E3779B97F4A7C15 }

// find returns the id of the key with its mark, or 0.
func (x *Index) find(d *dictionary, hash uint64, key []byte) termID {
	h := spread(hash)
	table := d.shards[h>>(64-shardBits)]
	if len(table) == 0 {
		return 0
	}
	mask := uint64(len(table) - 1)
	for i := h >> 20 & mask; ; i = (i + 1) & mask {
		s := &table[i]
		if s.id == 0 {
			return 0
		}
		if s.hash == hash && int(s.n) == min(len(key), 255) {
			if len(key) <= inSlot {
				if string(s.head[:len(key)]) == string(key) {
					return s.id
				}
			} else if x.term(s.id&^hangs).key == string(key) {
				return s.id
			}
		}
	}
}

// slotOf returns the slot of a term.
func (d *dictionary) slotOf(hash uint64, id termID) *slot {
	h := spread(hash)
	table := d.shards[h>>(64-shardBits)]
	mask := uint64(len(table) - 1)
	for i := h >> 20 & mask; ; i = (i + 1) & mask {
		if table[i].id&^hangs == id {
			return &table[i]
		}
	}
}

// insert adds a key that is not there.
func (d *dictionary) insert(hash uint64, key string, id termID) {
	shard := spread(hash) >> (64 - shardBits)
	table := d.shards[shard]
	if int(d.used[shard])*4 >= len(table)*3 {
		table = make([]slot, max(4, 2*len(table)))
		for _, s := range d.shards[shard] {
			if s.id != 0 {
				put(table, s)
			}
		}
		d.shards[shard] = table
	}
	s := slot{hash: hash, id: id, n: uint8(min(len(key), 255))}
	copy(s.head[:], key)
	put(table, s)
	d.used[shard]++
}

func put(table []slot, s slot) {
	mask := uint64(len(table) - 1)
	i := spread(s.hash) >> 20 & mask
	for table[i].id != 0 {
		i = (i + 1) & mask
	}
	table[i] = s
}

// remove takes a term out and closes the gap behind it.
func (d *dictionary) remove(hash uint64, id termID) {
	h := spread(hash)
	shard := h >> (64 - shardBits)
	table := d.shards[shard]
	mask := uint64(len(table) - 1)
	i := h >> 20 & mask
	for table[i].id&^hangs != id {
		i = (i + 1) & mask
	}
	d.used[shard]--
	for j := (i + 1) & mask; table[j].id != 0; j = (j + 1) & mask {
		home := spread(table[j].hash) >> 20 & mask
		if (j-home)&mask >= (j-i)&mask { // j may move to i
			table[i] = table[j]
			i = j
		}
	}
	table[i] = slot{}
}

// heads tell which lengths the prefixes have that begin like a word.
type heads struct {
	masks  [1 << headBits]uint64
	counts map[headLength]int32
}

const headBits = 13

type headLength struct {
	head   uint16
	length uint8
}

// head is where a word's first letters are counted, or -1 when it is too short to
// have a prefix. Letters beyond ASCII take two bytes or more.
func head(word []byte) int {
	if len(word) < 3 {
		return -1
	}
	h := uint32(word[0]) | uint32(word[1])<<8 | uint32(word[2])<<16
	if word[0] >= 0x80 {
		if len(word) < 4 {
			return -1
		}
		h |= uint32(word[3]) << 24
	}
	return int(h * 0x9E3779B1 >> (32 - headBits))
}

// add counts a prefix, or with -1 takes it away.
func (p *heads) add(prefix string, n int32) {
	if p.counts == nil {
		p.counts = map[headLength]int32{}
	}
	at := headLength{uint16(head([]byte(prefix))), uint8(len(prefix))}
	p.counts[at] += n
	if p.counts[at] == 0 {
		delete(p.counts, at)
		p.masks[at.head] &^= 1 << at.length
		return
	}
	p.masks[at.head] |= 1 << at.length
}
