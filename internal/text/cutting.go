package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Piece is a token without strings of its own: its fold stands in its
// [Cutting].
type Piece struct {
	// Start and End are byte offsets in the text.
	Start, End int32
	lo, hi     int32 // its fold, in Cutting.folded
	// Hash is one of the fold: folds that are equal have equal ones, see [Hash].
	Hash uint64
	Kind Kind
	// Plain says that the fold is made of a-z and 0-9 alone, so that nothing
	// about its writing is special but, perhaps, its capitals.
	Plain bool
	// Capitals says of a plain piece that the text is made of A-Z alone.
	Capitals bool
	differs  bool // the fold is not the text
}

// Cutting cuts one text after the other into tokens as [Tokens] does, without
// allocating anything once its slices have grown. The zero value is ready. It is
// not for concurrent use.
type Cutting struct {
	// Pieces are the tokens of the last text, valid until the next one.
	Pieces []Piece
	folded []byte
	s      string
	at     int
}

// Cut cuts s, which may not be longer than 1 GiB; the rest is left out.
func (c *Cutting) Cut(s string) {
	s = s[:min(len(s), 1<<30)]
	c.s, c.at, c.Pieces, c.folded = s, 0, c.Pieces[:0], c.folded[:0]
	for c.at < len(s) {
		switch b := s[c.at]; byteClass[b] {
		case classLower, classUpper, classDigit:
			c.plain()
		case classSpace:
			c.at++
		default:
			c.next(b)
		}
	}
	c.s = ""
}

// Fold is the compared form of a piece, valid until the next text is cut.
func (c *Cutting) Fold(p *Piece) []byte { return c.folded[p.lo:p.hi] }

// Folds are the compared forms of all pieces in a row, with gaps, valid until
// the next text is cut; see [Piece.Span]. Their capacity is [Spare] bytes more at
// least, so that the eight bytes from any place on can be read at once.
func (c *Cutting) Folds() []byte {
	c.folded = slices.Grow(c.folded, Spare)
	return c.folded
}

// Spare is how many bytes may be read behind the last of [Cutting.Folds].
const Spare = 8

// Span is where the fold of p stands in [Cutting.Folds].
func (p *Piece) Span() (from, to int32) { return p.lo, p.hi }

// The classes of bytes.
const (
	classLower uint8 = iota
	classUpper
	classDigit
	classSpace // means nothing to a token: blanks, and marks that are left out
	classOther
)

var byteClass, lowered = byteTables()

func byteTables() (class [256]uint8, lower [256]byte) {
	for i := range 256 {
		b := byte(i)
		lower[i], class[i] = b, classOther
		switch {
		case b >= 'a' && b <= 'z':
			class[i] = classLower
		case b >= 'A' && b <= 'Z':
			class[i] = classUpper
			lower[i] = b + 'a' - 'A'
		case b >= '0' && b <= '9':
			class[i] = classDigit
		case b == ' ' || b == '\t' || b == '/' || b == '&':
			class[i] = classSpace
		}
	}
	return class, lower
}

// Hashing is FNV-1a by bytes, so that it is done while a word is read.
const (
	hashBasis uint64 = 14695981039346656037
	hashPrime uint64 = 1099511628211
)

// Hash is the hash that a [Piece] with this fold has.
func Hash[T string | []byte](fold T) uint64 {
	h := hashBasis
	for i := range len(fold) {
		h = (h ^ uint64(fold[i])) * hashPrime
	}
	return h
}

// Hasher finds the hashes of a word's beginnings, the shorter ones first.
type Hasher struct {
	h uint64
	n int
}

// Until is the hash of the first n bytes of a word, which is the same and no
// shorter at each call.
func (h *Hasher) Until(word []byte, n int) uint64 {
	if h.n == 0 {
		h.h = hashBasis
	}
	for _, b := range word[h.n:n] {
		h.h = (h.h ^ uint64(b)) * hashPrime
	}
	h.n = n
	return h.h
}

