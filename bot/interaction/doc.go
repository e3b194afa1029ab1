// Package interaction owns the way from an interaction of Discord, as raw JSON, to
// one answer: whom a request comes from, what they may do, which handler answers,
// and that an answer comes in time. It knows no command, and nothing of how the two
// travel.
//
// # From interaction to answer
//
// [Router.Handle] decodes the interaction, finds the handler among [Handlers],
// checks that it comes from a guild and that the member may use it, and runs it: a
// function from [Request] to [Reply]. Discord waits three seconds for a first
// answer; when the handler needs longer than [Options.DeferAfter] the router says
// that an answer will come and sends it later. A panic, an error or a slow handler
// ends in a clear sentence, never in silence.
//
// # Trust
//
// Discord vouches for who asks (guild, member, permissions) and for the channels
// and roles that it resolved. Everything else may be forged: option values, custom
// ids of buttons, what autocomplete sends back. Authority is therefore taken from
// the interaction alone; default_member_permissions are a convenience, and the
// router checks again.
package interaction
