package interaction

import (
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/text"
)

// Action is what a button, a select menu or a form does. An id of it is made by
// [message.Action]; its handler reads the arguments by [Request.Arg], what was
// chosen in a menu by [Request.Chosen], and what was written into a form by
// [Request.Field].
//
// The reply changes the message that the component stands in, when it was an
// answer to the same person; everybody else, and who presses one under an alert,
// gets a message of their own. A refusal leaves the message as it is. A reply
// with a [message.Form] opens it.
type Action struct {
	Run Handler
	// Manage says that the member must be allowed to manage the bot: see
	// [MayManage].
	Manage bool
	// Aside says that the reply is a message of its own in any case.
	Aside bool
}

// routeAction finds what a component or a form does, after checking who asks.
func (c *call) routeAction(in interaction, id message.ActionID) work {
	q := c.request(in)
	q.args = id.Args
	a, ok := c.handlers.Actions[id.Name]
	switch {
	case !ok && in.Type == discordgo.InteractionModalSubmit:
		return refusal(errForm)
	case !ok:
		return refusal(ErrButton)
	case !inGuild(in):
		return refusal(errNoGuild)
	}
	if in.Message != nil && !a.Aside && in.asker() == in.Member.User.ID {
		c.later, c.now = UpdateLater, UpdateNow
	}
	return c.managed(a.Manage, q, a.Run)
}

// Arg returns the argument of an action at a place, "" when it has none. It may
// be forged.
func (q Request) Arg(i int) string {
	if i < 0 || i >= len(q.args) {
		return ""
	}
	return q.args[i]
}

// Chosen returns what was chosen in a menu: the values of its options, or ids of
// channels or roles. It is nil for other components. It may be forged.
func (q Request) Chosen() []string { return q.values }

// ChosenChannels returns the channels chosen in a menu. It fails when Discord did
// not resolve one, or resolved it to another guild's.
func (q Request) ChosenChannels() ([]Channel, error) {
	var out []Channel
	for _, id := range q.values {
		c, ok := q.channels[id]
		if !ok || !message.Snowflake(c.ID) || c.Guild != "" && c.Guild != q.Guild {
			return nil, ErrForeign
		}
		out = append(out, c)
	}
	return out, nil
}

// ChosenRoles returns the roles chosen in a menu. It fails when Discord did not
// resolve one.
func (q Request) ChosenRoles() ([]Role, error) {
	var out []Role
	for _, id := range q.values {
		r, ok := q.roles[id]
		if !ok {
			return nil, errNoRole
		}
		out = append(out, r)
	}
	return out, nil
}

// Field returns what was written into a form's field as clean plain text, "" when
// nothing was. It fails when it is longer than max code points.
func (q Request) Field(id string, max int) (string, error) {
	s := text.Clean(q.fields[id])
	if text.Cut(s, max) != s {
		return "", fieldTooLong(id, max)
	}
	return s, nil
}

// Lines is Field for a field of several lines, each clean by itself.
func (q Request) Lines(id string, max int) ([]string, error) {
	var out []string
	total := 0
	for line := range strings.Lines(q.fields[id]) {
		if line = text.Clean(line); line != "" {
			out = append(out, line)
			total += utf8.RuneCountInString(line)
		}
	}
	if total > max {
		return nil, fieldTooLong(id, max)
	}
	return out, nil
}

func fieldTooLong(id string, max int) *Error {
	return Refuse(BadOption, "error.field-too-long", wording.Args{"field": id, "count": max})
}

// wireField is a component of a submitted form: a row or a label with a field in
// it, or a field
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure).
type wireField struct {
	CustomID   string      `json:"custom_id"`
	Value      wireText    `json:"value"`
	Components []wireField `json:"components"`
	Component  *wireField  `json:"component"`
}

// maxFields and maxFieldDepth bound what is read of a form; Discord's have five
// fields, each in a row.
const (
	maxFields     = 25
	maxFieldDepth = 4
)

// fieldsOf returns what was written into the fields of a form, by their ids.
func fieldsOf(list []wireField) map[string]string {
	out := make(map[string]string)
	var walk func([]wireField, int)
	walk = func(list []wireField, depth int) {
		if depth > maxFieldDepth {
			return
		}
		for _, f := range list {
			if f.CustomID != "" && f.Value.known && len(out) < maxFields {
				out[f.CustomID] = f.Value.text
			}
			walk(f.Components, depth+1)
			if f.Component != nil {
				walk([]wireField{*f.Component}, depth+1)
			}
		}
	}
	walk(list, 0)
	return out
}

// Join makes one table of the commands or the actions of several rooms.
func Join[T Command | Action](of ...map[string]T) map[string]T {
	out := make(map[string]T)
	for _, some := range of {
		maps.Copy(out, some)
	}
	return out
}
