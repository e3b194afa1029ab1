package parse

import (
	"bytes"
	"maps"
)

// role is what an element is to the trimmer.
type role uint8

const (
	roleNone      role = iota // dropped, with everything in it
	roleContainer             // kept, without its text; its children have rules of their own
	roleWhole                 // kept as it is written
	roleText                  // kept, and its text may stand aside
	roleDate                  // kept, and its date written in the one form that gofeed reads at once
)

// rule says what becomes of an element: the name under which it is kept, and
// which of its attributes are.
type rule struct {
	role     role
	name     string
	attrs    []string
	children map[string]rule
	// anyPrefix says that children go by their local name alone.
	anyPrefix bool
	// picture says that nobody looks at elements of this rule behind the first
	// that is an image.
	picture bool
	// date says that gofeed reads a date there.
	date bool
}

// vocabulary is what an element's namespace makes of it: the prefix that gofeed
// knows it by, "" for the format's own.
type vocabulary struct {
	prefix string
	known  bool
}

// vocabularies are the namespaces that are read, as gofeed names them. A
// document that gives one of these prefixes to anything else goes the long way.
var vocabularies = map[string]string{
	"http://purl.org/dc/elements/1.1/":             "dc",
	"http://purl.org/rss/1.0/modules/content/":     "content",
	"http://search.yahoo.com/mrss":                 "media",
	"http://search.yahoo.com/mrss/":                "media",
	"http://www.itunes.com/DTDs/PodCast-1.0.dtd":   "itunes",
	"http://example.com/DTDs/PodCast-1.0.dtd":      "itunes",
	"http://rssnamespace.org/feedburner/ext/1.0":   "feedburner",
	"http://purl.org/rss/1.0/modules/syndication/": "sy",
	"http://www.w3.org/2005/Atom":                  "atom",
	"http://purl.org/atom/ns#":                     "atom03",
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#":  "rdf",
	"http://purl.org/rss/1.0/":                     "rss",
	"http://channel.netscape.com/rdf/simple/0.9/":  "rss",
	"http://my.netscape.com/rdf/simple/0.9/":       "rss",
}

// rules are the children of a format's root.
func rules(f format) map[string]rule {
	if f == formatAtom {
		return atomRules
	}
	return rssRules
}

var (
	rssRules = ruleSet(
		container("channel", rssChannel),
		container("item", rssItem), // as RSS 1.0 has it
	)
	rssChannel = ruleSet(
		elements(roleText, nil, "title"),
		elements(roleWhole, nil, "language", "ttl", "skiphours", "skipdays", "dc:title", "dc:language",
			"sy:updatePeriod", "sy:updateFrequency"),
		elements(roleWhole, []string{"href"}, "link"),
		elements(roleContainer, []string{"rel", "href"}, "atom:link", "atom10:link", "atom03:link"),
		container("item", rssItem),
	)
	rssItem = ruleSet(
		elements(roleText, nil, "title", "description", "content:encoded"),
		elements(roleText, []string{"href"}, "link"),
		elements(roleText, []string{"isPermaLink", "isPermalink"}, "guid"),
		elements(roleContainer, []string{"url", "type"}, "enclosure"),
		elements(roleDate, nil, "pubdate", "dc:date"),
		elements(roleWhole, nil, "author", "category",
			"dc:title", "dc:description", "dc:author", "dc:creator", "dc:subject",
			"itunes:summary", "itunes:author", "itunes:keywords", "feedburner:origLink"),
		elements(roleContainer, []string{"href"}, "itunes:image"),
		map[string]rule{"media:content": picture},
		media, atomInRSS("atom"), atomInRSS("atom10"), atomInRSS("atom03"),
	)
	atomRules = ruleSet(
		elements(roleText, []string{"type", "mode"}, "title"),
		elements(roleWhole, nil, "sy:updatePeriod", "sy:updateFrequency"),
		elements(roleContainer, []string{"rel", "href"}, "link"),
		container("entry", atomEntry),
	)
	atomEntry = ruleSet(
		elements(roleText, []string{"type", "mode"}, "title", "summary", "content"),
		elements(roleWhole, []string{"type", "mode"}, "id"),
		dates([]string{"type", "mode"}, "published", "issued", "updated", "modified"),
		elements(roleWhole, nil, "author", "feedburner:origLink"),
		elements(roleContainer, []string{"rel", "href"}, "link"),
		elements(roleContainer, []string{"term", "label"}, "category"),
		media,
	)
	media = ruleSet(
		elements(roleWhole, nil, "media:description"),
		elements(roleContainer, []string{"url"}, "media:thumbnail"),
		map[string]rule{"media:group": {
			role: roleContainer, name: "media:group", children: map[string]rule{"content": picture}, anyPrefix: true,
		}},
	)
	picture = rule{role: roleContainer, name: "media:content", attrs: []string{"url", "type", "medium"}, picture: true}
)

