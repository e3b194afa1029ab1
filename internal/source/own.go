package source

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// ownPrefix begins the id of a source that no catalogue has: a colon is in none
// of theirs.
const ownPrefix = "own:"

// MaxOwnName is the longest name of such a source, in code points.
const MaxOwnName = 80

// Own is the source of a feed that guilds have added for themselves, by the
// feed's number in the store. Its id carries its name, which is clean text on one
// line and is cut to [MaxOwnName].
func Own(feed int64, name string) ID {
	if utf8.RuneCountInString(name) > MaxOwnName {
		name = string([]rune(name)[:MaxOwnName-1]) + "…"
	}
	return ID(ownPrefix + strconv.FormatInt(feed, 10) + ":" + name)
}

// IsOwn reports whether an id is one that [Own] makes.
func (id ID) IsOwn() bool {
	_, ok := id.own()
	return ok
}

// own is the source that the id itself tells of.
func (id ID) own() (Source, bool) {
	rest, ok := strings.CutPrefix(string(id), ownPrefix)
	if !ok {
		return Source{}, false
	}
	number, name, ok := strings.Cut(rest, ":")
	if n, err := strconv.ParseInt(number, 10, 64); err != nil || n <= 0 || !ok || Own(n, name) != id {
		return Source{}, false
	}
	return Source{ID: id, Name: name}, true
}
