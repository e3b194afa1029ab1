package parse

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/attache-bot/attache/internal/text"
)

// The bounds of what a page may say about its feeds.
const (
	maxPage       = 1 << 20
	maxAlternates = 20
	maxAddress    = 2048
	maxPageTokens = 100_000
)

// Alternate is a feed that a page names.
type Alternate struct {
	// URL is absolute, http or https; Title is clean text on one line, "" when the
	// page gives none.
	URL, Title string
}

// Alternates returns the feeds that an HTML page names by <link rel="alternate">,
// in its order and each once, of those with an address that could be asked. base
// is the page's address.
func Alternates(page []byte, base string) []Alternate {
	at, err := url.Parse(base)
	if err != nil {
		return nil
	}
	var out []Alternate
	z := html.NewTokenizer(io.LimitReader(bytes.NewReader(page), maxPage))
	z.SetMaxBuf(maxPage)
	for range maxPageTokens {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), io.EOF) || len(out) > 0 {
				return out
			}
			return nil
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		tag := z.Token()
		switch tag.DataAtom {
		case atom.Base:
			if to, err := at.Parse(attributeOf(tag, "href")); err == nil && webAddress(to) {
				at = to
			}
		case atom.Link:
			if a, ok := alternate(tag, at); ok && !slices.ContainsFunc(out, func(o Alternate) bool { return o.URL == a.URL }) {
				out = append(out, a)
			}
		}
		if len(out) == maxAlternates {
			return out
		}
	}
	return out
}

// alternate reads a link that names a feed.
func alternate(tag html.Token, base *url.URL) (Alternate, bool) {
	if !slices.Contains(strings.Fields(strings.ToLower(attributeOf(tag, "rel"))), "alternate") {
		return Alternate{}, false
	}
	kind, _, _ := strings.Cut(strings.ToLower(attributeOf(tag, "type")), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
	default:
		return Alternate{}, false
	}
	to, err := base.Parse(strings.TrimSpace(attributeOf(tag, "href")))
	if err != nil || !webAddress(to) {
		return Alternate{}, false
	}
	to.Fragment, to.RawFragment = "", ""
	return Alternate{URL: to.String(), Title: text.Cut(text.Clean(attributeOf(tag, "title")), 100)}, true
}

func webAddress(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && len(u.String()) <= maxAddress
}

func attributeOf(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
