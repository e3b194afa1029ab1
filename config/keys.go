package config

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

const (
	day       = 24 * time.Hour
	envPrefix = "ATTACHE_"

	// The two ways of giving a token, which exclude each other.
	tokenKey     = "discord.token"
	tokenFileKey = "discord.token_file"
)

// key is one setting: how it is called, what it does, and how it is read.
type key struct {
	// name is the dotted path in the file, e.g. "poll.tick".
	name string
	// env is the variable; empty means the one that the name gives.
	env string
	// help says what the setting does, for the reference.
	help string
	value
}

// variable is the name of the environment variable that sets k.
func (k key) variable() string {
	if k.env != "" {
		return k.env
	}
	return envPrefix + strings.ToUpper(strings.ReplaceAll(k.name, ".", "_"))
}

// keys is the table of everything that can be set, in the order of the
// reference.
func keys() []key {
	var out []key
	for _, part := range [][]key{discordKeys(), pollKeys(), websubKeys(), storeKeys(), phraseKeys(), retentionKeys(), otherKeys()} {
		out = append(out, part...)
	}
	return out
}

func discordKeys() []key {
	return []key{
		{
			name: tokenKey, env: "ATTACHE_TOKEN",
			help:  "The bot's token. Best set in the environment. A configuration file with a token in it is refused when others can read the file, and no flag takes it, because flags show in the list of processes.",
			value: secret(func(c *Config) *Secret { return &c.Discord.Token }),
		},
		{
			name: tokenFileKey, env: "ATTACHE_TOKEN_FILE",
			help:  "A file that holds the token and nothing else, such as a mounted secret.",
			value: path(func(c *Config) *string { return &c.Discord.TokenFile }, "a file name"),
		},
		{
			name:  "discord.base_url",
			help:  "Where Discord's API lives. Change it only to use a proxy for it, or the sandbox.",
			value: baseURL(func(c *Config) *string { return &c.Discord.BaseURL }),
		},
		{
			name:  "discord.direct_messages",
			help:  "Whether people may ask for alerts in direct messages with the bot, each for 25 topics at most.",
			value: choice(func(c *Config) *bool { return &c.Discord.DirectMessages }, []string{"on", "off"}, []bool{true, false}),
		},
	}
}

func pollKeys() []key { return slices.Concat(pollPaceKeys(), pollFetchKeys()) }

// pollPaceKeys say when feeds are polled.
func pollPaceKeys() []key {
	return []key{
		{
			name:  "poll.tick",
			help:  "How often the bot looks for feeds that are due.",
			value: seconds(func(c *Config) *time.Duration { return &c.Poll.Tick }, time.Second, time.Minute),
		},
		{
			name:  "poll.min_interval",
			help:  "The shortest time between two polls of one feed, whatever the catalogue asks for.",
			value: duration(func(c *Config) *time.Duration { return &c.Poll.MinInterval }, time.Second, day),
		},
		{
			name:  "poll.max_interval",
			help:  "The longest time between two polls of a feed that answers, unless the catalogue asks for a longer one. Between this and the shortest one, each feed is polled as often as it brings something new; [when a feed is polled](../internal/README.md#when-a-feed-is-polled) tells how. Also how often a feed is polled that its WebSub hub brings.",
			value: duration(func(c *Config) *time.Duration { return &c.Poll.MaxInterval }, time.Second, 7*day),
		},
		{
			name:  "poll.interval",
			help:  "The time between two polls of a feed for which the catalogue names none, until it is known how often the feed changes.",
			value: duration(func(c *Config) *time.Duration { return &c.Poll.Interval }, time.Second, day),
		},
	}
}

