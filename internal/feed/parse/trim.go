package parse

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"time"
)

// trimmed is a document less everything that nobody reads: elements and
// attributes without a rule, comments, instructions and namespaces. Long texts
// stand aside, and in the document is a mark for each. It is well-formed, and
// gofeed reads the same from it as from the whole.
type trimmed struct {
	format format
	doc    []byte
	mark   string
	texts  []string
}

// restore puts the text back where gofeed found its mark.
func (t trimmed) restore(s string) string {
	if t.mark == "" || len(s) <= len(t.mark) || s[:len(t.mark)] != t.mark {
		return s
	}
	if n, err := strconv.Atoi(s[len(t.mark):]); err == nil && n >= 0 && n < len(t.texts) {
		return t.texts[n]
	}
	return s
}

// minAside is how long a text must be in bytes to stand aside.
const minAside = 32

// trim reads a normalised document and, when it is a well-formed and ordinary
// RSS or Atom feed, returns what matters of it. It reports false for everything
// else, and for whatever the guard might refuse: such a document goes the long
// way, through [inspect].
//
// It asks for more than the lenient decoder: matching ends, quoted attributes,
// names in ASCII, no xml:base, no DOCTYPE, known namespaces under the usual
// prefixes. So what it accepts has one meaning only.
func trim(b []byte) (trimmed, bool) {
	if b[0] != '<' {
		return trimmed{}, false
	}
	t := trimmer{b: b, out: make([]byte, 0, len(b)/2), mark: rand.Text()[:8]}
	for {
		i := bytes.IndexByte(b[t.at:], '<')
		if i < 0 || i+t.at+1 == len(b) || !t.passText(b[t.at:t.at+i]) {
			return trimmed{}, false
		}
		t.at += i
		var ok bool
		switch b[t.at+1] {
		case '/':
			ok = t.end()
		case '!':
			ok = t.declaration()
		case '?':
			ok = t.instruction()
		default:
			ok = t.start()
		}
		if !ok || t.tokens > maxTokens/2 {
			return trimmed{}, false
		}
		if t.done {
			return trimmed{format: t.format, doc: t.out, mark: t.mark, texts: t.texts}, true
		}
	}
}

// trimmer walks over the bytes of a document.
type trimmer struct {
	b      []byte
	at     int
	out    []byte
	format format
	stack  []tag
	spaces []binding
	attrs  []attribute
	mark   string
	texts  []string
	done   bool

	tokens, elements, dates, namespaceWork int
}

// tag is an element that has begun and not ended.
type tag struct {
	name   []byte // as written
	rule   rule
	inner  int // where its content begins
	out    int // where it begins in what is kept
	spaces int // how many namespaces it declares
	// aside says that its text may stand aside.
	aside bool
	// pictured says that it holds an image already.
	pictured bool
}

// binding is a namespace declaration in force.
type binding struct {
	prefix []byte
	vocabulary
}

// attribute is one as written: b[from:to] is the whole of it.
type attribute struct {
	name, value []byte
	from, to    int
}

func (t *trimmer) passText(s []byte) bool {
	if len(s) == 0 {
		return true
	}
	t.tokens++
	return !bytes.Contains(s, []byte("]]>")) // which a decoder refuses
}

// declaration passes a comment or a CDATA section.
func (t *trimmer) declaration() bool {
	rest := t.b[t.at:]
	t.tokens++
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		n := bytes.Index(rest[4:], []byte("--"))
		if n < 0 || 4+n+2 >= len(rest) || rest[4+n+2] != '>' {
			return false
		}
		t.at += 4 + n + 3
		t.mixed()
		return true
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		n := bytes.Index(rest[9:], []byte("]]>"))
		if n < 0 {
			return false
		}
		t.at += 9 + n + 3
		return true
	}
	return false
}

// instruction passes a processing instruction.
func (t *trimmer) instruction() bool {
	t.tokens++
	from := t.at + 2
	end := nameEnd(t.b, from)
	if end == from || bytes.EqualFold(t.b[from:end], []byte("xml")) {
		return false
	}
	n := bytes.Index(t.b[end:], []byte("?>"))
	if n < 0 {
		return false
	}
	t.at = end + n + 2
	t.mixed()
	return true
}

// mixed notes that the innermost element holds more than text. Atom reads such
// a text in its own way.
func (t *trimmer) mixed() {
	if n := len(t.stack); n > 0 && t.format == formatAtom {
		t.stack[n-1].aside = false
	}
}

