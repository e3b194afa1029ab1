package fetch

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxURL is the longest URL in bytes that is polled or followed.
const MaxURL = 2048

// CheckURL parses the address of a feed and refuses what is never polled:
// other schemes than http and https, a missing host, a user name or password,
// an impossible port, control characters and blanks, over [MaxURL] bytes. It
// says nothing about whether the host may be reached; that is decided when it
// is dialled. The fragment is dropped, and bytes beyond ASCII are escaped. Errors are [*Error] of [ClassBadURL].
func CheckURL(raw string) (*url.URL, error) {
	u, err := parseURL(raw)
	if err != nil {
		return nil, &Error{Class: ClassBadURL, cause: err}
	}
	return u, nil
}

func parseURL(raw string) (*url.URL, error) {
	if len(raw) > MaxURL {
		return nil, errors.New("url is too long")
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, errors.New("url holds blanks or control characters")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, withoutURL(err)
	}
	if err := checkParts(u); err != nil {
		return nil, err
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escaped(u.RawQuery)
	return u, nil
}

// escaped is a query whose bytes beyond ASCII are escaped, as browsers send them and
// net/url does in paths: in a redirect they may be of any charset, and no text.
func escaped(query string) string {
	var b strings.Builder
	rest := 0
	for i := range len(query) {
		if query[i] >= utf8.RuneSelf {
			b.WriteString(query[rest:i])
			fmt.Fprintf(&b, "%%%02X", query[i])
			rest = i + 1
		}
	}
	if rest == 0 {
		return query
	}
	return b.String() + query[rest:]
}

func checkParts(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("url scheme is neither http nor https")
	case u.Opaque != "" || u.Hostname() == "":
		return errors.New("url has no host")
	case u.User != nil:
		return errors.New("url holds a user name")
	case len(u.Hostname()) > 253:
		return errors.New("url host is too long")
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.ParseUint(p, 10, 16); err != nil || n == 0 {
			return errors.New("url port is out of range")
		}
	}
	return nil
}

// withoutURL takes the reason out of an error of net/url, which repeats the
// whole URL; there may be a key in it.
func withoutURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}
