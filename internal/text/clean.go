package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks one base character may carry. Two are
// enough for every living orthography; more is "zalgo" text that runs over its
// neighbours.
const maxMarks = 2

// Clean makes text from outside safe to show on one line: valid UTF-8 (bad
// bytes become U+FFFD), in Unicode form NFC, without control characters,
// direction overrides, zero-width and tag characters, fillers or piled-up
// combining marks, and with every run of white space as one space. Joiners and
// variation selectors stay inside emoji only. Clean(Clean(s)) is Clean(s).
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	return strings.Join(strings.Fields(scrub(s)), " ")
}

// CleanLines is Clean for text of several paragraphs: every line is cleaned by
// itself, empty lines go, and the rest is joined by single line feeds.
func CleanLines(s string) string {
	if isClean(s) {
		return s
	}
	s = lineBreaks.Replace(s)
	var b strings.Builder
	for line := range strings.SplitSeq(s, "\n") {
		line = Clean(line)
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n")

// isClean reports whether s is of ordinary characters with single inner spaces,
// which most texts are and which needs no work.
func isClean(s string) bool {
	space := true
	for _, r := range s {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
		case r > ' ' && r < 0x7f || r >= 0xA1 && isOrdinary(r):
			space = false
		default:
			return false
		}
	}
	return !space || s == ""
}

// isOrdinary names characters that stay as they are next to any other of them:
// visible, composed, and of no influence on their neighbours. It knows those of
// the usual Latin and Cyrillic texts.
func isOrdinary(r rune) bool {
	switch {
	case r <= 0x17F:
		return r >= 0xA1 && r != 0xAD
	case r >= 0x400 && r <= 0x45F, r == 'Ґ', r == 'ґ':
		return true
	}
	switch r {
	case '–', '—', '‘', '’', '‚', '“', '”', '„', '…', '€', '№':
		return true
	}
	return false
}

// scrub drops and replaces single characters; white space becomes a space but
// is not yet collapsed.
func scrub(s string) string {
	s = norm.NFC.String(drop(s))
	s = capMarks(s)
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	return s
}

func drop(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var prev rune // the last character written
	for i, r := range s {
		size := 1
		if r != utf8.RuneError {
			size = utf8.RuneLen(r)
		} else if strings.HasPrefix(s[i:], "\uFFFD") {
			size = 3
		}
		switch {
		case isSpace(r):
			r = ' '
		case r == zwj:
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if !isEmoji(next) || !isEmoji(prev) && prev != vs16 && !isSkinTone(prev) {
				continue
			}
		case r == vs15 || r == vs16:
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if !isEmoji(prev) && !(isKeycapBase(prev) && next == keycap) {
				continue
			}
		case isHidden(r):
			continue
		}
		b.WriteRune(r)
		prev = r
	}
	return b.String()
}

// capMarks drops the combining marks that have no base or exceed maxMarks.
func capMarks(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := maxMarks // nothing to sit on yet
	for _, r := range s {
		if unicode.In(r, unicode.Mn, unicode.Me) && r != vs15 && r != vs16 {
			if marks++; marks > maxMarks {
				continue
			}
		} else if r == ' ' {
			marks = maxMarks
		} else {
			marks = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

const (
	zwj    = '\u200D'
	vs15   = '\uFE0E'
	vs16   = '\uFE0F'
	keycap = '\u20E3'
)

func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\u2800' // a braille cell without dots shows as a space
}

// isHidden reports characters that a reader does not see but that can deceive:
// controls, format characters, private use, surrogates, non-characters, fillers
// and stray variation selectors.
func isHidden(r rune) bool {
	if r < 0x7f {
		return r < ' '
	}
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x180B, 0x180C, 0x180D, 0x180F:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) ||
		r >= 0xE0000 && r <= 0xE0FFF || // tags and variation selectors supplement
		r >= 0xFE00 && r <= 0xFE0D ||
		r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}

func isEmoji(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && r <= 0x21FF || r >= 0x2300 && r <= 0x27BF ||
		r >= 0x2900 && r <= 0x297F || r >= 0x2B00 && r <= 0x2BFF ||
		r == 0x203C || r == 0x2049 || r == 0x2122 || r == 0x2139 || r == 0x3030 || r == 0x303D || r == 0x3297 || r == 0x3299 || r == 0xA9 || r == 0xAE
}

func isSkinTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

func isKeycapBase(r rune) bool { return r >= '0' && r <= '9' || r == '#' || r == '*' }
