package fetch

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// neverPrefixes returns the networks that no option opens: the metadata and
// credential services that clouds answer on without asking who is there. All
// of link-local is among them, since no feed lives there and most such
// services do.
func neverPrefixes() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("169.254.0.0/16"),         // AWS, Google, Azure, Oracle, DigitalOcean; ECS and EKS credentials
		netip.MustParsePrefix("168.63.129.16/32"),       // Azure wire server; formally a public address
		netip.MustParsePrefix("100.100.100.200/32"),     // Alibaba
		netip.MustParsePrefix("192.0.0.192/32"),         // Oracle, first generation
		netip.MustParsePrefix("fe80::/10"),              // link-local, OpenStack's fe80::a9fe:a9fe among it
		netip.MustParsePrefix("fd00:ec2::/32"),          // AWS over IPv6
		netip.MustParsePrefix("fd20:ce::/32"),           // Google over IPv6
		netip.MustParsePrefix("fd00:c1::a9fe:a9fe/128"), // Oracle over IPv6
	}
}

// guard decides which socket addresses may be connected to.
type guard struct {
	never []netip.Prefix
	safe  *ssrf.Guardian
	// closed is safe without what the operator opened.
	closed *ssrf.Guardian
}

func newGuard(allowPrivate []netip.Prefix, ports []uint16) guard {
	var v4, v6 []netip.Prefix
	for _, p := range allowPrivate {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return guard{
		never: neverPrefixes(),
		safe: ssrf.New(
			ssrf.WithAllowedV4Prefixes(v4...),
			ssrf.WithAllowedV6Prefixes(v6...),
			ssrf.WithPorts(ports...),
		),
		closed: ssrf.New(ssrf.WithAnyPort()),
	}
}

// public reports whether an address that was connected to is open to everyone's
// feeds, not only to those of an operator who allowed it.
func (g guard) public(a net.Addr) bool {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return false
	}
	ip := ap.Addr().WithZone("").Unmap()
	if v4, ok := embeddedIPv4(ip); ok && g.closed.SafeAddr(v4) != nil {
		return false
	}
	return g.checkNever(ip) == nil && g.closed.SafeAddr(ip) == nil
}

// control is a [net.Dialer.Control]: it sees the resolved address right before
// the connection is opened, and an error keeps it closed.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ssrf.ErrInvalidHostPort, address)
	}
	ip := ap.Addr().WithZone("")
	if err := g.checkNever(ip); err != nil {
		return err
	}
	// A gateway unpacks such an address again, so an operator who opens
	// 64:ff9b::/96 must not have opened 64:ff9b::127.0.0.1 with it.
	if v4, ok := embeddedIPv4(ip); ok {
		if err := g.checkNever(v4); err != nil {
			return err
		}
		if err := g.safe.SafeAddr(v4); err != nil {
			return err
		}
	}
	return g.safe.Safe(network, address, conn)
}

func (g guard) checkNever(ip netip.Addr) error {
	contains := func(p netip.Prefix) bool { return p.Contains(ip) }
	if slices.ContainsFunc(g.never, contains) {
		return fmt.Errorf("%w: %s is a metadata address", ssrf.ErrProhibitedIP, ip)
	}
	return nil
}

// embeddedIPv4 finds the IPv4 address that an IPv6 address carries: mapped
// (::ffff:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96, 64:ff9b:1::/48)
// and 6to4 (2002::/16).
func embeddedIPv4(ip netip.Addr) (netip.Addr, bool) {
	if !ip.Is6() {
		return netip.Addr{}, false
	}
	b := ip.As16()
	last := netip.AddrFrom4([4]byte(b[12:16]))
	switch {
	case ip.Is4In6(),
		netip.MustParsePrefix("64:ff9b::/96").Contains(ip),
		netip.MustParsePrefix("64:ff9b:1::/48").Contains(ip):
		return last, true
	case netip.MustParsePrefix("2002::/16").Contains(ip):
		return netip.AddrFrom4([4]byte(b[2:6])), true
	case netip.MustParsePrefix("::/96").Contains(ip) && ip != netip.IPv6Loopback() && ip != netip.IPv6Unspecified():
		return last, true
	}
	return netip.Addr{}, false
}
