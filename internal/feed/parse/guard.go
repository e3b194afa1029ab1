package parse

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of structure, far above what any of several thousand feeds of two
// conformance suites needs and far below what hurts.
const (
	maxDepth      = 128
	maxElements   = 200_000
	maxAttributes = 256
	// maxNamespaces bounds the namespace declarations in force at once, and
	// maxNamespaceWork their sum over all elements: goxpp copies the whole
	// table at each of them.
	maxNamespaces    = 128
	maxNamespaceWork = 3_000_000
	// maxBase bounds the bytes of all xml:base in force at once: each relative
	// link, also those inside of texts, grows by as much when it is resolved.
	// maxBaseWork bounds their sum over all elements.
	maxBase     = 256
	maxBaseWork = 8 << 20
	// maxTokens bounds texts, comments and instructions between elements.
	maxTokens = 1_000_000
	// maxValues bounds the values of a JSON feed.
	maxValues = 400_000
	// maxDates bounds the dates that are not in a usual form: each may cost a
	// tenth of a millisecond, since so many forms may be meant.
	maxDates = 5_000
)

// format is the kind of feed that a document is.
type format int

const (
	formatRSS format = iota + 1 // RSS and RDF
	formatAtom
	formatJSON
)

// inspect names the format of a normalised document and refuses what the
// parsers behind it could not stand. Any doubt is a refusal.
func inspect(b []byte) (format, error) {
	switch b[0] {
	case '{':
		return formatJSON, inspectJSON(b)
	case '<':
		return inspectXML(b)
	}
	return 0, fail(ClassNotAFeed, "begins like neither XML nor JSON")
}

// newDecoder is set up exactly as gofeed sets up its own, less the conversion
// of charsets: there is nothing left to convert, and a document that asks for
// it in its middle is refused.
func newDecoder(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("charset %.40q declared inside the document", label)
	}
	return d
}

// open is an element that has begun and not ended.
type open struct {
	name             string
	namespaces, base int
}

// xmlGuard walks the raw tokens and keeps the stack that a lenient decoder
// would keep.
type xmlGuard struct {
	stack         []open
	root          format
	elements      int
	namespaces    int // in force
	namespaceWork int
	base          int // bytes in force
	baseWork      int
	dates         int // that are not in a usual form
	// dated is what stands at the last token: a date that has begun, or whose
	// usual form has been read.
	dated dateState
}

// dateState tells how far the element of a date has been read.
type dateState uint8

const (
	noDateOpen dateState = iota
	dateOpen
	dateRead
)

// date counts the elements of dates, but not those that hold nothing else than a
// date in a usual form.
func (g *xmlGuard) date(tok xml.Token) {
	state := noDateOpen
	switch tok := tok.(type) {
	case xml.StartElement:
		if isDateElement(tok.Name.Local) {
			g.dates++
			state = dateOpen
		}
	case xml.CharData:
		if g.dated == dateOpen && usualDate(tok) {
			state = dateRead
		}
	case xml.EndElement:
		if g.dated == dateRead {
			g.dates--
		}
	}
	g.dated = state
}

// isDateElement names the elements in which gofeed looks for a date.
func isDateElement(local string) bool {
	switch strings.ToLower(local) {
	case "pubdate", "lastbuilddate", "date", "published", "issued", "updated", "modified", "created":
		return true
	}
	return false
}

func inspectXML(b []byte) (format, error) {
	g := xmlGuard{}
	d := newDecoder(bytes.NewReader(b))
	for tokens := 0; ; tokens++ {
		tok, err := d.RawToken()
		if err != nil {
			return 0, g.syntax(b, err)
		}
		if tokens > maxTokens {
			return 0, fail(ClassTooBig, "too many tokens")
		}
		g.date(tok)
		switch tok := tok.(type) {
		case xml.StartElement:
			if err := g.start(tok); err != nil {
				return 0, err
			}
		case xml.EndElement:
			// What stands behind the root's end is read by nobody.
			if g.end(tok.Name.Local) {
				return g.root, nil
			}
		case xml.ProcInst:
			if strings.EqualFold(tok.Target, "xml") {
				return 0, fail(ClassMalformed, "xml declaration inside the document")
			}
		}
	}
}

