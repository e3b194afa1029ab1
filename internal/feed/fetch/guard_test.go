package fetch

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/attache-bot/attache/internal/feed/fetch/fetchtest"
)

// public lists addresses that must stay reachable.
var public = []string{
	"1.1.1.1", "8.8.8.8", "9.9.9.9", "81.2.69.142", "100.63.255.255", "100.128.0.1", "151.101.0.81",
	"172.15.0.1", "172.32.0.1", "192.0.1.1", "192.167.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.1",
	"2600:1406::1", "2606:4700:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888", "2a04:4e42::81",
	"1.0.0.1", "9.255.255.255", "11.0.0.0", "23.0.0.1", "57.128.0.1", "64.233.160.1", "91.198.174.192", "100.0.0.1",
	"126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.217.16.1",
	"191.255.255.255", "192.0.3.0", "192.169.0.0", "193.0.6.139", "198.51.99.255", "198.51.101.0", "203.0.112.255",
	"203.0.114.0", "212.58.244.1", "2001:200::1", "2003:e2::1", "2400:cb00::1", "2800:3f0::1", "2a02:ec80::1", "2c0f:f248::1",
	"2610:a1::1",
}

func networkOf(ip netip.Addr) string {
	if ip.Is4() {
		return "tcp4"
	}
	return "tcp6"
}

func TestGuardDecidesByAddress(t *testing.T) {
	t.Parallel()
	g := newGuard(nil, []uint16{80, 443})
	if len(fetchtest.NonPublic()) < 52 || len(public) < 50 {
		t.Fatalf("only %d and %d addresses", len(fetchtest.NonPublic()), len(public))
	}
	for _, a := range fetchtest.NonPublic() {
		ip := netip.MustParseAddr(a)
		if g.control(networkOf(ip), netip.AddrPortFrom(ip, 443).String(), nil) == nil {
			t.Errorf("%s may be dialled", a)
		}
	}
	for _, a := range public {
		ip := netip.MustParseAddr(a)
		for _, port := range []uint16{80, 443} {
			if err := g.control(networkOf(ip), netip.AddrPortFrom(ip, port).String(), nil); err != nil {
				t.Errorf("%s is refused: %v", a, err)
			}
		}
		for _, port := range []uint16{0, 22, 25, 6379, 8080} {
			if g.control(networkOf(ip), netip.AddrPortFrom(ip, port).String(), nil) == nil {
				t.Errorf("port %d of %s may be dialled", port, a)
			}
		}
	}
	for _, network := range []string{"udp4", "udp6", "unix", "ip4", "tcp", ""} {
		if g.control(network, "1.1.1.1:443", nil) == nil {
			t.Errorf("network %q may be dialled", network)
		}
	}
	for _, address := range []string{"", "example.org:80", "1.1.1.1", "/var/run/docker.sock", "[fe80::1%eth0]:80"} {
		if g.control("tcp6", address, nil) == nil {
			t.Errorf("%q may be dialled", address)
		}
	}
}

func TestGuardNeverOpensMetadata(t *testing.T) {
	t.Parallel()
	everything := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	g := newGuard(everything, []uint16{80})
	for _, a := range []string{
		"169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192",
		"fd00:ec2::254", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fe80::a9fe:a9fe", "::ffff:169.254.169.254",
		"64:ff9b::169.254.169.254", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::", "::169.254.169.254",
	} {
		ip := netip.MustParseAddr(a)
		if g.control(networkOf(ip), netip.AddrPortFrom(ip, 80).String(), nil) == nil {
			t.Errorf("%s may be dialled", a)
		}
	}
	for _, a := range []string{"10.0.0.1", "127.0.0.1", "::1", "fd12::1"} {
		ip := netip.MustParseAddr(a)
		if err := g.control(networkOf(ip), netip.AddrPortFrom(ip, 80).String(), nil); err != nil {
			t.Errorf("%s is refused although all is open: %v", a, err)
		}
	}
}

