package message

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// markup is every character with a meaning in Discord's markup, at a line's
// start or anywhere. A backslash takes the meaning from any of them and is not
// shown.
const markup = "\\*_~`|>#-+[]()<@:"

// Escape makes text from outside safe where Discord renders markup: it cleans
// it to one line, shortens it so that the result has at most max code points,
// and takes every meaning away: emphasis, code, spoilers, quotes, headings,
// lists, links, mentions, time stamps, custom emoji.
//
// Addresses in the text stay readable and lead nowhere: the escaped colon keeps
// clients from linking "https://…", and a dot between a word and a letter is
// escaped so that "discord.gg/…" is not taken for an invitation. The one link of
// a report is the one that [CheckLink] has seen.
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
	number := true // only digits so far: "1." would begin a numbered list
	var prev rune
	for i, r := range s {
		if r < utf8.RuneSelf && (strings.ContainsRune(markup, r) || r == '.' && (number || inHost(prev, s[i+1:]))) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		number = number && r >= '0' && r <= '9'
		prev = r
	}
	return b.String()
}

// inHost reports whether a dot between prev and rest may be part of a host name.
func inHost(prev rune, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	return (unicode.IsLetter(prev) || unicode.IsDigit(prev) || prev == ')' || prev == ']') && unicode.IsLetter(next)
}

// plain cleans text for places that render no markup, within max code points.
func plain(s string, max int) string { return text.Cut(text.Clean(s), max) }
