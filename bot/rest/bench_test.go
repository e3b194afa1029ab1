package rest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkRoundTrip measures what the transport adds to one request: route,
// breaker, bucket and headers, without any waiting.
func BenchmarkRoundTrip(b *testing.B) {
	h := http.Header{
		"X-Ratelimit-Bucket":      {"h"},
		"X-Ratelimit-Limit":       {"1000000"},
		"X-Ratelimit-Remaining":   {"999999"},
		"X-Ratelimit-Reset-After": {"0.000"},
	}
	next := roundTripFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: h, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	})
	tr, err := New(Options{Next: next})
	if err != nil {
		b.Fatal(err)
	}
	// Interactions are not bound by the global limit, which would pace this.
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://discord.com/api/v10/interactions/1/tok/callback", http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		resp, err := tr.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
	}
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
