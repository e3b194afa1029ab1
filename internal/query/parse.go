package query

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
)

// Limits of a query. They bound what one guild's topic may cost.
const (
	// MaxLength is in characters.
	MaxLength = 500
	// MaxWords counts words, those of phrases too, and what is asked besides.
	MaxWords = 40
	// MaxDepth is how many parentheses may be open at once.
	MaxDepth = 8
	// minPrefix is how many letters stand before *.
	minPrefix = 3
	// maxPrefixBytes bounds a prefix: 31 letters, or 15 of other scripts.
	maxPrefixBytes = 31
)

// Query is a parsed query. The zero value matches nothing.
type Query struct{ root *node }

// Parse reads a query and refuses what would match nearly everything whatever
// the news are. Errors are of type [*Error].
func Parse(s string) (Query, error) {
	s = text.Clean(s)
	p := parser{lexer: lexer{s: s, at: 1}}
	if s == "" {
		return Query{}, failure(0, FaultEmpty)
	}
	if n := utf8.RuneCountInString(s); n > MaxLength {
		return Query{}, failure(0, FaultTooLong, "number", strconv.Itoa(n), "most", strconv.Itoa(MaxLength))
	}
	if err := p.read(); err != nil {
		return Query{}, err
	}
	root, err := p.or()
	if err != nil {
		return Query{}, err
	}
	if p.next.kind == lexClose {
		return Query{}, failure(p.next.at, FaultNeverOpened)
	}
	if p.words > MaxWords {
		return Query{}, failure(0, FaultTooMany, "number", strconv.Itoa(p.words), "most", strconv.Itoa(MaxWords))
	}
	if err := anchored(root); err != nil {
		return Query{}, err
	}
	return Query{root}, nil
}

// String is the query in one form: two queries that print alike mean the same,
// and Parse of it prints alike.
func (q Query) String() string {
	if q.root == nil {
		return ""
	}
	return q.root.source()
}

// IsZero reports whether q is the zero value.
func (q Query) IsZero() bool { return q.root == nil }

// parser is a recursive descent; or, and, unary and near are its levels.
type parser struct {
	lexer
	depth int
	words int
	// within is the field whose parentheses are open: "" for none.
	within string
	cut    Text
}

