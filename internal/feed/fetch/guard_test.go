package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nonPublic lists addresses that no feed may lead to.
var nonPublic = []string{
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.254",
	"127.0.0.1", "127.1.2.3", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254",
	"169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1",
	"192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "192.175.48.1",
	"198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250",
	"240.0.0.1", "255.255.255.255",
	"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
	"::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
	"2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1", "4000::1", "5f00::1",
	"fc00::1", "fd00:ec2::254", "fd12:3456::1", "fe80::1", "fe80::a9fe:a9fe", "fec0::1", "ff02::1",
	"2620:4f:8000::1",
}

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
	if len(nonPublic) < 52 || len(public) < 50 {
		t.Fatalf("only %d and %d addresses", len(nonPublic), len(public))
	}
	for _, a := range nonPublic {
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

// listen counts connections on a loopback port; a client that may use the port
// but no private network must never make it count.
func listen(t *testing.T) (port string, count *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			n.Add(1)
		}
	}
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port, &n
}

func TestGetReachesNoPrivateAddressInAnySpelling(t *testing.T) {
	t.Parallel()
	port, count := listen(t)
	var p uint16
	for _, c := range port {
		p = p*10 + uint16(c-'0')
	}
	c := newClient(t, func(o *Options) {
		o.AllowPrivate = nil
		o.AllowPorts = []uint16{p}
	})
	c.dialer.Resolver = noResolver()

	hosts := []string{
		"localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001", "017700000001", "127.1", "127.0.1",
		"0x7f.0.0.1", "0177.0.0.1", "127.000.000.001", "127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1",
		"127．0．0．1", "ⓛocalhost", "%31%32%37.0.0.1", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
		"[::1%25lo]", "[::1%25]", "[0000::0001]", "0", "0.0.0.0", "[::]", "127.0.0.1%00.example.org",
		"example.org@127.0.0.1", "127.0.0.1\\@example.org", "127.0.0.1#@example.org", "127.0.0.1?@example.org",
		"user:pass@127.0.0.1", "127.0.0.1:80@127.0.0.1", "127.0.0.1 ", " 127.0.0.1", "127.0.0.1\t", "127.0.0.1\r\nHost: x",
	}
	for _, a := range nonPublic {
		if strings.Contains(a, ":") {
			hosts = append(hosts, "["+a+"]")
			continue
		}
		// IPv6 has ways to say an IPv4 address.
		hosts = append(hosts, a, "[::ffff:"+a+"]", "[64:ff9b::"+a+"]", "[::"+a+"]")
	}
	refusals := map[Class]int{}
	for _, host := range hosts {
		for _, u := range []string{"http://" + host + ":" + port + "/", "https://" + host + ":" + port, "HTTP://" + host + ":" + port + "/x?y"} {
			_, err := get(t, c, u)
			var fe *Error
			if !errors.As(err, &fe) {
				t.Errorf("%q was fetched: %v", u, err)
				continue
			}
			switch fe.Class {
			case ClassBlockedAddress, ClassBadURL, ClassDNS:
				refusals[fe.Class]++
			default:
				t.Errorf("%q: class %s, %v", u, fe.Class, fe.Unwrap())
			}
		}
	}
	t.Logf("%d URLs refused: %v", 3*len(hosts), refusals)
	if len(hosts) < 150 {
		t.Errorf("only %d hosts", len(hosts))
	}
	if n := count.Load(); n != 0 {
		t.Errorf("%d connections were opened", n)
	}
	if refusals[ClassBlockedAddress] < 3*52 {
		t.Errorf("only %d URLs came as far as the guard", refusals[ClassBlockedAddress])
	}
}

