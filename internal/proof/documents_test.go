//go:build unix

package proof

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
)

// maxDocument is the largest that the fetcher hands on.
const maxDocument = 5 << 20

// eachDocument calls do with each regular file of a .tar.gz.
func eachDocument(path string, do func(name string, body []byte)) error {
	f, err := os.Open(path) //nolint:gosec // of the measuring data
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		body, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		do(h.Name, body)
	}
}

// tokens are what mutations put into documents.
var tokens = []string{
	"\x00", "\x08", "\xff", "\xfe\xff", "\xef\xbb\xbf", "\xed\xa0\x80", "&", "&#0;", "&#xFFFFFF;", "&#8;", "&lt;", "&amp;lt;", "&x;", "<", ">", "</", "<!--", "-->",
	"<![CDATA[", "]]>", "]]]]><![CDATA[>", "<?xml version='1.0' encoding='utf-16'?>", "encoding='koi8-r'", "encoding='utf-7'", "<!DOCTYPE a [<!ENTITY x 'y'>]>",
	"<item>", "</item>", "<entry>", "</entry>", "</channel>", "</rss>", "</feed>", "<title>", "</title>", "<content type='xhtml'>", "<div xmlns='http://www.w3.org/1999/xhtml'>",
	" xml:base='a'", " xml:lang='x'", " xmlns:a='b'", " xmlns=''", "<a:b/>", "{", "}", "[", "]", "\"", "\\u0000", "\\", "null", "1e999", "-", "\u202e", "\u0301", "\U000e0001",
	"Mon, 01 Jan 0001 00:00:00 GMT", "9999-12-31T23:59:59Z", "javascript:alert(1)", "http://[::1", "%", "%%%", "<script>", "<a href=", "\r", "\u2028",
}

// mutated is a document of the suite with a few faults.
func mutated(rng *rand.Rand, suite [][]byte) []byte {
	doc := bytes.Clone(suite[rng.IntN(len(suite))])
	at := func() int { return rng.IntN(len(doc) + 1) }
	span := func() (int, int) {
		from := at()
		return from, min(len(doc), from+1+rng.IntN(200))
	}
	for range 1 + rng.IntN(8) {
		switch rng.IntN(8) {
		case 0: // another bit
			if i := at(); i < len(doc) {
				doc[i] ^= 1 << rng.IntN(8)
			}
		case 1: // a piece less
			from, to := span()
			doc = append(doc[:from], doc[to:]...)
		case 2: // a piece twice, or very often
			from, to := span()
			times := 1
			if rng.IntN(50) == 0 {
				times = rng.IntN(1000)
			}
			doc = splice(doc, from, bytes.Repeat(doc[from:to:to], times))
		case 3, 4: // something that has a meaning
			doc = splice(doc, at(), []byte(tokens[rng.IntN(len(tokens))]))
		case 5: // a piece of another document
			other := suite[rng.IntN(len(suite))]
			from := rng.IntN(len(other) + 1)
			doc = splice(doc, at(), other[from:min(len(other), from+rng.IntN(500))])
		case 6: // its end
			doc = doc[:at()]
		case 7: // two places changed
			from, to := span()
			piece := bytes.Clone(doc[from:to])
			doc = splice(append(doc[:from], doc[to:]...), 0, nil)
			doc = splice(doc, at(), piece)
		}
	}
	return doc[:min(len(doc), maxDocument)]
}

func splice(doc []byte, at int, more []byte) []byte {
	at = min(at, len(doc))
	return append(doc[:at:at], append(bytes.Clone(more), doc[at:]...)...)
}

// structure makes a document that is hard to read by one of its measures, or by
// two at once, up to the largest that comes in.
func structure(rng *rand.Rand, i int) (name string, doc []byte) {
	shapes := shapes()
	a := shapes[i%len(shapes)]
	b := shapes[rng.IntN(len(shapes))]
	name = a.name + " with " + b.name
	inner := a.make(rng, 1<<(8+rng.IntN(15)))
	if rng.IntN(2) == 0 {
		inner += b.make(rng, 1<<(8+rng.IntN(13)))
	} else {
		name = a.name
	}
	return name, dressed(rng, inner)
}

// dressed puts elements into a feed of one of the formats and charsets.
func dressed(rng *rand.Rand, inner string) []byte {
	outer := [][2]string{
		{`<rss version="2.0"><channel><title>t</title>`, `</channel></rss>`},
		{`<rss xmlns:x="u:x" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>t</title>`, `</item></channel></rss>`},
		{`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.example/a/"><title>t</title>`, `</feed>`},
		{`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><content type="xhtml">`, `</content></entry></feed>`},
		{`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">`, `</rdf:RDF>`},
		{`{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","title":"t","content_html":"`, `"}]}`},
	}[rng.IntN(6)]
	if strings.HasPrefix(outer[0], "{") {
		inner = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(inner)
	}
	inner = inner[:min(len(inner), maxDocument-len(outer[0])-len(outer[1]))]
	doc := outer[0] + inner + outer[1]
	switch rng.IntN(12) {
	case 0:
		return wide(doc[:min(len(doc), maxDocument/2-1)])
	case 1:
		return []byte(`<?xml version="1.0" encoding="` + []string{"koi8-r", "shift_jis", "gb18030", "iso-2022-jp", "utf-16", "big5", "x"}[rng.IntN(7)] + `"?>` + doc[:min(len(doc), maxDocument-60)])
	case 2:
		return []byte(doc[:rng.IntN(len(doc)+1)])
	}
	return []byte(doc)
}

