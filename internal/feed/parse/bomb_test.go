package parse

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// bombs are documents whose structure is meant to hurt. Each is a few
// megabytes at most; want is "" where reading it is fine and only must not
// take more than its share. Long only by its table.
func bombs() []struct {
	name, doc string
	want      Class
} {
	const atomHead = `<feed xmlns="http://www.w3.org/2005/Atom">`
	rep := strings.Repeat
	manyAttrs := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ` a%d="v"`, i)
		}
		return b.String()
	}
	manySpaces := func(n, from int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ` xmlns:n%d="u:%d"`, from+i, from+i)
		}
		return b.String()
	}
	deepSpaces := func(levels int) string {
		var b strings.Builder
		for i := range levels {
			b.WriteString("<x:a" + manySpaces(200, i*200) + ">")
		}
		return b.String()
	}
	type bomb = struct {
		name, doc string
		want      Class
	}
	return []bomb{
		{"deep extension in atom", atomHead + `<x xmlns="u">` + rep("<a>", 1_600_000), ClassTooDeep},
		{"deep extension in rss", `<rss><channel><item>` + rep("<x:a>", 900_000), ClassTooDeep},
		{"deep and closed", `<rss><channel>` + rep("<x:a>", 300_000) + rep("</x:a>", 300_000) + `</channel></rss>`, ClassTooDeep},
		{"deep behind a control byte", atomHead + "\x08" + `<x xmlns="u">` + rep("<a>", 500_000), ClassTooDeep},
		{"deep behind a forbidden reference", atomHead + "&#8;&#xFFFE;" + `<x xmlns="u">` + rep("<a>", 500_000), ClassTooDeep},
		{"deep behind a broken byte", atomHead + "\xff\xfe\xc0" + `<x xmlns="u">` + rep("<a>", 500_000), ClassTooDeep},
		{"deep behind a NUL", atomHead + "\x00" + `<x xmlns="u">` + rep("<a>", 500_000), ClassTooDeep},
		{"deep behind a comment", atomHead + `<!-- </feed> -->` + rep("<a>", 500_000), ClassTooDeep},
		{"deep behind CDATA", atomHead + `<![CDATA[</feed>]]>` + rep("<a>", 500_000), ClassTooDeep},
		{"deep behind ends that close everything", atomHead + rep("<a><b></c>", 10) + rep("<a>", 125_000), ""},
		{"deep under ends of other prefixes", atomHead + rep("<x:a><y:a></x:a>", 200_000), ClassTooDeep},
		{"deep in a second charset", atomHead + `<?xml version="1.0" encoding="utf-7"?>` + rep("+ADw-a+AD4-", 300_000), ClassMalformed},
		{"deep in UTF-16", utf16(atomHead + `<x xmlns="u">` + rep("<a>", 200_000)), ClassTooDeep},
		{"deep content", atomHead + `<entry><content type="xhtml"><div>` + rep("<div>", 300_000), ClassTooDeep},
		{"deep html in text", `<rss><channel><item><title>t</title><description>` + rep("&lt;div&gt;", 25_000) + `x</description></item></channel></rss>`, ""},
		{"deep html under xml:base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.example/"><entry><title>t</title><content type="html">` + rep("&lt;div&gt;&lt;b&gt;", 25_000) + `x</content></entry></feed>`, ""},
		{"formatting html under xml:base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.example/"><entry><title>t</title><content type="html">` + rep("&lt;a&gt;&lt;b&gt;&lt;i&gt;&lt;p&gt;", 40_000) + `x</content></entry></feed>`, ""},
		{"wide", `<rss><channel>` + rep("<item/>", 500_000) + `</channel></rss>`, ClassTooBig},
		{"wide within the limit", `<rss><channel>` + rep("<item/>", 49_750) + `</channel></rss>`, ""},
		{"many children", `<rss><channel><item>` + rep("<a/>", 47_500) + `</item></channel></rss>`, ""},
		{"many categories", `<rss><channel><item><title>t</title>` + rep("<category>c</category>", 37_500) + `</item></channel></rss>`, ""},
		{"many attributes", `<rss` + manyAttrs(100_000) + `><channel/></rss>`, ClassTooBig},
		{"many attributes on many", `<rss><channel>` + rep("<item"+manyAttrs(250)+"/>", 1500) + `</channel></rss>`, ""},
		{"many namespaces", `<rss` + manySpaces(200, 0) + `><channel/></rss>`, ClassTooBig},
		{"many namespaces in depth", `<rss><channel>` + deepSpaces(100), ClassTooBig},
		{"namespaces copied", `<rss` + manySpaces(120, 0) + `><channel>` + rep(`<x xmlns:y="z"/>`, 190_000) + `</channel></rss>`, ClassTooBig},
		{"long base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.example/` + rep("a/", 500_000) + `">` + rep(`<link href="a"/>`, 150_000) + `</feed>`, ClassTooBig},
		{"long base under another prefix", `<feed xmlns:y="http://www.w3.org/XML/1998/namespace" y:base="http://e.example/` + rep("a/", 500_000) + `">` + rep(`<link href="a"/>`, 150_000) + `</feed>`, ClassTooBig},
		{"bases in depth", `<feed xml:base="http://e.example/">` + rep(`<entry xml:base="aaaaaaaaaaaaaaaa/">`, 100), ClassTooBig},
		{"links in html under the longest base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.example/` + rep("a/", 110) + `"><entry><title>t</title><content type="html">` + rep("&lt;a href=a&gt;", 62_500) + `x</content></entry></feed>`, ""},
		{"extensions looked up", `<rss` + manySpaces(120, 0) + `><channel><item>` + rep(`<n0:x/>`, 190_000) + `</item></channel></rss>`, ClassTooBig},
		{"text in pieces", `<rss><channel><x:a>` + rep("a<!-- -->", 100_000) + `</x:a></channel></rss>`, ""},
		{"title in pieces", `<rss><channel><title>` + rep("a<![CDATA[b]]>", 75_000) + `</title></channel></rss>`, ""},
		{"comments", `<rss><channel>` + rep("<!---->", 175_000) + `</channel></rss>`, ""},
		{"tokens", `<rss><channel>` + rep("<?a?>", 1_010_000) + `</channel></rss>`, ClassTooBig},
		{"ampersands", `<rss><channel><title>` + rep("&", 1_000_000) + `</title></channel></rss>`, ""},
		{"entities", `<rss><channel><title>` + rep("&amp;", 225_000) + `</title></channel></rss>`, ""},
		{"entities of entities", `<rss><channel><title>` + rep("&amp;amp;amp;lt;", 75_000) + `</title></channel></rss>`, ""},
		{"billion laughs", `<!DOCTYPE rss [<!ENTITY a "` + rep("x", 1000) + `"><!ENTITY b "` + rep("&a;", 1000) + `">]><rss><channel><title>` + rep("&b;", 1000) + `</title></channel></rss>`, ""},
		{"external entity", `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>`, ""},
		{"doctype without end", `<!DOCTYPE rss [` + rep("<!ELEMENT a (b)>", 200_000), ClassNotAFeed},
		{"long name", `<rss><` + rep("a", 1_000_000) + `/></rss>`, ""},
		{"long attribute", `<rss a="` + rep("a", 1_000_000) + `"/>`, ""},
		{"long date", `<rss><channel><item><title>t</title><pubDate>` + rep("1 Jan ", 175_000) + `</pubDate></item></channel></rss>`, ""},
		{"many dates", `<rss><channel>` + rep("<item><pubDate>Mon, 99 Foo 2023 99:99:99 QQQ</pubDate></item>", maxDates) + `</channel></rss>`, ""},
		{"too many dates", `<rss><channel>` + rep("<item><pubDate>Mon, 99 Foo 2023 99:99:99 QQQ</pubDate></item>", maxDates+100) + `</channel></rss>`, ClassTooBig},
		{"too many dates in one item", `<rss><channel><item>` + rep("<pubDate>x</pubDate>", maxDates+100) + `</item></channel></rss>`, ClassTooBig},
		{"too many dates in atom", atomHead + rep("<entry><updated>x</updated><published>1 Jan x</published></entry>", maxDates/2+100) + `</feed>`, ClassTooBig},
		{"too many dates of Dublin Core", `<rss><channel>` + rep("<item><dc:date>99 Foo</dc:date></item>", maxDates+100) + `</channel></rss>`, ClassTooBig},
		{"too many dates the long way", `<rss xml:base="http://e.example/"><channel>` + rep("<item><pubDate>2023-06-23T12:30:45Z<!-- -->x</pubDate></item>", maxDates+100) + `</channel></rss>`, ClassTooBig},
		{"too many dates in json", `{"version":"1","items":[` + rep(`{"date_published":"x","date_modified":"1 Jan"},`, maxDates/2+100) + `{}]}`, ClassTooBig},
		{"usual dates", `<rss><channel>` + rep("<item><pubDate>Mon, 26 Jun 2023 12:30:45 +0300</pubDate></item>", maxDates+1000) + `</channel></rss>`, ""},
		{"usual dates the long way", `<rss xml:base="http://e.example/"><channel>` + rep("<item><pubDate>2023-06-23T12:30:45Z</pubDate></item>", maxDates+1000) + `</channel></rss>`, ""},
		{"tags without end", `<rss><channel><item><title>t</title><description><![CDATA[` + rep("<a ", 375_000) + `]]></description></item></channel></rss>`, ""},
		{"comment without end in html", `<rss><channel><item><title>t</title><description><![CDATA[` + rep("<!--", 250_000) + `]]></description></item></channel></rss>`, ""},
		{"marks", `<rss><channel><item><title>a` + rep("\u0301", 500_000) + `</title></item></channel></rss>`, ""},
		{"tails", `<rss><channel><item><title>t</title><description>` + rep("Read more. ", 100_000) + `</description></item></channel></rss>`, ""},
		{"deep json", `{"version":"1","items":` + rep("[", 2_000_000), ClassTooDeep},
		{"deep json objects", `{"version":"1","items":[],"x":` + rep(`{"a":`, 800_000), ClassTooDeep},
		{"wide json", `{"version":"1","items":[` + rep("{},", 1_500_000) + `{}]}`, ClassTooBig},
		{"nulls in json", `{"version":"1","items":[` + rep("null,", 390_000) + `null]}`, ClassMalformed},
		{"escapes in json", `{"version":"1","items":[{"title":"` + rep(`\u0000\"`, 125_000) + `"}]}`, ""},
		{"nulls for everything in json", `{"version":null,"title":null,"author":null,"authors":[null],"hubs":[null],"items":[{"author":null,"authors":[null],"tags":[null],"attachments":[null]}]}`, ""},
	}
}