func TestGuardLooksInsideNAT64(t *testing.T) {
	t.Parallel()
	g := newGuard([]netip.Prefix{netip.MustParsePrefix("64:ff9b::/96")}, []uint16{80})
	if err := g.control("tcp6", "[64:ff9b::1.1.1.1]:80", nil); err != nil {
		t.Errorf("a public address through the gateway is refused: %v", err)
	}
	for _, a := range []string{"127.0.0.1", "10.0.0.1", "192.168.1.1"} {
		if g.control("tcp6", "[64:ff9b::"+a+"]:80", nil) == nil {
			t.Errorf("%s may be dialled through the gateway", a)
		}
	}
}

// refused are the classes of an address that was judged before anything was sent.
var refused = []Class{ClassBlockedAddress, ClassBadURL, ClassBadRedirect, ClassDNS}

// TestNoSpellingOfAPrivateAddressIsReached asks for each and posts to each, at once
// and where a public server redirects to. A name that has a public address too may
// be found there, and answers then.
func TestNoSpellingOfAPrivateAddressIsReached(t *testing.T) {
	t.Parallel()
	w := fetchtest.Open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}))
	c := newClient(t, func(o *Options) {
		o.AllowPrivate, o.AllowPorts, o.Resolver, o.Logger = w.Opened, w.Ports, w.Resolver(), slog.New(slog.DiscardHandler)
	})
	if _, err := get(t, c, w.URL); err != nil {
		t.Fatalf("the public server: %v", err)
	}
	counts := map[Class]int{}
	hosts := w.Hostile("http")
	for _, u := range hosts {
		redirect := w.URL + "/?to="
		for way, try := range map[string]func() error{
			"asked for":          func() error { _, err := get(t, c, u); return err },
			"asked for with TLS": func() error { _, err := get(t, c, "HTTPS"+strings.TrimPrefix(u, "http")+"?x#y"); return err },
			"posted to":          func() error { return c.Post(t.Context(), u, url.Values{"a": {"b"}}) },
			"asked a question": func() error {
				_, err := c.Ask(t.Context(), Question{URL: u, Authorization: "Bearer x"})
				return err
			},
			"redirected to": func() error { _, err := get(t, c, redirect+url.QueryEscape(u)); return err },
			"a post redirected": func() error {
				return c.Post(t.Context(), redirect+url.QueryEscape(strings.TrimPrefix(u, "http:")), nil)
			},
		} {
			err := try()
			var fe *Error
			switch {
			case !errors.As(err, &fe):
				t.Errorf("%q, %s, was reached: %v", u, way, err)
			case slices.Contains(refused, fe.Class):
				counts[fe.Class]++
			case !strings.Contains(u, "mixed") && !strings.Contains(u, "everything"): // whose public address has nobody at the port
				t.Errorf("%q, %s: class %s, %v", u, way, fe.Class, fe.Unwrap())
			}
		}
	}
	t.Logf("%d addresses in 5 ways each, refused: %v", len(hosts), counts)
	if n := w.Came(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
	if len(hosts) < 600 || counts[ClassBlockedAddress] < 1000 {
		t.Errorf("only %d addresses, and %d tries came as far as the guard", len(hosts), counts[ClassBlockedAddress])
	}
}

// TestTheTrapIsSeenToCount is the control: a client that may go anywhere on this
// machine is counted.
func TestTheTrapIsSeenToCount(t *testing.T) {
	t.Parallel()
	w := fetchtest.Open(t, http.NotFoundHandler())
	c := newClient(t, func(o *Options) {
		o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		o.AllowPorts, o.Resolver, o.Logger = w.Ports, w.Resolver(), slog.New(slog.DiscardHandler)
	})
	for _, u := range w.Hostile("http") {
		_, _ = get(t, c, u)
	}
	if n := w.Came(); n < 10 {
		t.Errorf("%d connections were counted", n)
	}
}

