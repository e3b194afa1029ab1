package query

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// Plain reports whether s only names words and quoted phrases that must all
// occur, as any search box takes it: it uses nothing that the language adds to
// that, and nothing that looks as if it was meant to, of which [Parse] says what
// is wrong. Lower-case "and" and "or" are words then ([SmallOperator]), and so are
// a dash alone and an address.
func Plain(s string) bool {
	plain := true
	readPlain(s, func(l lexeme, fault Fault) bool {
		switch {
		case fault == FaultSmallOperator || fault == FaultLoneDash || fault == FaultAndSign:
		case fault != "" || l.kind != lexWord && l.kind != lexPhrase || strings.Contains(l.text, "*"):
			plain = false
		}
		return plain
	})
	return plain
}

// SmallOperator returns the first "and", "or" or "not" of a plain search, which
// somebody may have meant as an operator, as it is written.
func SmallOperator(s string) (word string, found bool) {
	readPlain(s, func(l lexeme, fault Fault) bool {
		if fault == FaultSmallOperator {
			word, found = l.text, true
		}
		return !found
	})
	return word, found
}

// readPlain gives one lexeme of s after the other with what is wrong there, until use
// has enough. What only has the form of a field is a word.
func readPlain(s string, use func(lexeme, Fault) bool) {
	l := lexer{s: text.Clean(s), at: 1}
	for {
		fault := Fault("")
		var wrong *Error
		if errors.As(l.read(), &wrong) {
			fault = wrong.Fault
		}
		if l.next.kind == lexEnd && fault == "" {
			return
		}
		if l.next.kind == lexField && !isField(l.next.text) && l.noField() {
			l.next.kind = lexWord
		}
		if !use(l.next, fault) || fault == FaultOpenPhrase {
			return
		}
	}
}

// noField passes what follows a colon if that is no value: nothing, or the rest of an
// address.
func (l *lexer) noField() bool {
	rest := l.s[l.i:]
	end := strings.IndexByte(rest, ' ')
	if end < 0 {
		end = len(rest)
	}
	if end > 0 && !strings.HasPrefix(rest, "//") {
		return false
	}
	l.at += utf8.RuneCountInString(rest[:end])
	l.i += end
	return true
}