// pollFetchKeys say how they are fetched.
func pollFetchKeys() []key {
	return []key{
		{
			name:  "poll.concurrency",
			help:  "How many feeds of the catalogue are fetched at once. Feeds that guilds have added have half as many places beside them.",
			value: integer(func(c *Config) *int { return &c.Poll.Concurrency }, 1, 1024),
		},
		{
			name:  "poll.per_host",
			help:  "How many of them from one host.",
			value: integer(func(c *Config) *int { return &c.Poll.PerHost }, 1, 16),
		},
		{
			name:  "poll.host_gap",
			help:  "The shortest time between two requests to one host.",
			value: duration(func(c *Config) *time.Duration { return &c.Poll.HostGap }, 0, 30*time.Second),
		},
		{
			name:  "poll.user_agent",
			help:  "How the bot names itself to the servers it polls. Put an address in it where you can be reached.",
			value: checked(func(c *Config) *string { return &c.Poll.UserAgent }, "1 to 256 printable ASCII characters", checkUserAgent),
		},
		{
			name:  "poll.timeout",
			help:  "How long one fetch may take, redirects and body included.",
			value: duration(func(c *Config) *time.Duration { return &c.Poll.Timeout }, time.Second, 2*time.Minute),
		},
	}
}

func websubKeys() []key {
	return []key{
		{
			name:  "websub.callback_url",
			help:  "The public address under which the hubs of feeds reach `websub.listen`, such as `https://attache.example.org/hubs`. With it, a feed that names a WebSub hub is brought by that hub within seconds of being published, and polled at `poll.max_interval` only for safety.",
			value: callbackURL(func(c *Config) *string { return &c.WebSub.CallbackURL }),
		},
		{
			name:  "websub.listen",
			help:  "Where hubs are answered, over plain HTTP. Put a proxy with a certificate in front of it; it may keep or drop the path of `websub.callback_url`.",
			value: listenAddress(func(c *Config) *string { return &c.WebSub.Listen }),
		},
	}
}

func storeKeys() []key {
	return []key{
		{
			name:  "store.path",
			help:  "Where everything is kept: an SQLite file, made when missing, for one process; or the address of a PostgreSQL database, for any number of them. An address with a password is best set in the environment: a file that others can read is refused, and no flag takes it.",
			value: storePath(),
		},
		{
			name:  "network.allow_private",
			help:  "Networks besides the public internet that feeds may be fetched from. The metadata services of clouds stay closed.",
			value: prefixes(func(c *Config) *[]netip.Prefix { return &c.Network.AllowPrivate }),
		},
		{
			name:  "network.allow_own",
			help:  "Networks besides the public internet that feeds may be fetched from which servers have added for themselves. Whoever manages a server types such addresses: open nothing here that strangers must not ask.",
			value: prefixes(func(c *Config) *[]netip.Prefix { return &c.Network.AllowOwn }),
		},
		{
			name:  "network.allow_ports",
			help:  "Ports besides 80 and 443 that feeds may be fetched from.",
			value: ports(func(c *Config) *[]uint16 { return &c.Network.AllowPorts }),
		},
		{
			name:  "alerts.max_age",
			help:  "A report older than this raises no alert.",
			value: duration(func(c *Config) *time.Duration { return &c.Alerts.MaxAge }, time.Minute, 7*day),
		},
		{
			name:  "alerts.late",
			help:  "An alert that could not be posted for this long, because of an outage, counts as missed.",
			value: duration(func(c *Config) *time.Duration { return &c.Alerts.Late }, time.Minute, day),
		},
		{
			name:  "alerts.keep",
			help:  "How many missed alerts each channel still gets, the newest; the rest are summed up in one line.",
			value: integer(func(c *Config) *int { return &c.Alerts.Keep }, 1, 50),
		},
		{
			name:  "alerts.edit_gap",
			help:  "The shortest time between two edits of an alert, whose story goes on; for an alert older than an hour it is fifteen times as long. What comes meanwhile is told by one edit.",
			value: duration(func(c *Config) *time.Duration { return &c.Alerts.EditGap }, time.Second, day),
		},
	}
}

