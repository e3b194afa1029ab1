package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// monthForm is how an origin writes a month, and maxLists bounds its count.
const (
	monthForm = "2006-01"
	maxLists  = 1_000
)

// Origin tells where a feed's address is known from, so that whoever doubts it
// sees what it rests on. The months say when; those that are empty, and zero
// lists, are not known.
type Origin struct {
	// Publisher is when the outlet's own site named the address, e.g. "2026-10".
	Publisher string
	// SelfLink is when the feed named the address as its own.
	SelfLink string
	// Answered is when a public record of checks last found the feed there.
	Answered string
	// Archive is when a public archive of feeds was last filled from it.
	Archive string
	// Lists is how many independent public lists of feeds name the address; 10
	// stands for more as well.
	Lists int
}

// IsZero reports whether nothing is known.
func (o Origin) IsZero() bool { return o == Origin{} }

// String is the origin in a few words, the weightiest first; empty when nothing
// is known.
func (o Origin) String() string {
	var words []string
	for _, m := range []struct{ what, month string }{
		{"publisher", o.Publisher}, {"self link", o.SelfLink}, {"answered", o.Answered}, {"archive", o.Archive},
	} {
		if m.month != "" {
			words = append(words, m.what+" "+m.month)
		}
	}
	switch {
	case o.Lists == 1:
		words = append(words, "1 list")
	case o.Lists > 1:
		words = append(words, strconv.Itoa(o.Lists)+" lists")
	}
	return strings.Join(words, ", ")
}

func (r reader) origin(n *yaml.Node) Origin {
	var o Origin
	month := func(into *string) func(k, v *yaml.Node) {
		return func(k, v *yaml.Node) { *into = r.month(k.Value, v) }
	}
	r.fields(n, "origin", map[string]func(k, v *yaml.Node){
		"publisher": month(&o.Publisher), "self_link": month(&o.SelfLink),
		"answered": month(&o.Answered), "archive": month(&o.Archive),
		"lists": func(_, v *yaml.Node) { o.Lists = r.lists(v) },
	})
	return o
}

func (r reader) month(key string, v *yaml.Node) string {
	s, ok := r.word(key, v)
	if !ok {
		return ""
	}
	at, err := time.Parse(monthForm, s)
	if err != nil || at.Year() < 2000 {
		r.problem(v, key, quote(s)+" is not a month", "write one such as 2026-10")
		return ""
	}
	return s
}

func (r reader) lists(v *yaml.Node) int {
	s, ok := r.word("lists", v)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxLists {
		r.problem(v, "lists", quote(s)+" cannot be used", fmt.Sprintf("give the number of lists, from 1 to %d", maxLists))
		return 0
	}
	return n
}
