// Package command owns the slash commands: what they are called, who may use
// them, and what they answer. It turns one interaction of Discord, as raw JSON,
// into one answer, and knows nothing of how the two travel.
//
// # From interaction to answer
//
// [Router.Handle] decodes the interaction, finds the command, checks that it
// comes from a guild and that the member may use it, and runs its handler: a
// function from [Request] to [Reply]. Discord waits three seconds for a first
// answer; when the handler needs longer than [Options.DeferAfter] the router
// says that an answer will come and sends it later. A panic, an error or a slow
// handler ends in a clear sentence, never in silence.
//
// # Trust
//
// Discord vouches for who asks (guild, member, permissions) and for the channels
// and roles that it resolved. Everything else may be forged: option values,
// custom ids of buttons, what autocomplete sends back. Authority is therefore
// taken from the interaction alone, every look-up in the store names the guild,
// and default_member_permissions are a convenience: the router checks again.
//
// # Pages
//
// A list's button carries a [Cursor] in its custom id: bounded, readable by any
// later release or refused with a clear answer, and without authority.
package command
