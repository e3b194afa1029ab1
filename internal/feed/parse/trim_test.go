package parse

import (
	"strings"
	"testing"

	"github.com/mmcdole/gofeed/rss"
	"pgregory.net/rapid"
)

func TestTrimKeepsWhatIsRead(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a long text ", 5)
	tests := []struct{ name, in, want string }{
		{
			"elements without a rule go with all that is in them",
			`<rss version="2.0"><channel><title>t</title><image><title>no</title></image><item><title>a</title><comments>no</comments></item></channel></rss>`,
			`<rss><channel><title>t</title><item><title>a</title></item></channel></rss>`,
		},
		{
			"comments, instructions, white space and attributes go",
			"<?xml-stylesheet href='x'?>\n<rss>\n<!-- c --><channel>\n<item><category domain='d'>c</category ></item></channel></rss> behind",
			`<rss><channel><item><category>c</category></item></channel></rss>`,
		},
		{
			"names are resolved",
			`<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/"><item r:about="x"><Title>a</Title><d:author>b</d:author><e:author>c</e:author></item></r:RDF>`,
			`<rss><item><title>a</title><dc:author>b</dc:author></item></rss>`,
		},
		{
			"a namespace ends with its element",
			`<rss><channel><item xmlns="http://www.w3.org/2005/Atom"><title>no</title></item><item><title>a</title></item></channel></rss>`,
			`<rss><channel><item><title>a</title></item></channel></rss>`,
		},
		{
			"a text stands aside as gofeed would read it",
			`<rss><channel><item><description> &lt;p&gt;` + long + `<![CDATA[&amp;]]></description></item></channel></rss>`,
			`<rss><channel><item><description>MARK0</description></item></channel></rss> <p>` + long + `&amp;`,
		},
		{
			"a date is written in full, and one that cannot be read as none",
			`<rss><channel><item><pubDate>Mon, 20 Apr 2020 21:37:00 GMT</pubDate></item><item><pubDate>soon</pubDate></item></channel></rss>`,
			`<rss><channel><item><pubdate>2020-04-20T21:37:00Z</pubdate></item><item><pubdate>` + noDate + `</pubdate></item></channel></rss>`,
		},
		{
			"one image is enough",
			`<rss><channel><item><media:group><media:content medium="image" url="a" width="1"/><media:content medium="image" url="b"/></media:group></item></channel></rss>`,
			`<rss><channel><item><media:group><media:content medium="image" url="a"></media:content></media:group></item></channel></rss>`,
		},
		{
			"Atom keeps what says how a text is written",
			`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><entry><title type="xhtml"><div>` + long + `</div></title><content type="html">` + long + `</content></entry></feed>`,
			`<feed xml:lang="en"><entry><title type="xhtml"><div>` + long + `</div></title><content>MARK0</content></entry></feed> ` + strings.TrimSpace(long),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := trim([]byte(tt.in))
			if !ok {
				t.Fatal("goes the long way")
			}
			s := strings.Join(append([]string{strings.ReplaceAll(string(got.doc), got.mark, "MARK")}, got.texts...), " ")
			if s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
}

// Such documents can be read in more than one way, or not at all.
func TestOddDocumentsGoTheLongWay(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"another root":                   `<opml/>`,
		"html":                           `<html><body/></html>`,
		"no end":                         `<rss><channel>`,
		"crossed ends":                   `<rss><channel><a><b></a></b></channel></rss>`,
		"an end too many":                `</rss>`,
		"an attribute without quotes":    `<rss a=b></rss>`,
		"an attribute without value":     `<rss a></rss>`,
		"a tag in an attribute":          `<rss a="<"></rss>`,
		"a name beyond ASCII":            `<rss><é/></rss>`,
		"two colons":                     `<rss><a:b:c/></rss>`,
		"a DOCTYPE":                      `<!DOCTYPE rss><rss></rss>`,
		"a second XML declaration":       `<rss><?xml version="1.0"?></rss>`,
		"a section without end":          `<rss><![CDATA[</rss>`,
		"the end of a section":           `<rss>]]></rss>`,
		"hyphens in a comment":           `<rss><!-- a -- b --></rss>`,
		"xml:base":                       `<rss xml:base="http://e.example/"></rss>`,
		"a prefix of another meaning":    `<rss xmlns:dc="urn:dc"></rss>`,
		"an unknown namespace as a root": `<rss xmlns="urn:rss"></rss>`,
		"too deep":                       `<rss>` + strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth) + `</rss>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := trim([]byte(doc)); ok {
				t.Errorf("trimmed to %s", got.doc)
			}
		})
	}
}

// Texts that stand aside are decoded here, and must come out as gofeed has them.
func TestInnerTextIsWhatGofeedReads(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"a", " ", "\n", ";", "&", "&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;", "&#x41;", "&#150;", "&copy", "&copy;", "&copy=2;",
		"&nosuch;", "&a b;", "&" + strings.Repeat("x", maxEntity) + ";", "&CounterClockwiseContourIntegral;",
		"<![CDATA[b &amp; c]]>", "<![CDATA[", "<b>x</b>", "<!-- d -->", "<!-- <![CDATA[ -->", "\u00a0", "ж",
	}
	rapid.Check(t, func(t *rapid.T) {
		inner := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), "")
		feed, err := new(rss.Parser).Parse(strings.NewReader("<rss><channel><title>" + inner + "</title></channel></rss>"))
		if err != nil {
			t.Skip()
		}
		if got := innerText([]byte(inner)); got != feed.Title {
			t.Errorf("innerText(%q) = %q, gofeed has %q", inner, got, feed.Title)
		}
	})
}
