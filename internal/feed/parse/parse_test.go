package parse

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2023, 6, 23, 12, 0, 0, 0, time.UTC)

func parseString(t *testing.T, doc string) (Document, error) {
	t.Helper()
	return newParser(t).Parse(t.Context(), Input{Body: []byte(doc), BaseURL: "https://feeds.example.org/world.xml", Now: noon})
}

func mustParse(t *testing.T, doc string) Document {
	t.Helper()
	d, err := parseString(t, doc)
	if err != nil {
		t.Fatalf("%v: %v", err, errors.Unwrap(err))
	}
	return d
}

const rss2 = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
 <sy:updatePeriod> Hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
 <title>The Harbour &amp;amp; Post</title><link>https://www.example.org/world</link><language>en-gb</language><ttl>15</ttl>
 <skipHours><hour>24</hour><hour>3</hour><hour>99</hour></skipHours><skipDays><day>Sunday</day><day>Someday</day></skipDays>
 <atom:link rel="self" href="https://feeds.example.org/world.xml"/><atom:link rel="hub" href="https://hub.example.org/"/>
 <item>
  <title><![CDATA[Truce talks &ldquo;resume&rdquo; in <b>Geneva</b>]]></title>
  <link>/world/truce?utm_source=rss</link>
  <guid isPermaLink="false">tag:1</guid>
  <pubDate>Fri, 23 Jun 2023 10:00:00 +0100</pubDate>
  <dc:creator>A. Writer</dc:creator>
  <category>World</category><category>World</category><category> Peace </category>
  <description>&lt;p&gt;Envoys met on Friday.&lt;/p&gt;&lt;p&gt;No date was set.&lt;/p&gt;&lt;img src="https://t.example/pixel.gif" width="1"/&gt;&lt;a href="#"&gt;Read more&lt;/a&gt;</description>
  <content:encoded><![CDATA[<p>Envoys met on Friday.</p><script>alert(1)</script><p>No date was set. A spokesman said &#8220;soon&#8221;.</p>]]></content:encoded>
  <media:thumbnail url="https://img.example.org/1.jpg"/>
 </item>
 <item><guid>https://www.example.org/world/2</guid><description>Only text here. And a second sentence.</description></item>
 <item><title>   </title><description>&lt;img src="x"&gt;</description></item>
</channel></rss>`

func TestParseReadsRSS(t *testing.T) {
	t.Parallel()
	want := Document{
		Title: "The Harbour & Post", Language: "en-gb", Link: "https://www.example.org/world", Hub: "https://hub.example.org/",
		Self: "https://feeds.example.org/world.xml", Update: 30 * time.Minute, TTL: 15 * time.Minute, SkipHours: []int{0, 3}, SkipDays: []time.Weekday{time.Sunday},
		Items: []Item{
			{
				GUID: "tag:1", Link: "https://www.example.org/world/truce?utm_source=rss", Title: "Truce talks “resume” in Geneva",
				Summary: "Envoys met on Friday.\nNo date was set.", Content: "Envoys met on Friday.\nNo date was set. A spokesman said “soon”.",
				Language: "en", Published: noon.Add(-3 * time.Hour), Author: "A. Writer", Categories: []string{"World", "Peace"},
				Image: "https://img.example.org/1.jpg",
			},
			{
				GUID: "https://www.example.org/world/2", Link: "https://www.example.org/world/2", Title: "Only text here.",
				Summary: "Only text here. And a second sentence.", Language: "en",
			},
		},
		Notes: []Note{{NoteEmptyItem, 1}, {NoteMissingDate, 2}, {NoteMissingLink, 1}, {NoteMissingTitle, 1}},
	}
	if diff := cmp.Diff(want, mustParse(t, rss2)); diff != "" {
		t.Error(diff)
	}
}

func TestParseReadsEachFormat(t *testing.T) {
	t.Parallel()
	want := Item{GUID: "id-1", Link: "https://www.example.org/a", Title: "Ceasefire holds in the north", Summary: "The guns were silent on Friday.", Language: "en", Published: noon.Add(-time.Hour)}
	tests := map[string]string{
		"RSS 2.0": `<rss version="2.0"><channel><item><guid isPermaLink="false">id-1</guid><link>https://www.example.org/a</link><title>Ceasefire holds in the north</title>
			<description>The guns were silent on Friday.</description><pubDate>Fri, 23 Jun 2023 11:00:00 GMT</pubDate></item></channel></rss>`,
		"RSS with a namespace on its root": `<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><item><guid>id-1</guid><link>https://www.example.org/a</link><title>Ceasefire holds in the north</title>
			<description>The guns were silent on Friday.</description><pubDate>Fri, 23 Jun 2023 11:00:00 GMT</pubDate></item></channel></rss>`,
		"RDF": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title></channel>
			<item rdf:about="id-1"><link>https://www.example.org/a</link><title>Ceasefire holds in the north</title><description>The guns were silent on Friday.</description><dc:date>2023-06-23T11:00:00Z</dc:date></item></rdf:RDF>`,
		"Atom": `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>id-1</id><link href="https://www.example.org/a"/><title>Ceasefire holds in the north</title>
			<summary>The guns were silent on Friday.</summary><updated>2023-06-23T11:00:00Z</updated></entry></feed>`,
		"Atom with relative links": `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.example.org/x/"><entry><id>id-1</id><link href="../a"/><title type="html">Ceasefire &lt;i&gt;holds&lt;/i&gt; in the north</title>
			<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The guns were silent on Friday.</p></div></content><published>2023-06-23T11:00:00Z</published><updated>2023-06-23T11:30:00Z</updated></entry></feed>`,
		"JSON Feed": `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"id-1","url":"https://www.example.org/a","title":"Ceasefire holds in the north",
			"content_html":"<p>The guns were silent on Friday.</p>","date_published":"2023-06-23T12:00:00+01:00"}]}`,
		"behind a long prologue": `<!-- ` + strings.Repeat("x", 10_000) + ` --><rss><channel><item><guid>id-1</guid><link>https://www.example.org/a</link><title>Ceasefire holds in the north</title>
			<description>The guns were silent on Friday.</description><pubDate>2023-06-23 11:00</pubDate></item></channel></rss>`,
		"with something behind it": `<rss><channel><item><guid>id-1</guid><link>https://www.example.org/a</link><title>Ceasefire holds in the north</title>
			<description>The guns were silent on Friday.</description><pubDate>1687518000</pubDate></item></channel></rss><script>if (a < b && c) {}</script>`,
		"with a counting link in front": `<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><guid isPermaLink="false">id-1</guid><link>http://feeds.example.org/~r/x/~3/abc/</link>
			<feedburner:origLink>https://www.example.org/a</feedburner:origLink><title>Ceasefire holds in the north</title><description>The guns were silent on Friday.</description><pubDate>Fri, 23 Jun 2023 07:00:00 EDT</pubDate></item></channel></rss>`,
	}
	for name, doc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := mustParse(t, doc).Items
			if len(got) != 1 {
				t.Fatalf("%d items", len(got))
			}
			if name == "RDF" || name == "Atom with relative links" {
				got[0].GUID = want.GUID // RDF has no ids, and xml:base lengthens Atom's
			}
			if diff := cmp.Diff(want, got[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseNamesWhatItRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, doc string
		want      Class
	}{
		{"nothing", "", ClassEmpty},
		{"white space", " \r\n\t\uFEFF ", ClassEmpty},
		{"an XML declaration alone", `<?xml version="1.0"?>`, ClassEmpty},
		{"a page", "<!DOCTYPE html><html><head><title>News</title></head><body><p>Hello<br>you</body></html>", ClassHTMLPage},
		{"a page that is no XML", "<html lang=en><script>if (1<2 && 3<4) {}</script>", ClassHTMLPage},
		{"a page that begins with a script", "<script>var a = '<b';</script>", ClassNotAFeed},
		{"a page without a root", "<!doctype HTML><meta charset=utf-8><p>1 < 2", ClassNotAFeed},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", ClassNotAFeed},
		{"a text", "Service unavailable", ClassNotAFeed},
		{"a site map", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>`, ClassNotAFeed},
		{"an outline", `<opml version="2.0"><body/></opml>`, ClassNotAFeed},
		{"any JSON", `{"error":"not found"}`, ClassNotAFeed},
		{"a JSON list", `[1,2,3]`, ClassNotAFeed},
		{"half a JSON feed", `{"version":"1","items":[{"title":"a`, ClassMalformed},
		{"half an RSS feed", `<rss><channel><item><title>Truce</title></item>`, ClassMalformed},
		{"half a tag", `<rss><channel`, ClassMalformed},
		{"UTF-32", "\x00\x00\xfe\xff\x00\x00\x00<", ClassBadCharset},
		{"an unknown charset", "<?xml version='1.0' encoding='x-klingon'?><rss><channel><title>\xff\xe9</title></channel></rss>", ClassBadCharset},
		{"too many bytes", `<rss><channel>` + strings.Repeat(" ", 5<<20) + `</channel></rss>`, ClassTooBig},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parseString(t, tt.doc)
			var pe *Error
			if !errors.As(err, &pe) {
				t.Fatalf("error %v", err)
			}
			if pe.Class != tt.want {
				t.Errorf("class %s (%v), want %s", pe.Class, pe.Unwrap(), tt.want)
			}
			if got, want := err.Error(), "parse feed: "+string(pe.Class); got != want {
				t.Errorf("text %q, want %q", got, want)
			}
		})
	}
}

func TestParseBoundsDates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, date string
		want       time.Time
		note       Reason
	}{
		{"the past", "Thu, 22 Jun 2023 12:00:00 GMT", noon.Add(-24 * time.Hour), ""},
		{"a little ahead becomes now", "Fri, 23 Jun 2023 12:59:00 GMT", noon, ""},
		{"the future becomes now", "Sat, 24 Jun 2023 12:00:00 GMT", noon, NoteFutureDate},
		{"far future becomes now", "9999-12-31", noon, NoteFutureDate},
		{"before 1990", "Thu, 01 Jan 1970 00:00:00 GMT", time.Time{}, NoteBadDate},
		{"year one", "0001-01-01T00:00:00Z", time.Time{}, NoteBadDate},
		{"nonsense", "a while ago", time.Time{}, NoteBadDate},
		{"missing", "", time.Time{}, NoteMissingDate},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := mustParse(t, `<rss><channel><item><title>Truce</title><link>https://e.example/</link><pubDate>`+tt.date+`</pubDate></item></channel></rss>`)
			var want []Note
			if tt.note != "" {
				want = []Note{{tt.note, 1}}
			}
			if got := d.Items[0].Published; !got.Equal(tt.want) || !cmp.Equal(d.Notes, want) {
				t.Errorf("%v with notes %v, want %v with %v", got, d.Notes, tt.want, want)
			}
		})
	}
}