// plain reads the word or number that begins here when it is made of ASCII
// letters and digits and nothing about its end is special, else word does.
func (c *Cutting) plain() {
	lo, src := len(c.folded), c.s[c.at:]
	if cap(c.folded)-lo < len(src) {
		c.folded = slices.Grow(c.folded, len(src))
	}
	h := hashBasis
	seen := uint8(0) // bit n: a byte of class n
	out := c.folded[lo : lo+len(src)]
	n := 0
	for n < len(src) && n < len(out) {
		class := byteClass[src[n]]
		if class > classDigit {
			break
		}
		seen |= 1 << class
		b := lowered[src[n]]
		h = (h ^ uint64(b)) * hashPrime
		out[n] = b
		n++
	}
	if n < len(src) {
		switch b := src[n]; {
		case b >= utf8.RuneSelf, b == '\'', (b == '.' || b == ',') && (n == 1 || byteClass[src[n-1]] == classDigit):
			c.word()
			return
		}
	}
	c.folded = c.folded[:lo+n]
	kind := Word
	if byteClass[src[0]] == classDigit {
		kind = Number
	}
	c.Pieces = append(c.Pieces, Piece{
		Start: int32(c.at), End: int32(c.at + n), lo: int32(lo), hi: int32(lo + n),
		Hash: h, Kind: kind, Plain: true, Capitals: seen == 1<<classUpper, differs: seen&(1<<classUpper) != 0,
	})
	c.at += n
}

func (c *Cutting) next(b byte) {
	if b < utf8.RuneSelf {
		c.mark(rune(b), 1)
		return
	}
	r, size := utf8.DecodeRuneInString(c.s[c.at:])
	if isWordRune(r) {
		c.word()
		return
	}
	c.mark(r, size)
}

// emit adds a mark, which has no fold of its own, and moves behind it.
func (c *Cutting) emit(end int, kind Kind) {
	lo := len(c.folded)
	c.folded = append(c.folded, c.s[c.at:end]...)
	c.done(end, lo, kind)
}

// done adds the token that ends at end, whose fold was appended from lo on, and
// moves behind it.
func (c *Cutting) done(end, lo int, kind Kind) {
	fold := c.folded[lo:]
	c.Pieces = append(c.Pieces, Piece{
		Start: int32(c.at), End: int32(end), lo: int32(lo), hi: int32(len(c.folded)),
		Hash: Hash(fold), Kind: kind, differs: string(fold) != c.s[c.at:end],
	})
	c.at = end
}

// word reads a word or number that begins here.
func (c *Cutting) word() {
	if end := acronymEnd(c.s, c.at); end > 0 {
		c.acronym(end)
		return
	}
	from := c.at
	w := measure(c.s, from)
	kind := Word
	if isDigit(c.s[from]) {
		kind = Number
	}
	lo := len(c.folded)
	c.fold(from, w)
	c.done(w.end, lo, kind)
	if elides(c.s[from:w.end], "") { // swallow the apostrophe of an elision
		r, size := utf8.DecodeRuneInString(c.s[w.end:])
		if next := w.end + size; (r == '\'' || isApostrophe(r)) && letterAt(c.s, next) && elides(c.s[from:w.end], c.s[next:]) {
			c.at = next
		}
	}
}

// fold appends the compared form of the word that begins at from: without a
// possessive 's.
func (c *Cutting) fold(from int, w extent) {
	to := w.end
	if w.apostrophe > 0 {
		if tail := c.s[w.apostrophe:to]; strings.HasSuffix(tail, "s") || strings.HasSuffix(tail, "S") {
			if r, size := utf8.DecodeRuneInString(tail); size == len(tail)-1 && (r == '\'' || isApostrophe(r)) {
				to = w.apostrophe
			}
		}
	}
	if w.wide {
		c.folded = AppendFold(c.folded, c.s[from:to])
		return
	}
	c.lower(from, to)
}

func (c *Cutting) lower(from, to int) {
	for i := from; i < to; i++ {
		c.folded = append(c.folded, lowered[c.s[i]])
	}
}

// acronym emits the letters with full stops that end at end; the fold always
// ends with a full stop, and a possessive is part of the token.
func (c *Cutting) acronym(end int) {
	from, to := c.at, end
	if r, size := utf8.DecodeRuneInString(c.s[end:]); r == '\'' || isApostrophe(r) {
		if e := end + size; e < len(c.s) && (c.s[e] == 's' || c.s[e] == 'S') && !letterAt(c.s, e+1) {
			end = e + 1
		}
	}
	lo := len(c.folded)
	c.lower(from, to)
	if c.s[to-1] != '.' {
		c.folded = append(c.folded, '.')
	}
	c.done(end, lo, Word)
}
