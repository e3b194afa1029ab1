// Package opml reads and writes lists of feeds in OPML
// (http://opml.org/spec2.opml), which other readers of feeds understand.
//
// A list that people send is a stranger's: what is read of it is bounded in size,
// depth and number, and it may define no entities.
package opml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/attache-bot/attache/internal/text"
)

// The bounds of a list.
const (
	// MaxSize is in bytes.
	MaxSize  = 256 << 10
	maxDepth = 16
	// MaxFeeds is how many feeds are read of one.
	MaxFeeds = 200
	maxURL   = 2048
)

// Errors of a list.
var (
	// ErrTooLarge means that it is larger than [MaxSize].
	ErrTooLarge = errors.New("the list is too large")
	// ErrNoList means that the document is no OPML list, or not well-formed.
	ErrNoList = errors.New("the document is no OPML list")
	// ErrHostile means that it is nested too deeply or defines what no list needs.
	ErrHostile = errors.New("the list holds what no list of feeds needs")
)

// Feed is an entry of a list.
type Feed struct {
	// URL is as it stands in the list; Title is clean text, or "".
	URL, Title string
}

// List is what was read of a list.
type List struct {
	Feeds []Feed
	// More says that there were more than [MaxFeeds].
	More bool
}

// Read reads a list. The same address comes once.
func Read(doc []byte) (List, error) {
	if len(doc) > MaxSize {
		return List{}, ErrTooLarge
	}
	doc, isUTF8, err := marked(doc)
	if err != nil {
		return List{}, fmt.Errorf("%w: %w", ErrNoList, err)
	}
	var out List
	seen := map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = inCharset(isUTF8)
	depth, isList := 0, false
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && isList && depth == 0 {
			return out, nil
		}
		if err != nil {
			return List{}, fmt.Errorf("%w: %w", ErrNoList, err)
		}
		switch t := t.(type) {
		case xml.Directive: // a document type, and with it entities
			return List{}, ErrHostile
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return List{}, ErrHostile
			}
			if depth == 1 {
				if isList || t.Name.Local != "opml" {
					return List{}, ErrNoList
				}
				isList = true
			}
			if f, ok := outline(t); ok {
				out.add(f, seen)
			}
		}
	}
}

// add adds a feed that was not seen yet, if there is room.
func (l *List) add(f Feed, seen map[string]bool) {
	switch {
	case seen[f.URL]:
	case len(l.Feeds) == MaxFeeds:
		l.More = true
	default:
		seen[f.URL] = true
		l.Feeds = append(l.Feeds, f)
	}
}

// marked returns in UTF-8 a document that says by its first bytes that it is in
// UTF-16 or UTF-8, with a byte order mark or, in UTF-16, by the zero beside the "<".
// Others come back as they are.
func marked(doc []byte) (out []byte, isUTF8 bool, err error) {
	var first transform.Transformer = transform.Nop
	switch {
	case bytes.HasPrefix(doc, []byte("<\x00")):
		first = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case bytes.HasPrefix(doc, []byte("\x00<")):
		first = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	}
	out, _, err = transform.Bytes(unicode.BOMOverride(first), doc)
	return out, err == nil && !bytes.Equal(out, doc), err
}

// inCharset reads a document in the charset that it declares, as old readers of
// feeds wrote their lists, unless its first bytes have told its charset. What says that
// it is in UTF-16, where every other byte would be a zero, is in UTF-8: programs write
// the name of what they hold it in. A second declaration, of which each would put one
// more reader before the last, is refused.
func inCharset(isUTF8 bool) func(label string, in io.Reader) (io.Reader, error) {
	declared := false
	return func(label string, in io.Reader) (io.Reader, error) {
		if declared {
			return nil, errors.New("charset declared twice")
		}
		declared = true
		if isUTF8 || strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return in, nil
		}
		out, err := charset.NewReaderLabel(label, in)
		if err != nil {
			return nil, fmt.Errorf("charset %.40q: %w", label, err)
		}
		return out, nil
	}
}

// outline reads an element that names a feed.
func outline(t xml.StartElement) (f Feed, ok bool) {
	if t.Name.Local != "outline" {
		return f, false
	}
	for _, a := range t.Attr {
		switch strings.ToLower(a.Name.Local) {
		case "xmlurl":
			f.URL = strings.TrimSpace(a.Value)
		case "title":
			f.Title = text.Clean(a.Value)
		case "text":
			if f.Title == "" {
				f.Title = text.Clean(a.Value)
			}
		}
	}
	return f, f.URL != "" && len(f.URL) <= maxURL && text.Clean(f.URL) == f.URL
}

type document struct {
	XMLName xml.Name `xml:"opml"`
	Version string   `xml:"version,attr"`
	Title   string   `xml:"head>title"`
	Entries []entry  `xml:"body>outline"`
}

type entry struct {
	Text string `xml:"text,attr"`
	Type string `xml:"type,attr"`
	URL  string `xml:"xmlUrl,attr"`
}

// Write writes a list with a title.
func Write(title string, feeds []Feed) ([]byte, error) {
	d := document{Version: "2.0", Title: title}
	for _, f := range feeds {
		d.Entries = append(d.Entries, entry{Text: f.Title, Type: "rss", URL: f.URL})
	}
	out, err := xml.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}
