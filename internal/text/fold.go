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
