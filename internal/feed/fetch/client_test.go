package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const sample = `<?xml version="1.0"?><rss version="2.0"><channel><title>Sample</title></channel></rss>`

func TestGetReturnsTheDocumentWithItsValidators(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("User-Agent"); got != "attache-test" {
			t.Errorf("user agent %q", got)
		}
		for _, name := range []string{"Cookie", "Authorization", "Referer", "If-None-Match", "If-Modified-Since"} {
			if v := r.Header.Get(name); v != "" {
				t.Errorf("request carries %s: %s", name, v)
			}
		}
		w.Header().Set("ETag", `W/"a"`)
		w.Header().Set("Last-Modified", "Mon, 05 Jun 2023 10:00:00 GMT")
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Header().Set("Link", `<https://hub.example/>; rel=hub, </feed>; rel=self`)
		w.Header().Set("Set-Cookie", "a=b")
		_, _ = io.WriteString(w, sample)
	})
	c := newClient(t, nil, s)
	for range 2 { // the second request must not carry the cookie of the first
		got, err := get(t, c, s.URL+"/feed#top")
		if err != nil {
			t.Fatal(err)
		}
		want := Response{
			Status: Modified, Body: []byte(sample), ETag: `W/"a"`,
			LastModified: "Mon, 05 Jun 2023 10:00:00 GMT", ContentType: "application/rss+xml; charset=utf-8",
			FinalURL: s.URL + "/feed", Fresh: 5 * time.Minute, Private: true, Hub: "https://hub.example/", Self: s.URL + "/feed", WireBytes: int64(len(sample)),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestGetSendsValidatorsAndKeepsThemOn304(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != `"a"` || r.Header.Get("If-Modified-Since") != "yesterday" {
			t.Errorf("validators changed: %v", r.Header)
		}
		w.Header().Set("ETag", `"b"`)
		w.WriteHeader(http.StatusNotModified)
	})
	got, err := newClient(t, nil, s).Get(t.Context(), Request{URL: s.URL, ETag: `"a"`, LastModified: "yesterday"})
	if err != nil {
		t.Fatal(err)
	}
	want := Response{Status: NotModified, ETag: `"b"`, LastModified: "yesterday", FinalURL: s.URL, Private: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGetRefuses304ThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	c := newClient(t, nil, s)
	_, err := get(t, c, s.URL)
	wantClass(t, err, ClassBadStatus)
	// A stored validator that cannot be sent is not asked with either.
	_, err = c.Get(t.Context(), Request{URL: s.URL, ETag: "a\r\nX-Injected: 1"})
	wantClass(t, err, ClassBadStatus)
}

func TestGetDecodesWhatItAccepts(t *testing.T) {
	t.Parallel()
	compress := func(name string) []byte {
		var b bytes.Buffer
		var w io.WriteCloser
		switch name {
		case "gzip":
			w = gzip.NewWriter(&b)
		case "zlib":
			w = zlib.NewWriter(&b)
		case "flate":
			w, _ = flate.NewWriter(&b, 6)
		}
		_, _ = io.WriteString(w, sample)
		_ = w.Close()
		return b.Bytes()
	}
	tests := []struct {
		encoding string
		body     []byte
	}{
		{"", []byte(sample)},
		{"identity", []byte(sample)},
		{"gzip", compress("gzip")},
		{"X-GZIP", compress("gzip")},
		{"deflate", compress("zlib")},
		{"deflate", compress("flate")},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%d %s", i, tt.encoding), func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if tt.encoding != "" {
					w.Header().Set("Content-Encoding", tt.encoding)
				}
				_, _ = w.Write(tt.body)
			})
			got, err := get(t, newClient(t, nil, s), s.URL)
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Body) != sample || got.WireBytes != int64(len(tt.body)) {
				t.Errorf("body %q, %d bytes on the wire", got.Body, got.WireBytes)
			}
		})
	}
}