// TestOfMixedAnswersOnlyThePublicAddressIsDialled gives a name public and private
// addresses at once, in every order, of both families.
func TestOfMixedAnswersOnlyThePublicAddressIsDialled(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		w.Header().Set("Connection", "close")
		if local := r.Context().Value(http.LocalAddrContextKey).(net.Addr).String(); !strings.HasPrefix(local, "127.0.0.1:") {
			t.Errorf("reached at %s", local)
		}
	})
	port := portOf(t, s.URL)
	address := netip.MustParseAddr
	public, inside := address("127.0.0.1"), []netip.Addr{address("127.0.0.2"), address("10.0.0.1"), address("169.254.169.254"), netip.IPv6Loopback(), address("fd00::1"), address("0.0.0.0")}
	for i := range inside {
		for _, answer := range [][]netip.Addr{
			{public, inside[i]}, {inside[i], public}, {inside[i], public, inside[(i+1)%len(inside)]}, append(slices.Clone(inside), public),
		} {
			before := served.Load()
			c := newClient(t, func(o *Options) {
				o.AllowPrivate, o.AllowPorts = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, []uint16{port}
				o.Resolver = fetchtest.Resolver(func(string) []netip.Addr { return answer })
			})
			_, err := get(t, c, strings.Replace(s.URL, "127.0.0.1", "feeds.example", 1))
			if (err == nil) != (served.Load() == before+1) {
				t.Errorf("%v: %v, and %d requests", answer, err, served.Load()-before)
			}
		}
	}
	if served.Load() == 0 {
		t.Error("no public address was dialled, so that nothing is shown")
	}
}

// A name may resolve to a private address at once or only the second time: the
// dialled address decides, at each dial.
func TestGetDecidesAtEachDial(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		local := r.Context().Value(http.LocalAddrContextKey).(net.Addr).String()
		_, _ = w.Write([]byte(local))
	})
	port := portOf(t, s.URL)
	tests := []struct {
		name    string
		answers []string // the last one repeats
		classes []Class
	}{
		{"private from the start", []string{"10.0.0.1"}, []Class{ClassBlockedAddress}},
		{"rebound", []string{"127.0.0.1", "127.0.0.3"}, []Class{"", ClassBlockedAddress, ClassBlockedAddress}},
		{"changing each time", []string{"127.0.0.3", "127.0.0.1", "127.0.0.3", "127.0.0.1", "169.254.169.254"}, []Class{ClassBlockedAddress, "", ClassBlockedAddress, "", ClassBlockedAddress}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var turn atomic.Int64
			c := newClient(t, func(o *Options) {
				o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
				o.AllowPorts = []uint16{port}
				o.Resolver = fetchtest.Resolver(func(string) []netip.Addr {
					return []netip.Addr{netip.MustParseAddr(tt.answers[min(int(turn.Load()), len(tt.answers)-1)])}
				})
			})
			for i, want := range tt.classes {
				turn.Store(int64(i))
				_, err := get(t, c, strings.Replace(s.URL, "127.0.0.1", "feeds.example", 1))
				var got Class
				if fe := new(Error); errors.As(err, &fe) {
					got = fe.Class
				}
				if got != want {
					t.Errorf("fetch %d: class %q (%v), want %q", i, got, errors.Unwrap(err), want)
				}
			}
		})
	}
}

func TestPublicIsWhatEveryonesFeedsMayBeFetchedFrom(t *testing.T) {
	t.Parallel()
	g := newGuard([]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}, []uint16{8080})
	for _, a := range []string{"1.1.1.1:80", "[2606:4700::1111]:443", "1.1.1.1:8080"} {
		if !g.public(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(a))) {
			t.Errorf("%s counts as private", a)
		}
	}
	for _, a := range fetchtest.NonPublic() {
		if ap := netip.AddrPortFrom(netip.MustParseAddr(a), 80); g.public(net.TCPAddrFromAddrPort(ap)) {
			t.Errorf("%s counts as public", a)
		}
	}
	if g.public(&net.UnixAddr{Name: "/run/x", Net: "unix"}) {
		t.Error("an address that is none counts as public")
	}
}
