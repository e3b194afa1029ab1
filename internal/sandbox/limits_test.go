package sandbox_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
)

// virtual runs a sandbox without a listener in a bubble of virtual time.
func virtual(t *testing.T, o sandbox.Options, f func(s *sandbox.Server, channel string, call func(method, path, body string) *httptest.ResponseRecorder)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := sandbox.New(o)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		channel, err := s.AddChannel(s.AddGuild("Desk"), "alerts", sandbox.Text)
		if err != nil {
			t.Fatal(err)
		}
		f(s, channel, func(method, path, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, "/api/v10"+path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bot "+s.Token())
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			return w
		})
	})
}

func TestNonce(t *testing.T) {
	t.Parallel()
	virtual(t, sandbox.Options{}, func(s *sandbox.Server, channel string, call func(method, path, body string) *httptest.ResponseRecorder) {
		post := func(body string) (status int, id string) {
			w := call("POST", "/channels/"+channel+"/messages", body)
			_, rest, _ := strings.Cut(w.Body.String(), `"id":"`)
			id, _, _ = strings.Cut(rest, `"`)
			return w.Code, id
		}
		const body = `{"content":"x","nonce":"n1","enforce_nonce":true}`
		_, first := post(body)
		if _, again := post(body); again != first || len(s.Messages(channel)) != 1 {
			t.Errorf("the same nonce made %s after %s", again, first)
		}
		if _, other := post(`{"content":"x","nonce":"n1"}`); other == first {
			t.Error("without enforce_nonce the first message came back")
		}
		time.Sleep(3*time.Minute + time.Second)
		_, later := post(body)
		if later == first {
			t.Error("the nonce is remembered beyond its window")
		}
		if err := s.DeleteMessage(channel, later); err != nil {
			t.Fatal(err)
		}
		if status, _ := post(body); status != 404 {
			t.Errorf("a deleted message is made again: %d", status)
		}
	})
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	virtual(t, sandbox.Options{}, func(s *sandbox.Server, channel string, call func(method, path, body string) *httptest.ResponseRecorder) {
		post := func() *httptest.ResponseRecorder {
			return call("POST", "/channels/"+channel+"/messages", `{"content":"x"}`)
		}
		for i := range 5 {
			w := post()
			if got := w.Header().Get("X-RateLimit-Remaining"); w.Code != 200 || got != fmt.Sprint(4-i) || w.Header().Get("X-RateLimit-Limit") != "5" {
				t.Errorf("request %d: %d with %s remaining", i, w.Code, got)
			}
		}
		time.Sleep(2 * time.Second)
		w := post()
		h := w.Header()
		if w.Code != 429 || h.Get("Retry-After") != "3" || h.Get("X-RateLimit-Reset-After") != "3.000" || h.Get("X-RateLimit-Scope") != "user" || h.Get("X-RateLimit-Bucket") == "" {
			t.Errorf("the sixth: %d %v", w.Code, h)
		}
		if !strings.Contains(w.Body.String(), `"retry_after":3`) || !strings.Contains(w.Body.String(), `"global":false`) {
			t.Errorf("body %s", w.Body)
		}
		if n := s.InvalidRequests(); n != 1 {
			t.Errorf("%d invalid requests", n)
		}
		time.Sleep(3 * time.Second)
		if w := post(); w.Code != 200 {
			t.Errorf("after the window: %d", w.Code)
		}
	})
}

func TestGlobalLimit(t *testing.T) {
	t.Parallel()
	virtual(t, sandbox.Options{Limits: sandbox.Limits{Global: 2}}, func(_ *sandbox.Server, _ string, call func(method, path, body string) *httptest.ResponseRecorder) {
		call("GET", "/users/@me", "")
		call("GET", "/users/@me", "")
		w := call("GET", "/users/@me", "")
		h := w.Header()
		if w.Code != 429 || h.Get("X-RateLimit-Global") != "true" || h.Get("X-RateLimit-Scope") != "global" || h.Get("Retry-After") != "1" || h.Get("X-RateLimit-Reset-After") != "" {
			t.Errorf("%d %v", w.Code, h)
		}
		if w := call("POST", "/interactions/1/x/callback", `{}`); w.Code != 404 {
			t.Errorf("a callback counts: %d", w.Code)
		}
	})
}

func TestTooManyInvalidRequestsBlock(t *testing.T) {
	t.Parallel()
	virtual(t, sandbox.Options{Limits: sandbox.Limits{InvalidRequests: 2}}, func(s *sandbox.Server, channel string, call func(method, path, body string) *httptest.ResponseRecorder) {
		if err := s.DenyBot(channel, sandbox.ViewChannel); err != nil {
			t.Fatal(err)
		}
		call("GET", "/channels/"+channel, "")
		call("GET", "/channels/"+channel, "")
		w := call("GET", "/users/@me", "")
		if w.Code != 429 || !strings.Contains(w.Body.String(), "1015") || w.Header().Get("Retry-After") != "600" {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		time.Sleep(10 * time.Minute)
		if w := call("GET", "/users/@me", ""); w.Code != 200 {
			t.Errorf("still blocked: %d", w.Code)
		}
	})
}
