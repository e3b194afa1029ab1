package config

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Limits of a catalogue, against files that are no catalogue.
const (
	maxSources  = 5_000
	maxURL      = 2_048
	minFeedTime = time.Second
)

// Source is an outlet as a catalogue lists it. What its fields may hold is for
// the catalogue's reader to judge; here they are only known to be of the right
// kind.
type Source struct {
	ID, Name, Country, Language, Tier, Owner string
	// Wires are the ids of the wire sources whose copy the outlet carries.
	Wires           []string
	StateControlled bool
	// Feeds may be empty: wires without feeds stand in the catalogue so that
	// others can name them.
	Feeds []Feed
	// Where is the file and line of the entry, for errors.
	Where string
}

// Feed is one address of an outlet.
type Feed struct {
	URL string
	// Every is the time between two polls; zero means that the catalogue names
	// none.
	Every time.Duration
	// Section says which part of the outlet it is, e.g. "world"; may be empty.
	Section string
	// Articles says that the bot may fetch the pages behind the feed's reports.
	Articles bool
	// Origin tells where the address is known from; may be zero.
	Origin Origin
	// Where is the file and line of the entry, for errors.
	Where string
}

// LoadSources reads the catalogue that f asks for: the built-in one or the file
// that replaces it, and then the additions. Its error is [Problems].
func LoadSources(f Feeds) ([]Source, error) {
	var problems Problems
	read := func(name string) []Source {
		data, err := readBounded(name, maxFile)
		if err != nil {
			problems = append(problems, Problem{What: "read feeds: " + err.Error(), Remedy: "check feeds.file and feeds.extra"})
			return nil
		}
		return parseSources(filepath.ToSlash(name), data, &problems)
	}
	var sources []Source
	if f.File != "" {
		sources = read(f.File)
	} else {
		sources = parseSources("feeds.yaml (built in)", builtInFeeds, &problems)
	}
	for _, name := range f.Extra {
		sources = merge(sources, read(name))
	}
	if len(problems) == 0 {
		// Only now, because a replaced source no longer counts.
		problems = append(problems, repeatedURLs(sources)...)
	}
	return sources, problems.err()
}

// ParseFeeds reads a catalogue strictly: unknown keys, repeated ids and
// unusable addresses are [Problems], each with its line in the named file.
func ParseFeeds(name string, data []byte) ([]Source, error) {
	var problems Problems
	sources := parseSources(name, data, &problems)
	if len(problems) == 0 {
		problems = append(problems, repeatedURLs(sources)...)
	}
	return sources, problems.err()
}

// merge adds sources, each in the place of the one whose id it bears.
func merge(base, extra []Source) []Source {
	for _, s := range extra {
		same := func(b Source) bool { return b.ID == s.ID }
		if i := slices.IndexFunc(base, same); i >= 0 {
			base[i] = s
			continue
		}
		base = append(base, s)
	}
	return base
}

func parseSources(name string, data []byte, problems *Problems) []Source {
	r := reader{file: name, problems: problems}
	root := document(name, data, problems)
	if root == nil {
		if len(*problems) == 0 {
			*problems = append(*problems, Problem{Where: name, What: "the catalogue is empty", Remedy: "begin with sources:"})
		}
		return nil
	}
	var sources []Source
	r.fields(root, "", map[string]func(k, v *yaml.Node){
		"sources": func(_, v *yaml.Node) { sources = r.sources(v) },
	})
	return sources
}

func (r reader) sources(n *yaml.Node) []Source {
	if n.Kind != yaml.SequenceNode {
		r.problem(n, "sources", "a list is wanted here", "begin each source with - id:")
		return nil
	}
	if len(n.Content) > maxSources {
		r.problem(n, "sources", fmt.Sprintf("there are more than %d", maxSources), "split the catalogue between several bots")
		return nil
	}
	var out []Source
	lines := map[string]int{}
	for _, item := range n.Content {
		s := r.source(item)
		if line, ok := lines[s.ID]; ok && s.ID != "" {
			r.problem(item, s.ID, "this id is taken", fmt.Sprintf("choose another than the one at line %d", line))
			continue
		}
		lines[s.ID] = item.Line
		out = append(out, s)
	}
	return out
}

