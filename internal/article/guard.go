package article

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

const (
	// maxPage bounds a page in bytes, before and after it is decoded.
	maxPage = 3 << 20
	// maxTags bounds its tags, maxCost the nodes that its tree may have.
	maxTags = 60_000
	maxCost = 250_000
	// maxDepth bounds the depth of the tree: the library looks from each element at
	// all that it holds.
	maxDepth = 100
)

// decode returns a page in UTF-8, by its header, its byte order mark or what it
// says of itself.
func decode(p Page) (string, error) {
	kind := p.ContentType
	if kind == "" {
		kind = http.DetectContentType(p.Body)
	}
	if media, _, err := mime.ParseMediaType(kind); err != nil || media != "text/html" && media != "application/xhtml+xml" {
		return "", &Error{Reason: NotAPage}
	}
	if len(p.Body) > maxPage {
		return "", &Error{Reason: TooComplex, cause: errors.New("page is too large")}
	}
	encoding, _, _ := charset.DetermineEncoding(p.Body, kind)
	body, err := encoding.NewDecoder().Bytes(p.Body)
	if err != nil || len(body) > maxPage {
		return "", &Error{Reason: NotAPage, cause: err}
	}
	return strings.ToValidUTF8(string(body), "\uFFFD"), nil
}

// notFree is how publishers tell search engines what only subscribers see
// (https://schema.org/isAccessibleForFree); contentTier is an older mark.
var notFree = regexp.MustCompile(`(?i)"isAccessibleForFree"\s{0,8}:\s{0,8}"?false\b`)

const contentTier = "article:content_tier"

// locked reports whether a page says that it is for subscribers.
func locked(body string) bool {
	if notFree.MatchString(body) {
		return true
	}
	_, after, ok := strings.Cut(body, contentTier)
	if !ok {
		return false
	}
	tag, _, _ := strings.Cut(after[:cutAt(after, 200)], ">")
	return strings.Contains(strings.ToLower(tag), "locked")
}

// isFormatting are the elements that a parser of HTML opens again in every block
// for as long as they are not closed (https://html.spec.whatwg.org/#formatting).
func isFormatting(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike,
		atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// inspect counts what the tree of a page would cost, without building it: every
// tag and text may open all formatting elements anew that are open.
func inspect(body string) error {
	z := html.NewTokenizer(strings.NewReader(body))
	z.SetMaxBuf(maxPage)
	open := map[atom.Atom]int{}
	tags, cost, unclosed := 0, 0, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return &Error{Reason: TooComplex, cause: err}
			}
			return nil
		case html.StartTagToken:
			tags++
			name, _ := z.TagName()
			if a := atom.Lookup(name); isFormatting(a) {
				open[a]++
				unclosed++
			}
		case html.EndTagToken:
			tags++
			name, _ := z.TagName()
			if a := atom.Lookup(name); open[a] > 0 {
				open[a]--
				unclosed--
			}
		case html.SelfClosingTagToken:
			tags++
		case html.TextToken, html.CommentToken, html.DoctypeToken:
		}
		if cost += 1 + unclosed; tags > maxTags || cost > maxCost {
			return &Error{Reason: TooComplex, cause: fmt.Errorf("%d tags, %d nodes or more", tags, cost)}
		}
	}
}

// measure refuses a tree that is too deep or too large.
func measure(root *html.Node) error {
	nodes, depth := 0, 0
	for n := root; n != nil; {
		if nodes++; nodes > maxCost || depth > maxDepth {
			return &Error{Reason: TooComplex, cause: fmt.Errorf("%d nodes or more, %d deep", nodes, depth)}
		}
		if n.FirstChild != nil {
			n, depth = n.FirstChild, depth+1
			continue
		}
		for n != nil && n != root && n.NextSibling == nil {
			n, depth = n.Parent, depth-1
		}
		if n == nil || n == root {
			return nil
		}
		n = n.NextSibling
	}
	return nil
}
