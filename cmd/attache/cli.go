package main

import (
	"strings"

	"github.com/attache-bot/attache/config"
)

const about = `Attaché watches news feeds for diplomacy and war, and alerts Discord channels.

Exit codes: 0 done, 1 failed or found something wrong, 2 wrong usage or configuration.`

// cli is the tree of commands.
type cli struct {
	flags

	Run         runCmd         `cmd:"" help:"Watch the feeds and alert Discord."`
	Demo        demoCmd        `cmd:"" help:"Show the bot at work on this machine, without a token."`
	Classify    classifyCmd    `cmd:"" help:"Say what the bot thinks of reports, read as JSON lines."`
	Feeds       feedsCmd       `cmd:"" help:"Look after the feeds."`
	Topics      topicsCmd      `cmd:"" help:"List, test and explain topics."`
	Config      configCmd      `cmd:"" name:"config" help:"Check the configuration."`
	Migrate     migrateCmd     `cmd:"" help:"Bring the database to this program's schema."`
	Backup      backupCmd      `cmd:"" help:"Copy the database while the bot goes on, and check the copy."`
	Trace       traceCmd       `cmd:"" help:"Tell a report's way through the bot: every decision, with its reason."`
	Story       storyCmd       `cmd:"" help:"Merge and split stories."`
	Healthcheck healthcheckCmd `cmd:"" help:"Ask a running bot how it is."`
	Loglevel    logLevelCmd    `cmd:"" help:"Show or change from which level on a running bot logs."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

// flags are those that every command knows.
type flags struct {
	ConfigFile string   `name:"config" short:"c" placeholder:"FILE" help:"Configuration file; else ATTACHE_CONFIG, else attache.yaml if it is there."`
	Set        []string `name:"set" placeholder:"KEY=VALUE" sep:"none" help:"Set one key of the configuration, such as poll.tick=10s. Repeat it for more."`
	LogLevel   string   `name:"log-level" placeholder:"LEVEL" help:"Log from this level on: debug, info, warn, error."`
	LogFormat  string   `name:"log-format" placeholder:"FORMAT" help:"Log as text or json."`
}

// settings are the flags as settings, in the order in which they take effect.
func (f flags) settings() []config.Flag {
	var out []config.Flag
	for _, kv := range f.Set {
		key, value, _ := strings.Cut(kv, "=") // loading tells of a value that is missing
		out = append(out, config.Flag{Name: "--set " + key, Key: key, Value: value})
	}
	if f.LogLevel != "" {
		out = append(out, config.Flag{Name: "--log-level", Key: "log.level", Value: f.LogLevel})
	}
	if f.LogFormat != "" {
		out = append(out, config.Flag{Name: "--log-format", Key: "log.format", Value: f.LogFormat})
	}
	return out
}

// topicFlags are those of commands that work with topics.
type topicFlags struct {
	Topics string `name:"topics" placeholder:"DIR" help:"Folder of topic files that add to the built-in topics or replace them (topics.dir)."`
}

func (f topicFlags) settings() []config.Flag {
	if f.Topics == "" {
		return nil
	}
	return []config.Flag{{Name: "--topics", Key: "topics.dir", Value: f.Topics}}
}
