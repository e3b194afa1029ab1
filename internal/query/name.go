package query

import (
	"math/bits"
	"math/rand/v2"

	"github.com/attache-bot/attache/internal/text"
)

// name stands for a word, a prefix or an attribute in one index: its hash, mixed
// with numbers that the index has drawn. Two that share all 64 bits are taken for
// one. Chance does not bring that about, and whoever can make such a word for a
// rule or a report can as well write the word itself.
type name uint64

// key makes names. Members choose the words of queries, and feeds those of
// reports; since nobody knows an index's key, nobody can choose words whose names
// fall together in its tables, which would make them slow.
type key struct {
	word, prefix uint64
	// factor is odd. Every bit of a product depends on it.
	factor uint64
}

func newKey() *key { return &key{rand.Uint64(), rand.Uint64(), rand.Uint64() | 1} }

func (k *key) mix(v uint64) name {
	upper, lower := bits.Mul64(v, k.factor)
	return name(upper ^ lower)
}

// hashed is the name of a word that has this hash, see [text.Hash].
func (k *key) hashed(hash uint64) name { return k.mix(hash ^ k.word) }

// begun is the name of the prefix of n bytes that begins with an opening, if it is
// no longer than that.
func (k *key) begun(o opening, n int) name {
	return k.mix((uint64(o.cut(uint32(n))) + uint64(n)) ^ k.prefix)
}

// longer is the name of a prefix of which n is the opening and hash is the rest's.
func (k *key) longer(n name, hash uint64) name { return k.mix(uint64(n) ^ hash) }

// id stands for an id as a name does for a word. No two share one.
func (k *key) id(id ID) name { return name(uint64(id) * k.factor) }

func (k *key) atom(a atom) name {
	if !a.prefix {
		return k.hashed(text.Hash(a.word))
	}
	n := k.begun(open(a.word), len(a.word))
	if len(a.word) > openingBytes {
		n = k.longer(n, text.Hash(a.word[openingBytes:]))
	}
	return n
}

// sought reports whether an atom is a prefix that is no longer than an opening. A
// report's words are looked through for it, unless a query hangs on it. Other prefixes
// have names, which are made of all words that may begin so.
func (a atom) sought() bool { return a.prefix && len(a.word) <= openingBytes }

// beginning is such a prefix: its letters, the first one lowest. None is 0.
type beginning = opening

// mask has all bits of as many letters of a word.
func (o opening) mask() opening { return 1<<((bits.Len64(uint64(o))+7)&^7) - 1 }

// opening is the first bytes of a word, the first one lowest. What is beyond the
// word does not matter.
type opening uint64

const openingBytes = 8

func open[T string | []byte](word T) opening {
	var o opening
	for i := range min(len(word), openingBytes) {
		o |= opening(word[i]) << (8 * i)
	}
	return o
}

// cut is the first n bytes.
func (o opening) cut(n uint32) opening { return o & (1<<(8*n) - 1) }