// A public server may send the client to a private address, in any spelling.
func TestGetFollowsNoRedirectToAPrivateAddress(t *testing.T) {
	t.Parallel()
	port, count := listen(t)
	front := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(http.StatusFound)
	})
	c := newClient(t, func(o *Options) {
		// The front alone stands for the public internet.
		o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		o.AllowPorts = []uint16{portOf(t, front.URL), portOf(t, "http://127.0.0.1:"+port)}
	})
	c.dialer.Resolver = noResolver()
	for _, host := range append([]string{"127.0.0.2", "127.1.1.1", "0x7f.0.0.2", "[::ffff:127.0.0.2]"}, bracketed(nonPublic)...) {
		if host == "127.0.0.1" || host == "[::ffff:127.0.0.1]" {
			continue // which is open here
		}
		for _, target := range []string{"http://" + host + ":" + port + "/", "//" + host + ":" + port + "/", "https://" + host + "/"} {
			_, err := get(t, c, front.URL+"/?to="+url.QueryEscape(target))
			var fe *Error
			refused := []Class{ClassBlockedAddress, ClassBadURL, ClassBadRedirect, ClassDNS}
			if !errors.As(err, &fe) || !slices.Contains(refused, fe.Class) {
				t.Errorf("a redirect to %q was followed: %v", target, err)
			}
		}
	}
	if n := count.Load(); n != 0 {
		t.Errorf("%d connections were opened", n)
	}
}

func bracketed(addresses []string) []string {
	var out []string
	for _, a := range addresses {
		if strings.Contains(a, ":") {
			a = "[" + a + "]"
		}
		out = append(out, a)
	}
	return out
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
		answers [][4]byte // the last one repeats
		classes []Class
	}{
		{"private from the start", [][4]byte{{10, 0, 0, 1}}, []Class{ClassBlockedAddress}},
		{"rebound", [][4]byte{{127, 0, 0, 1}, {127, 0, 0, 3}}, []Class{"", ClassBlockedAddress, ClassBlockedAddress}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(o *Options) {
				o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
				o.AllowPorts = []uint16{port}
			})
			c.dialer.Resolver = fakeResolver(t, tt.answers)
			for i, want := range tt.classes {
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

// noResolver finds no name and asks nobody.
func noResolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no name server in tests")
	}}
}

// fakeResolver answers each A query with the next address, over a pipe.
func fakeResolver(t *testing.T, answers [][4]byte) *net.Resolver {
	t.Helper()
	var asked atomic.Int64
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			answerDNS(server, func() [4]byte {
				n := int(asked.Add(1)) - 1
				return answers[min(n, len(answers)-1)]
			})
		}()
		return client, nil
	}}
}

// answerDNS serves one query in the framing of DNS over TCP, which is what the
// resolver uses on a connection that is no packet connection.
func answerDNS(conn net.Conn, next func() [4]byte) {
	buf := make([]byte, 2+512)
	if _, err := conn.Read(buf[:2]); err != nil {
		return
	}
	n := int(buf[0])<<8 | int(buf[1])
	if _, err := conn.Read(buf[2 : 2+n]); err != nil {
		return
	}
	var m dnsmessage.Message
	if err := m.Unpack(buf[2 : 2+n]); err != nil {
		return
	}
	m.Response = true
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
				Body:   &dnsmessage.AResource{A: next()},
			})
		}
	}
	m.Additionals = nil
	packed, err := m.Pack()
	if err != nil {
		return
	}
	_, _ = conn.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...))
}

func TestPublicIsWhatEveryonesFeedsMayBeFetchedFrom(t *testing.T) {
	t.Parallel()
	g := newGuard([]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}, []uint16{8080})
	for _, a := range []string{"1.1.1.1:80", "[2606:4700::1111]:443", "1.1.1.1:8080"} {
		if !g.public(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(a))) {
			t.Errorf("%s counts as private", a)
		}
	}
	for _, a := range nonPublic {
		if ap := netip.AddrPortFrom(netip.MustParseAddr(a), 80); g.public(net.TCPAddrFromAddrPort(ap)) {
			t.Errorf("%s counts as public", a)
		}
	}
	if g.public(&net.UnixAddr{Name: "/run/x", Net: "unix"}) {
		t.Error("an address that is none counts as public")
	}
}