func utf16(s string) string {
	b := []byte{0xFE, 0xFF}
	for _, c := range []byte(s) {
		b = append(b, 0, c)
	}
	return string(b)
}

func TestBombsAreDefused(t *testing.T) {
	t.Parallel()
	// Not the real deadline: whether a machine makes it is no matter of right
	// or wrong.
	p, err := New(Options{Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bombs() {
		t.Run(b.name, func(t *testing.T) {
			if len(b.doc) > 5<<20 {
				t.Fatalf("%d bytes: the size limit is not what is tested here", len(b.doc))
			}
			start := time.Now()
			doc, err := p.Parse(t.Context(), Input{Body: []byte(b.doc), BaseURL: "https://example.org/", Now: captured})
			t.Logf("%d kB, %s", len(b.doc)>>10, time.Since(start).Round(time.Millisecond))
			var got Class
			var cause error
			if pe := new(Error); errors.As(err, &pe) {
				got, cause = pe.Class, pe.Unwrap()
			}
			if got != b.want {
				t.Errorf("class %q (%v), want %q", got, cause, b.want)
			}
			for _, it := range doc.Items {
				checkItem(t, b.name, it, captured)
			}
		})
	}
	if n := p.Abandoned(); n != 0 {
		t.Errorf("%d documents missed the deadline", n)
	}
}