func phraseKeys() []key {
	return []key{
		{
			name:  "phrase.address",
			help:  "The address of a language model with the interface of OpenAI's, such as `http://127.0.0.1:11434/v1`, that joins the sentences of a summary into one text. Unset, none does. The alert never waits for it: what it wrote comes by an edit, and only if every word, name, number and quotation of it stands in the reports and everybody's word stays beside him; else the sentences stay as they are. An address of a private network must be in `network.allow_private`; this machine need not.",
			value: baseURL(func(c *Config) *string { return &c.Phrase.Address }),
		},
		{
			name:  "phrase.model",
			help:  "The model's name.",
			value: checked(func(c *Config) *string { return &c.Phrase.Model }, "the name of a model", checkModel),
		},
		{
			name:  "phrase.key",
			help:  "The key that the server wants, if any. Best set in the environment: a file that others can read is refused, and no flag takes it.",
			value: apiKey(func(c *Config) *Secret { return &c.Phrase.Key }),
		},
		{
			name:  "phrase.timeout",
			help:  "How long one request may take.",
			value: duration(func(c *Config) *time.Duration { return &c.Phrase.Timeout }, time.Second, 2*time.Minute),
		},
		{
			name:  "phrase.per_minute",
			help:  "How many requests a minute there are at most, in each process.",
			value: integer(func(c *Config) *int { return &c.Phrase.PerMinute }, 1, 600),
		},
	}
}

func retentionKeys() []key {
	return []key{
		{
			name:  "retention.reports",
			help:  "How long reports are kept after the last report of their story, with the story, its alerts and what became of them. Older ones are deleted a few at a time; they do not come back as new while feeds still list them.",
			value: days(func(c *Config) *time.Duration { return &c.Retention.Reports }, 7*day, 3650*day),
		},
		{
			name:  "retention.servers",
			help:  "How long everything about a server is kept after the bot was removed from it, so that it is there when the bot comes back. Then all of it is deleted.",
			value: days(func(c *Config) *time.Duration { return &c.Retention.Guilds }, day, 3650*day),
		},
		{
			name:  "retention.audit",
			help:  "How long it is kept who changed what in a server, for /audit.",
			value: days(func(c *Config) *time.Duration { return &c.Retention.Changes }, day, 3650*day),
		},
	}
}

func otherKeys() []key {
	return []key{
		{
			name:  "feeds.file",
			help:  "A catalogue of sources and feeds that replaces the built-in one.",
			value: path(func(c *Config) *string { return &c.Feeds.File }, "a file name"),
		},
		{
			name:  "feeds.extra",
			help:  "Catalogues that add to it. A source with an id that is there already replaces that source.",
			value: paths(func(c *Config) *[]string { return &c.Feeds.Extra }, "a list of file names"),
		},
		{
			name:  "feeds.own",
			help:  "How many feeds of their own (`/feed`) all servers together may have; each may have 25. 0 switches them off.",
			value: integer(func(c *Config) *int { return &c.Feeds.Own }, 0, 100_000),
		},
		{
			name:  "topics.dir",
			help:  "A folder of topic files that add to the built-in topics, or replace those whose id they bear.",
			value: path(func(c *Config) *string { return &c.Topics.Dir }, "a folder name"),
		},
		{
			name:  "log.level",
			help:  "From which level on lines are logged, on standard error.",
			value: logLevel(),
		},
		{
			name:  "log.format",
			help:  "How log lines are written.",
			value: choice(func(c *Config) *Format { return &c.Log.Format }, []string{string(Text), string(JSON)}, []Format{Text, JSON}),
		},
		{
			name:  "listen",
			help:  "Where health (`/healthz`, `/readyz`), metrics (`/metrics`) and log levels are told over HTTP, and where `attache healthcheck` and `attache loglevel` ask. On another address than loopback everybody who reaches it can read them; log levels can be changed on loopback only. See [cmd/attache/README.md](../cmd/attache/README.md).",
			value: listenAddress(func(c *Config) *string { return &c.Listen }),
		},
	}
}
