package article_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/article"
)

// extractor has a deadline that no slow machine misses: the bounds are counts.
func extractor(tb testing.TB) *article.Extractor {
	tb.Helper()
	x, err := article.NewExtractor(article.ExtractOptions{Timeout: testTimeout})
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

func page(body string) article.Page {
	return article.Page{Body: []byte(body), ContentType: "text/html; charset=utf-8", URL: "https://wire.example/a/1", Title: "Truce agreed in Geneva"}
}

// hostile are pages that grow a parser's tree or time, by name.
func hostile(n int) map[string]string {
	many := func(part string) string { return strings.Repeat(part, n) }
	numbered := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	const text = "Truce agreed in Geneva, the mediators said on Thursday after talks. "
	return map[string]string{
		"deep":                     many("<div>") + text,
		"deep and closed":          many("<div>"+text) + many("</div>"),
		"wide":                     many("<p>" + text),
		"formatting never closed":  numbered("<b id=%d>") + many("<p>x"),
		"formatting crossed":       many("<b><i><u><p></b></i></u>"),
		"tables in tables":         many("<table><tr><td>"),
		"text beside a table":      "<table>" + many("x<tr>y"),
		"tables side by side":      many("<table><td>" + text + "</table>"),
		"links":                    many("<a href=/x>" + text + "</a>"),
		"breaks":                   many(text + "<br><br>"),
		"one tag, many attributes": "<p " + numbered("a%d=x ") + ">" + text,
		"a tag without an end":     "<p " + many("a "),
		"a comment without an end": "<!--" + many(text),
		"a script without an end":  "<script>" + many(text),
		"entities":                 many("&nbsp;&#x1F600;&amp;"),
		"lists":                    many("<ul><li>"),
		"options":                  "<select>" + many("<option>"),
		"templates":                many("<template><p>"),
		"svg":                      many("<svg><g>"),
		"headings":                 many("<h2>" + text + "</h2><h3>" + text + "</h3>"),
		"inline divs":              many("<div class=article><span>" + text + "</span></div>"),
		"nested articles":          many("<article><p>" + text + "</p>"),
		"noscript":                 many("<noscript><img src=x></noscript><img src=y>"),
		"hidden":                   many("<div style=display:none>" + text + "</div>"),
		"marks of a paywall":       many("<meta property=article:content_tier "),
		"long word":                many("xxxxxxxx"),
		"commas":                   "<div>" + many(",,,,<p>a,b,c</p>") + "</div>",
	}
}

// kept checks what holds of every page that was read.
func kept(t interface{ Fatalf(string, ...any) }, out string, err error) {
	var e *article.Error
	switch {
	case err == nil && (out == "" || len(out) > article.MaxText || !utf8.ValidString(out) || strings.ContainsRune(out, 0)):
		t.Fatalf("%d bytes: %.80q", len(out), out)
	case err != nil && (out != "" || !errors.As(err, &e) || e.Reason == ""):
		t.Fatalf("%q with %v", out, err)
	}
}

func TestAHostilePageCostsItsOwnTextOnly(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, n := range []int{90, 6_000} { // below the depth, and below the number of elements for most
		for name, body := range hostile(n) {
			out, err := x.Extract(t.Context(), page(body))
			kept(t, out, err)
			if x.Abandoned() != 0 {
				t.Fatalf("%d times %s: a worker was abandoned", n, name)
			}
		}
	}
}

func TestWhatATreeWouldCostIsRefusedBeforeItIsBuilt(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for name, body := range map[string]string{
		"formatting that is never closed": hostile(5_000)["formatting never closed"],
		"tags without number":             hostile(40_000)["wide"],
		"depth":                           hostile(200)["deep and closed"],
		"size":                            strings.Repeat("x", 4<<20),
	} {
		_, err := x.Extract(t.Context(), page(body))
		var e *article.Error
		if !errors.As(err, &e) || e.Reason != article.TooComplex {
			t.Errorf("%s: %v, want %s", name, err, article.TooComplex)
		}
	}
}

// anyPage draws a page of nested elements, closed or not.
func anyPage() *rapid.Generator[string] {
	tag := rapid.SampledFrom(strings.Fields("div p a b i table tr td ul li section article h2 blockquote pre br form font main aside span noscript template svg select option"))
	attr := rapid.SampledFrom([]string{"", "", "", " class=article", " class=comment", " id=content", " style=display:none", " role=menu", " href=/x"})
	words := rapid.SampledFrom(strings.Fields("Truce agreed in Geneva, talks, the ministers, said. Trêve перемир’я العربية &amp; <!-- --> \x00 \xff"))
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		var open []string
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				name := tag.Draw(t, "tag")
				fmt.Fprintf(&b, "<%s%s>", name, attr.Draw(t, "attribute"))
				open = append(open, name)
			case 2:
				b.WriteString(strings.Repeat(words.Draw(t, "word")+" ", rapid.IntRange(1, 60).Draw(t, "words")))
			case 3:
				if len(open) > 0 {
					fmt.Fprintf(&b, "</%s>", open[len(open)-1])
					open = open[:len(open)-1]
				}
			}
		}
		return strings.Repeat(b.String(), rapid.IntRange(1, 4).Draw(t, "times"))
	})
}

func TestAnyPageIsReadWithinTheBounds(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	rapid.Check(t, func(rt *rapid.T) {
		out, err := x.Extract(t.Context(), page(anyPage().Draw(rt, "page")))
		kept(rt, out, err)
	})
}

func FuzzExtract(f *testing.F) {
	for _, body := range hostile(30) {
		f.Add([]byte(body), "text/html", "Truce agreed in Geneva")
	}
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"), "text/html", "")
	f.Add([]byte("<meta charset=windows-1251><p>\xcf\xe5\xf0\xe5\xec\xe8\xf0\xe8\xe5"), "", "Перемирие")
	x := extractor(f)
	f.Fuzz(func(t *testing.T, body []byte, kind, title string) {
		out, err := x.Extract(t.Context(), article.Page{Body: body, ContentType: kind, URL: "https://wire.example/a", Title: title})
		kept(t, out, err)
	})
}
