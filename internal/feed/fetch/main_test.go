package fetch

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newClient returns a client that may reach the given servers on loopback and
// gives up within a second where nothing else is asked for.
func newClient(t *testing.T, change func(*Options), servers ...*httptest.Server) *Client {
	t.Helper()
	o := Options{
		UserAgent:    "attache-test",
		Timeout:      time.Minute,
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Logger:       slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, s := range servers {
		o.AllowPorts = append(o.AllowPorts, portOf(t, s.URL))
	}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatalf("new client: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}

func portOf(t *testing.T, rawURL string) uint16 {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return uint16(n)
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// serveRaw answers every connection with the given bytes, then closes it.
func serveRaw(t *testing.T, answer func(net.Conn)) *httptest.Server {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		answer(conn)
	})
}

func get(t *testing.T, c *Client, u string) (Response, error) {
	t.Helper()
	return c.Get(context.Background(), Request{URL: u})
}

// wantClass fails unless err is an *Error of the class.
func wantClass(t *testing.T, err error, want Class) *Error {
	t.Helper()
	var fe *Error
	if !errors.As(err, &fe) {
		t.Fatalf("error %v (%T) is no *Error; want class %s", err, err, want)
	}
	if fe.Class != want {
		t.Fatalf("class %s (%v), want %s", fe.Class, fe.Unwrap(), want)
	}
	return fe
}
