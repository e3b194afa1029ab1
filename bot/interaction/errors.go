package interaction

import (
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
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
	Code Code
	// Saying is what the person is told, in a language of theirs.
	wording.Saying
	// Message, if set, is told instead.
	Message message.Markup
}

// Error implements error, for the log.
func (e *Error) Error() string { return string(e.Code) + ": " + string(e.Told(wording.Speaker{})) }

// Told is the refusal in words.
func (e *Error) Told(s wording.Speaker) message.Markup {
	if e.Message != "" {
		return e.Message
	}
	return s.Tell(e.Saying)
}

// Refuse is an [Error] that says something, with what stands in it.
func Refuse(code Code, id wording.ID, args ...wording.Args) *Error {
	e := &Error{Code: code, Saying: wording.Saying{ID: id}}
	if len(args) > 0 {
		e.Args = args[0]
	}
	return e
}

// The refusals that handlers give too.
var (
	// ErrManage says that the member may not manage the bot.
	ErrManage = Refuse(Denied, "error.manage")
	// ErrButton says that a button is of another version of the bot, or forged.
	ErrButton = Refuse(Stale, "error.button")
	// ErrGarbled says that what was asked cannot be read.
	ErrGarbled = Refuse(BadOption, "error.garbled")
	// ErrForeign says that a channel is none of the guild's.
	ErrForeign = Refuse(BadChannel, "error.foreign-channel")
)

var (
	errNoGuild  = Refuse(NoGuild, "error.no-guild")
	errPublic   = Refuse(Denied, "error.public")
	errUnknown  = Refuse(Stale, "error.unknown")
	errForm     = Refuse(Stale, "error.form")
	errNoRole   = Refuse(BadOption, "error.foreign-role")
	errLate     = Refuse(Slow, "error.late")
	errSlow     = Refuse(Slow, "error.slow")
	errStopping = Refuse(Stopping, "error.stopping")
)

// fault is what people are told of an error that is not an [Error].
func fault(reference string) *Error {
	return Refuse("", "error.fault", wording.Args{"reference": reference})
}
