package fetchtest

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Resolver returns a resolver that asks nobody. answer gives the addresses of a
// name, each time that it is asked for; none for a name that there is not.
func Resolver(answer func(name string) []netip.Addr) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			serve(server, answer)
		}()
		return client, nil
	}}
}

// serve answers one query in the framing of DNS over TCP, which is what the
// resolver uses on a connection that is no packet connection.
func serve(conn net.Conn, answer func(name string) []netip.Addr) {
	buf := make([]byte, 2+512)
	if _, err := conn.Read(buf[:2]); err != nil {
		return
	}
	n := int(buf[0])<<8 | int(buf[1])
	if n > len(buf)-2 {
		return
	}
	if _, err := conn.Read(buf[2 : 2+n]); err != nil {
		return
	}
	var m dnsmessage.Message
	if err := m.Unpack(buf[2 : 2+n]); err != nil {
		return
	}
	m.Response, m.Additionals = true, nil
	for _, q := range m.Questions {
		found := answer(strings.TrimSuffix(q.Name.String(), "."))
		if len(found) == 0 {
			m.RCode = dnsmessage.RCodeNameError
		}
		for _, ip := range found {
			if r, ok := resource(q, ip); ok {
				m.Answers = append(m.Answers, r)
			}
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return
	}
	// Who asked may have gone.
	_, _ = conn.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...))
}

// resource is an address as an answer to a question of its kind.
func resource(q dnsmessage.Question, ip netip.Addr) (dnsmessage.Resource, bool) {
	h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
	switch {
	case q.Type == dnsmessage.TypeA && ip.Is4():
		return dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: ip.As4()}}, true
	case q.Type == dnsmessage.TypeAAAA && ip.Is6():
		return dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}}, true
	}
	return dnsmessage.Resource{}, false
}