func TestGetNamesEachStatus(t *testing.T) {
	t.Parallel()
	now := time.Date(2023, 6, 23, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		status     int
		retryAfter string
		class      Class
		wait       time.Duration
	}{
		{201, "", ClassBadStatus, 0},
		{204, "", ClassBadStatus, 0},
		{206, "", ClassTruncated, 0},
		{300, "", ClassBadStatus, 0},
		{400, "", ClassBadStatus, 0},
		{401, "", ClassForbidden, 0},
		{403, "", ClassForbidden, 0},
		{404, "", ClassNotFound, 0},
		{408, "", ClassTimeout, 0},
		{410, "", ClassGone, 0},
		{418, "", ClassBadStatus, 0},
		{429, "120", ClassRateLimited, 2 * time.Minute},
		{429, "99999999999999999999", ClassRateLimited, 7 * 24 * time.Hour},
		{429, "-5", ClassRateLimited, 0},
		{429, "soon", ClassRateLimited, 0},
		{451, "", ClassForbidden, 0},
		{500, "", ClassServerError, 0},
		{503, "Fri, 23 Jun 2023 12:30:00 GMT", ClassServerError, 30 * time.Minute},
		{503, "Fri, 23 Jun 2023 11:30:00 GMT", ClassServerError, 0},
		{503, "Fri, 23 Jun 2090 11:30:00 GMT", ClassServerError, 7 * 24 * time.Hour},
		{599, "", ClassServerError, 0},
		{999, "", ClassBadStatus, 0},
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var i int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &i)
		if v := tests[i].retryAfter; v != "" {
			w.Header().Set("Retry-After", v)
		}
		w.WriteHeader(tests[i].status)
		if tests[i].status != 204 {
			_, _ = io.WriteString(w, "the secret of the intranet")
		}
	})
	c := newClient(t, func(o *Options) { o.Now = func() time.Time { return now } }, s)
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%d %s", tt.status, tt.retryAfter), func(t *testing.T) {
			t.Parallel()
			resp, err := get(t, c, fmt.Sprintf("%s/%d", s.URL, i))
			fe := wantClass(t, err, tt.class)
			if fe.Status != tt.status || fe.RetryAfter != tt.wait || resp.Body != nil {
				t.Errorf("status %d, wait %s, body %q; want %d, %s, none", fe.Status, fe.RetryAfter, resp.Body, tt.status, tt.wait)
			}
			if got, want := err.Error(), "fetch feed: "+string(tt.class); got != want {
				t.Errorf("text %q, want %q", got, want)
			}
		})
	}
}

func TestGetFollowsRedirectsAndListsThem(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	s := serve(t, mux.ServeHTTP)
	mux.Handle("/a", http.RedirectHandler("/b?x=1", http.StatusMovedPermanently))
	mux.Handle("/b", http.RedirectHandler(s.URL+"/c", http.StatusFound))
	mux.Handle("/c", http.RedirectHandler("d", http.StatusPermanentRedirect))
	mux.HandleFunc("/d", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != `"a"` {
			t.Error("the validator was lost on the way")
		}
		w.WriteHeader(http.StatusNotModified)
	})
	got, err := newClient(t, nil, s).Get(t.Context(), Request{URL: s.URL + "/a", ETag: `"a"`})
	if err != nil {
		t.Fatal(err)
	}
	want := []Redirect{{301, s.URL + "/b?x=1", true}, {302, s.URL + "/c", true}, {308, s.URL + "/d", true}}
	if diff := cmp.Diff(want, got.Redirects); diff != "" {
		t.Error(diff)
	}
	if got.FinalURL != s.URL+"/d" {
		t.Errorf("final url %s", got.FinalURL)
	}
	if got.MovedTo() != s.URL+"/b?x=1" { // what follows is behind a temporary step
		t.Errorf("moved for good to %q", got.MovedTo())
	}
}

