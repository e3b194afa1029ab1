package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// always has the characters that mean something in Discord's markup wherever
// they stand, opening those that mean something at the beginning of a line. A
// backslash takes the meaning from any of them and is not shown where markup is
// rendered; notifications show it, so none is put where it is not needed.
const (
	always  = "\\*_~`|[]<>@#"
	opening = "-+"
)

// Escape makes text from outside safe where Discord renders markup: it cleans
// it to one line, shortens it so that the result has at most max code points,
// and takes every meaning away: emphasis, code, spoilers, quotes, headings,
// lists, links, mentions, time stamps, custom emoji.
//
// Addresses in the text stay readable and lead nowhere: the escaped colon keeps
// clients from linking "https://…", and a dot between a word and a letter is
// escaped so that "discord.gg/…" is not taken for an invitation. The one link of
// a report is the one that message.CheckLink has seen.
//
// The cut falls between graphemes and never between a backslash and what it
// escapes.
func Escape(s string, max int) string {
	if max < 1 {
		return ""
	}
	plain := text.Cut(text.Clean(s), max)
	for {
		out := escape(plain)
		over := utf8.RuneCountInString(out) - max
		if over <= 0 {
			return out
		}
		// Each code point that goes takes at most two with it.
		plain = text.Cut(plain, utf8.RuneCountInString(plain)-(over+1)/2)
	}
}

// escape puts a backslash before what has a meaning. It takes one clean line.
func escape(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	number := true // only digits so far: "1." and "1)" would begin a list
	var prev rune
	for i, r := range s {
		if means(r, prev, s, i) || number && (r == '.' || r == ')') {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		number = number && r >= '0' && r <= '9'
		prev = r
	}
	return b.String()
}

// means reports whether r, at byte i of the line s and after prev, has a
// meaning.
func means(r, prev rune, s string, i int) bool {
	switch {
	case r >= utf8.RuneSelf:
		return false
	case strings.ContainsRune(always, r):
		return true
	case strings.ContainsRune(opening, r):
		return i == 0
	case r == ':':
		return strings.HasPrefix(s[i:], "://")
	}
	return r == '.' && inHost(prev, s[i+1:])
}

// inHost reports whether a dot between prev and rest may be part of a host name:
// at least two letters follow, unlike in "U.S." and "a.m.".
func inHost(prev rune, rest string) bool {
	if !unicode.IsLetter(prev) && !unicode.IsDigit(prev) && prev != ')' && prev != ']' {
		return false
	}
	first, n := utf8.DecodeRuneInString(rest)
	second, _ := utf8.DecodeRuneInString(rest[n:])
	return unicode.IsLetter(first) && (unicode.IsLetter(second) || second == '-')
}
