package fetch

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"https://example.org/feed?a=b#top": "https://example.org/feed?a=b",
		"HTTPS://Example.org":              "https://Example.org",
		"http://example.org:8080/":         "http://example.org:8080/",
		"http://[2606:4700::1111]/":        "http://[2606:4700::1111]/",
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

func TestMaxAge(t *testing.T) {
	t.Parallel()
	tests := map[string]time.Duration{
		"":                          0,
		"max-age=60":                time.Minute,
		"public, MAX-AGE=60":        time.Minute,
		`max-age="60"`:              time.Minute,
		"max-age=60, no-cache":      0,
		"no-store, max-age=60":      0,
		"max-age=":                  0,
		"max-age=-1":                0,
		"max-age=1.5":               0,
		"s-maxage=60":               0,
		"max-age=99999999999999999": 7 * 24 * time.Hour,
		",,=,;":                     0,
	}
	for v, want := range tests {
		if got := maxAge(http.Header{"Cache-Control": {v}}); got != want {
			t.Errorf("%q: %s, want %s", v, got, want)
		}
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
	for _, s := range []string{"https://example.org/feed#x", "http://user@example.org", "http://[::1%25lo]:80/", "http://例え.example/%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := CheckURL(raw)
		if err != nil {
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Hostname() == "" || u.Fragment != "" {
			t.Errorf("%q is accepted as %#v", raw, u)
		}
	})
}

func FuzzHeaders(f *testing.F) {
	for _, s := range []string{"120", "Fri, 23 Jun 2023 12:30:00 GMT", "max-age=60, no-cache", `"x"`} {
		f.Add(s)
	}
	now := time.Date(2023, 6, 23, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, v string) {
		h := http.Header{"Retry-After": {v}, "Cache-Control": {v}}
		for _, d := range []time.Duration{retryAfter(h, now), maxAge(h)} {
			if d < 0 || d > maxWait {
				t.Errorf("%q asks to wait %s", v, d)
			}
		}
		if got := validator(v); strings.ContainsAny(got, "\r\n\x00") || len(got) > maxValidator {
			t.Errorf("%q is kept as %q", v, got)
		}
	})
}