func (r reader) source(n *yaml.Node) Source {
	s := Source{Where: r.at(n)}
	hasFeeds := false
	text := func(into *string) func(k, v *yaml.Node) {
		return func(k, v *yaml.Node) { *into, _ = r.word(k.Value, v) }
	}
	r.fields(n, "a source", map[string]func(k, v *yaml.Node){
		"id": text(&s.ID), "name": text(&s.Name), "country": text(&s.Country),
		"language": text(&s.Language), "tier": text(&s.Tier), "owner": text(&s.Owner),
		"wires":            func(k, v *yaml.Node) { s.Wires, _ = r.words(k.Value, v) },
		"state_controlled": func(k, v *yaml.Node) { s.StateControlled = r.boolean(k.Value, v) },
		"feeds":            func(_, v *yaml.Node) { hasFeeds, s.Feeds = true, r.feeds(v) },
	})
	if n.Kind != yaml.MappingNode {
		return s
	}
	if s.ID == "" {
		r.problem(n, "", "a source has no id", "add id: with a short name such as bbc")
	}
	if !hasFeeds {
		r.problem(n, s.ID, "has no feeds", "add feeds: with their addresses, or feeds: [] for an outlet that is only named by others")
	}
	return s
}

func (r reader) boolean(key string, v *yaml.Node) bool {
	var b bool
	if v.Kind != yaml.ScalarNode || v.Tag != "!!bool" || v.Decode(&b) != nil {
		r.problem(v, key, "true or false is wanted here", "write true or false")
	}
	return b
}

func (r reader) feeds(n *yaml.Node) []Feed {
	if n.Kind != yaml.SequenceNode {
		r.problem(n, "feeds", "a list is wanted here", "begin each feed with - url:")
		return nil
	}
	out := make([]Feed, 0, len(n.Content))
	for _, item := range n.Content {
		f := Feed{Where: r.at(item)}
		hasURL := false
		r.fields(item, "a feed", map[string]func(k, v *yaml.Node){
			"url":      func(_, v *yaml.Node) { hasURL, f.URL = true, r.feedURL(v) },
			"every":    func(_, v *yaml.Node) { f.Every = r.every(v) },
			"section":  func(k, v *yaml.Node) { f.Section, _ = r.word(k.Value, v) },
			"origin":   func(_, v *yaml.Node) { f.Origin = r.origin(v) },
			"articles": func(k, v *yaml.Node) { f.Articles = r.boolean(k.Value, v) },
		})
		if !hasURL && item.Kind == yaml.MappingNode {
			r.problem(item, "", "a feed has no url", "add url: with its address")
		}
		out = append(out, f)
	}
	return out
}

func (r reader) feedURL(v *yaml.Node) string {
	s, ok := r.word("url", v)
	if !ok {
		return ""
	}
	const remedy = "write http:// or https:// and a host, without a password"
	u, err := url.Parse(s)
	switch {
	case len(s) > maxURL:
		r.problem(v, "url", fmt.Sprintf("is longer than %d characters", maxURL), "use the feed's plain address")
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		r.problem(v, "url", quote(s)+" is not a web address", remedy)
	case u.User != nil:
		r.problem(v, "url", "holds a password", remedy)
	default:
		return s
	}
	return ""
}

func (r reader) every(v *yaml.Node) time.Duration {
	s, ok := r.word("every", v)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < minFeedTime || d > day {
		r.problem(v, "every", quote(s)+" cannot be used", "give a duration from 1s to 24h, such as 15m")
		return 0
	}
	return d
}

// repeatedURLs finds feeds that stand twice, under whatever source.
func repeatedURLs(sources []Source) Problems {
	var problems Problems
	seen := map[string]string{}
	for _, s := range sources {
		for _, f := range s.Feeds {
			key := feedKey(f.URL)
			if where, ok := seen[key]; ok {
				problems = append(problems, Problem{
					Where: f.Where, Key: s.ID, What: "this feed is listed already, at " + where,
					Remedy: "keep one of the two",
				})
				continue
			}
			seen[key] = f.Where
		}
	}
	return problems
}

// feedKey is the same for addresses that lead to one feed: by http or https,
// with www or without, whatever the case, the order of the query, the default
// port, a slash at the end or a fragment.
func feedKey(address string) string {
	u, err := url.Parse(strings.ToLower(address))
	if err != nil {
		return address
	}
	host := strings.TrimPrefix(u.Hostname(), "www.")
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		host += ":" + p
	}
	query := strings.Split(u.RawQuery, "&")
	slices.Sort(query)
	return host + strings.TrimRight(u.EscapedPath(), "/") + "?" + strings.Join(query, "&")
}