func (p *parser) or() (*node, error) {
	first, err := p.and()
	if err != nil {
		return nil, err
	}
	kids := []*node{first}
	for p.next.kind == lexOr {
		if err := p.read(); err != nil {
			return nil, err
		}
		kid, err := p.and()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
	return join(opOr, kids), nil
}

func (p *parser) and() (*node, error) {
	first, err := p.unary()
	if err != nil {
		return nil, err
	}
	kids := []*node{first}
	for {
		switch p.next.kind {
		case lexEnd, lexClose, lexOr:
			return join(opAnd, kids), nil
		case lexAnd:
			if err := p.read(); err != nil {
				return nil, err
			}
		}
		kid, err := p.unary()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
}

// join makes one node of several that one operator joins. What is said twice
// counts once.
func join(o op, kids []*node) *node {
	out := &node{op: o, at: kids[0].at}
	for _, k := range kids {
		if k.op == o {
			out.kids = append(out.kids, k.kids...)
		} else {
			out.kids = append(out.kids, k)
		}
	}
	if len(out.kids) > 1 {
		said := make(map[string]bool, len(out.kids))
		out.kids = slices.DeleteFunc(out.kids, func(k *node) bool {
			s := k.source()
			again := said[s]
			said[s] = true
			return again
		})
	}
	if len(out.kids) == 1 {
		return out.kids[0]
	}
	return out
}

func (p *parser) unary() (*node, error) {
	if p.next.kind != lexNot {
		return p.near()
	}
	at := p.next.at
	if err := p.enter(at); err != nil {
		return nil, err
	}
	defer p.leave()
	if err := p.read(); err != nil {
		return nil, err
	}
	kid, err := p.unary()
	if err != nil {
		return nil, err
	}
	if kid.op == opNot { // not not
		return kid.kids[0], nil
	}
	return &node{op: opNot, at: at, kids: []*node{kid}}, nil
}

func (p *parser) near() (*node, error) {
	first, err := p.operand()
	if err != nil {
		return nil, err
	}
	if p.next.kind != lexNear {
		return first, nil
	}
	out := &node{op: opNear, at: first.at, kids: []*node{first}}
	for p.next.kind == lexNear {
		by := p.next
		if err := p.read(); err != nil {
			return nil, err
		}
		if by.near == 0 {
			if isGap(p.next) {
				return nil, failure(by.at, FaultNearNumber, "most", strconv.Itoa(maxNear))
			}
			by.near = nearDefault
		}
		out.gaps = append(out.gaps, by.near)
		kid, err := p.operand()
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, kid)
	}
	for _, kid := range out.kids {
		if bad := unplaced(kid); bad != nil {
			return nil, failure(bad.at, FaultNearPart, "text", bad.source())
		}
	}
	return out, nil
}

// isGap reports whether a lexeme looks like the number of the NEAR before it.
func isGap(l lexeme) bool {
	return l.kind == lexWord && len(l.text) <= 2 && strings.Trim(l.text, "0123456789") == ""
}

// unplaced returns what in an operand of near has no place in a text, or nil.
func unplaced(n *node) *node {
	switch n.op {
	case opTerm:
		return nil
	case opOr:
		for _, kid := range n.kids {
			if bad := unplaced(kid); bad != nil {
				return bad
			}
		}
		return nil
	}
	return n
}

func (p *parser) enter(at int) error {
	if p.depth++; p.depth > MaxDepth {
		return failure(at, FaultTooDeep, "most", strconv.Itoa(MaxDepth))
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// operand reads a word, a phrase, a field or what stands in parentheses.
func (p *parser) operand() (*node, error) {
	l := p.next
	switch l.kind {
	case lexOpen:
		return p.group()
	case lexField:
		return p.field()
	case lexWord, lexPhrase:
		n, err := p.value(l)
		if err != nil {
			return nil, err
		}
		return n, p.read()
	case lexClose:
		return nil, failure(l.at, FaultNothingInside)
	case lexEnd:
		return nil, failure(l.at, FaultNothingBehind)
	case lexNot:
		return nil, failure(l.at, FaultNearNot)
	}
	return nil, failure(l.at, FaultNothingBefore)
}

func (p *parser) group() (*node, error) {
	open := p.next.at
	if err := p.enter(open); err != nil {
		return nil, err
	}
	defer p.leave()
	if err := p.read(); err != nil {
		return nil, err
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.next.kind != lexClose {
		return nil, failure(open, FaultNotClosed)
	}
	return n, p.read()
}

// field reads what stands behind title: or source:, a value or a group of them.
func (p *parser) field() (*node, error) {
	l := p.next
	if !isField(l.text) {
		return nil, failure(l.at, FaultNoField, "field", l.text)
	}
	if p.within != "" {
		return nil, failure(l.at, FaultFieldWithin, "field", l.text, "within", p.within)
	}
	behind := p.at
	if err := p.read(); err != nil {
		return nil, err
	}
	if p.next.at != behind || p.next.kind != lexWord && p.next.kind != lexPhrase && p.next.kind != lexOpen {
		return nil, failure(behind, FaultFieldEmpty, "field", l.text)
	}
	p.within = l.text
	defer func() { p.within = "" }()
	n, err := p.operand()
	if err != nil {
		return nil, err
	}
	n.at = min(n.at, l.at)
	return n, nil
}

// value makes a term or an attribute of a word or phrase.
func (p *parser) value(l lexeme) (*node, error) {
	if a, ok := attrs[p.within]; ok {
		p.words++
		return p.attribute(a, l)
	}
	n := &node{op: opTerm, at: l.at, text: l.text, quoted: l.kind == lexPhrase, title: p.within == "title"}
	for part := range strings.FieldsSeq(l.text) {
		if err := p.atoms(n, part); err != nil {
			return nil, err
		}
	}
	if len(n.atoms) == 0 {
		if l.text == "" {
			return nil, failure(l.at, FaultEmptyPhrase)
		}
		return nil, failure(l.at, FaultNoWord, "text", l.text)
	}
	p.words += len(n.atoms)
	return n, nil
}

// atoms adds the words of one part of a term, which may end with *.
func (p *parser) atoms(n *node, part string) error {
	bare, isPrefix := strings.CutSuffix(part, "*")
	if strings.Contains(bare, "*") {
		return failure(n.at, FaultStarWithin, "text", n.text)
	}
	p.cut.Read(Doc{Title: bare})
	from := len(n.atoms)
	for _, w := range p.cut.list() {
		key := string(p.cut.key(&w))
		switch {
		case !w.other:
			n.atoms = append(n.atoms, atom{word: key})
		case isCapitals(key) && (!strings.ContainsAny(n.text, " -") || n.text != strings.ToUpper(n.text)):
			n.atoms[len(n.atoms)-1].word = key // US, unless all is in capitals
		}
	}
	if !isPrefix {
		return nil
	}
	if len(n.atoms) == from {
		return failure(n.at, FaultStarAlone, "least", strconv.Itoa(minPrefix))
	}
	last := &n.atoms[len(n.atoms)-1]
	if r, _ := utf8.DecodeRuneInString(last.word); text.Unspaced(r) {
		return nil // each character is a word, and the next one may be any
	}
	last.word = strings.ToLower(last.word) // an acronym begins no word
	switch {
	case utf8.RuneCountInString(last.word) < minPrefix:
		return failure(n.at, FaultPrefixShort, "text", part, "least", strconv.Itoa(minPrefix))
	case len(last.word) > maxPrefixBytes:
		return failure(n.at, FaultPrefixLong, "text", part)
	}
	last.prefix = true
	return nil
}

// attribute makes what source: and the like ask for.
func (p *parser) attribute(a attr, l lexeme) (*node, error) {
	value := strings.ToLower(l.text)
	ok := value != "" && len(value) <= 64 && !strings.ContainsFunc(value, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
	switch {
	case a == attrCountry && !source.IsCountry(strings.ToUpper(value)):
		return nil, failure(l.at, FaultCountry, "text", l.text)
	case a == attrLanguage && !source.IsLanguage(value):
		return nil, failure(l.at, FaultLanguage, "text", l.text)
	case !ok:
		return nil, failure(l.at, FaultValue, "text", l.text, "field", a.String())
	}
	return &node{op: opAttr, at: l.at, attr: a, text: value}, nil
}
