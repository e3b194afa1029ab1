// Package guild owns what is kept about a guild (a Discord server) and about
// its channels as places to deliver to.
package guild

import (
	"errors"
	"time"
)

// Guild is one Discord server that has or had the bot.
type Guild struct {
	// ID is Discord's snowflake in decimal.
	ID   string
	Name string
	// Locale is the guild's language in Discord's words, e.g. "en-US"; empty where
	// that is not known.
	Locale string
	// Joined is when the bot was added; Left is zero while it is there.
	Joined, Left time.Time
}

// ErrForeignChannel means that a channel is known to belong to another guild.
var ErrForeignChannel = errors.New("channel belongs to another guild")

// ChannelKind says how alerts get into a channel.
type ChannelKind string

// The kinds of channels.
const (
	// Plain takes messages: a text channel, or a thread.
	Plain ChannelKind = ""
	// Announcement takes messages, and what is published in it goes to the
	// channels of other guilds that follow it.
	Announcement ChannelKind = "announcement"
	// Forum takes posts: threads with a title. Media channels count as forums.
	Forum ChannelKind = "forum"
	// Direct is between one person and the bot.
	Direct ChannelKind = "direct"
)

// Channel is a channel that alerts go to, with what is known of reaching it.
type Channel struct {
	// ID and Guild are Discord's snowflakes in decimal.
	ID, Guild string
	// Kind says how alerts get there.
	Kind ChannelKind
	// Blocked is when Discord refused a delivery for good; zero while it takes
	// them. Deliveries wait while a channel is blocked.
	Blocked time.Time
	// Reason names the refusal: see package alert.
	Reason string
}
