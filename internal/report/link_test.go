package report

import (
	"errors"
	"strings"
	"testing"
)

func TestCanonicalLink(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"is kept when canonical", "https://example.org/a?b=c", "https://example.org/a?b=c"},
		{"scheme and host in any case", "HTTP://WWW.Example.ORG/News", "https://example.org/News"},
		{"default ports", "http://example.org:80/a", "https://example.org/a"},
		{"other ports stay", "http://example.org:8080/a", "https://example.org:8080/a"},
		{"names in Unicode", "https://новини.укр/а", "https://xn--b1amarcd.xn--j1amh/%D0%B0"},
		{"names in punycode", "https://XN--B1AMARCD.xn--j1amh/%d0%b0", "https://xn--b1amarcd.xn--j1amh/%D0%B0"},
		{"a dot behind the host", "https://example.org./a", "https://example.org/a"},
		{"user names", "https://user:pw@example.org/a", "https://example.org/a"},
		{"fragments", "https://example.org/a#comments", "https://example.org/a"},
		{"routes in fragments stay", "https://example.org/#!/a/1", "https://example.org#!/a/1"},
		{"slashes at the end", "https://example.org/a/", "https://example.org/a"},
		{"front page", "https://www.example.org/", "https://example.org"},
		{"dots in the path", "https://example.org/x/../a/./b", "https://example.org/a/b"},
		{"escapes", "https://example.org/%7euser/%61?q=%2f", "https://example.org/~user/a?q=%2F"},
		{"escaped slashes stay", "https://example.org/a%2Fb", "https://example.org/a%2Fb"},
		{"stray percent signs", "https://example.org/a?p=100%", "https://example.org/a?p=100%25"},
		{"order of parameters", "https://example.org/a?z=1&b=2&a=3", "https://example.org/a?a=3&b=2&z=1"},
		{"repeated and empty parameters", "https://example.org/a?b=&b&&a=1&a=1", "https://example.org/a?a=1&b"},
		{"several values stay", "https://example.org/a?id=1&id=2", "https://example.org/a?id=1&id=2"},
		{"campaigns", "https://example.org/a?utm_source=x&UTM_Medium=y&id=7&fbclid=z", "https://example.org/a?id=7"},
		{"BBC", "https://www.bbc.co.uk/news/articles/c5y4?at_medium=RSS&at_campaign=rss&ns_mchannel=social", "https://bbc.co.uk/news/articles/c5y4"},
		{"Al Jazeera", "https://www.aljazeera.com/news/2026/8/13/x?traffic_source=rss", "https://aljazeera.com/news/2026/8/13/x"},
		{"Daily Mail", "https://www.dailymail.co.uk/x.html?ns_mchannel=rss&ito=1490&ns_campaign=1490", "https://dailymail.co.uk/x.html"},
		{"Deutsche Welle", "https://www.dw.com/en/x/a-659?maca=en-rss-en-all-1573-rdf", "https://dw.com/en/x/a-659"},
		{"Washington Post", "https://www.washingtonpost.com/x/?wprss=rss_world&itid=lk_inline", "https://washingtonpost.com/x"},
		{"values that say feed", "https://example.org/a?mod=rss_world&from=rss&ref=RSS&id=rssi", "https://example.org/a?id=rssi"},
		{"names that only look alike stay", "https://example.org/a?utm=1&atlas=2&nsx=3&source=ap&ref=5&cid=6&rss=world", "https://example.org/a?atlas=2&cid=6&nsx=3&ref=5&rss=world&source=ap&utm=1"},
		{"mobile edition", "https://m.example.org/a", "https://example.org/a"},
		{"mobile edition in second place", "https://en.m.example.org/a", "https://en.example.org/a"},
		{"a site called m", "https://m.com/a", "https://m.com/a"},
		{"a site that begins with m", "https://mobile01.example.org/a", "https://mobile01.example.org/a"},
		{"AMP host", "https://amp.example.org/a", "https://example.org/a"},
		{"AMP in front", "https://example.org/amp/news/a", "https://example.org/news/a"},
		{"AMP behind", "https://example.org/news/a/amp/", "https://example.org/news/a"},
		{"AMP as extension", "https://example.org/news/a.amp.html?amp=1", "https://example.org/news/a.html"},
		{"AMP as parameter", "https://example.org/news/a?outputType=amp", "https://example.org/news/a"},
		{"AMP alone", "https://example.org/amp", "https://example.org/amp"},
		{"a word that ends in amp", "https://example.org/camp", "https://example.org/camp"},
		{"Google's AMP copy", "https://www.google.com/amp/s/www.example.org/news/a/amp", "https://example.org/news/a"},
		{"the AMP cache", "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/a?usqp=mq331", "https://example.org/news/a"},
		{"addresses", "http://[2001:DB8::1]:80/a", "https://[2001:db8::1]/a"},
		{"blanks around it", " https://example.org/a\n", "https://example.org/a"},
		{"marks under marks", "https://x.cdn.ampproject.org/c/s/m.example.org/amp/news/./a.amp/", "https://example.org/news/a"},
		{"underscores in names", "https://my_site.example.org/a", "https://my_site.example.org/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := CanonicalLink(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("%q: %q %v, want %q", tt.in, got, err, tt.want)
			}
		})
	}
	for _, in := range []string{
		"", "example.org/a", "/a", "//example.org/a", "ftp://example.org/a", "javascript:alert(1)", "mailto:a@example.org",
		"http:", "https://", "https:///a", "http:a", "https://./", "https://[::1/", "https://exa mple.org/", "https://%zz/",
		"https://a<b/", "tag:example.org,2023:1", "https://example.org/" + strings.Repeat("a", 3000),
	} {
		if got, err := CanonicalLink(in); !errors.Is(err, ErrNoLink) {
			t.Errorf("%q: %q, %v; want ErrNoLink", in, got, err)
		}
	}
}

func FuzzCanonicalLink(f *testing.F) {
	for _, s := range []string{
		"https://www.example.org:443/a/../b%2f/amp/?utm_source=x&b=%zz#!/x", "https://www.google.com/amp/s/m.example.org/x.amp.html",
		"http://[fe80::1%25eth0]/", "https://xn--a/", "https://m.www.amp.example.org/amp/amp/amp", "https://a.m.b.m.example.org",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CanonicalLink(s)
		if err != nil {
			if !errors.Is(err, ErrNoLink) {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := CanonicalLink(got)
		if len(got) <= maxLink && (err != nil || again != got) {
			t.Errorf("%q: %q, then %q %v", s, got, again, err)
		}
	})
}
