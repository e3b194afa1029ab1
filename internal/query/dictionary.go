package query

import "github.com/attache-bot/attache/internal/text"

// dictionary finds the term that a word is. It is many small tables with open
// addressing, so that a table that grows holds up nobody for long. A slot holds
// the hash of its key and not the key: that keeps the tables small enough to stay
// near the processor, which is what looking up every word of a report costs. A
// word that is no term is taken for one when all 64 bits of their hashes are
// equal, which chance does not bring about; terms of equal hashes are told apart,
// see Index.twins.
type dictionary struct {
	shards [shardCount][]slot
	used   [shardCount]int32
}

const (
	shardBits  = 8
	shardCount = 1 << shardBits
)

// slot is free when its id is 0.
type slot struct {
	hash uint64
	id   termID
	// hung is the number of the term's posting, from 1, or 0 when no query hangs on
	// the term.
	hung uint32
}

// termID numbers the terms of an index from 1.
type termID uint32

func spread(hash uint64) uint64 { return hash * 0x9E3779B97F4A7C15 }

// home is the table of a hash, and where in it a search begins.
func (d *dictionary) home(hash uint64) (table []slot, i, mask uint64) {
	h := spread(hash)
	table = d.shards[h>>(64-shardBits)]
	mask = uint64(len(table) - 1)
	return table, h >> 24 & mask, mask
}

// find returns the slot of a word, or nil.
func (d *dictionary) find(hash uint64) *slot {
	table, i, mask := d.home(hash)
	if len(table) == 0 {
		return nil
	}
	for ; ; i = (i + 1) & mask {
		s := &table[i&uint64(len(table)-1)]
		if s.hash == hash && s.id != 0 {
			return s
		}
		if s.id == 0 {
			return nil
		}
	}
}

// findKey is find for a key that may share its hash with another one.
func (x *Index) findKey(d *dictionary, hash uint64, key []byte) *slot {
	table, i, mask := d.home(hash)
	if len(table) == 0 {
		return nil
	}
	for ; table[i].id != 0; i = (i + 1) & mask {
		if s := &table[i]; s.hash == hash && x.term(s.id).key == string(key) {
			return s
		}
	}
	return nil
}

// slotOf returns the slot of a term.
func (d *dictionary) slotOf(hash uint64, id termID) *slot {
	table, i, mask := d.home(hash)
	for table[i].id != id {
		i = (i + 1) & mask
	}
	return &table[i]
}

// insert adds a term that is not there.
func (d *dictionary) insert(hash uint64, id termID) {
	shard := spread(hash) >> (64 - shardBits)
	table := d.shards[shard]
	if int(d.used[shard])*4 >= len(table)*3 {
		table = make([]slot, max(4, 2*len(table)))
		old := d.shards[shard]
		d.shards[shard] = table
		for _, s := range old {
			if s.id != 0 {
				d.put(s)
			}
		}
	}
	d.put(slot{hash: hash, id: id})
	d.used[shard]++
}

func (d *dictionary) put(s slot) {
	table, i, mask := d.home(s.hash)
	for table[i].id != 0 {
		i = (i + 1) & mask
	}
	table[i] = s
}

// remove takes a term out and closes the gap behind it.
func (d *dictionary) remove(hash uint64, id termID) {
	table, i, mask := d.home(hash)
	for table[i].id != id {
		i = (i + 1) & mask
	}
	d.used[spread(hash)>>(64-shardBits)]--
	for j := (i + 1) & mask; table[j].id != 0; j = (j + 1) & mask {
		_, home, _ := d.home(table[j].hash)
		if (j-home)&mask >= (j-i)&mask { // j may move to i
			table[i] = table[j]
			i = j
		}
	}
	table[i] = slot{}
}

// heads tell which lengths the prefixes have that begin like a word, and of most
// beginnings of words that they are no prefix.
type heads struct {
	masks  [1 << headBits]uint32
	counts map[headLength]int32
	// filter has a bit for each hash of a prefix. Bits stay when prefixes go.
	filter [1 << (filterBits - 6)]uint64
}

const (
	headBits   = 12
	filterBits = 17
)

func filterBit(hash uint64) (word uint32, bit uint64) {
	h := uint32(spread(hash) >> (64 - filterBits))
	return h >> 6, 1 << (h & 63)
}

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
	w, bit := filterBit(text.Hash(prefix))
	p.filter[w] |= bit
}