func container(name string, children map[string]rule) map[string]rule {
	return map[string]rule{name: {role: roleContainer, name: name, children: children}}
}

func elements(r role, attrs []string, names ...string) map[string]rule {
	out := make(map[string]rule, len(names))
	for _, n := range names {
		out[n] = rule{role: r, name: n, attrs: attrs}
	}
	return out
}

// dates are elements whose dates stay as they are written.
func dates(attrs []string, names ...string) map[string]rule {
	out := elements(roleWhole, attrs, names...)
	for name, r := range out {
		r.date = true
		out[name] = r
	}
	return out
}

func atomInRSS(prefix string) map[string]rule {
	p := prefix + ":"
	return ruleSet(
		elements(roleWhole, nil, p+"summary", p+"content", p+"author"),
		dates(nil, p+"updated", p+"published"),
		elements(roleContainer, []string{"rel", "href"}, p+"link"),
		elements(roleContainer, []string{"term"}, p+"category"),
	)
}

func ruleSet(parts ...map[string]rule) map[string]rule {
	out := map[string]rule{}
	for _, p := range parts {
		maps.Copy(out, p)
	}
	return out
}

// root decides what format the document has.
func (t *trimmer) root(prefix, local []byte) (rule, bool) {
	r := rule{role: roleContainer}
	switch {
	case bytes.EqualFold(local, []byte("rss")), bytes.EqualFold(local, []byte("rdf")):
		t.format, r.name = formatRSS, "rss"
	case bytes.EqualFold(local, []byte("feed")):
		t.format, r.name, r.attrs = formatAtom, "feed", []string{"lang"}
	default:
		return r, false
	}
	r.children = rules(t.format)
	own := t.vocabulary(prefix)
	// gofeed takes an unknown namespace of the root for the format's own.
	return r, own.known && own.prefix == ""
}

// rule finds what becomes of an element inside the innermost one.
func (t *trimmer) rule(prefix, local []byte) rule {
	parent := t.stack[len(t.stack)-1].rule
	if parent.children == nil {
		return rule{}
	}
	if parent.anyPrefix {
		return parent.children[string(local)]
	}
	v := t.vocabulary(prefix)
	if !v.known {
		return rule{}
	}
	var buf [48]byte
	if len(v.prefix)+1+len(local) > len(buf) {
		return rule{}
	}
	key := buf[:0]
	if v.prefix != "" {
		key = append(append(key, v.prefix...), ':')
	}
	// The format's own names are compared without regard to case, as is
	// content:encoded.
	if v.prefix == "" || v.prefix == "content" {
		for _, c := range local {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			key = append(key, c)
		}
	} else {
		key = append(key, local...)
	}
	return parent.children[string(key)]
}

// vocabulary resolves an element's prefix. An undeclared one stands for itself.
func (t *trimmer) vocabulary(prefix []byte) vocabulary {
	for i := len(t.spaces) - 1; i >= 0; i-- {
		if bytes.Equal(t.spaces[i].prefix, prefix) {
			v := t.spaces[i].vocabulary
			if t.native(v.prefix) {
				v.prefix = ""
			}
			return v
		}
	}
	v := vocabulary{prefix: string(prefix), known: true}
	if t.format == formatRSS && t.native(v.prefix) {
		v.prefix = ""
	}
	return v
}

// native tells whether a vocabulary is the format's own.
func (t *trimmer) native(prefix string) bool {
	if t.format == formatAtom {
		return prefix == "atom" || prefix == "atom03"
	}
	return prefix == "rdf" || prefix == "rss"
}

// declare takes note of a namespace. It reports false for one that gofeed could
// read in another way than its prefix says.
func (t *trimmer) declare(a attribute) bool {
	prefix := a.name[min(len("xmlns:"), len(a.name)):]
	b := binding{prefix: prefix}
	b.vocabulary.prefix, b.known = vocabularies[string(a.value)]
	switch {
	case b.known:
	case len(a.value) == 0:
		if len(prefix) > 0 {
			return false
		}
		b.known = true
	case bytes.IndexByte(a.value, ':') < 0, bytes.ContainsAny(a.value, "& \t\r\n"), isReserved(string(prefix)):
		return false
	}
	t.spaces = append(t.spaces, b)
	return true
}

// isReserved names the prefixes that stand for something whatever they are
// declared to be, and those that read as an attribute.
func isReserved(prefix string) bool {
	switch prefix {
	case "dc", "content", "media", "itunes", "feedburner", "sy", "atom", "atom10", "atom03", "rss", "rdf",
		"url", "medium", "type", "length", "rel", "href", "term", "label", "lang", "mode", "isPermaLink", "isPermalink":
		return true
	}
	return false
}
