// Package gateway keeps the bot connected to Discord's gateway and hands its
// events on.
//
// [Gateway] runs one discordgo session a shard and owns what discordgo leaves
// to chance: time limits, reconnecting with growing pauses, the daily budget of
// identifies, and the close codes after which trying again does harm. Each
// connection passes a guard that reads the frames going by. It notices a silent
// or deaf server, acts on "reconnect" and "invalid session" before discordgo
// does (which would deadlock on the one and identify without limit on the
// other), and lets no identify out that was not paid for from the budget.
//
// A lost connection is resumed on the same session; a session that Discord gave
// up is replaced. A shard says at any time what it does and why: see
// [Gateway.Status].
//
// Only the GUILDS intent is asked for: no message, no member, no presence is
// ever received.
//
// The gateway is dialled directly; set Options.Dial to go through a proxy.
package gateway
