package fetch

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// short is a timeout that a test waits for. Nothing is right or wrong about
// how long it takes, only that it comes.
const short = 50 * time.Millisecond

func TestGetGivesUpOnSlowServers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		limit  func(*Options)
		answer func(w http.ResponseWriter, hold <-chan struct{})
	}{
		{
			"silent until the headers' timeout", func(o *Options) { o.HeaderTimeout = short },
			func(_ http.ResponseWriter, hold <-chan struct{}) { <-hold },
		},
		{
			"silent until the timeout of everything", func(o *Options) { o.Timeout = short },
			func(_ http.ResponseWriter, hold <-chan struct{}) { <-hold },
		},
		{
			"half the headers", func(o *Options) { o.HeaderTimeout = short },
			func(w http.ResponseWriter, hold <-chan struct{}) {
				conn, _, _ := w.(http.Hijacker).Hijack()
				defer conn.Close()
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-")
				<-hold
			},
		},
		{
			"body that stops", func(o *Options) { o.Timeout = short },
			func(w http.ResponseWriter, hold <-chan struct{}) {
				_, _ = io.WriteString(w, "<rss>")
				w.(http.Flusher).Flush()
				<-hold
			},
		},
		{
			"compressed body that stops", func(o *Options) { o.Timeout = short },
			func(w http.ResponseWriter, hold <-chan struct{}) {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				_, _ = io.WriteString(z, "<rss>")
				_ = z.Flush()
				w.(http.Flusher).Flush()
				<-hold
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			hold := make(chan struct{})
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) { tt.answer(w, hold) })
			t.Cleanup(func() { close(hold) })
			got, err := get(t, newClient(t, tt.limit, s), s.URL)
			wantClass(t, err, ClassTimeout)
			if got.Body != nil {
				t.Error("a part of the body came through")
			}
		})
	}
}

func TestGetBoundsSizes(t *testing.T) {
	t.Parallel()
	limit := func(o *Options) { o.MaxWire, o.MaxBody = 64<<10, 256<<10 }
	bomb := gzipped(bytes.Repeat([]byte{'a'}, 16<<20))
	if len(bomb) > 64<<10 {
		t.Fatalf("bomb of %d bytes is over the wire limit and tests the wrong one", len(bomb))
	}
	tests := map[string]http.HandlerFunc{
		"endless body": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		},
		"announced length over the limit": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000000")
			_, _ = w.Write(make([]byte, 10))
		},
		"one byte over the limit": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, 64<<10+1))
		},
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		},
		"gzip that does not compress": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(gzipped(noise(128 << 10)))
		},
		"endless empty gzip members": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			empty := gzipped(nil)
			for r.Context().Err() == nil {
				if _, err := w.Write(empty); err != nil {
					return
				}
			}
		},
		"one huge header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Huge", strings.Repeat("a", 1<<20))
		},
		"many headers": func(w http.ResponseWriter, _ *http.Request) {
			for i := range 10_000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), "aaaaaaaaaa")
			}
		},
	}
	for name, h := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, h)
			got, err := get(t, newClient(t, limit, s), s.URL)
			wantClass(t, err, ClassTooLarge)
			if got.Body != nil {
				t.Error("a part of the body came through")
			}
		})
	}
	t.Run("exactly the limit is fine", func(t *testing.T) {
		t.Parallel()
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 64<<10)) })
		if got, err := get(t, newClient(t, limit, s), s.URL); err != nil || len(got.Body) != 64<<10 {
			t.Errorf("%d bytes, %v", len(got.Body), err)
		}
	})
}

func TestGetRefusesBrokenAnswers(t *testing.T) {
	t.Parallel()
	zipped := string(gzipped([]byte(strings.Repeat(sample, 20))))
	head := func(lines ...string) string {
		return "HTTP/1.1 200 OK\r\nConnection: close\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
	}
	tests := []struct {
		name, answer string
		class        Class
	}{
		{"nothing", "", ClassTruncated},
		{"headers that break off", "HTTP/1.1 200 OK\r\nContent-Le", ClassBadResponse},
		{"shorter than announced", head("Content-Length: 500") + sample, ClassTruncated},
		{"chunks that break off", head("Transfer-Encoding: chunked") + "5\r\n<rss>\r\n", ClassTruncated},
		{"gzip that breaks off", head("Content-Encoding: gzip") + zipped[:len(zipped)/2], ClassTruncated},
		{"gzip without its trailer", head("Content-Encoding: gzip") + zipped[:len(zipped)-4], ClassTruncated},
		{"gzip that is empty", head("Content-Encoding: gzip"), ClassTruncated},
		{"deflate that is empty", head("Content-Encoding: deflate"), ClassTruncated},
		{"complete gzip in a body shorter than announced", head("Content-Encoding: gzip", "Content-Length: 5000") + zipped, ClassTruncated},
		{"gzip that is none", head("Content-Encoding: gzip") + sample, ClassBadEncoding},
		{"gzip with a wrong checksum", head("Content-Encoding: gzip") + zipped[:len(zipped)-8] + "\x00\x00\x00\x00" + zipped[len(zipped)-4:], ClassBadEncoding},
		{"gzip with something behind it", head("Content-Encoding: gzip") + zipped + "<script>tail</script>", ClassBadEncoding},
		{"deflate that is none", head("Content-Encoding: deflate") + "\xff\xff\xff\xff", ClassBadEncoding},
		{"gzip in gzip", head("Content-Encoding: gzip, gzip") + string(gzipped([]byte(zipped))), ClassBadEncoding},
		{"gzip in gzip over two lines", head("Content-Encoding: gzip", "Content-Encoding: gzip") + zipped, ClassBadEncoding},
		{"brotli", head("Content-Encoding: br") + sample, ClassBadEncoding},
		{"an unknown encoding", head("Content-Encoding: "+strings.Repeat("x", 1000)) + sample, ClassBadEncoding},
		{"bad chunk size", head("Transfer-Encoding: chunked") + "zz\r\n" + sample, ClassBadResponse},
		{"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", ClassBadResponse},
		{"HTTP 0.9", sample + "\r\n\r\n", ClassBadResponse},
		{"two lengths", head("Content-Length: 5", "Content-Length: 6") + "<rss/>", ClassBadResponse},
		{"negative length", head("Content-Length: -5") + sample, ClassBadResponse},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serveRaw(t, func(c net.Conn) { _, _ = io.WriteString(c, tt.answer) })
			got, err := get(t, newClient(t, nil, s), s.URL)
			wantClass(t, err, tt.class)
			if got.Body != nil {
				t.Error("a part of the body came through")
			}
		})
	}
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// noise returns n bytes that do not compress, always the same.
func noise(n int) []byte {
	var out []byte
	for sum := sha256.Sum256(nil); len(out) < n; sum = sha256.Sum256(sum[:]) {
		out = append(out, sum[:]...)
	}
	return out[:n]
}
