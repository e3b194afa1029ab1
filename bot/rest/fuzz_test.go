package rest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzError feeds any answer through the whole transport: it must come back as
// one error that makes sense, and leave the limiter usable.
func FuzzError(f *testing.F) {
	f.Add(429, `{"message":"x","retry_after":1.5,"global":true,"code":0}`, "1", "user", "1.0", "5", "0", "hash")
	f.Add(429, `<html>`, "Wed, 21 Oct 2099 07:28:00 GMT", "global", "NaN", "-1", "1e9", "")
	f.Add(403, `{"code":1e999,"message":null}`, "", "shared", "Inf", "0", "", "h")
	f.Add(500, `[`, "99999999999999999999", "", "0x1p-2", "99999999999999999999", "1", "h")
	f.Fuzz(func(t *testing.T, status int, body, retryAfter, scope, reset, limit, remaining, bucket string) {
		if status < 300 || status > 599 {
			t.Skip("not an error")
		}
		h := http.Header{
			"Retry-After":             {retryAfter},
			"X-Ratelimit-Scope":       {scope},
			"X-Ratelimit-Reset-After": {reset},
			"X-Ratelimit-Limit":       {limit},
			"X-Ratelimit-Remaining":   {remaining},
			"X-Ratelimit-Bucket":      {bucket},
		}
		next := &answers{f: func(int, *http.Request) (*http.Response, error) {
			r := answer(status, body)
			r.Header = h
			return r, nil
		}}
		now := time.Unix(1_700_000_000, 0)
		tr := newTransport(t, next, func(o *Options) { o.Now = func() time.Time { return now } })
		c, _ := NewClient(tr, "token")
		err := post(t.Context(), c, 1)
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("got %T %v", err, err)
		}
		if e.RetryAfter < 0 || e.RetryAfter > maxHold {
			t.Errorf("retry after %s", e.RetryAfter)
		}
		if status == http.StatusTooManyRequests && (e.RetryAfter == 0 || e.Scope == "") {
			t.Errorf("a 429 without a wait or a scope: %v", e)
		}
		if text := e.Error(); !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\x1b") || len(text) > 2000 {
			t.Errorf("text %q", text)
		}
		now = now.Add(maxHold + time.Hour)
		if s, held, _ := tr.limiter.try(parseRoute("POST", "/channels/1/messages"), now); held.held() {
			t.Errorf("still held by the %s", held.reason)
		} else {
			s.b.giveBack()
		}
	})
}

// FuzzRoute checks that no id and no token stays in a route's name.
func FuzzRoute(f *testing.F) {
	f.Add("POST", "/channels/1/messages", "tok")
	f.Add("PATCH", "/webhooks/1/", "tok/messages/@original")
	f.Fuzz(func(t *testing.T, method, path, tail string) {
		rt := parseRoute(method, "/interactions/123/"+"s3cr3t/"+path+"/"+tail)
		if strings.Contains(strings.TrimPrefix(rt.name, method), "s3cr3t") && !strings.Contains(path+tail, "s3cr3t") {
			t.Errorf("name %q shows the token", rt.name)
		}
		_ = parseRoute(method, path)
	})
}
