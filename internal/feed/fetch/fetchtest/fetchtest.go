// Package fetchtest owns the hostile side of a test of fetching: addresses that
// no feed, page or hub may lead to, in every spelling, a listener that counts who
// came all the same, and a server that stands for the public internet.
package fetchtest

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// front is where the public internet is played: an address of loopback that no
// spelling in this package leads to.
const front = "127.9.8.7"

// World is what a client under test may meet.
type World struct {
	// URL is the address of the front, a server that a client may reach; it has no
	// slash at its end.
	URL string
	// Opened and Ports are what a client's options must open for that: the front's
	// network, and the ports of front and trap.
	Opened []netip.Prefix
	Ports  []uint16
	trap   uint16
	came   *atomic.Int64
}

// Open starts the front, which h answers for, and the trap, which listens on every
// address of this machine. Where loopback is one address only, the test is skipped.
func Open(tb testing.TB, h http.Handler) World {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(tb.Context(), "tcp", front+":0")
	if err != nil {
		tb.Skipf("no second address of loopback here: %v", err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h}} //nolint:gosec // ends with the test
	s.Start()
	tb.Cleanup(s.Close)
	trap, came := Trap(tb)
	at := netip.MustParseAddrPort(l.Addr().String())
	return World{
		URL: "http://" + at.String(), Opened: []netip.Prefix{netip.PrefixFrom(at.Addr(), 32)}, Ports: []uint16{at.Port(), trap},
		trap: trap, came: came,
	}
}

// Trap listens on every address of this machine and counts who connects to any
// but the front's.
func Trap(tb testing.TB) (port uint16, came *atomic.Int64) {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(tb.Context(), "tcp", ":0")
	if err != nil {
		tb.Fatal(err)
	}
	came = new(atomic.Int64)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if at := netip.MustParseAddrPort(c.LocalAddr().String()).Addr().Unmap(); at.String() != front {
				came.Add(1) // the front is public at any port
			}
			_ = c.Close()
		}
	})
	tb.Cleanup(func() {
		_ = l.Close()
		serving.Wait()
	})
	return netip.MustParseAddrPort(l.Addr().String()).Port(), came
}

// Came is how many connections were made to the trap so far.
func (w World) Came() int64 { return w.came.Load() }

// Names are those that a hostile name server has addresses for: one of the trap, the
// metadata services of clouds, and such as lead to the public internet and inside
// at once.
func Names() map[string][]netip.Addr {
	inside, outside := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr(front)
	meta := netip.MustParseAddr("169.254.169.254")
	return map[string][]netip.Addr{
		"inside.example": {inside}, "inside6.example": {netip.IPv6Loopback()}, "mapped.example": {netip.MustParseAddr("::ffff:127.0.0.1")},
		"metadata.google.internal": {meta}, "metadata": {meta}, "instance-data": {meta}, "169.254.169.254.nip.example": {meta},
		"mixed.example": {outside, inside}, "mixed-turned.example": {inside, outside}, "mixed6.example": {outside, netip.IPv6Loopback()},
		"everything.example": {netip.IPv6Unspecified(), netip.IPv6Loopback(), netip.MustParseAddr("0.0.0.0"), inside, meta, outside},
	}
}

// Hostile are addresses at the trap's port: whoever follows one is counted, or
// would be where the address is this machine's.
func (w World) Hostile(scheme string) []string {
	var out []string
	for _, h := range slices.Concat(Hosts(), slices.Sorted(maps.Keys(Names()))) {
		out = append(out, fmt.Sprintf("%s://%s:%d/", scheme, h, w.trap))
	}
	return out
}

// Resolver knows [Names] only.
func (w World) Resolver() *net.Resolver {
	names := Names()
	return Resolver(func(name string) []netip.Addr { return names[name] })
}
