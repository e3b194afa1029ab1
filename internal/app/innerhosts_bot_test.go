package app_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
)

// trap is a server that nobody is to reach. It counts connections.
type trap struct {
	net.Listener
	opened atomic.Int64
}

func (t *trap) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	if err == nil {
		t.opened.Add(1)
	}
	return c, err
}

// serve answers on an address until the test ends.
func serve(t *testing.T, l net.Listener, h http.HandlerFunc) {
	t.Helper()
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	var done sync.WaitGroup
	done.Go(func() { _ = srv.Serve(l) })
	t.Cleanup(func() { _ = srv.Close(); done.Wait() })
}

// secretPlace is what only an inner host says.
const secretPlace = "harbour-of-zanzibar"

// innerHosts are addresses that somebody types so that the bot goes where they
// cannot: to a server at this port of the machine, and elsewhere.
func innerHosts(port string) []string {
	at := func(forms ...string) []string {
		var out []string
		for _, f := range forms {
			out = append(out, fmt.Sprintf("http://%s:%s/feed", f, port))
		}
		return out
	}
	return append(at(
		"127.0.0.1", "localhost", "LOCALHOST.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "127.0.0.1.", "①②⑦.0.0.1",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]",
		"10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "168.63.129.16", "metadata.google.internal", "198.18.0.1", "224.0.0.1",
		"user:pass@127.0.0.1", "wire.example@127.0.0.1", "127.0.0.1%2f", "%31%32%37.0.0.1", "rebind.invalid",
	),
		"127.0.0.1:"+port, "//127.0.0.1:"+port, "feed://127.0.0.1:"+port, "http:127.0.0.1:"+port, "http:///127.0.0.1:"+port, `http:\\127.0.0.1:`+port,
		"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:22/", "http://127.0.0.1:65535/", "file:///etc/passwd", "gopher://127.0.0.1:"+port+"/x",
		"ftp://127.0.0.1/", "data:text/xml,<rss/>", "javascript:alert(1)", "unix:///run/docker.sock", "dict://127.0.0.1:"+port, "http://", "127.0.0.1",
	)
}

// TestNobodySendsTheBotToInnerHosts types what leads inside into the real command of
// a server with the port allowed, and finds that nobody was there; and that an
// answer tells what to do and nothing of what there is. One address is open to own
// feeds, so that what it serves may lead on: by redirects, and by links.
func TestNobodySendsTheBotToInnerHosts(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	inner := &trap{Listener: l}
	serve(t, inner, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>`+secretPlace+`</title></channel></rss>`)
	})
	at := l.Addr().(*net.TCPAddr).AddrPort()
	port := fmt.Sprint(at.Port())
	open, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		t.Skip("this machine has one loopback address only: ", err)
	}
	serve(t, open, func(w http.ResponseWriter, r *http.Request) {
		to := "http://" + at.String() + "/feed"
		switch r.URL.Path {
		case "/there":
			http.Redirect(w, r, to, http.StatusMovedPermanently)
		case "/metadata":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/twice":
			http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
		case "/page":
			_, _ = io.WriteString(w, `<html><head><link rel="alternate" type="application/rss+xml" href="`+to+`"></head></html>`)
		default:
			http.NotFound(w, r)
		}
	})
	n := prepare(t, sandbox.Limits{}, func(n *newsroom) {
		n.cfg.Network.AllowOwn = []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}
		n.cfg.Network.AllowPorts = append(n.cfg.Network.AllowPorts, at.Port())
	})
	n.start()
	typed := innerHosts(port)
	for _, path := range []string{"there", "metadata", "file", "twice", "page"} {
		typed = append(typed, "http://127.0.0.2:"+port+"/"+path)
	}
	tells := regexp.MustCompile(secretPlace + `|root:|/latest/meta-data|dial|tcp|connection refused|169\.254|lookup |resolv`)
	for _, address := range typed {
		got := n.say(n.mara, "feed add", options{"address": address})
		if !strings.HasPrefix(got, "I can read no feed there: ") && !strings.HasPrefix(got, "I found no feed there.") {
			t.Errorf("%q is answered %q", address, got)
		}
		if m := tells.FindString(got); m != "" {
			t.Errorf("%q tells of %q: %s", address, m, got)
		}
		if got := inner.opened.Load(); got != 0 {
			t.Fatalf("%q led inside", address)
		}
	}
	// Whether somebody is at home there is not told either.
	here, nobody := n.say(n.mara, "feed add", options{"address": "http://127.0.0.1:" + port}), n.say(n.mara, "feed add", options{"address": "http://127.0.0.3:" + port})
	if here != nobody {
		t.Errorf("one can tell where a server is: %q, and elsewhere %q", here, nobody)
	}
	t.Logf("%d addresses, %d connections", len(typed)+2, inner.opened.Load())
}
