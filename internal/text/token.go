package text

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// Kind says what a token is.
type Kind uint8

// The kinds of tokens.
const (
	Word   Kind = iota // letters, perhaps with digits: "truce", "G7", "U.S."
	Number             // begins with a digit: "14", "1,000", "3.5", "20th"
	Symbol             // a currency or percent mark
	Clause             // a mark that ends a clause: , ; : – — | ( ) …
	Quote              // any quotation mark
	Stop               // the end of a sentence or paragraph
)

// Token is one token of a text.
type Token struct {
	Text       string // as written
	Fold       string // as compared: see Fold; without a possessive 's
	Start, End int    // byte offsets in the text
	Kind       Kind
}

// Tokens cuts s into tokens, in order; white space and marks of no meaning are
// left out. Words part at hyphens ("cease-fire" is two tokens) and after a
// Romance elision ("l'accord"); "U.S." is one token with the fold "u.s.".
func Tokens(s string) []Token {
	if s == "" {
		return nil
	}
	return AppendTokens(make([]Token, 0, len(s)/5+4), s)
}

// AppendTokens is Tokens into a slice that the caller keeps, to save
// allocations.
func AppendTokens(dst []Token, s string) []Token {
	c, _ := cuttings.Get().(*Cutting)
	defer c.release()
	c.Cut(s)
	// Folds that differ from the text gather in one string, so that a text costs
	// one, not one for each word.
	var other []byte
	from := len(dst)
	for i := range c.Pieces {
		p := &c.Pieces[i]
		t := s[p.Start:p.End]
		dst = append(dst, Token{Text: t, Fold: t, Start: int(p.Start), End: int(p.End), Kind: p.Kind})
		if p.differs {
			if other == nil {
				other = make([]byte, 0, len(c.folded)-int(p.lo))
			}
			other = append(other, c.Fold(p)...)
		}
	}
	if other == nil {
		return dst
	}
	folds := string(other)
	at := 0
	for i := range c.Pieces {
		if p := &c.Pieces[i]; p.differs {
			n := int(p.hi - p.lo)
			dst[from+i].Fold = folds[at : at+n]
			at += n
		}
	}
	return dst
}

// cuttings are kept for the next text, unless a huge one has made them large.
var cuttings = sync.Pool{New: func() any { return new(Cutting) }}

func (c *Cutting) release() {
	if cap(c.Pieces) <= 1<<14 {
		cuttings.Put(c)
	}
}

// extent is what measure found out about a word.
type extent struct {
	end        int
	wide       bool // has characters beyond ASCII
	apostrophe int  // where its last apostrophe stands, or -1
}

// measure finds the end of the word or number that begins at from.
func measure(s string, from int) extent {
	w := extent{end: from, apostrophe: -1}
	for w.end < len(s) {
		c := s[w.end]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[w.end:])
			inside := isApostrophe(r) && letterAt(s, w.end+size) && !elides(s[from:w.end], s[w.end+size:])
			if !inside && !isWordRune(r) {
				return w
			}
			if inside {
				w.apostrophe = w.end
			}
			w.wide = true
			w.end += size
			continue
		}
		if byteClass[c] > classDigit {
			switch {
			case (c == '.' || c == ',') && w.end+1 < len(s) && isDigit(s[w.end-1]) && isDigit(s[w.end+1]):
			case c == '\'' && letterAt(s, w.end+1) && !elides(s[from:w.end], s[w.end+1:]):
				w.apostrophe = w.end
			default:
				return w
			}
		}
		w.end++
	}
	return w
}

// acronymEnd returns the end of letters each followed by a full stop ("U.S.",
// "U.K", "U.N.'s" without the 's), or 0.
func acronymEnd(s string, i int) int {
	n := 0
	for i+1 < len(s) && isLetter(s[i]) && s[i+1] == '.' && (i == 0 || n > 0 || !isWordByte(s[i-1])) {
		i += 2
		n++
	}
	if n == 0 || n == 1 && (i >= len(s) || !isLetter(s[i])) {
		return 0
	}
	if i < len(s) && isLetter(s[i]) {
		if i+1 < len(s) && isWordByte(s[i+1]) {
			if n < 2 {
				return 0
			}
			return i
		}
		return i + 1
	}
	return i
}

// mark handles a character that is not part of a word.
func (c *Cutting) mark(r rune, size int) {
	end := c.at + size
	switch r {
	case ',', ';', ':', '|', '(', ')', '[', ']', '—', '―', '،', '؛', '•', '·', '…':
		c.emit(end, Clause)
	case '-', '–', '‑', '‒':
		if c.spaced(end) {
			c.emit(end, Clause)
		} else {
			c.at = end
		}
	case '.':
		c.fullStop(end)
	case '!', '?', '؟', '۔', '。', '！', '？', '\n', '\r', '\u2028', '\u2029':
		c.emit(end, Stop)
	case '$', '€', '£', '¥', '₴', '₽', '₹', '₪', '₺', '%', '٪':
		c.emit(end, Symbol)
	case '"', '\'', '`', '“', '”', '„', '‟', '«', '»', '‹', '›', '‘', '’', '‚':
		c.emit(end, Quote)
	default:
		c.at = end
	}
}

// spaced reports whether the mark at c.at has white space or the text's border
// on a side: then a dash parts clauses, else it joins words.
func (c *Cutting) spaced(end int) bool {
	if c.at == 0 || end == len(c.s) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(c.s[:c.at])
	after, _ := utf8.DecodeRuneInString(c.s[end:])
	return unicode.IsSpace(before) || unicode.IsSpace(after)
}

func (c *Cutting) fullStop(end int) {
	s := c.s
	if end < len(s) && s[end] == '.' { // an ellipsis in ASCII
		for end < len(s) && s[end] == '.' {
			end++
		}
		c.emit(end, Clause)
		return
	}
	if end < len(s) {
		next, _ := utf8.DecodeRuneInString(s[end:])
		if unicode.IsLower(next) || unicode.IsDigit(next) || abbreviated(s, c.at) {
			c.at = end
			return
		}
	}
	c.emit(end, Stop)
}

// elides reports whether the letters before an apostrophe are an elided article
// or pronoun, as in l'accord, d'État, qu'il; rest is what follows it. The
// English 's, 't and 'll are not elisions.
func elides(before, rest string) bool {
	switch before {
	case "l", "L", "d", "D", "n", "N", "s", "S", "j", "J", "m", "M", "t", "T", "c", "C", "qu", "Qu", "QU":
	default:
		return false
	}
	first, size := utf8.DecodeRuneInString(rest)
	return rest == "" || letterAt(rest, size) || first == 'a' || first == 'y' || first == 'à'
}

func isApostrophe(r rune) bool {
	return r == '’' || r == '‘' || r == 'ʼ' || r == '´' || r == '＇' || r == 'ʻ'
}

func letterAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	if s[i] < utf8.RuneSelf {
		return isLetter(s[i])
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

func isLetter(c byte) bool   { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isWordByte(c byte) bool { return isLetter(c) || isDigit(c) || c >= utf8.RuneSelf }

func isWordRune(r rune) bool {
	if r == utf8.RuneError {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || r == 'ـ'
}
