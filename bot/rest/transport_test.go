package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// answers is a Next that answers by a function and notes what was sent when.
type answers struct {
	mu   sync.Mutex
	f    func(n int, r *http.Request) (*http.Response, error)
	sent []time.Time
	urls []string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	n := len(a.sent)
	a.sent = append(a.sent, time.Now())
	a.urls = append(a.urls, r.URL.String())
	a.mu.Unlock()
	closeBody(r)
	return a.f(n, r)
}

func (a *answers) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sent)
}

// answer makes a response; headers are "Key: value" pairs.
func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for _, kv := range headers {
		k, v, _ := strings.Cut(kv, ": ")
		h.Set(k, v)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func always(status int, body string, headers ...string) *answers {
	return &answers{f: func(int, *http.Request) (*http.Response, error) { return answer(status, body, headers...), nil }}
}

func newTransport(t *testing.T, next http.RoundTripper, change ...func(*Options)) *Transport {
	t.Helper()
	o := Options{Next: next, UserAgent: "DiscordBot (https://attache.example, 1.0)"}
	for _, f := range change {
		f(&o)
	}
	tr, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func newClient(t *testing.T, next http.RoundTripper, change ...func(*Options)) *Client {
	t.Helper()
	c, err := NewClient(newTransport(t, next, change...), "token")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func post(ctx context.Context, c *Client, channel int) error {
	return c.Do(ctx, "POST", fmt.Sprintf("/channels/%d/messages", channel), struct{}{}, nil)
}

func TestErrorsWorkThroughAnHTTPClient(t *testing.T) {
	t.Parallel()
	tr := newTransport(t, always(404, `{"code":10003,"message":"Unknown Channel"}`))
	_, err := (&http.Client{Transport: tr}).Get("https://discord.com/api/v9/channels/1") //nolint:bodyclose // an error has no body
	var ue *url.Error
	var e *Error
	if !errors.As(err, &ue) || !errors.As(err, &e) || e.Code != 10003 {
		t.Fatalf("got %T %v", err, err)
	}
	if !errors.Is(Strip(err), error(e)) {
		t.Errorf("Strip gives %v", Strip(err))
	}
}

func TestRequestsAreRewritten(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, base, url, want string }{
		{"version 9 becomes 10", "", "https://discord.com/api/v9/gateway", "https://discord.com/api/v10/gateway"},
		{"the sandbox gets everything", "http://127.0.0.1:9/", "https://discord.com/api/v9/gateway/bot", "http://127.0.0.1:9/api/v10/gateway/bot"},
		{"a proxy's path stays", "http://proxy/discord/v10", "https://discord.com/api/v9/channels/1?a=b", "http://proxy/discord/v10/channels/1?a=b"},
		{"an unversioned address is completed", "", "https://discord.com/api/users/@me", "https://discord.com/api/v10/users/@me"},
		{"escapes stay", "", "https://discord.com/api/v9/channels/1/messages/2/reactions/%2F%20/@me", "https://discord.com/api/v10/channels/1/messages/2/reactions/%2F%20/@me"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			next := always(200, "{}")
			tr := newTransport(t, next, func(o *Options) { o.BaseURL = tt.base })
			req := httptest.NewRequestWithContext(t.Context(), "GET", tt.url, nil)
			before := req.URL.String()
			resp, err := tr.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if next.urls[0] != tt.want {
				t.Errorf("sent to %s, want %s", next.urls[0], tt.want)
			}
			if req.URL.String() != before || req.Header.Get("User-Agent") != "" {
				t.Error("the caller's request was changed")
			}
		})
	}
	t.Run("another address is refused", func(t *testing.T) {
		t.Parallel()
		next := always(200, "{}")
		_, err := newTransport(t, next).RoundTrip(httptest.NewRequest("GET", "https://cdn.discordapp.com/x", nil)) //nolint:bodyclose // an error has no body
		if err == nil || next.count() != 0 {
			t.Errorf("error %v, sent %d", err, next.count())
		}
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	bad := map[string]Options{
		"no scheme":             {BaseURL: "discord.com"},
		"another scheme":        {BaseURL: "ftp://discord.com"},
		"another version":       {BaseURL: "https://discord.com/api/v9"},
		"a password":            {BaseURL: "https://a:b@discord.com/api/v10"},
		"a foreign user agent":  {UserAgent: "curl"},
		"a negative rate":       {GlobalRate: -1},
		"a negative pause":      {BlockPause: -1},
		"falling break numbers": {Breaker: BreakerOptions{Warn: 10, Essential: 5}},
	}
	for name, o := range bad {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			if _, err := New(o); err == nil {
				t.Error("New accepts it")
			} else if strings.Contains(err.Error(), "a:b") {
				t.Errorf("shows the password: %v", err)
			}
		})
	}
	t.Run("the zero value talks to Discord", func(t *testing.T) {
		t.Parallel()
		tr, err := New(Options{})
		if err != nil || tr.base.String() != DefaultBaseURL {
			t.Errorf("%v, %v", tr, err)
		}
	})
	for _, token := range []string{"", "Bot ", "a b", "a\nb", "ä"} {
		if _, err := NewClient(newTransport(t, always(200, "")), token); err == nil {
			t.Errorf("token %q is accepted", token)
		}
	}
}
