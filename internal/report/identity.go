package report

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Key is one identity of a report: a letter for its kind, a colon and 32 hex
// digits. Keys are unique within a source.
type Key string

// KeyKind says what a key was made from.
type KeyKind string

// The kinds of keys.
const (
	KeyGUID  KeyKind = "guid"
	KeyLink  KeyKind = "link"
	KeyText  KeyKind = "text"
	KeyWhole KeyKind = "whole" // everything the item says, for want of better
)

// Kind returns what the key was made from; "" for a string that is no key.
func (k Key) Kind() KeyKind {
	for _, kind := range []KeyKind{KeyGUID, KeyLink, KeyText, KeyWhole} {
		if strings.HasPrefix(string(k), string(kind[:1])+":") {
			return kind
		}
	}
	return ""
}

// A text key needs this many words, or this many letters where words are not
// set apart (Chinese, Japanese, Thai).
const (
	minTextWords   = 5
	minTextLetters = 40
)

// Raw is what identity is made from. Title and Description are plain text;
// GUID and Link may be empty or nonsense.
type Raw struct {
	GUID, Link, Title, Description string
}

// Identify returns the keys of each item of one whole document, in the order
// of items. Every item has at least one. The package comment has the rules.
func Identify(items []Raw) [][]Key {
	keys := make([][]Key, len(items))
	titles := make([]string, len(items))
	for i, it := range items {
		keys[i] = candidates(it)
		titles[i] = fold(it.Title)
	}
	ambiguous := shared(keys, titles)
	for i, it := range items {
		keys[i] = slices.DeleteFunc(keys[i], func(k Key) bool { return ambiguous[k] })
		if len(keys[i]) == 0 {
			keys[i] = []Key{newKey(KeyWhole, it.GUID, it.Link, fold(it.Title), fold(it.Description))}
		}
	}
	return keys
}

// candidates returns the keys of an item taken alone, without repeats.
func candidates(it Raw) []Key {
	keys := make([]Key, 0, 4)
	add := func(k Key, ok bool) {
		if ok && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	guid := strings.TrimSpace(it.GUID)
	add(newKey(KeyGUID, guid), guid != "")
	add(linkKey(it.Link))
	add(linkKey(guid))
	add(textKey(it.Title, it.Description))
	return keys
}

// LinkKey returns the key of a link, whatever tracking it carries; false when no
// report is known by such a link, such as that of a front page.
func LinkKey(raw string) (Key, bool) { return linkKey(raw) }

func linkKey(raw string) (Key, bool) {
	link, err := CanonicalLink(raw)
	if err != nil || isFrontPage(link) {
		return "", false
	}
	return newKey(KeyLink, link), true
}

func textKey(title, description string) (Key, bool) {
	title, description = fold(title), fold(description)
	if title == "" {
		return "", false
	}
	words := strings.Count(title, " ") + 1
	if description != "" {
		words += strings.Count(description, " ") + 1
	}
	if words < minTextWords && len(title)+len(description) < minTextLetters {
		return "", false
	}
	return newKey(KeyText, title, description), true
}

// shared finds the keys that items under different headlines carry.
func shared(keys [][]Key, titles []string) map[Key]bool {
	first := make(map[Key]int)
	ambiguous := make(map[Key]bool)
	for i, ks := range keys {
		for _, k := range ks {
			j, seen := first[k]
			switch {
			case !seen:
				first[k] = i
			case titles[i] != titles[j]:
				ambiguous[k] = true
			}
		}
	}
	return ambiguous
}

// newKey hashes parts so that no two lists of parts run together.
func newKey(kind KeyKind, parts ...string) Key {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return Key(string(kind[:1]) + ":" + hex.EncodeToString(h.Sum(nil)[:16]))
}

// fold reduces a text to what makes it the same text: letters and digits in
// lower case and compatibility form, one blank between words. Marks, stress
// signs and punctuation of any style are gone. A broken byte counts as
// punctuation; left in place, norm would pass over the character after it.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == '\u00ad', unicode.Is(unicode.Cf, r):
			// Part of a word, or nothing at all.
		default:
			gap = true
		}
	}
	return b.String()
}
