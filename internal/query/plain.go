package query

import (
	"strings"
	"unicode/utf8"
)

// Plain reports whether s only names words and quoted phrases that must all
// occur, as any search box takes it: it uses nothing that the language adds to
// that. Lower-case "and" and "or" are words then.
func Plain(s string) bool {
	for s != "" {
		i := strings.IndexFunc(s, isQuote)
		if i < 0 {
			return plainWords(s)
		}
		before := s[:i]
		last, _ := utf8.DecodeLastRuneInString(before)
		if !plainWords(before) || isDash(last) || last == ':' && !plainWords(before+"x") {
			return false
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
		if i = strings.IndexFunc(s, isQuote); i < 0 {
			return true // the rest is a phrase
		}
		_, size = utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
	}
	return true
}

func plainWords(s string) bool {
	if strings.ContainsAny(s, "*()") {
		return false
	}
	for word := range strings.FieldsSeq(s) {
		r := []rune(word)
		switch {
		case word == "AND", word == "OR", word == "NOT", nearForm.MatchString(word):
			return false
		case len(r) > 1 && isDash(r[0]) && !isDash(r[1]):
			return false
		}
		if m := fieldForm.FindStringSubmatch(word); m != nil {
			name := strings.ToLower(m[1])
			if _, ok := attrs[name]; ok || name == "title" {
				return false
			}
		}
	}
	return true
}
