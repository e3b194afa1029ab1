package parse

import (
	"bytes"
	"html"
	"strings"
)

const (
	cdataBegin = "<![CDATA["
	cdataEnd   = "]]>"
)

// innerText is the text of an element from the bytes between its tags, exactly
// as gofeed reads it: sections as they are, entities decoded around them, and
// markup left standing.
func innerText(inner []byte) string {
	s := string(bytes.TrimSpace(inner))
	if !strings.Contains(s, cdataBegin) {
		return decodeEntities(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		before, rest, found := strings.Cut(s, cdataBegin)
		if !found {
			break
		}
		section, after, closed := strings.Cut(rest, cdataEnd)
		if !closed {
			break
		}
		if before == "" && after == "" && b.Len() == 0 { // nothing else, as mostly
			return section
		}
		b.WriteString(decodeEntities(before))
		b.WriteString(section)
		s = after
	}
	b.WriteString(decodeEntities(s))
	return b.String()
}

// maxEntity is how far from its ampersand an entity may end.
const maxEntity = 64

// decodeEntities replaces the entities of XML and HTML, those with a semicolon
// only: "&copy=2" in an address is none.
func decodeEntities(s string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = strings.IndexByte(s, '&') {
		b.WriteString(s[:i])
		s = s[i:]
		decoded, size := entity(s)
		b.WriteString(decoded)
		s = s[size:]
	}
	b.WriteString(s)
	return b.String()
}

// entity decodes the entity at the beginning of s, which is an ampersand, and
// returns its size; the ampersand alone where it is none.
func entity(s string) (decoded string, size int) {
	end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
	if end < 0 || strings.ContainsAny(s[1:end], " \t\r\n") {
		return "&", 1
	}
	span := s[:end+1]
	switch span {
	case "&amp;":
		return "&", len(span)
	case "&lt;":
		return "<", len(span)
	case "&gt;":
		return ">", len(span)
	case "&quot;":
		return `"`, len(span)
	}
	// HTML decodes some entities without their semicolon; then it is text.
	decoded = html.UnescapeString(span)
	if decoded == html.UnescapeString(span[:end])+";" {
		return "&", 1
	}
	return decoded, len(span)
}
