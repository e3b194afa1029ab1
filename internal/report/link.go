package report

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// maxLink is the longest link in bytes that is taken for one.
const maxLink = 2048

// ErrNoLink is returned by [CanonicalLink] for what is not a web address.
var ErrNoLink = errors.New("not an http or https address")

// CanonicalLink reduces an article's address to the form under which it is the
// same article: https, host in lower case and ASCII without "www." and the
// marks of mobile and AMP editions, no default port, no user, no fragment
// (except "#!" routes), no tracking parameters, the other parameters sorted,
// percent-encoding as short as it can be, no slash at the end.
//
// The result is for comparing, not for opening: nothing promises that a server
// answers there. It is never fetched, and redirects are not followed. The
// canonical form of a canonical link is itself. Errors wrap [ErrNoLink].
func CanonicalLink(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxLink {
		return "", fmt.Errorf("%w: longer than %d bytes", ErrNoLink, maxLink)
	}
	link, err := reduce(raw)
	// One reduction can uncover what the next removes, such as the AMP mark
	// of a page inside an AMP cache. Each makes the link shorter or is the last.
	for range maxReductions {
		if err != nil {
			break
		}
		before := link
		if link, err = reduce(link); link == before {
			break
		}
	}
	return link, err
}

// maxReductions is far more than any link has layers.
const maxReductions = 16

// reduce does one round of CanonicalLink.
func reduce(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("%w: malformed", ErrNoLink)
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" || u.Opaque != "" {
		return "", ErrNoLink
	}
	host, path := unwrapAMPCache(u.Hostname(), u.EscapedPath())
	host, err = canonicalHost(host)
	if err != nil {
		return "", err
	}
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		host += ":" + p
	}
	out := "https://" + host + canonicalPath(path)
	if q := canonicalQuery(u.RawQuery); q != "" {
		out += "?" + q
	}
	if strings.HasPrefix(u.Fragment, "!") {
		out += "#" + normalizeEscapes(u.EscapedFragment())
	}
	return out, nil
}

// ShownLink is the address to show to people: as it was given, without the
// query parameters that only tell where a reader came from. Unlike a canonical
// link it can be opened.
func ShownLink(raw string) string {
	rest, fragment, _ := strings.Cut(raw, "#")
	page, query, ok := strings.Cut(rest, "?")
	if !ok {
		return raw
	}
	var kept []string
	for param := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(param, "=")
		if !isTracking(normalizeEscapes(name), normalizeEscapes(value)) {
			kept = append(kept, param)
		}
	}
	if q := strings.Join(kept, "&"); q != "" {
		page += "?" + q
	}
	if fragment != "" {
		page += "#" + fragment
	}
	return page
}

// isFrontPage tells whether a canonical link names a site and no article.
func isFrontPage(canonical string) bool {
	return !strings.ContainsAny(strings.TrimPrefix(canonical, "https://"), "/?#")
}

// unwrapAMPCache returns the publisher's address out of Google's copies of AMP
// pages: www.google.com/amp/s/HOST/PATH and *.cdn.ampproject.org/c/s/HOST/PATH.
func unwrapAMPCache(host, path string) (string, string) {
	lower := strings.ToLower(host)
	var rest string
	switch {
	case (lower == "www.google.com" || lower == "google.com") && strings.HasPrefix(path, "/amp/"):
		rest = strings.TrimPrefix(path, "/amp/")
	case strings.HasSuffix(lower, ".cdn.ampproject.org") && len(path) > 3 && path[2] == '/':
		rest = path[3:] // "/c/", "/v/" and other one-letter kinds
	default:
		return host, path
	}
	rest = strings.TrimPrefix(rest, "s/")
	inner, tail, _ := strings.Cut(rest, "/")
	if !strings.Contains(inner, ".") || strings.ContainsAny(inner, "%@:") {
		return host, path
	}
	return inner, "/" + tail
}

// isEditionLabel recognises first labels of hosts that mark an edition of the
// same site rather than another site.
func isEditionLabel(label string) bool {
	switch label {
	case "www", "m", "mobile", "amp":
		return true
	}
	return false
}

func canonicalHost(host string) (string, error) {
	host = strings.ToLower(strings.TrimRight(host, "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Is6() {
			return "[" + ip.WithZone("").String() + "]", nil
		}
		return ip.String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		// Names with an underscore are in use although they break the rules.
		if ascii, err = idna.Punycode.ToASCII(host); err != nil {
			return "", fmt.Errorf("%w: malformed host", ErrNoLink)
		}
	}
	if ascii == "" || strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" {
		return "", fmt.Errorf("%w: malformed host", ErrNoLink)
	}
	// Two labels must remain: "m.com" is a site, not the mobile "com". Wikipedia
	// and some others carry the mark in second place: en.m.wikipedia.org.
	labels := strings.Split(ascii, ".")
	for len(labels) > 2 && isEditionLabel(labels[0]) {
		labels = labels[1:]
	}
	for len(labels) > 3 && labels[1] == "m" {
		labels = slices.Delete(labels, 1, 2)
	}
	return strings.Join(labels, "."), nil
}

func canonicalPath(escaped string) string {
	path := normalizeEscapes(escaped)
	// Each step can uncover another.
	for {
		before := path
		path = strings.TrimRight(removeDotSegments(path), "/")
		path = dropAMP(path)
		if path == before {
			return path
		}
	}
}

// dropAMP removes what marks the AMP edition at either end of a path, unless
// it is the whole path.
func dropAMP(path string) string {
	for _, suffix := range []string{"/amp", ".amp", "/amp.html"} {
		if cut, ok := strings.CutSuffix(path, suffix); ok && strings.Trim(cut, "/") != "" {
			return cut
		}
	}
	if cut, ok := strings.CutSuffix(path, ".amp.html"); ok && strings.Trim(cut, "/") != "" {
		return cut + ".html"
	}
	if cut, ok := strings.CutPrefix(path, "/amp/"); ok && strings.Trim(cut, "/") != "" {
		return "/" + cut
	}
	return path
}

// removeDotSegments resolves "." and ".." as RFC 3986 section 5.2.4 does.
func removeDotSegments(path string) string {
	if !strings.Contains(path, "/.") {
		return path
	}
	path = "/" + strings.TrimPrefix(path, "/")
	var out []string
	for seg := range strings.SplitSeq(path, "/") {
		switch seg {
		case ".":
		case "..":
			if len(out) > 1 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, seg)
		}
	}
	return strings.Join(out, "/")
}

func canonicalQuery(raw string) string {
	var kept []string
	for param := range strings.SplitSeq(raw, "&") {
		param = normalizeEscapes(param)
		name, value, _ := strings.Cut(param, "=")
		if name == "" || isTracking(name, value) {
			continue
		}
		kept = append(kept, strings.TrimSuffix(param, "="))
	}
	slices.Sort(kept)
	return strings.Join(slices.Compact(kept), "&")
}

// normalizeEscapes writes each byte in its one canonical form: unreserved
// characters plain, what must be escaped as %XX in upper case. A stray percent
// sign becomes %25.
func normalizeEscapes(s string) string {
	const upperHex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' {
			escaped = true
			if v, ok := escape(s[i:]); ok {
				c = v
				i += 2
			}
		}
		switch {
		case isUnreserved(c), !escaped && c > ' ' && c < 0x7f && !strings.ContainsRune("\"<>\\^`{|}", rune(c)):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

// escape reads what an escape at the beginning of s stands for, such as %2F.
func escape(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	v, err := strconv.ParseUint(s[1:3], 16, 8)
	return byte(v), err == nil
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