// syntax names the failure of the tokenizer.
func (g *xmlGuard) syntax(b []byte, err error) *Error {
	switch {
	case g.root == 0 && looksLikeHTML(b):
		return &Error{Class: ClassHTMLPage, cause: err}
	case g.root == 0:
		return &Error{Class: ClassNotAFeed, cause: err}
	case errors.Is(err, io.EOF):
		return fail(ClassMalformed, "document ends before its root element")
	}
	return &Error{Class: ClassMalformed, cause: err}
}

func (g *xmlGuard) start(el xml.StartElement) error {
	if len(g.stack) == 0 {
		if err := g.setRoot(el.Name.Local); err != nil {
			return err
		}
	}
	g.elements++
	o := open{name: el.Name.Local}
	for _, a := range el.Attr {
		switch {
		case a.Name.Space == "xmlns", a.Name.Space == "" && a.Name.Local == "xmlns":
			o.namespaces++
		case a.Name.Local == "base": // whatever prefix the XML namespace is given
			o.base += len(a.Value)
		}
	}
	g.stack = append(g.stack, o)
	g.namespaces += o.namespaces
	g.namespaceWork += g.namespaces
	g.base += o.base
	g.baseWork += g.base
	return g.check(len(el.Attr))
}

func (g *xmlGuard) check(attributes int) error {
	switch {
	case len(g.stack) > maxDepth:
		return fail(ClassTooDeep, fmt.Sprintf("depth over %d", maxDepth))
	case g.elements > maxElements:
		return fail(ClassTooBig, fmt.Sprintf("over %d elements", maxElements))
	case g.dates > maxDates:
		return fail(ClassTooBig, fmt.Sprintf("over %d dates in unusual forms", maxDates))
	case attributes > maxAttributes:
		return fail(ClassTooBig, fmt.Sprintf("over %d attributes", maxAttributes))
	case g.namespaces > maxNamespaces, g.namespaceWork > maxNamespaceWork:
		return fail(ClassTooBig, "too many namespace declarations")
	case g.base > maxBase, g.baseWork > maxBaseWork:
		return fail(ClassTooBig, "xml:base too long")
	}
	return nil
}

func (g *xmlGuard) setRoot(name string) error {
	switch strings.ToLower(name) {
	case "rss", "rdf":
		g.root = formatRSS
	case "feed":
		g.root = formatAtom
	case "html":
		return fail(ClassHTMLPage, "root element is html")
	default:
		return fail(ClassNotAFeed, fmt.Sprintf("root element %.40q", name))
	}
	return nil
}

// end closes elements up to the named one, as a decoder that is not strict
// does, and tells whether the root is closed. A name that is not open closes
// all; the decoder fails there.
func (g *xmlGuard) end(name string) bool {
	for len(g.stack) > 0 {
		top := g.stack[len(g.stack)-1]
		g.stack = g.stack[:len(g.stack)-1]
		g.namespaces -= top.namespaces
		g.base -= top.base
		if top.name == name {
			break
		}
	}
	return len(g.stack) == 0
}

// looksLikeHTML recognises pages that do not tokenize as XML.
func looksLikeHTML(b []byte) bool {
	head := strings.ToLower(string(b[:min(len(b), 4096)]))
	for _, mark := range []string{"<!doctype html", "<html", "<head", "<body", "<script"} {
		if strings.Contains(head, mark) {
			return true
		}
	}
	return false
}

// inspectJSON bounds depth and number of values by their punctuation outside
// of strings; whether it is JSON at all is for the decoder to say.
func inspectJSON(b []byte) error {
	depth, values := 0, 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
			values++
		case '}', ']':
			depth--
		case ',':
			values++
		}
		if depth > maxDepth {
			return fail(ClassTooDeep, fmt.Sprintf("depth over %d", maxDepth))
		}
		if values > maxValues {
			return fail(ClassTooBig, fmt.Sprintf("over %d values", maxValues))
		}
	}
	return nil
}
