// Package bot owns the edge to Discord: it keeps the gateway session, keeps the
// commands registered, hands interactions to package command, notes which
// guilds have the bot, and posts alerts. Only bot and the packages below it
// import discordgo.
package bot
