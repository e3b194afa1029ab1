package fetch

import (
	"net/url"
	"strings"
)

// maxLinks bounds how many links of a header are looked at.
const maxLinks = 64

// webSubLinks returns the addresses that the Link header names with the
// relations hub and self, https://www.w3.org/TR/websub/#discovery; the first of
// each, absolute, or "" where there is none that could be asked.
//
// It is written by hand because the libraries for it split at every comma, also
// within addresses and quotes, and an address in a header is a stranger's.
func webSubLinks(values []string, base *url.URL) (hub, self string) {
	n := 0
	for _, rest := range values {
		for rest != "" && n < maxLinks {
			n++
			var element string
			element, rest = cutList(rest, ',')
			target, rels, ok := linkValue(element)
			if !ok {
				continue
			}
			for _, rel := range rels {
				switch {
				case hub == "" && rel == "hub":
					hub = linkTarget(target, base)
				case self == "" && rel == "self":
					self = linkTarget(target, base)
				}
			}
		}
	}
	return hub, self
}

// linkValue takes one link apart, https://www.rfc-editor.org/rfc/rfc8288#section-3.
// It is not ok when it has no target or is about another document than the one
// that it came with.
func linkValue(s string) (target string, rels []string, ok bool) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "<") {
		return "", nil, false
	}
	target, rest, ok := strings.Cut(s[1:], ">")
	if !ok {
		return "", nil, false
	}
	_, rest = cutList(rest, ';') // what stands before the first parameter
	for rest != "" {
		var param string
		param, rest = cutList(rest, ';')
		name, value, _ := strings.Cut(param, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "anchor":
			return "", nil, false
		case "rel":
			if rels == nil { // a second one is to be ignored
				rels = strings.Fields(strings.ToLower(unquote(value)))
			}
		}
	}
	return target, rels, len(rels) > 0
}

func linkTarget(target string, base *url.URL) string {
	ref, err := url.Parse(strings.TrimSpace(target))
	if err != nil {
		return ""
	}
	u, err := parseURL(base.ResolveReference(ref).String())
	if err != nil {
		return ""
	}
	return u.String()
}

// cutList cuts s at the first separator that stands neither in quotes nor in
// angle brackets.
func cutList(s string, separator byte) (element, rest string) {
	quoted, bracketed := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"' && !bracketed:
			quoted = !quoted
		case quoted:
		case c == '<':
			bracketed = true
		case c == '>':
			bracketed = false
		case c == separator && !bracketed:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// unquote returns the content of a quoted string, or a token as it is.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
