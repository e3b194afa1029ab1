// Package sandbox owns a Discord on loopback: the gateway, the REST API and a
// web page that shows its channels, over real HTTP and real WebSockets. A
// person watches it in `attache demo`; tests drive it from Go, script its
// faults and read back what it got.
//
// # What it is
//
// A [Server] holds one application with its bot, and a world of users, guilds,
// roles, channels and messages. It answers as Discord documents it: the same
// objects, limits, permission checks, error codes, rate limits with their
// headers, deadlines of interactions, close codes. What it does not know it
// refuses with 404, so that a bot cannot come to rely on an answer that means
// nothing. Everything lives in memory and ends with [Server.Close].
//
//	/api/v10/…, /api/v9/…    REST
//	/gateway                 WebSocket
//	/attachments/…           uploaded files
//	/sandbox/api/…           for the page
//	/                        the page
//
// # Tests
//
// A world is set up from Go ([Server.AddGuild], [Server.AddChannel] …), an
// [Invocation] uses a command or presses a button as a user would, and the
// Wait methods block on events, never on time. [Server.AddFault] and
// [Server.AddGatewayFault] script what goes wrong. [Options].Observe sees each
// request with its answer; the package contract checks both against Discord's
// own OpenAPI file.
//
// # Sources
//
// The behaviour follows https://docs.discord.com/developers and names the
// document where a number or a rule is set. Where Discord publishes no number
// (the window of a nonce, the limits of most routes) [Limits] says which one
// stands here.
package sandbox
