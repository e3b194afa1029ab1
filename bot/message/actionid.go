package message

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

// ActionID names what a button, a menu or a form does, and carries all that it
// needs, so that it works after a restart. It grants nothing: whoever forges one
// may do what the commands would let them do.
type ActionID struct {
	// Name is one of the router's actions.
	Name string
	// Args are clean, plain texts.
	Args []string
}

// actionVersion begins the custom id of every action. Ids of a release that
// carried other arguments begin otherwise, and are refused with words.
const actionVersion = "a1"

// argSafe writes arguments so that none holds what stands between them.
var argSafe = strings.NewReplacer("%", "%25", ":", "%3A")

// argPlain undoes argSafe.
var argPlain = strings.NewReplacer("%3A", ":", "%25", "%")

// Action is the custom id of an action with its arguments.
func Action(name string, args ...string) string { return ActionID{Name: name, Args: args}.String() }

// String returns the id as a component's custom id. It is longer than
// [MaxCustomID] when the arguments are: whoever offers an action bounds
// them.
func (a ActionID) String() string {
	parts := []string{actionVersion, argSafe.Replace(a.Name)}
	for _, arg := range a.Args {
		parts = append(parts, argSafe.Replace(arg))
	}
	return strings.Join(parts, ":")
}

// ParseActionID reads a custom id, and returns false for whatever
// [ActionID.String] cannot have written.
func ParseActionID(id string) (ActionID, bool) {
	if utf8.RuneCountInString(id) > MaxCustomID {
		return ActionID{}, false
	}
	parts := strings.Split(id, ":")
	if len(parts) < 2 || parts[0] != actionVersion {
		return ActionID{}, false
	}
	for i, p := range parts {
		parts[i] = argPlain.Replace(p)
	}
	a := ActionID{Name: parts[1]}
	if len(parts) > 2 {
		a.Args = parts[2:]
	}
	dirty := func(s string) bool { return text.Clean(s) != s }
	return a, a.String() == id && a.Name != "" && !slices.ContainsFunc(parts, dirty)
}
