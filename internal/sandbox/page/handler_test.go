package page_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox/page"
)

func TestHandlerServesThePage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method, path string
		status             int
		kind, holds        string
	}{
		{"the page at the root", "GET", "/", 200, "text/html; charset=utf-8", "Attaché sandbox"},
		{"a module as JavaScript", "GET", "/js/main.js", 200, "text/javascript; charset=utf-8", "import"},
		{"a style sheet", "GET", "/css/base.css", 200, "text/css; charset=utf-8", ":root"},
		{"the icon", "GET", "/icon.svg", 200, "image/svg+xml", "<svg"},
		{"only the head to HEAD", "HEAD", "/", 200, "text/html; charset=utf-8", ""},
		{"nothing for an unknown file", "GET", "/js/other.js", 404, "text/plain; charset=utf-8", ""},
		{"nothing for a folder", "GET", "/js", 404, "text/plain; charset=utf-8", ""},
		{"nothing outside the page", "GET", "/../page.go", 404, "text/plain; charset=utf-8", ""},
		{"no writing", "POST", "/", 405, "text/plain; charset=utf-8", "read-only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			page.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), c.method, c.path, nil))
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			if got := w.Header().Get("Content-Type"); got != c.kind {
				t.Errorf("content type %q, want %q", got, c.kind)
			}
			body, err := io.ReadAll(w.Result().Body)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(body), c.holds) {
				t.Errorf("body does not hold %q", c.holds)
			}
		})
	}
}

func TestHandlerForbidsForeignContent(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	page.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy lacks %q: %s", part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("policy is open: %s", policy)
	}
	if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
		t.Errorf("X-Content-Type-Options is %q", got)
	}
}

func TestHandlerAnswersNotModified(t *testing.T) {
	t.Parallel()
	first := httptest.NewRecorder()
	page.Handler().ServeHTTP(first, httptest.NewRequestWithContext(t.Context(), "GET", "/js/main.js", nil))
	again := httptest.NewRequestWithContext(t.Context(), "GET", "/js/main.js", nil)
	again.Header.Set("If-None-Match", first.Header().Get("ETag"))
	second := httptest.NewRecorder()
	page.Handler().ServeHTTP(second, again)
	if second.Code != http.StatusNotModified || second.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 304 with none", second.Code, second.Body.Len())
	}
}
