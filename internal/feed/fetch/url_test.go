package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"https://example.org/feed?a=b#top": "https://example.org/feed?a=b",
		"HTTPS://Example.org":              "https://Example.org",
		"http://example.org:8080/":         "http://example.org:8080/",
		"http://[2606:4700::1111]/":        "http://[2606:4700::1111]/",
		"https://example.org/?q=\xe9&x=é":  "https://example.org/?q=%E9&x=%C3%A9",
		"https://пример.example/лента":     "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.example/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0",
	}
	for raw, want := range good {
		if u, err := CheckURL(raw); err != nil || u.String() != want {
			t.Errorf("%q: %v, %v; want %s", raw, u, err, want)
		}
	}
	bad := []string{
		"", "example.org", "//example.org/", "/feed", "ftp://example.org/", "file:///etc/passwd",
		"javascript:alert(1)", "data:text/xml,<rss/>", "gopher://127.0.0.1:6379/_", "feed://example.org/",
		"http:", "http://", "http:///feed", "http:example.org", "http://:80/", "http://?x", "http://#x",
		"http://user@example.org/", "http://user:pass@example.org/", "http://@example.org/",
		"http://example.org:0/", "http://example.org:65536/", "http://example.org:-1/", "http://example.org:http/",
		"http://example.org/a b", "http://example.org/\x00", "http://example.org/\r\nHost: x", "http://exa mple.org/",
		"http://[::1", "http://[::1]x/", "http://%zz/", "http://" + strings.Repeat("a", 254) + "/",
		"http://example.org/" + strings.Repeat("a", MaxURL),
	}
	for _, raw := range bad {
		u, err := CheckURL(raw)
		if err == nil {
			t.Errorf("%q is accepted as %v", raw, u)
			continue
		}
		wantClass(t, err, ClassBadURL)
		if got := err.Error(); got != "fetch feed: bad-url" {
			t.Errorf("%q: text %q", raw, got)
		}
	}
}

func TestFresh(t *testing.T) {
	t.Parallel()
	const noon, one = "Fri, 23 Jun 2023 12:00:00 GMT", "Fri, 23 Jun 2023 13:00:00 GMT"
	now := time.Date(2023, 6, 23, 12, 30, 0, 0, time.UTC)
	tests := []struct {
		what    string
		headers []string // name and value by turns
		want    time.Duration
	}{
		{"nothing is said", nil, 0},
		{"max-age", []string{"Cache-Control", "max-age=60"}, time.Minute},
		{"among others, in any case", []string{"Cache-Control", "public, MAX-AGE=60"}, time.Minute},
		{"quoted", []string{"Cache-Control", `max-age="60"`}, time.Minute},
		{"not what stands inside quotes", []string{"Cache-Control", `private="a, max-age=60", max-age=5`}, 5 * time.Second},
		{"in a second header line", []string{"Cache-Control", "public", "Cache-Control", "max-age=60"}, time.Minute},
		{"the first of two", []string{"Cache-Control", "max-age=60, max-age=600"}, time.Minute},
		{"less the time in caches", []string{"Cache-Control", "max-age=60", "Age", "45"}, 15 * time.Second},
		{"which may be longer", []string{"Cache-Control", "max-age=60", "Age", "600"}, 0},
		{"no-cache overrules it", []string{"Cache-Control", "max-age=60, no-cache"}, 0},
		{"no-store overrules it, and Expires", []string{"Cache-Control", "no-store, max-age=60", "Expires", one}, 0},
		{"without a value", []string{"Cache-Control", "max-age="}, 0},
		{"below zero", []string{"Cache-Control", "max-age=-1"}, 0},
		{"with a fraction", []string{"Cache-Control", "max-age=1.5"}, 0},
		{"for shared caches only", []string{"Cache-Control", "s-maxage=60"}, 0},
		{"at most a week", []string{"Cache-Control", "max-age=99999999999999999"}, 7 * 24 * time.Hour},
		{"no directives", []string{"Cache-Control", ",,=,;"}, 0},
		{"Expires by the server's clock", []string{"Date", noon, "Expires", one}, time.Hour},
		{"Expires by ours where it tells no time", []string{"Expires", one}, 30 * time.Minute},
		{"expired", []string{"Date", one, "Expires", noon}, 0},
		{"expired since the year one, as a server says that knows no date, and kept on the way", []string{"Expires", "Mon, 01 Jan 0001 00:00:00 GMT", "Age", "60"}, 0},
		{"Expires that is no date means expired", []string{"Expires", "0"}, 0},
		{"at most a week, by Expires", []string{"Expires", "Fri, 23 Jun 2999 12:00:00 GMT"}, 7 * 24 * time.Hour},
		{"max-age goes before Expires", []string{"Cache-Control", "max-age=60", "Date", noon, "Expires", one}, time.Minute},
		{"also when it cannot be read", []string{"Cache-Control", "max-age=soon", "Date", noon, "Expires", one}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for i := 0; i < len(tt.headers); i += 2 {
				h.Add(tt.headers[i], tt.headers[i+1])
			}
			if got := fresh(h, now); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestWebSubLinks(t *testing.T) {
	t.Parallel()
	const hub, self = "https://hub.example/", "https://a.example/feed"
	tests := []struct {
		what      string
		headers   []string
		hub, self string
	}{
		{"none", nil, "", ""},
		{"both in one line", []string{`<https://hub.example/>; rel="hub", <https://a.example/feed>; rel="self"`}, hub, self},
		{"in two lines, as tokens", []string{`<https://hub.example/>;rel=hub`, `<https://a.example/feed> ; REL = Self`}, hub, self},
		{"among other relations", []string{`<https://hub.example/>; title="a, b; c"; rel="preconnect hub"`}, hub, ""},
		{"relative to the document", []string{`</feed>; rel=self, <//hub.example>; rel=hub`}, "https://hub.example", self},
		{"a comma and a semicolon in the address", []string{`<https://hub.example/a,b;c>; rel=hub`}, "https://hub.example/a,b;c", ""},
		{"the first of two hubs", []string{`<https://hub.example/>; rel=hub, <https://other.example/>; rel=hub`}, hub, ""},
		{"the first of two relations", []string{`<https://hub.example/>; rel=next; rel=hub`}, "", ""},
		{"about another document", []string{`<https://hub.example/>; rel=hub; anchor="https://b.example/"`}, "", ""},
		{"an escaped quote", []string{`<https://x.example/>; title="\", <https://evil.example/>; rel=hub"; rel=next, <https://hub.example/>; rel=hub`}, hub, ""},
		{"no address that is polled", []string{`<javascript:alert(1)>; rel=hub, <https://user@a.example/>; rel=self`}, "", ""},
		{"a broken one beside a good one", []string{`<https://hub.example/; rel=hub`, `nonsense`, `<https://a.example/feed>; rel=self`}, "", self},
	}
	base, err := url.Parse("https://a.example/news")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			if hub, self := webSubLinks(tt.headers, base); hub != tt.hub || self != tt.self {
				t.Errorf("hub %q, self %q; want %q, %q", hub, self, tt.hub, tt.self)
			}
		})
	}
}

func TestEveryClassHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]Class{}
	for _, c := range []Class{
		ClassBadURL, ClassBlockedAddress, ClassBlockedPort, ClassDNS, ClassRefused, ClassTLS, ClassTimeout,
		ClassTruncated, ClassBadResponse, ClassTooLarge, ClassBadEncoding, ClassRedirectLoop, ClassBadRedirect,
		ClassNotFound, ClassGone, ClassForbidden, ClassRateLimited, ClassServerError, ClassBadStatus, ClassCanceled,
	} {
		text := c.Text()
		if other, dup := seen[text]; dup || text == Class("").Text() {
			t.Errorf("%s has the words of %q: %s", c, other, text)
		}
		seen[text] = c
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"https://example.org/feed#x", "https://example.org/?\xff#\xfe", "http://user@example.org", "http://[::1%25lo]:80/", "http://例え.example/%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := CheckURL(raw)
		if err != nil {
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Hostname() == "" || u.Fragment != "" || !utf8.ValidString(u.String()) {
			t.Errorf("%q is accepted as %#v", raw, u)
		}
	})
}

func FuzzHeaders(f *testing.F) {
	for _, s := range []string{
		"120", "Fri, 23 Jun 2023 12:30:00 GMT", "max-age=60, no-cache", `private="a, b", max-age="60"`, `"x"`,
		`<https://hub.example/a,b>; rel="hub self"; title="\",", </feed>;rel=self`, `<//h>;rel=hub,<a>;anchor=x;rel=hub`,
	} {
		f.Add(s)
	}
	now := time.Date(2023, 6, 23, 12, 0, 0, 0, time.UTC)
	base, err := CheckURL("https://a.example/news")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, v string) {
		h := http.Header{"Retry-After": {v}, "Cache-Control": {v}}
		dates := http.Header{"Expires": {v}, "Date": {v}, "Age": {v}}
		for _, d := range []time.Duration{retryAfter(h, now), fresh(h, now), fresh(dates, now)} {
			if d < 0 || d > maxWait {
				t.Errorf("%q asks to wait %s", v, d)
			}
		}
		hub, self := webSubLinks([]string{v, v}, base)
		for _, u := range []string{hub, self} {
			if _, err := CheckURL(u); u != "" && err != nil {
				t.Errorf("%q links to %q: %v", v, u, err)
			}
		}
		if got := validator(v); strings.ContainsAny(got, "\r\n\x00") || len(got) > maxValidator {
			t.Errorf("%q is kept as %q", v, got)
		}
	})
}