func (t *trimmer) start() bool {
	from := t.at + 1
	end := nameEnd(t.b, from)
	prefix, local, ok := cutName(t.b[from:end])
	if !ok {
		return false
	}
	t.at = end
	spaces, closed, ok := t.attributes()
	if !ok {
		return false
	}
	t.tokens++
	t.elements++
	t.namespaceWork += len(t.spaces)
	t.mixed()
	var r rule
	if len(t.stack) == 0 {
		r, ok = t.root(prefix, local)
	} else {
		r, ok = t.rule(prefix, local), true
	}
	if !ok || !t.withinLimits() {
		return false
	}
	if r.picture {
		r = t.firstPicture(r)
	}
	t.stack = append(t.stack, tag{name: t.b[from:end], rule: r, inner: t.at, out: len(t.out), spaces: spaces})
	top := &t.stack[len(t.stack)-1]
	top.aside = r.role == roleText && (t.format == formatRSS || t.plainText())
	t.open(r)
	if closed {
		t.tokens++
		return t.close(t.at)
	}
	return true
}

// firstPicture keeps an element that may be an image unless its parent holds one
// already.
func (t *trimmer) firstPicture(r rule) rule {
	parent := &t.stack[len(t.stack)-1]
	if parent.pictured {
		return rule{}
	}
	for _, a := range t.attrs {
		parent.pictured = parent.pictured || string(a.name) == "medium" && string(a.value) == "image"
	}
	return r
}

// withinLimits tells whether the guard would let the document pass thus far,
// with the element about to be opened.
func (t *trimmer) withinLimits() bool {
	return len(t.stack) < maxDepth && t.elements <= maxElements && t.dates <= maxDates && len(t.attrs) <= maxAttributes &&
		len(t.spaces) <= maxNamespaces && t.namespaceWork <= maxNamespaceWork
}

// open writes the beginning of an element that is kept.
func (t *trimmer) open(r rule) {
	if r.role == roleNone {
		return
	}
	t.out = append(append(t.out, '<'), r.name...)
	for _, a := range t.attrs {
		if slices.Contains(r.attrs, string(localPart(a.name))) && !declares(a.name) {
			t.keep(a)
		}
	}
	t.out = append(t.out, '>')
}

// keep writes an attribute. A long address that nobody resolves stands aside.
func (t *trimmer) keep(a attribute) {
	t.out = append(t.out, ' ')
	if string(a.name) != "url" || len(a.value) < minAside || bytes.ContainsAny(a.value, "&\r") {
		t.out = append(t.out, t.b[a.from:a.to]...)
		return
	}
	t.out = append(append(t.out, a.name...), '=', '"')
	t.putMark(string(a.value))
	t.out = append(t.out, '"')
}

func (t *trimmer) end() bool {
	from := t.at + 2
	top := t.stack
	if len(top) == 0 || !bytes.HasPrefix(t.b[from:], top[len(top)-1].name) {
		return false
	}
	i := skipSpace(t.b, from+len(top[len(top)-1].name))
	if i >= len(t.b) || t.b[i] != '>' {
		return false
	}
	t.tokens++
	content := t.at
	t.at = i + 1
	return t.close(content)
}

// close ends the innermost element, whose content ends at to.
func (t *trimmer) close(to int) bool {
	top := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	t.spaces = t.spaces[:len(t.spaces)-top.spaces]
	t.done = len(t.stack) == 0
	if top.rule.role == roleNone {
		return true
	}
	if top.rule.role != roleContainer {
		inner := t.b[top.inner:to]
		switch {
		case top.aside && len(inner) >= minAside:
			t.setAside(top, inner)
		case top.rule.role == roleDate:
			t.writeDate(inner)
		case top.rule.date && !usualDate(inner):
			t.dates++
			fallthrough
		default:
			t.out = append(t.out, inner...)
		}
	}
	t.out = append(append(append(t.out, "</"...), top.rule.name...), '>')
	return true
}

// setAside keeps the text of an element and writes its mark, or nothing for an
// empty text. In Atom the element loses its attributes, which say how the text
// is written: it is decoded.
func (t *trimmer) setAside(el tag, inner []byte) {
	if t.format == formatAtom {
		t.out = append(append(append(t.out[:el.out], '<'), el.rule.name...), '>')
	}
	if s := innerText(inner); s != "" {
		t.putMark(s)
	}
}

// noDate stands for a date that cannot be read: one that is too early to count.
// gofeed would try 150 forms for the other.
const noDate = "0001-01-01T00:00:00Z"

// writeDate writes a date in full, or one that is none.
func (t *trimmer) writeDate(inner []byte) {
	if !usualDate(inner) {
		t.dates++
	}
	s := innerText(inner)
	at, ok := Date(s)
	switch {
	case ok && at.Year() >= earliestYear && at.Year() <= 9999:
		t.out = at.AppendFormat(t.out, time.RFC3339Nano)
	case strings.TrimSpace(s) != "" && bytes.IndexByte(inner, '<') < 0:
		t.out = append(t.out, noDate...)
	default:
		t.out = append(t.out, inner...)
	}
}

func (t *trimmer) putMark(s string) {
	t.out = strconv.AppendInt(append(t.out, t.mark...), int64(len(t.texts)), 10)
	t.texts = append(t.texts, s)
}
