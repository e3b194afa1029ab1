package query

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexeme is one piece of a query as written.
type lexeme struct {
	kind lexKind
	text string // of a word or phrase: without quotes
	near int    // of NEAR: its number, 0 where none is written
	at   int    // where it begins, in characters from 1
}

type lexKind uint8

const (
	lexEnd lexKind = iota
	lexWord
	lexPhrase
	lexOpen
	lexClose
	lexAnd
	lexOr
	lexNot
	lexNear
	lexField // text is its name, in lower case
)

// lexer cuts a query into lexemes.
type lexer struct {
	s    string
	i    int // byte
	at   int // character, from 1
	next lexeme
}

// read sets next. A mark that stands where a word begins belongs to nothing.
func (l *lexer) read() error {
	for {
		r, size := utf8.DecodeRuneInString(l.s[l.i:])
		if size == 0 || !unicode.IsSpace(r) && !unicode.IsMark(r) {
			break
		}
		l.move(size)
	}
	l.next = lexeme{at: l.at}
	r, size := utf8.DecodeRuneInString(l.s[l.i:])
	switch {
	case size == 0:
		return nil
	case r == '(':
		l.next.kind = lexOpen
	case r == ')':
		l.next.kind = lexClose
	case isQuote(r):
		return l.phrase(size)
	case isDash(r):
		after, _ := utf8.DecodeRuneInString(l.s[l.i+size:])
		if l.i+size == len(l.s) || unicode.IsSpace(after) {
			at := l.at
			l.move(size)
			return failure(at, FaultLoneDash)
		}
		l.next.kind = lexNot
	default:
		return l.word()
	}
	l.move(size)
	return nil
}

// move steps over size bytes.
func (l *lexer) move(size int) {
	l.at += utf8.RuneCountInString(l.s[l.i : l.i+size])
	l.i += size
}

func isQuote(r rune) bool { return strings.ContainsRune("\"“”„‟«»″＂", r) }

func isDash(r rune) bool { return r == '-' || r == '−' || r == '–' }

func (l *lexer) phrase(open int) error {
	at := l.at
	l.move(open)
	end := strings.IndexFunc(l.s[l.i:], isQuote)
	if end < 0 {
		return failure(at, FaultOpenPhrase)
	}
	var parts []string
	for part := range strings.FieldsSeq(l.s[l.i : l.i+end]) {
		if part = strings.TrimLeftFunc(part, unicode.IsMark); part != "" {
			parts = append(parts, part)
		}
	}
	l.next.kind, l.next.text = lexPhrase, strings.Join(parts, " ")
	l.move(end)
	_, size := utf8.DecodeRuneInString(l.s[l.i:])
	l.move(size)
	return nil
}

var (
	nearForm  = regexp.MustCompile(`^NEAR(?:/(\d{1,4}))?$`)
	fieldForm = regexp.MustCompile(`^([A-Za-z]+):`)
	// nearLike is meant to be NEAR with its number, and is not.
	nearLike = regexp.MustCompile(`^(?:(?i:near)/|NEAR[-~=,.]?\d+$|NEAR[:~=])`)
)

// maxNear is the largest distance that NEAR takes, in words between.
const maxNear = 30

// nearDefault is the distance of NEAR without a number.
const nearDefault = 5

// word reads up to a blank, parenthesis or quotation mark. A field's name ends
// behind its colon. It has passed what it refuses.
func (l *lexer) word() error {
	end := strings.IndexFunc(l.s[l.i:], func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == ')' || isQuote(r) })
	if end < 0 {
		end = len(l.s) - l.i
	}
	w := l.s[l.i : l.i+end]
	l.next.kind, l.next.text = lexWord, w
	near := nearForm.FindStringSubmatch(w)
	m := fieldForm.FindStringSubmatch(w)
	switch {
	case w == "AND":
		l.next.kind = lexAnd
	case w == "OR":
		l.next.kind = lexOr
	case w == "NOT":
		l.next.kind = lexNot
	case near != nil:
		l.next.kind = lexNear
		if near[1] != "" {
			l.next.near, _ = strconv.Atoi(near[1])
		}
	case m != nil && !nearLike.MatchString(w):
		l.next.kind, l.next.text = lexField, strings.ToLower(m[1])
		end = len(m[0])
	}
	err := l.mistaken(w, l.s[l.i+end:])
	l.move(end)
	return err
}

// mistaken refuses what means something in other languages of queries, or nearly does
// in this one, and would quietly mean something else. The rest is what follows.
func (l *lexer) mistaken(w, rest string) error {
	lower := strings.ToLower(w)
	switch kind := l.next.kind; {
	case kind == lexNear:
		if n := l.next.near; n > maxNear || n < 1 && w != "NEAR" {
			return failure(l.at, FaultNearRange, "most", strconv.Itoa(maxNear))
		}
	case kind != lexWord:
	case lower == "and" || lower == "or" || lower == "not":
		return failure(l.at, FaultSmallOperator, "operator", strings.ToUpper(w), "text", w)
	case nearLike.MatchString(w):
		return failure(l.at, FaultNearNumber, "most", strconv.Itoa(maxNear))
	case w == "|" || w == "||":
		return failure(l.at, FaultBar)
	case w == "&" || w == "&&" || w == "+":
		return failure(l.at, FaultAndSign)
	case len(w) > 2 && w[0] == '/' && w[1] != '/' && w[len(w)-1] == '/':
		return failure(l.at, FaultRegexp)
	case isField(lower):
		if value := strings.TrimLeftFunc(rest, unicode.IsSpace); len(value) < len(rest) && strings.HasPrefix(value, ":") {
			return failure(l.at+utf8.RuneCountInString(w), FaultFieldEmpty, "field", lower)
		}
	}
	return nil
}

// isField reports whether a name in lower case is that of a field.
func isField(name string) bool {
	_, ok := attrs[name]
	return ok || name == "title"
}
