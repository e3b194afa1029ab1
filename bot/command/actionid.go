package command

import "github.com/attache-bot/attache/bot/message"

// ActionID names what a component does: see [message.ActionID], which alerts have
// too.
type ActionID = message.ActionID

// ParseActionID reads a custom id, and returns false for whatever
// [message.ActionID] cannot have written.
func ParseActionID(id string) (ActionID, bool) { return message.ParseActionID(id) }

// actionID is the custom id of an action with its arguments.
func actionID(name string, args ...string) string { return message.Action(name, args...) }