// wide is ASCII as UTF-16.
func wide(s string) []byte {
	b := []byte{0xFE, 0xFF}
	for _, c := range []byte(s) {
		b = append(b, 0, c)
	}
	return b
}

// shape makes about so many bytes of one kind of trouble.
type shape struct {
	name string
	make func(rng *rand.Rand, n int) string
}

// repeated is a shape of one piece again and again.
func repeated(name string, pieces ...string) shape {
	return shape{name, func(rng *rand.Rand, n int) string {
		piece := pieces[rng.IntN(len(pieces))]
		return strings.Repeat(piece, n/len(piece)+1)
	}}
}

// shapes are the kinds of trouble.
func shapes() []shape {
	return []shape{
		{"depth", func(rng *rand.Rand, n int) string {
			open := []string{"<a>", "<x:a>", "<div>", "<item>", "<entry>", "<content:encoded>", "<a><b>", "<a b='c'>"}[rng.IntN(8)]
			depth := n / len(open)
			if rng.IntN(2) == 0 {
				depth = rng.IntN(130) // just so that it is read
			}
			return strings.Repeat(open, depth) + "x" + strings.Repeat("</"+strings.TrimRight(strings.SplitN(open[1:], " ", 2)[0], ">")+">", depth)
		}},
		repeated("width", "<item/>", "<entry/>", "<a/>", "<item><title>t</title></item>", "<category>c</category>", "<link href='a'/>", "<x:a>b</x:a>", "<entry><id/><link/></entry>"),
		{"attributes", func(rng *rand.Rand, n int) string {
			var b strings.Builder
			each := []int{1, 100, 250, 300, 5000}[rng.IntN(5)]
			for b.Len() < n {
				b.WriteString("<item")
				for i := range each {
					fmt.Fprintf(&b, " a%d='v'", i)
				}
				b.WriteString("/>")
			}
			return b.String()
		}},
		{"namespaces", func(rng *rand.Rand, n int) string {
			var b strings.Builder
			each := []int{1, 50, 120, 200}[rng.IntN(4)]
			for b.Len() < n {
				b.WriteString("<x:a")
				for i := range each {
					fmt.Fprintf(&b, " xmlns:n%d='u:%d'", i, b.Len())
				}
				b.WriteString([]string{">", "/>"}[rng.IntN(2)])
			}
			return b.String()
		}},
		repeated("entities", "&amp;", "&", "&#x41;", "&#8;", "&x;", "&amp;amp;lt;", "&copy;", "&lt;b&gt;", "&#xFFFE;"),
		repeated("text in pieces", "a<!-- -->", "a<![CDATA[b]]>", "<![CDATA[]]>", "a<?b?>", "a<b/>", "]]>", "<!---->"),
		repeated("html", "&lt;div&gt;", "&lt;a href=a&gt;", "<![CDATA[<a ]]>", "<![CDATA[<!--]]>", "&lt;b&gt;&lt;i&gt;&lt;p&gt;", "&lt;table&gt;&lt;tr&gt;&lt;a&gt;", "&lt;svg&gt;&lt;style&gt;", "&lt;select&gt;&lt;option&gt;"),
		repeated("characters", "\u0301", "\u202e", "\U0001F468\u200d", "ﷺ", "\x00", "\xff", "\xed\xa0\x80", "a\u0300\u0301\u0302", "\ufeff", "İ", "ﬀ"),
		repeated("words", "Read more. ", "1 Jan ", "http://a.example/ ", "-- ", "\n", " ", "\t\n", "a.b.", "…", "Mr. A. B. ", "\"'“”"),
		repeated("dates", "<item><pubDate>Mon, 99 Foo 2023 99:99:99 QQQ</pubDate></item>", "<item><pubDate>"+strings.Repeat("1 Jan ", 300)+"</pubDate></item>", "<entry><updated>2023</updated></entry>"),
		repeated("bases", "<entry xml:base='aaaaaaaa/'>", "<link xml:base='http://e.example/a/' href='b'/>", "<a xml:base='../'/>"),
		{"a long name", func(_ *rand.Rand, n int) string { return "<" + strings.Repeat("a", n) + "/>" }},
		{"a long value", func(_ *rand.Rand, n int) string { return "<item a='" + strings.Repeat("b", n) + "'/>" }},
		{"one long item", func(_ *rand.Rand, n int) string {
			return "<item><title>" + strings.Repeat("t", n/2) + "</title><description>" + strings.Repeat("d ", n/4) + "</description></item>"
		}},
		{"many long items", func(_ *rand.Rand, n int) string {
			return strings.Repeat("<item><title>"+strings.Repeat("t", 600)+"</title><description>"+strings.Repeat("d&lt;p&gt; ", 900)+"</description></item>", n/9000+1)
		}},
		{"a document type", func(_ *rand.Rand, n int) string {
			return "<!DOCTYPE a [" + strings.Repeat("<!ENTITY a '&b;&b;'>", n/20) + "]>"
		}},
	}
}
