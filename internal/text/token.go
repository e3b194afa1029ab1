package text

import (
	"strings"
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
	sc := scanner{s: s, out: dst}
	for sc.at < len(s) {
		sc.next()
	}
	if len(sc.buf) > 0 {
		folded := string(sc.buf)
		for _, f := range sc.folds {
			sc.out[f.token].Fold = folded[f.lo:f.hi]
		}
	}
	return sc.out
}

// scanner walks one text. Folds that differ from the text gather in one buffer,
// so that a text costs one string, not one for each word.
type scanner struct {
	s     string
	at    int
	out   []Token
	buf   []byte
	folds []foldSpan
}

type foldSpan struct{ token, lo, hi int }

const (
	classOther uint8 = iota
	classLower
	classUpper
	classDigit
)

func classOf(c byte) uint8 {
	switch {
	case c >= 'a' && c <= 'z':
		return classLower
	case c >= 'A' && c <= 'Z':
		return classUpper
	case c >= '0' && c <= '9':
		return classDigit
	}
	return classOther
}

func (sc *scanner) next() {
	c := sc.s[sc.at]
	if c < utf8.RuneSelf {
		if classOf(c) != classOther {
			sc.word()
			return
		}
		sc.mark(rune(c), 1)
		return
	}
	r, size := utf8.DecodeRuneInString(sc.s[sc.at:])
	if isWordRune(r) {
		sc.word()
		return
	}
	sc.mark(r, size)
}

// emit adds a token without a fold of its own and moves behind it.
func (sc *scanner) emit(end int, kind Kind) {
	t := sc.s[sc.at:end]
	sc.out = append(sc.out, Token{Text: t, Fold: t, Start: sc.at, End: end, Kind: kind})
	sc.at = end
}

// word reads a word or number that begins here.
func (sc *scanner) word() {
	if end := acronymEnd(sc.s, sc.at); end > 0 {
		sc.acronym(end)
		return
	}
	from := sc.at
	w := measure(sc.s, from)
	kind := Word
	if isDigit(sc.s[from]) {
		kind = Number
	}
	sc.emit(w.end, kind)
	if w.upper || w.wide || w.apostrophe >= 0 {
		sc.fold(from, w.end, w.wide, w.apostrophe)
	}
	if elides(sc.s[from:w.end], "") { // swallow the apostrophe of an elision
		r, size := utf8.DecodeRuneInString(sc.s[w.end:])
		if next := w.end + size; (r == '\'' || isApostrophe(r)) && letterAt(sc.s, next) && elides(sc.s[from:w.end], sc.s[next:]) {
			sc.at = next
		}
	}
}

// extent is what measure found out about a word.
type extent struct {
	end        int
	upper      bool // has ASCII capitals
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
		switch classOf(c) {
		case classUpper:
			w.upper = true
		case classOther:
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

// fold records the compared form of the last token, s[from:to].
func (sc *scanner) fold(from, to int, wide bool, apostrophe int) {
	if apostrophe > 0 {
		if tail := sc.s[apostrophe:to]; strings.HasSuffix(tail, "s") || strings.HasSuffix(tail, "S") {
			if r, size := utf8.DecodeRuneInString(tail); size == len(tail)-1 && (r == '\'' || isApostrophe(r)) {
				to = apostrophe
			}
		}
	}
	lo := len(sc.buf)
	if wide {
		sc.buf = append(sc.buf, Fold(sc.s[from:to])...)
	} else {
		for i := from; i < to; i++ {
			c := sc.s[i]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			sc.buf = append(sc.buf, c)
		}
	}
	sc.folds = append(sc.folds, foldSpan{len(sc.out) - 1, lo, len(sc.buf)})
}

// acronym emits the letters with full stops that end at end; the fold always
// ends with a full stop, and a possessive is part of the token.
func (sc *scanner) acronym(end int) {
	from, to := sc.at, end
	if r, size := utf8.DecodeRuneInString(sc.s[end:]); r == '\'' || isApostrophe(r) {
		if e := end + size; e < len(sc.s) && (sc.s[e] == 's' || sc.s[e] == 'S') && !letterAt(sc.s, e+1) {
			end = e + 1
		}
	}
	sc.emit(end, Word)
	lo := len(sc.buf)
	for i := from; i < to; i++ {
		c := sc.s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		sc.buf = append(sc.buf, c)
	}
	if sc.s[to-1] != '.' {
		sc.buf = append(sc.buf, '.')
	}
	sc.folds = append(sc.folds, foldSpan{len(sc.out) - 1, lo, len(sc.buf)})
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
func (sc *scanner) mark(r rune, size int) {
	end := sc.at + size
	switch r {
	case ',', ';', ':', '|', '(', ')', '[', ']', '—', '―', '،', '؛', '•', '·', '…':
		sc.emit(end, Clause)
	case '-', '–', '‑', '‒':
		if sc.spaced(end) {
			sc.emit(end, Clause)
		} else {
			sc.at = end
		}
	case '.':
		sc.fullStop(end)
	case '!', '?', '؟', '۔', '。', '！', '？', '\n', '\r', '\u2028', '\u2029':
		sc.emit(end, Stop)
	case '$', '€', '£', '¥', '₴', '₽', '₹', '₪', '₺', '%', '٪':
		sc.emit(end, Symbol)
	case '"', '\'', '`', '“', '”', '„', '‟', '«', '»', '‹', '›', '‘', '’', '‚':
		sc.emit(end, Quote)
	default:
		sc.at = end
	}
}

// spaced reports whether the mark at sc.at has white space or the text's border
// on a side: then a dash parts clauses, else it joins words.
func (sc *scanner) spaced(end int) bool {
	if sc.at == 0 || end == len(sc.s) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(sc.s[:sc.at])
	after, _ := utf8.DecodeRuneInString(sc.s[end:])
	return unicode.IsSpace(before) || unicode.IsSpace(after)
}

func (sc *scanner) fullStop(end int) {
	s := sc.s
	if end < len(s) && s[end] == '.' { // an ellipsis in ASCII
		for end < len(s) && s[end] == '.' {
			end++
		}
		sc.emit(end, Clause)
		return
	}
	if end < len(s) {
		next, _ := utf8.DecodeRuneInString(s[end:])
		if unicode.IsLower(next) || unicode.IsDigit(next) || abbreviated(s, sc.at) {
			sc.at = end
			return
		}
	}
	sc.emit(end, Stop)
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
