package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is compared: Unicode form NFKC, in lower case, with one
// kind of apostrophe ('), quote (") and dash (-), Russian ё as е, and Arabic
// without vowel marks and tatweel and with alef, ya and ta marbuta in one form
// each. Fold(Fold(s)) is Fold(s). It does not strip anything hostile: that is
// Clean's work.
func Fold(s string) string {
	if isLowerASCII(s) {
		return s
	}
	// Lower case can undo a normal form and the normal form can bring upper
	// case back; a second round settles all but contrived input.
	for range 4 {
		next := foldOnce(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// AppendFold appends Fold(s) to dst. It allocates nothing for the letters of
// most languages in their usual form.
func AppendFold(dst []byte, s string) []byte {
	from := len(dst)
	for _, r := range s {
		if r >= utf8.RuneSelf && !steady(r) {
			return append(dst[:from], Fold(s)...)
		}
		if r = foldRune(r); r >= 0 {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// steady reports whether r is a character beyond ASCII whose fold, next to
// characters of ASCII and others like it, is what foldRune makes of it: it has no
// other form in NFKC, and nothing that combines with a neighbour.
func steady(r rune) bool {
	switch {
	case r < 0x0180: // Latin
		return r >= 0x00C0 && r != 'İ' && r != 'Ĳ' && r != 'ĳ' && r != 'Ŀ' && r != 'ŀ' && r != 'ŉ' && r != 'ſ'
	case r < 0x0400: // Greek, whose capital sigma has two small forms
		return r >= 0x0391 && r < 0x03CF && r != 'Σ'
	case r < 0x0530: // Cyrillic
		return r < 0x0483 || r >= 0x048A
	case r < 0x0600: // Hebrew
		return r >= 0x05D0 && r <= 0x05EA
	case r < 0x0700: // Arabic
		return r >= 0x0620 && r <= 0x064A || r >= 0x0660 && r <= 0x0669 || r >= 0x0671 && r <= 0x06D3 && r != 0x0675 && r != 0x0676 && r != 0x0677 && r != 0x0678
	case r == '’' || r == '‘':
		return true
	case r < 0x3041:
		return false
	case r <= 0x3096, r >= 0x30A1 && r <= 0x30FA: // kana
		return true
	}
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 // Han, Hangul
}

func isLowerASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' || c == '`' {
			return false
		}
	}
	return true
}

func foldOnce(s string) string {
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(foldRune, s)
	return norm.NFKC.String(s)
}

// foldRune maps one character to its compared form, or to -1 to drop it.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == '`':
			return '\''
		}
		return r
	}
	switch r {
	case '’', '‘', 'ʼ', 'ʹ', 'ʻ', '´', '′', '‛', '＇':
		return '\''
	case '“', '”', '„', '‟', '«', '»', '″', '＂':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	case 'Ё', 'ё':
		return 'е'
	case 'İ':
		return 'i'
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ک':
		return 'ك'
	case 'ة':
		return 'ه'
	case 'ـ':
		return -1
	}
	if r >= 0x064B && r <= 0x065F || r == 0x0670 || r >= 0x0610 && r <= 0x061A || r >= 0x06D6 && r <= 0x06ED && unicode.Is(unicode.Mn, r) {
		return -1
	}
	return unicode.ToLower(r)
}
