// Package page owns the web page of the sandbox: the channels of a pretended
// Discord in a browser, live, with a box in which slash commands complete.
//
// The page is plain ES modules and style sheets under static, embedded in the
// program; nothing is built and nothing is loaded from elsewhere. It talks to
// the sandbox through /sandbox/api/ on its own origin:
//
//	GET  state?user=ID                          who one is, guilds, channels, commands
//	GET  channels/ID/messages?user=&before=&limit=
//	GET  events?user=ID&after=EVENT             server-sent events from the state's on
//	POST channels/ID/messages                   what a person writes
//	POST interactions                           commands, components, autocomplete, modals
//
// Everything that arrives there is hostile: data becomes text nodes and checked
// attributes, never markup, and the policy in the answer's headers forbids
// inline scripts, foreign origins and string-to-script sinks.
package page