func TestGetRefusesBadRedirects(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, location string
		class          Class
	}{
		{"to itself", "/", ClassRedirectLoop},
		{"in a circle", "/circle", ClassRedirectLoop},
		{"without end", "/count/0", ClassRedirectLoop},
		{"to nowhere", "", ClassBadRedirect},
		{"to a file", "file:///etc/passwd", ClassBadRedirect},
		{"to a script", "javascript:alert(1)", ClassBadRedirect},
		{"with a password", "http://user:pass@127.0.0.1/", ClassBadRedirect},
		{"to no host", "http:///x", ClassBadRedirect},
		{"to a malformed host", "http://[::1", ClassBadRedirect},
		{"to an endless address", "/" + strings.Repeat("a", MaxURL), ClassBadRedirect},
		{"to a private address", "http://10.1.2.3/", ClassBlockedAddress},
		{"to the metadata service", "http://169.254.169.254/latest/meta-data/", ClassBlockedAddress},
		{"to another port", "http://127.0.0.1:22/", ClassBlockedPort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				var n int
				to := tt.location
				if r.URL.Path == "/circle" {
					to = "/"
				}
				if _, err := fmt.Sscanf(r.URL.Path, "/count/%d", &n); err == nil {
					to = fmt.Sprintf("/count/%d", n+1)
				}
				if to != "" {
					w.Header()["Location"] = []string{to}
				}
				w.WriteHeader(http.StatusFound)
			})
			_, err := get(t, newClient(t, nil, s), s.URL+"/")
			wantClass(t, err, tt.class)
		})
	}
}

func TestGetFollowsFiveRedirectsAndNoMore(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var left int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &left)
		if left == 0 {
			_, _ = io.WriteString(w, sample)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/%d", left-1), http.StatusFound)
	})
	c := newClient(t, nil, s)
	if got, err := get(t, c, s.URL+"/5"); err != nil || len(got.Redirects) != 5 {
		t.Errorf("five redirects: %v, %v", got.Redirects, err)
	}
	_, err := get(t, c, s.URL+"/6")
	wantClass(t, err, ClassRedirectLoop)
}

func TestGetOverTLS(t *testing.T) {
	t.Parallel()
	plain := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, sample) })
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, plain.URL, http.StatusMovedPermanently)
			return
		}
		_, _ = io.WriteString(w, r.Proto)
	}))
	secure.EnableHTTP2 = true
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes below fail on purpose
	secure.StartTLS()
	t.Cleanup(secure.Close)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())

	trusting := newClient(t, func(o *Options) { o.RootCAs = roots }, secure, plain)
	got, err := get(t, trusting, secure.URL)
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Body) != "HTTP/2.0" {
		t.Errorf("protocol %s", got.Body)
	}
	_, err = get(t, trusting, secure.URL+"/down")
	wantClass(t, err, ClassBadRedirect)
	_, err = get(t, trusting, strings.Replace(secure.URL, "127.0.0.1", "127.0.0.2", 1))
	if fe := new(Error); !errors.As(err, &fe) || fe.Class != ClassTLS && fe.Class != ClassRefused {
		t.Errorf("another name than the certificate's: %v", err)
	}
	_, err = get(t, newClient(t, nil, secure), secure.URL)
	wantClass(t, err, ClassTLS) // unknown authority
	_, err = get(t, newClient(t, nil, plain), strings.Replace(plain.URL, "http:", "https:", 1))
	wantClass(t, err, ClassTLS) // no TLS there
}

func TestGetStopsWhenToldTo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newClient(t, nil, s).Get(ctx, Request{URL: s.URL})
	fe := wantClass(t, err, ClassCanceled)
	if !errors.Is(fe, context.Canceled) {
		t.Errorf("cause %v", fe.Unwrap())
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	good := newClient(t, nil).opts
	tests := map[string]func(*Options){
		"no user agent":         func(o *Options) { o.UserAgent = "" },
		"user agent with line":  func(o *Options) { o.UserAgent = "a\r\nb" },
		"no logger":             func(o *Options) { o.Logger = nil },
		"negative timeout":      func(o *Options) { o.Timeout = -1 },
		"negative dial":         func(o *Options) { o.DialTimeout = -1 },
		"negative size":         func(o *Options) { o.MaxBody = -1 },
		"network without value": func(o *Options) { o.AllowPrivate = []netip.Prefix{{}} },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good
			change(&o)
			if _, err := New(o); err == nil {
				t.Error("accepted")
			}
		})
	}
}
