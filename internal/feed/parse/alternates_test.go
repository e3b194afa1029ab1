package parse_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/attache-bot/attache/internal/feed/parse"
)

func TestAlternates(t *testing.T) {
	t.Parallel()
	const rss = ` rel="alternate" type="application/rss+xml" `
	for name, c := range map[string]struct {
		page string
		want []parse.Alternate
	}{
		"two feeds": {
			`<html><head><link` + rss + `href="/feed" title=" All  news "><LINK REL="Alternate home" TYPE="application/atom+xml; charset=x" HREF="atom.xml#x"></head>`,
			[]parse.Alternate{{URL: "https://site.example/feed", Title: "All news"}, {URL: "https://site.example/news/atom.xml"}},
		},
		"one twice":                  {`<link` + rss + `href="/feed"><link` + rss + `href="/feed">`, []parse.Alternate{{URL: "https://site.example/feed"}}},
		"another base":               {`<base href="https://other.example/a/"><link` + rss + `href="b">`, []parse.Alternate{{URL: "https://other.example/a/b"}}},
		"other links":                {`<link rel="alternate" hreflang="fr" href="/fr"><link rel="stylesheet" type="application/rss+xml" href="/x">`, nil},
		"addresses that are none":    {`<link` + rss + `href="javascript:alert(1)"><link` + rss + `href="https://u:p@a.example/"><link` + rss + `href="http://">`, nil},
		"a link in a script":         {`<script>'<link` + rss + `href="/feed">'</script>`, nil},
		"a page that ends in a link": {`<link` + rss + `href="/feed"`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := parse.Alternates([]byte(c.page), "https://site.example/news/"); !slices.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// FuzzAlternates holds that whatever a page names is a web address, and little.
func FuzzAlternates(f *testing.F) {
	f.Add([]byte(`<base href="http://b/"><link rel=alternate type=application/rss+xml href=x title=y>`), "https://site.example/")
	f.Fuzz(func(t *testing.T, page []byte, base string) {
		got := parse.Alternates(page, base)
		if len(got) > 20 {
			t.Fatalf("%d feeds", len(got))
		}
		for _, a := range got {
			u, err := url.Parse(a.URL)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
				t.Errorf("%q: %v", a.URL, err)
			}
		}
	})
}
