package fetchtest

import (
	"fmt"
	"net/netip"
)

// NonPublic are addresses that no feed may lead to: of this machine, of private
// and shared networks, of clouds' metadata, of documentation, multicast and what
// nobody has, and the forms of IPv6 that carry one of IPv4.
func NonPublic() []string {
	return []string{
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
}

// Hosts are hosts of URLs that lead to none but such addresses, or nowhere: the
// addresses in every spelling that some resolver or library takes, hosts that hide
// one behind a user name, an escape or a zone, and names.
func Hosts() []string {
	out := []string{
		"localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001", "017700000001", "127.1", "127.0.1",
		"0x7f.0.0.1", "0177.0.0.1", "127.000.000.001", "127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1",
		"127．0．0．1", "ⓛocalhost", "%31%32%37.0.0.1", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
		"[::1%25lo]", "[::1%25]", "[fe80::1%25eth0]", "[::1%lo]", "[0000::0001]", "[0:0:0:0:0:0:0:1]", "0", "127.0.0.1%00.example.org",
		"example.org@127.0.0.1", "127.0.0.1\\@example.org", "user:pass@127.0.0.1", "127.0.0.1:80@127.0.0.1", "@127.0.0.1", ":@127.0.0.1",
		"127.0.0.1 ", " 127.0.0.1", "127.0.0.1\t", "127.0.0.1\r\nHost: x", "[::1", "::1", "[127.0.0.1]", "127.0.0.1:80", "[v1.127.0.0.1]",
		"[::ffff:127.0.0.1%25lo]", "127.0.0.1,example.org", "127.0.0.1;example.org", "127.0.0.1&example.org", "4294967296", "256.0.0.1", "-1",
	}
	for _, a := range NonPublic() {
		ip := netip.MustParseAddr(a)
		if ip.Is4() {
			out = append(out, spellings(ip)...)
			continue
		}
		out = append(out, "["+a+"]", "["+ip.StringExpanded()+"]")
	}
	return out
}

// spellings are ways to write an IPv4 address.
func spellings(ip netip.Addr) []string {
	b := ip.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	high, low := n>>16, n&0xffff
	return []string{
		ip.String(), ip.String() + ".",
		fmt.Sprintf("%d", n), fmt.Sprintf("%#x", n), fmt.Sprintf("%#o", n),
		fmt.Sprintf("%#x.%#x.%#x.%#x", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%#o.%#o.%#o.%#o", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%d.%d", b[0], n&0xffffff),
		fmt.Sprintf("%d.%d.%d", b[0], b[1], low),
		"[::ffff:" + ip.String() + "]", fmt.Sprintf("[::ffff:%x:%x]", high, low), fmt.Sprintf("[0:0:0:0:0:FFFF:%X:%X]", high, low), // mapped
		"[::" + ip.String() + "]",                                    // compatible
		"[::ffff:0:" + ip.String() + "]",                             // translated, RFC 2765
		"[64:ff9b::" + ip.String() + "]",                             // NAT64
		"[64:ff9b:1::" + ip.String() + "]",                           // NAT64 of a local network
		fmt.Sprintf("[2002:%x:%x::]", high, low),                     // 6to4
		fmt.Sprintf("[2002:%x:%x::1]", high, low),                    // 6to4
		fmt.Sprintf("[2001:0:%x:%x::]", high, low),                   // a Teredo server
		fmt.Sprintf("[2001::ffff:%x:%x]", ^high&0xffff, ^low&0xffff), // a client behind Teredo
		"[fe80::5efe:" + ip.String() + "]",                           // ISATAP
		"[fe80::" + ip.String() + "%25eth0]",                         // with a zone
	}
}
