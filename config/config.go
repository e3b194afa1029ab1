// Package config owns what an operator can set: the [Config] with its
// defaults, its loading from a file, the environment and the command line, and
// the [Secret] that never shows itself. It also carries the built-in catalogue
// of feeds and the built-in topics, embedded.
//
// Every setting stands once, in the table of keys (keys.go). The file, the
// environment, the flags, the checks and the reference in README.md all follow
// from that table.
package config

import (
	"log/slog"
	"net/netip"
	"time"
)

// Config is what an operator can set. [Default] gives the values that hold
// when nothing is set, [Load] those that hold on this machine.
type Config struct {
	Discord Discord
	Store   Store
	Poll    Poll
	WebSub  WebSub
	Network Network
	Alerts  Alerts
	Phrase  Phrase
	// Retention says how long things are kept.
	Retention Retention
	Log       Log
	Feeds     Feeds
	Topics    Topics
	// Listen is the address, host and port, where health and metrics are told over
	// HTTP, and on loopback log levels are changed.
	// Empty means nowhere.
	Listen string
}

// Discord says how to reach Discord and as whom.
type Discord struct {
	// Token is the bot's token as given; see [Discord.ResolveToken].
	Token Secret
	// TokenFile is a file that holds the token, when Token is empty.
	TokenFile string
	// BaseURL is where Discord's API lives, without "/api" and without a slash
	// at its end.
	BaseURL string
	// DirectMessages lets people ask for alerts in direct messages with the bot.
	DirectMessages bool
}

// Store says where everything is kept.
type Store struct {
	// Path is the SQLite file. It is made when missing.
	Path string
	// Server is the address of a PostgreSQL database, which may hold a password.
	// When it is set, Path is not used.
	Server Secret
}

// Poll says how feeds are read.
type Poll struct {
	// Tick is how often the bot looks for feeds that are due; whole seconds.
	Tick time.Duration
	// MinInterval is the shortest time between two polls of one feed, whatever
	// the catalogue or a guild asks for.
	MinInterval time.Duration
	// MaxInterval is the longest time between two polls of a feed that answers,
	// unless the catalogue asks for a longer one.
	MaxInterval time.Duration
	// Interval is the time between two polls of a feed for which the catalogue
	// names none, until it is known how often the feed changes.
	Interval time.Duration
	// Concurrency is how many feeds are fetched at once, PerHost how many of
	// them from one host.
	Concurrency, PerHost int
	// HostGap is the shortest time between two requests to one host.
	HostGap time.Duration
	// UserAgent is how the bot names itself to the servers it polls.
	UserAgent string
	// Timeout bounds one fetch, redirects and body included.
	Timeout time.Duration
}

// WebSub says where the hubs of feeds may bring what is new. Both fields are
// empty, or none.
type WebSub struct {
	// CallbackURL is the public address that hubs are given, without a slash at
	// its end.
	CallbackURL string
	// Listen is the address, host and port, where they are answered; a proxy may
	// stand in front of it.
	Listen string
}

// Network says which addresses feeds may be fetched from besides public ones.
type Network struct {
	// AllowPrivate are networks that are closed to feeds by default.
	AllowPrivate []netip.Prefix
	// AllowOwn are those of them that servers' own feeds may be fetched from.
	AllowOwn []netip.Prefix
	// AllowPorts are ports besides 80 and 443.
	AllowPorts []uint16
}

// Alerts bounds what is posted late and after an outage, and how often alerts
// are edited.
type Alerts struct {
	// MaxAge is the age of a report beyond which it raises no alert.
	MaxAge time.Duration
	// Late is how late an alert may be before it counts as missed.
	Late time.Duration
	// Keep is how many missed alerts a channel still gets after an outage; the
	// rest are summed up in one line.
	Keep int
	// EditGap is the shortest time between two edits of an alert.
	EditGap time.Duration
}

// Phrase says which language model puts summaries, if any. Without an address
// none does.
type Phrase struct {
	// Address is that of an interface like OpenAI's, without "/chat/completions" and
	// without a slash at its end. Address and Model are both empty, or neither is.
	Address string
	Model   string
	// Key is sent with every request; may be empty.
	Key Secret
	// Timeout bounds one request.
	Timeout time.Duration
	// PerMinute is how many requests a minute there are at most.
	PerMinute int
}

// Retention says how long things are kept.
type Retention struct {
	// Reports is how long reports are kept after their story ended, with its
	// alerts and what became of them.
	Reports time.Duration
	// Guilds is how long what a guild wants is kept after the bot was removed from
	// it.
	Guilds time.Duration
	// Changes is how long it is kept who changed what in a guild.
	Changes time.Duration
}

// Format is how log lines are written.
type Format string

// The formats of log lines.
const (
	Text Format = "text"
	JSON Format = "json"
)

// Log says what is logged, and how.
type Log struct {
	Level  slog.Level
	Format Format
}

// Feeds says which catalogue of sources is polled; see [LoadSources].
type Feeds struct {
	// File replaces the built-in catalogue when not empty.
	File string
	// Extra are catalogues that add to it.
	Extra []string
	// Own is how many feeds of their own all servers together may have; 0 means that
	// they cannot add any.
	Own int
}

// Topics says which topics there are.
type Topics struct {
	// Dir is a folder of topic files that add to the built-in topics, or replace
	// those whose id they bear. Empty means none.
	Dir string
}

// Default returns the settings that hold when nothing is set.
func Default() Config {
	return Config{
		Discord: Discord{BaseURL: "https://discord.com"},
		Store:   Store{Path: "attache.db"},
		Poll: Poll{
			Tick:        5 * time.Second,
			MinInterval: 2 * time.Minute,
			MaxInterval: 30 * time.Minute,
			Interval:    5 * time.Minute,
			Concurrency: 16,
			PerHost:     1,
			HostGap:     time.Second,
			UserAgent:   "attache (+https://github.com/attache-bot/attache)",
			Timeout:     20 * time.Second,
		},
		Alerts:    Alerts{MaxAge: 6 * time.Hour, Late: 30 * time.Minute, Keep: 5, EditGap: time.Minute},
		Phrase:    Phrase{Timeout: 20 * time.Second, PerMinute: 10},
		Retention: Retention{Reports: 90 * day, Guilds: 30 * day, Changes: 90 * day},
		Log:       Log{Level: slog.LevelInfo, Format: Text},
		Feeds:     Feeds{Own: 2000},
		Listen:    "127.0.0.1:8077",
	}
}
