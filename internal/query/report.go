package query

import (
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// Doc is what queries see of a report.
type Doc struct {
	Title, Lead, Body string
	// Source is the outlet's id, Country its country, Language the report's.
	Source, Country, Language string
	// Topics are those built in that the report bears.
	Topics []topic.Match
}

// maxBodyWords bounds how far into a body queries look.
const maxBodyWords = 1500

// fieldGap lies between the positions of two fields, so that nothing that is to
// stand side by side spans both.
const fieldGap = 2 * maxNear

// Text is a report cut into words. It is used again for the next one and then
// allocates nothing; the zero value is ready. It is not for concurrent use.
type Text struct {
	doc  Doc
	cuts [noField]text.Cutting
	// words are those that list has gathered; listed says that they are all.
	words  []word
	listed bool
	buf    []byte // what words of their own keys are compared by
	bare   [text.MaxBare]text.BareForm
	hashes [attrCount][fewValues]hashed // of the last attributes of each kind
}

// word is one that queries may ask for, or an attribute such as the source.
type word struct {
	hash   uint64
	lo, hi int32 // its key, in Text.buf
	// start and end are where it stands in its field.
	start, end int32
	// pos counts words; it is -1 for an attribute.
	pos   int32
	field field
	// other marks one more reading of the word before it, at the same position.
	other bool
}

// field is a part of a report.
type field uint8

const (
	inTitle field = iota
	inLead
	inBody
	noField // an attribute
)

var fieldNames = [...]topic.Field{inTitle: topic.Title, inLead: topic.Lead, inBody: topic.Body}

// Read cuts a report into words.
func (t *Text) Read(d Doc) {
	t.doc, t.listed = d, false
	t.cuts[inTitle].Cut(d.Title)
	t.cuts[inLead].Cut(d.Lead)
	t.cuts[inBody].Cut(d.Body)
}

// forget lets go of the report, and of more memory than most reports need.
func (t *Text) forget() {
	t.doc = Doc{}
	for i := range t.cuts {
		if cap(t.cuts[i].Pieces) > manyPieces {
			t.cuts[i] = text.Cutting{}
		}
	}
}

const manyPieces = 1 << 12

// limit is how many words of a field queries look at.
func (f field) limit() int32 {
	if f == inBody {
		return maxBodyWords
	}
	return 1 << 30
}

// list gathers the words and attributes for whoever needs them one by one.
func (t *Text) list() []word {
	if t.listed {
		return t.words
	}
	t.listed, t.words, t.buf = true, t.words[:0], t.buf[:0]
	pos := int32(0)
	for f := range noField {
		c := &t.cuts[f]
		base := int32(len(t.buf))
		t.buf = append(t.buf, c.Folds()...)
		end := pos + f.limit()
		for i := range c.Pieces {
			p := &c.Pieces[i]
			if p.Kind > text.Number {
				continue
			}
			if pos >= end {
				break
			}
			pos += t.add(f, p, pos, base)
		}
		pos += fieldGap
	}
	for a, value := range t.attributes {
		t.attribute(a, value)
	}
	return t.words
}

// add adds the words that a piece is, and what else they may be, and returns how
// many positions they take. The folds of the field stand from base on in buf.
func (t *Text) add(f field, p *text.Piece, pos, base int32) int32 {
	if !p.Plain {
		return t.special(f, p, pos)
	}
	lo, hi := p.Span()
	w := word{hash: p.Hash, lo: base + lo, hi: base + hi, start: p.Start, end: p.End, pos: pos, field: f}
	t.words = append(t.words, w)
	if maybeAcronym(p) {
		t.capitals(w)
	}
	return 1
}

// attributes calls yield with what is known of the report besides its text.
func (t *Text) attributes(yield func(attr, string) bool) {
	known := yield(attrSource, t.doc.Source) && yield(attrCountry, t.doc.Country) && yield(attrLanguage, t.doc.Language)
	for i := 0; known && i < len(t.doc.Topics); i++ {
		m := &t.doc.Topics[i]
		known = yield(attrTopic, string(m.Topic)) && yield(attrStage, string(m.Stage))
	}
}

// key is what a word of the list is compared by.
func (t *Text) key(w *word) []byte { return t.buf[w.lo:w.hi] }

// source is the text of a field.
func (t *Text) source(f field) string {
	switch f {
	case inTitle:
		return t.doc.Title
	case inLead:
		return t.doc.Lead
	}
	return t.doc.Body
}

// maybeAcronym reports whether a plain piece is of so few letters, all capitals,
// that it may be an acronym.
func maybeAcronym(p *text.Piece) bool {
	return p.Capitals && p.End-p.Start > 1 && p.End-p.Start <= maxAcronym
}

func isCapital(b byte) bool { return b >= 'A' && b <= 'Z' }

func isCapitals(s string) bool {
	for i := len(s) - 1; i >= 0; i-- { // the first letter tells least
		if !isCapital(s[i]) {
			return false
		}
	}
	return true
}

// maxAcronym is the length of the longest acronym that is a stop word too.
const maxAcronym = 3

// capitals adds the acronym that a word in capitals may be, when its letters are
// a stop word otherwise.
func (t *Text) capitals(w word) {
	fold := t.key(&w)
	if !text.IsStopWord(fold) {
		return
	}
	w.other, w.lo = true, int32(len(t.buf))
	for _, b := range fold {
		t.buf = append(t.buf, b-'a'+'A')
	}
	w.hi = int32(len(t.buf))
	w.hash = text.Hash(t.key(&w))
	t.words = append(t.words, w)
}

// special adds a word that is not all of a-z and 0-9: an acronym with full
// stops, a word in another script, or several characters that are words.
func (t *Text) special(f field, p *text.Piece, pos int32) int32 {
	fold := t.cuts[f].Fold(p)
	if len(fold) == 0 {
		return 0
	}
	w := word{start: p.Start, end: p.End, pos: pos, field: f}
	if fold[len(fold)-1] == '.' {
		t.acronym(w, fold)
		return 1
	}
	if unspaced(fold) {
		return t.characters(t.source(f), fold, w)
	}
	w.lo = int32(len(t.buf))
	t.buf = append(t.buf, fold...)
	w.hi = int32(len(t.buf))
	w.hash = p.Hash
	t.words = append(t.words, w)
	if fold[0] >= 0xD8 && fold[0] <= 0xDB { // the lead bytes of Arabic letters
		t.bareForms(w)
	}
	return 1
}

// acronym adds "u.s." as us, and as the acronym US.
func (t *Text) acronym(w word, fold []byte) {
	w.lo = int32(len(t.buf))
	for _, b := range fold {
		if b != '.' {
			t.buf = append(t.buf, b)
		}
	}
	w.hi = int32(len(t.buf))
	w.hash = text.Hash(t.key(&w))
	t.words = append(t.words, w)
	if w.hi-w.lo <= maxAcronym {
		t.capitals(w)
	}
}

// unspaced reports whether a fold has characters of scripts that do not part
// words.
func unspaced(fold []byte) bool {
	for i := 0; i < len(fold); {
		r, size := utf8.DecodeRune(fold[i:])
		if text.Unspaced(r) {
			return true
		}
		i += size
	}
	return false
}

// characters adds each character of such a script, and each run of others, as a
// word.
func (t *Text) characters(s string, fold []byte, w word) int32 {
	src := s[w.start:w.end]
	alike := len(fold) == len(src) // then places in both are the same
	pos, first := w.pos, w
	for i := 0; i < len(fold); {
		r, size := utf8.DecodeRune(fold[i:])
		for !text.Unspaced(r) && i+size < len(fold) {
			next, more := utf8.DecodeRune(fold[i+size:])
			if text.Unspaced(next) {
				break
			}
			size += more
		}
		w = first
		w.lo = int32(len(t.buf))
		t.buf = append(t.buf, fold[i:i+size]...)
		w.hi, w.hash, w.pos = int32(len(t.buf)), text.Hash(fold[i:i+size]), pos
		if alike {
			w.start, w.end = first.start+int32(i), first.start+int32(i+size)
		}
		t.words = append(t.words, w)
		pos++
		i += size
	}
	return pos - first.pos
}

// bareForms adds what an Arabic word is without its particles.
func (t *Text) bareForms(w word) {
	n := text.Bare(t.buf[w.lo:w.hi], &t.bare)
	for _, form := range t.bare[:n] {
		o := w
		o.other, o.lo = true, w.lo+int32(form.From)
		if form.Article {
			o.lo = int32(len(t.buf))
			t.buf = append(t.buf, text.Article...)
			t.buf = append(t.buf, t.buf[w.lo+int32(form.From):w.hi]...)
			o.hi = int32(len(t.buf))
		}
		o.hash = text.Hash(t.key(&o))
		t.words = append(t.words, o)
	}
}

// attribute adds what is known of the report besides its text. Its key begins
// with a byte that no word begins with.
func (t *Text) attribute(a attr, value string) {
	if value == "" {
		return
	}
	w := word{lo: int32(len(t.buf)), pos: -1, field: noField}
	t.buf = a.appendKey(t.buf, value)
	w.hi = int32(len(t.buf))
	w.hash = text.Hash(t.key(&w))
	t.words = append(t.words, w)
}

// fewValues is of how many values of an attribute the hashes may be kept.
const fewValues = 16

// hash is that of an attribute's key. Reports of few outlets come in turns, so the
// last ones of each kind are kept.
func (t *Text) hash(a attr, value string) uint64 {
	h := &t.hashes[a-1][(len(value)+int(value[len(value)-1]))%fewValues]
	if h.of != value || h.hash == 0 {
		from := len(t.buf)
		t.buf = a.appendKey(t.buf, value)
		*h = hashed{value, text.Hash(t.buf[from:])}
	}
	return h.hash
}

// hashed is a value and the hash of its key.
type hashed struct {
	of   string
	hash uint64
}

// attr is what a query may ask of a report besides its text. Its value begins the
// keys of its values.
type attr byte

const (
	attrSource attr = 1 + iota
	attrCountry
	attrLanguage
	attrTopic
	attrStage
	attrCount = iota
)

// attrs names them.
var attrs = map[string]attr{"source": attrSource, "country": attrCountry, "language": attrLanguage, "topic": attrTopic, "stage": attrStage}

func (a attr) String() string {
	for name, b := range attrs {
		if a == b {
			return name
		}
	}
	return ""
}

// appendKey appends the key that a value has.
func (a attr) appendKey(dst []byte, value string) []byte {
	dst = append(dst, byte(a))
	for i := range len(value) {
		b := value[i]
		if isCapital(b) {
			b += 'a' - 'A'
		}
		dst = append(dst, b)
	}
	return dst
}

func (a attr) key(value string) string { return string(rune(a)) + strings.ToLower(value) }
