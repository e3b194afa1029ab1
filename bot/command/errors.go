package command

import (
	"github.com/attache-bot/attache/bot/message"
)

// Code says what kind of refusal an [Error] is, for logs and tests.
type Code string

// The codes.
const (
	// Denied: the member may not do that.
	Denied Code = "denied"
	// NoGuild: it was asked outside a guild.
	NoGuild Code = "no-guild"
	// BadOption: an option is missing, unreadable or out of bounds.
	BadOption Code = "bad-option"
	// BadChannel: alerts cannot go to that channel.
	BadChannel Code = "bad-channel"
	// BadRole: that role cannot be mentioned.
	BadRole Code = "bad-role"
	// Exists: there is such a thing already.
	Exists Code = "exists"
	// NotFound: there is no such thing.
	NotFound Code = "not-found"
	// Quota: there are as many as there may be.
	Quota Code = "quota"
	// Stale: the command or button is of another version of the bot, or forged.
	Stale Code = "stale"
	// Slow: it took too long.
	Slow Code = "slow"
	// Stopping: the bot is shutting down.
	Stopping Code = "stopping"
)

// Error is a refusal that is shown to the person who asked. Every other error
// is shown as a fault of ours, with a reference to the log.
type Error struct {
	Code    Code
	Message message.Markup
}

// Error implements error.
func (e *Error) Error() string { return string(e.Code) + ": " + string(e.Message) }

// The refusals that more than one place gives.
var (
	errNoGuild  = &Error{Code: NoGuild, Message: "I only work inside a server. Use this command in a channel there."}
	errManage   = &Error{Code: Denied, Message: "You need the permission Manage Server for this, or the role that manages me here. Ask a moderator to run it."}
	errPublic   = &Error{Code: Denied, Message: "You may not write in this channel, so I can't answer publicly here. Leave out the option public, and I answer you alone."}
	errUnknown  = &Error{Code: Stale, Message: "I don't know this command any more. Type / again in a minute: Discord needs a moment to learn new commands."}
	errButton   = &Error{Code: Stale, Message: "This button no longer works, because I have been updated since. Run the command again."}
	errForm     = &Error{Code: Stale, Message: "I don't know this form any more. Run the command again."}
	errGarbled  = &Error{Code: BadOption, Message: "I could not read that. Type the command again and pick from what it offers."}
	errForeign  = &Error{Code: BadChannel, Message: "That channel is not in this server. Pick one from the list that appears while you type."}
	errNoRole   = &Error{Code: BadOption, Message: "That role is not in this server. Pick one from the list that appears while you type."}
	errLate     = &Error{Code: Slow, Message: "I was too slow to open the form. Try again."}
	errSlow     = &Error{Code: Slow, Message: "That took too long, so I stopped waiting. It may still have been done: look before you try again."}
	errStopping = &Error{Code: Stopping, Message: "I am being restarted. Try again in a minute."}
)

// fault is what people are told of an error that is not an [Error].
func fault(reference string) message.Markup {
	return message.Format("Something went wrong here, not with you. Try again in a minute. If it keeps happening, tell whoever runs me this reference: %s", reference)
}
