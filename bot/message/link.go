package message

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Link is an address that may be shown to people as a link.
type Link struct {
	// URL is http or https, ASCII, at most [MaxURL] bytes, with every character
	// escaped that could end a link in markup.
	URL string
	// Host is the host in ASCII (Punycode where needed) without the port: what a
	// reader can trust, whatever the text around it says.
	Host string
}

// CheckLink returns the link for a raw address, and false when it may not be
// shown: not http or https, without a host, with a user name or password, longer
// than [MaxURL], with control characters or spaces, or leading to an invitation,
// a gift or an authorisation of Discord, which a headline must never offer.
func CheckLink(raw string) (Link, bool) {
	if len(raw) > MaxURL || !utf8.ValidString(raw) || strings.ContainsFunc(raw, unseemly) {
		return Link{}, false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return Link{}, false
	}
	host, ok := asciiHost(u.Hostname())
	if !ok || trap(host, u.Path) {
		return Link{}, false
	}
	port := u.Port()
	u.Host = host
	if strings.Contains(host, ":") {
		u.Host = "[" + host + "]"
	}
	if port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return Link{}, false
		}
		u.Host += ":" + port
	}
	out := asciiURL(u.String())
	if len(out) > MaxURL {
		return Link{}, false
	}
	return Link{URL: out, Host: host}, true
}

// unseemly reports characters that no address has and that could end or disguise
// it: spaces, controls, format characters and a backslash, which browsers read
// as a slash.
func unseemly(r rune) bool {
	return r == '\\' || unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) || r == utf8.RuneError
}

// asciiHost returns the host in lower-case ASCII.
func asciiHost(host string) (string, bool) {
	// Percent escapes are decoded by now, so that anything may have come out of
	// them. A zone, after "%", names an interface of the reader's machine.
	if host == "" || strings.Contains(host, "%") || !utf8.ValidString(host) || strings.ContainsFunc(host, unseemly) {
		return "", false
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.String(), true
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || len(ascii) > 253 || strings.Contains("."+ascii+".", "..") {
		return "", false // a label is empty, or there is none
	}
	if again, err := idna.Lookup.ToASCII(ascii); err != nil || again != ascii {
		return "", false // Punycode that stands for no name
	}
	for _, c := range []byte(ascii) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.') {
			return "", false
		}
	}
	return ascii, true
}

// trapHosts lead straight into joining a guild or taking a gift.
var trapHosts = []string{"discord.gg", "discord.gift", "discord.new", "dsc.gg", "invite.gg", "discord.me"}

// trapPaths on Discord's own hosts do the same, or authorise an application.
var trapPaths = []string{"/invite", "/oauth2", "/api", "/gifts", "/template", "/login", "/activities"}

func trap(host, path string) bool {
	on := func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }
	if slices.ContainsFunc(trapHosts, on) {
		return true
	}
	if !on("discord.com") && !on("discordapp.com") {
		return false
	}
	// Servers fold case and repeated slashes; so does this.
	path = "/" + strings.TrimLeft(strings.ToLower(path), "/")
	return slices.ContainsFunc(trapPaths, func(p string) bool { return strings.HasPrefix(path, p) })
}

// asciiURL escapes what is not ASCII and the characters that end a link in
// Discord's markup or in quotes.
func asciiURL(s string) string {
	const hex = "0123456789ABCDEF"
	// The brackets of an IPv6 host must stay; they stand before the path.
	start := strings.Index(s, "//") + 2
	if i := strings.IndexAny(s[start:], "/?#"); i >= 0 {
		start += i
	} else {
		start = len(s)
	}
	var b strings.Builder
	b.WriteString(s[:start])
	for i := start; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("<>\"`()[]{}|^", c) >= 0 || c == '%' && !isEscape(s[i:]) {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// isEscape reports whether s begins with a percent escape.
func isEscape(s string) bool {
	return len(s) >= 3 && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
