package parse

import (
	"bytes"
	"encoding/xml"
	"errors"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(rss2), "text/xml; charset=utf-8", "https://feeds.example.org/")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x/"><entry><id>1</id><link href="a"/><title type="html">&lt;b&gt;a</title><updated>2023-06-23T11:00:00Z</updated></entry></feed>`), "", "")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"url":"/a","title":null,"content_html":"<p>x","authors":[{"name":"a"}]}]}`), "application/json", "https://e.example")
	f.Add([]byte(`{"version":1,"title":[],"hubs":[{"url":2}],"items":[null,{"id":1e3,"url":"/a","title":"x","author":"a","authors":{"name":"b"},"tags":"c","date_published":1700000000}]}`), "application/json", "https://e.example")
	f.Add([]byte("<?xml version=\"1.0\" encoding=\"koi8-r\"?><rdf:RDF><item><title>\xd0\xc5</title><x:a><x:b/></x:a></item></rdf:RDF>"), "", "::")
	f.Add([]byte(utf16("<rss><channel><item><title>&#8;<![CDATA[<![CDATA[x]]]]></title></item></channel></rss>")), "text/xml", "")
	f.Add([]byte(`<rss xmlns:m="http://search.yahoo.com/mrss/" xmlns:x="u:x"><channel><title>t</title><item><guid isPermaLink="false">1</guid><x:y><title>no</title></x:y><description><![CDATA[a long text, and more of it]]> &amp; &copy;</description><m:content medium="image" url="https://e.example/a.jpg"/><!-- c --></item></channel></rss>`), "", "")
	f.Fuzz(func(t *testing.T, body []byte, contentType, base string) {
		opts, err := Options{}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Body: body, ContentType: contentType, BaseURL: base, Now: noon}
		before := bytes.Clone(body)
		doc, err := read(in, opts) // directly, so that a panic is not recovered
		if !bytes.Equal(before, body) {
			t.Error("the input was changed")
		}
		var pe *Error
		if err != nil && !errors.As(err, &pe) {
			t.Errorf("error %T", err)
		}
		for _, it := range doc.Items {
			checkItem(t, "fuzz", it, noon)
		}
		checkGuard(t, body, contentType)
		checkSame(t, "fuzz", in)
	})
}

// checkGuard holds the guard to its word: what it passes is no deeper for a
// decoder that keeps the names, as gofeed's does.
func checkGuard(t *testing.T, body []byte, contentType string) {
	t.Helper()
	b, err := normalize(body, contentType, 5<<20, notes{})
	if err != nil {
		return
	}
	if !utf8.Valid(b) {
		t.Error("normalised to something that is not UTF-8")
	}
	format, err := inspect(b)
	if err != nil || format == formatJSON {
		return
	}
	d := newDecoder(bytes.NewReader(b))
	for depth := 0; ; {
		tok, err := d.Token()
		if err != nil {
			return
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				t.Fatalf("depth %d behind the guard", depth)
			}
		case xml.EndElement:
			if depth--; depth == 0 {
				return
			}
		}
	}
}
