package wording

import (
	"maps"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"github.com/attache-bot/attache/bot/markup"
)

// Commands are the bot's commands as Discord knows them. With the id that Discord
// has given to one, its name in a message can be clicked
// (https://discord.com/developers/docs/reference#message-formatting). The zero
// Commands, and a nil one, know none. They are safe for concurrent use.
type Commands struct {
	ids atomic.Pointer[map[string]string]
}

// Know replaces what is known: ids by the commands' names, with those of
// subcommands behind: "topic create" has the id of "topic". What only leads to
// subcommands is not among them, since nobody can click on it.
func (c *Commands) Know(ids map[string]string) { c.ids.Store(new(maps.Clone(ids))) }

// Mention is a command to be clicked, if its id is known.
func (c *Commands) Mention(name string) (markup.Markup, bool) {
	if c == nil {
		return "", false
	}
	ids := c.ids.Load()
	if ids == nil || (*ids)[name] == "" {
		return "", false
	}
	return markup.Markup("</" + name + ":" + (*ids)[name] + ">"), true
}

// Typed is what somebody types, and reads where nothing can be clicked: a text
// with the commands in it as their names alone.
func Typed(s string) string { return clickable.ReplaceAllString(s, "/$1") }

var clickable = regexp.MustCompile(`</([a-z -]+):[0-9]+>`)

// commandAt finds a command in a sentence of a catalogue with the word behind it,
// which may be a subcommand's name.
var commandAt = regexp.MustCompile(`(^|[^\w/:.<])/([a-z]+)(?: (\pL+))?`)

// slashed is a sentence in which commands are left to [Speaker.slash]. What stands
// between backticks is an example to be typed, and stays.
func slashed(s string) string {
	parts := strings.Split(s, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = commandAt.ReplaceAllString(parts[i], `$1{{call .slash "$2" "$3"}}`)
	}
	return strings.Join(parts, "`")
}

// slashedForms is an entry in which commands are left to [Speaker.slash].
func slashedForms(m *i18n.Message) *i18n.Message {
	out := *m
	for _, s := range []*string{&out.Zero, &out.One, &out.Two, &out.Few, &out.Many, &out.Other} {
		*s = slashed(*s)
	}
	return &out
}

// slash is a command of a sentence, with the word behind it, to be clicked where
// its id is known.
func (s Speaker) slash(name, next string) string {
	both := name
	if next != "" {
		both += " " + next
	}
	if m, ok := s.commands.Mention(both); ok {
		return string(m)
	}
	if m, ok := s.commands.Mention(name); ok {
		return string(m) + strings.TrimPrefix(both, name)
	}
	return "/" + both
}
