// Package contract checks requests to Discord and its answers against Discord's
// own OpenAPI file, https://github.com/discord/discord-api-spec, whose path the
// caller gives. Tests put it between the bot and the sandbox, so that neither
// can drift from what Discord says.
//
// # How
//
// An OpenAPI 3.1 file is JSON Schema 2020-12: the file is one resource, and the
// schema of a body is compiled by its JSON pointer when it is first needed.
//
// # What is added to the file
//
//   - Formats (snowflake, nonce, date-time, uri, int32) are asserted.
//   - The world is closed for requests: a key that the file does not know is an
//     error, unless its value says nothing (null, false, ""), as discordgo's
//     zero values do.
//   - Where file and documentation differ, the documentation wins: see overlay.
//   - Documented rules that a schema cannot say: what a message may combine,
//     sums of characters, allowed_mentions, commands. See checkMessage and
//     checkCommand.
//
// Gateway events and incoming interactions are not in the file.
package contract