func TestParseKeepsTheNewestItems(t *testing.T) {
	t.Parallel()
	p, err := New(Options{MaxItems: 3})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("<rss><channel>")
	for _, day := range []string{"01", "09", "", "03", "08", "02"} {
		b.WriteString("<item><title>day " + day + "</title><link>https://e.example/" + day + "</link>")
		if day != "" {
			b.WriteString("<pubDate>2023-06-" + day + "</pubDate>")
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	d, err := p.Parse(t.Context(), Input{Body: []byte(b.String()), Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, it := range d.Items {
		titles = append(titles, it.Title)
	}
	if diff := cmp.Diff([]string{"day 09", "day", "day 08"}, titles); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Note{{NoteItemsDropped, 3}, {NoteMissingDate, 1}}, d.Notes); diff != "" {
		t.Error(diff)
	}
}

func TestParseBoundsLengths(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("слово ", 20_000)
	d := mustParse(t, `<rss><channel><title>`+long+`</title><item><title>`+long+`</title><description>`+long+`</description><author>`+long+`</author>
		<guid isPermaLink="false">`+strings.Repeat("g", 2000)+`</guid><link>https://e.example/`+strings.Repeat("a", 2100)+`</link>`+
		strings.Repeat("<category>c"+long+"</category>", 2)+`</item></channel></rss>`)
	if len(d.Items) != 1 {
		t.Fatalf("%d items", len(d.Items))
	}
	it := d.Items[0]
	checkItem(t, "long", it, noon)
	if it.Link != "" || !strings.HasPrefix(it.GUID, "sha256:") || !strings.HasSuffix(it.Title, "…") || len(it.Categories) != 1 {
		t.Errorf("link %q, id %q, title %q, %d categories", it.Link, it.GUID, it.Title, len(it.Categories))
	}
	want := []Note{{NoteBadLink, 1}, {NoteGUIDHashed, 1}, {NoteMissingDate, 1}, {NoteTextCut, 3}}
	if diff := cmp.Diff(want, d.Notes); diff != "" {
		t.Error(diff)
	}
}

func TestParseDropsExactRepeats(t *testing.T) {
	t.Parallel()
	item := "<item><title>Truce</title><link>https://e.example/a</link></item>"
	d := mustParse(t, "<rss><channel>"+item+item+strings.Replace(item, "/a", "/b", 1)+"</channel></rss>")
	if len(d.Items) != 2 {
		t.Errorf("%d items", len(d.Items))
	}
}

func TestParseAbandonsAWorkerThatMissesTheDeadline(t *testing.T) {
	t.Parallel()
	p, err := New(Options{Timeout: time.Millisecond, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	hold, ended := make(chan struct{}), make(chan struct{})
	p.read = func(Input, Options) (Document, error) {
		<-hold
		close(ended)
		return Document{}, nil
	}
	class := func(err error) Class {
		pe := new(Error)
		errors.As(err, &pe)
		return pe.Class
	}
	_, err = p.Parse(t.Context(), Input{})
	if class(err) != ClassTimeout || p.Abandoned() != 1 {
		t.Errorf("%v, %d abandoned", err, p.Abandoned())
	}
	// The only slot is still taken: the next one waits in vain and is not
	// counted, since it never began.
	_, err = p.Parse(t.Context(), Input{})
	if class(err) != ClassTimeout || p.Abandoned() != 1 {
		t.Errorf("%v, %d abandoned", err, p.Abandoned())
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = p.Parse(canceled, Input{}); class(err) != ClassCanceled {
		t.Errorf("canceled: %v", err)
	}
	close(hold)
	<-ended
}

func TestParseSurvivesAPanic(t *testing.T) {
	t.Parallel()
	p := newParser(t)
	p.read = func(Input, Options) (Document, error) { panic("index out of range") }
	_, err := p.Parse(t.Context(), Input{})
	var pe *Error
	if !errors.As(err, &pe) || pe.Class != ClassFault || !strings.Contains(pe.Unwrap().Error(), "index out of range") {
		t.Errorf("%v", err)
	}
	if strings.Contains(err.Error(), "index") {
		t.Errorf("the text tells the cause: %v", err)
	}
}

func TestNewRefusesNegativeLimits(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Timeout: -1}, {Workers: -1}, {MaxBody: -1}, {MaxItems: -1}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

func TestEveryClassHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{Class("").Text(): true}
	for _, c := range []Class{
		ClassEmpty, ClassHTMLPage, ClassNotAFeed, ClassMalformed, ClassBadCharset,
		ClassTooBig, ClassTooDeep, ClassTimeout, ClassFault, ClassCanceled,
	} {
		if seen[c.Text()] {
			t.Errorf("%s shares its words", c)
		}
		seen[c.Text()] = true
	}
}
