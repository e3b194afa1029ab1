package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const rateBody = `{"message":"You are being rate limited.","retry_after":%s,"global":%s}`

// refusals are the answers of Discord that are no success, and their meaning.
var refusals = []struct {
	name      string
	resp      func() *http.Response
	want      Error
	ambiguous bool
	invalid   int
}{
	{
		"a user 429 holds its route",
		func() *http.Response {
			return answer(429, fmt.Sprintf(rateBody, "1.5", "false"), "Retry-After: 2", "X-RateLimit-Scope: user", "X-RateLimit-Reset-After: 1.5")
		},
		Error{Status: 429, Message: "You are being rate limited.", Scope: ScopeUser, RetryAfter: 2 * time.Second},
		false, 1,
	},
	{
		"a global 429 has no Reset-After",
		func() *http.Response {
			return answer(429, fmt.Sprintf(rateBody, "64.57", "true"), "Retry-After: 65", "X-RateLimit-Global: true", "X-RateLimit-Scope: global")
		},
		Error{Status: 429, Message: "You are being rate limited.", Scope: ScopeGlobal, RetryAfter: 65 * time.Second},
		false, 1,
	},
	{
		"a global 429 is seen by its body alone",
		func() *http.Response { return answer(429, fmt.Sprintf(rateBody, "3", "true")) },
		Error{Status: 429, Message: "You are being rate limited.", Scope: ScopeGlobal, RetryAfter: 3 * time.Second},
		false, 1,
	},
	{
		"a shared 429 is not invalid and its longer body wins",
		func() *http.Response {
			return answer(429, `{"code":20028,"message":"slow","retry_after":1163.097}`, "Retry-After: 1", "X-RateLimit-Scope: shared")
		},
		Error{Status: 429, Code: 20028, Message: "slow", Scope: ScopeShared, RetryAfter: 1163097 * time.Millisecond},
		false, 0,
	},
	{
		"a Cloudflare page blocks for ten minutes",
		func() *http.Response { return answer(429, "<html>error code: 1015", "Retry-After: 60") },
		Error{Status: 429, Scope: ScopeCloudflare, RetryAfter: 10 * time.Minute},
		false, 1,
	},
	{
		"a Cloudflare page may ask for more",
		func() *http.Response { return answer(429, "error code: 1015", "Retry-After: 3600") },
		Error{Status: 429, Scope: ScopeCloudflare, RetryAfter: time.Hour},
		false, 1,
	},
	{
		"a 429 without any hint blocks for ten minutes",
		func() *http.Response { return answer(429, `{"code":0,"message":"You are being blocked…"}`) },
		Error{Status: 429, Message: "You are being blocked…", Scope: ScopeCloudflare, RetryAfter: 10 * time.Minute},
		false, 1,
	},
	{
		"a 403 page is a Cloudflare block",
		func() *http.Response { return answer(403, " <!doctype html>") },
		Error{Status: 403, Scope: ScopeCloudflare, RetryAfter: 10 * time.Minute},
		false, 1,
	},
	{
		"code 40333 is a Cloudflare block",
		func() *http.Response { return answer(403, `{"code":40333,"message":"internal network error"}`) },
		Error{Status: 403, Code: 40333, Message: "internal network error", Scope: ScopeCloudflare, RetryAfter: 10 * time.Minute},
		false, 1,
	},
	{
		"a missing permission is invalid and final",
		func() *http.Response { return answer(403, `{"code":50013,"message":"Missing Permissions"}`) },
		Error{Status: 403, Code: 50013, Message: "Missing Permissions"},
		false, 1,
	},
	{
		"an unknown channel is not counted",
		func() *http.Response { return answer(404, `{"code":10003,"message":"Unknown Channel"}`) },
		Error{Status: 404, Code: 10003, Message: "Unknown Channel"},
		false, 0,
	},
	{
		"a 502 page is ambiguous and no block",
		func() *http.Response { return answer(502, "<html>bad gateway") },
		Error{Status: 502},
		true, 0,
	},
	{
		"a redirect is not followed",
		func() *http.Response { return answer(302, "", "Location: https://elsewhere.example/") },
		Error{Status: 302},
		false, 0,
	},
	{
		"broken JSON keeps the status",
		func() *http.Response { return answer(400, `{"code":"x","message":{"a":`) },
		Error{Status: 400},
		false, 0,
	},
	{
		"senseless waits count as missing",
		func() *http.Response { return answer(429, `{"retry_after":"NaN"}`, "Retry-After: -5") },
		Error{Status: 429, Scope: ScopeCloudflare, RetryAfter: 10 * time.Minute},
		false, 1,
	},
	{
		"an endless wait is cut to an hour",
		func() *http.Response { return answer(429, `{"retry_after":1e300}`) },
		Error{Status: 429, Scope: ScopeUser, RetryAfter: time.Hour},
		false, 1,
	},
	{
		"an endless wait of all routes is cut to five minutes",
		func() *http.Response { return answer(429, `{"retry_after":3600,"global":true}`, "Retry-After: 1e9") },
		Error{Status: 429, Scope: ScopeGlobal, RetryAfter: 5 * time.Minute},
		false, 1,
	},
	{
		"a message is one short line",
		func() *http.Response {
			return answer(400, `{"code":50035,"message":"a\nb\u001b`+strings.Repeat("x", 1000)+`"}`)
		},
		Error{Status: 400, Code: 50035, Message: "a b " + strings.Repeat("x", 296) + "…"},
		false, 0,
	},
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			next := &answers{f: func(int, *http.Request) (*http.Response, error) { return tt.resp(), nil }}
			tr := newTransport(t, next)
			c, err := NewClient(tr, "token")
			if err != nil {
				t.Fatal(err)
			}
			err = post(t.Context(), c, 1)
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("error is %T %v, want *Error", err, err)
			}
			want := tt.want
			want.Route = "POST /channels/{channel_id}/messages"
			want.Header, want.Body = got.Header, got.Body
			if diff := cmp.Diff(want, *got); diff != "" {
				t.Errorf("wrong error (-want +got):\n%s", diff)
			}
			if Ambiguous(err) != tt.ambiguous {
				t.Errorf("Ambiguous is %v", !tt.ambiguous)
			}
			if d, ok := RetryAfter(err); d != tt.want.RetryAfter || ok != (d > 0) {
				t.Errorf("RetryAfter is %s, %v", d, ok)
			}
			if n := tr.Stats().Invalid; n != tt.invalid {
				t.Errorf("%d invalid requests counted, want %d", n, tt.invalid)
			}
			if n := next.count(); n != 1 {
				t.Errorf("sent %d times, want once", n)
			}
		})
	}
}
