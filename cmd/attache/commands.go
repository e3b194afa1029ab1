package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/operator"
)

type classifyCmd struct {
	topicFlags
	Only    []string `placeholder:"ID" help:"Limit the topics to these."`
	Summary bool     `help:"Add a summary to each answer."`
}

// Help implements [kong.HelpProvider].
func (classifyCmd) Help() string {
	return `Reads one JSON object a line from standard input: id, title, and optionally description, body, link, source (feed address or name), published (any date that feeds use), language. Lines come in stream order. Writes one object a line, in the same order:

    {"id":"r1","language":"en","topics":[{"id":"ceasefire","score":3,"stage":"agreed","evidence":["truce deal"]}],"story":"s1","standing":"claimed","claims":[{"source":"Trump","act":"claim","tone":"","party":"Russia","quote":""}]}

Reports of one development have one story; standing is what the words of its parties add up to after this report. The first of claims is the main one; its act is none when no party's word is the point. Claims are read in English.

A line that cannot be used is told on standard error with its number and gets {"id":…,"error":…} in its place; the rest goes on, and the exit code is 1.

Examples:

    echo '{"id":1,"title":"Russia and Ukraine agree to week-long truce"}' | attache classify

    attache classify --summary --only ceasefire < reports.jsonl > out.jsonl

    attache classify --topics my-topics < reports.jsonl`
}

// Run classifies standard input. It leaves signals alone: reading cannot be
// interrupted, and there is nothing to lose.
func (c classifyCmd) Run(s *session) error {
	cfg, _, err := s.begin(c.settings()...)
	if err != nil {
		return err
	}
	return operator.Classify(context.Background(), operator.ClassifyOptions{Config: cfg, Only: c.Only, Summary: c.Summary}, s.stdin, s.stdout, s.stderr)
}

type feedsCmd struct {
	List    feedsListCmd    `cmd:"" help:"List the sources and feeds that the bot reads."`
	Check   feedsCheckCmd   `cmd:"" help:"Poll feeds once and say which can be read."`
	Status  feedsStatusCmd  `cmd:"" help:"Say how the feeds of the database are, and when each is due and why."`
	Readmit feedsReadmitCmd `cmd:"" help:"Poll feeds again that are gone, quarantined or failing."`
}

// feedsChosen are the flags that choose feeds.
type feedsChosen struct {
	Only     []string `arg:"" optional:"" name:"feed" help:"Ids of sources, or addresses of feeds. None means all of the catalogue."`
	Country  []string `placeholder:"CODE" help:"Only sources of these countries, such as UA; INT are international bodies."`
	Language []string `placeholder:"CODE" help:"Only sources in these languages, such as fr."`
	JSON     bool     `name:"json" help:"Print JSON, an object a line."`
}

func (c feedsChosen) chosen() operator.FeedsChosen {
	return operator.FeedsChosen{Only: c.Only, Countries: c.Country, Languages: c.Language}
}

type feedsListCmd struct {
	feedsChosen
	Feeds bool `help:"Print a line for each feed, with its address and where that is known from."`
}

// Help implements [kong.HelpProvider].
func (feedsListCmd) Help() string {
	return `Prints the sources of the catalogue: country, language, tier, whether a state decides what they say, how many feeds, whose wires they carry, and their owner. Outlets of one owner do not confirm each other, and neither do two that carry one wire's copy. The catalogue's README says what each word means.

Examples:

    attache feeds list

    attache feeds list --country UA,RU

    attache feeds list --feeds bbc tass`
}

// Run lists the feeds.
func (c feedsListCmd) Run(s *session) error {
	cfg, _, err := s.begin()
	if err != nil {
		return err
	}
	return operator.ListFeeds(context.Background(), operator.FeedsListOptions{Config: cfg, Chosen: c.chosen(), Feeds: c.Feeds, JSON: c.JSON}, s.stdout)
}

type feedsCheckCmd struct{ feedsChosen }

// Help implements [kong.HelpProvider].
func (feedsCheckCmd) Help() string {
	return `Prints a table: what can be read, how many items it holds, how old the newest is, the language it is written in (de≠en: German, though its source is said to be English), and what it offers: etag and modified (unchanged feeds cost nothing), fresh, ttl and update (how long it asks to be left alone), hub (it can be pushed, by WebSub), full-text, teasers or titles. Below stand the feeds that could not be read, with why and what to do; those that moved for good, with the line of the catalogue to change; and what is worth a look.

Feeds of one host are asked one after another, a second apart. Nothing is stored. The exit code is 1 when a feed could not be read.

Examples:

    attache feeds check

    attache feeds check bbc nyt

    attache feeds check --country FR --language fr

    attache feeds check --json | jq 'select(.state == "failed")'

    attache feeds check https://example.org/world.rss`
}

// Run checks the feeds.
func (c feedsCheckCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	o := operator.FeedsCheckOptions{Config: cfg, Chosen: c.chosen(), JSON: c.JSON, Pause: time.Second, Now: time.Now, Logger: log}
	if isTerminal(s.stderr) {
		o.Progress = s.stderr
	}
	return operator.CheckFeeds(ctx, o, s.stdout)
}

type topicsCmd struct {
	List    topicsListCmd    `cmd:"" help:"List the topics."`
	Test    topicsTestCmd    `cmd:"" help:"Run the examples that topic files carry."`
	Explain topicsExplainCmd `cmd:"" help:"Say what speaks for and against each topic in a headline."`
}

type topicsListCmd struct{ topicFlags }

// Help implements [kong.HelpProvider].
func (topicsListCmd) Help() string {
	return `Prints each topic's id, title, languages, number of examples and stages.

Examples:

    attache topics list

    attache topics list --topics my-topics`
}

// Run lists the topics.
func (c topicsListCmd) Run(s *session) error {
	cfg, _, err := s.begin(c.settings()...)
	if err != nil {
		return err
	}
	return operator.ListTopics(context.Background(), cfg, s.stdout)
}

type topicsTestCmd struct {
	topicFlags
	Only []string `arg:"" optional:"" name:"id" help:"Ids of topics. None means all."`
}

// Help implements [kong.HelpProvider].
func (topicsTestCmd) Help() string {
	return `Prints each example that does not come out as its file says, with file and line. The exit code is 1 when there is one.

Examples:

    attache topics test

    attache topics test --topics my-topics ceasefire`
}

// Run tests the topics.
func (c topicsTestCmd) Run(s *session) error {
	cfg, _, err := s.begin(c.settings()...)
	if err != nil {
		return err
	}
	return operator.TestTopics(context.Background(), cfg, c.Only, s.stdout)
}

type topicsExplainCmd struct {
	topicFlags
	Text     []string `arg:"" name:"text" help:"The headline."`
	Lead     string   `help:"The description below it."`
	Language string   `placeholder:"CODE" help:"Its language, such as en; else it is found from the text."`
}

// Help implements [kong.HelpProvider].
func (topicsExplainCmd) Help() string {
	return `For every topic of which something occurs: whether it holds and why, its score, and each passage that counted, with its weight, the part of the report where it stands and the pattern of the topic's file.

Examples:

    attache topics explain "Rail strike to go ahead after talks fail"

    attache topics explain "Waffenruhe in Kraft" --language de

    attache topics explain "Truce holds" --lead "The ceasefire in Gaza entered its second day."`
}

// Run explains a headline.
func (c topicsExplainCmd) Run(s *session) error {
	cfg, _, err := s.begin(c.settings()...)
	if err != nil {
		return err
	}
	return operator.ExplainTopics(context.Background(), operator.ExplainOptions{
		Config: cfg, Title: strings.Join(c.Text, " "), Lead: c.Lead, Language: c.Language,
	}, s.stdout)
}

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Check every setting and print where it comes from."`
}

type configCheckCmd struct{}

// Help implements [kong.HelpProvider].
func (configCheckCmd) Help() string {
	return `Reads the file, the environment and the flags, the catalogue of feeds and the topics, and tells every mistake with its place and its remedy. A token is never printed. The exit code is 2 when a setting is wrong.

Examples:

    attache config check

    attache config check --config /etc/attache/attache.yaml

    attache config check --set poll.tick=10s`
}

// Run checks the configuration.
func (configCheckCmd) Run(s *session) error {
	loaded, err := s.load()
	if err != nil {
		return err
	}
	return operator.CheckConfig(context.Background(), loaded, s.stdout)
}

type migrateCmd struct {
	Status bool `help:"Only tell how far the database is."`
}

// Help implements [kong.HelpProvider].
func (migrateCmd) Help() string {
	return `attache run does this by itself; use it to do it at a time of your own. It can be run again at any time, and after a crash.

Examples:

    attache migrate --status

    attache migrate --set store.path=/var/lib/attache/attache.db`
}

// Run migrates the database.
func (c migrateCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.Migrate(ctx, cfg, c.Status, log, s.stdout)
}

type healthcheckCmd struct {
	Alive bool `help:"Ask only whether the bot's loops turn, whatever becomes of Discord."`
}

// Help implements [kong.HelpProvider].
func (healthcheckCmd) Help() string {
	return `Asks at the address that listen names, and waits three seconds at most. It says what works and what does not, and why: the database, the connection to Discord, the polling of feeds. The exit code is 0 when all is well, so that it serves as the health check of a container, and 1 when not.

With --alive the exit code is 1 only when a loop of the bot hangs, which a restart mends; Discord being away is none of that.

Examples:

    attache healthcheck

    attache healthcheck --alive --set listen=127.0.0.1:8077`
}

// Run asks for health.
func (c healthcheckCmd) Run(s *session) error {
	cfg, _, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.Healthcheck(ctx, cfg, c.Alive, s.stdout)
}

type logLevelCmd struct {
	Level     string        `arg:"" optional:"" help:"debug, info, warn, error, or configured to take changes back. None only shows what holds."`
	Component string        `placeholder:"NAME" help:"Change only this component, such as poller."`
	For       time.Duration `default:"10m" help:"How long the change holds; 0 means until the bot stops."`
}

// Help implements [kong.HelpProvider].
func (logLevelCmd) Help() string {
	return `Asks a running bot at the address that listen names, and prints the level of each component. A change ends by itself after a while. It works on the machine itself only, while listen is an address of loopback.

Examples:

    attache loglevel

    attache loglevel debug --component poller --for 30m

    attache loglevel configured`
}

// Run changes or shows levels.
func (c logLevelCmd) Run(s *session) error {
	cfg, _, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.LogLevel(ctx, cfg, operator.LogLevelChange{Level: c.Level, Component: c.Component, For: c.For}, s.stdout)
}

type versionCmd struct{}

// Help implements [kong.HelpProvider].
func (versionCmd) Help() string {
	return `Prints the version, the commit that it was built from where that is known, and the compiler.

Example:

    attache version`
}

// Run prints the version.
func (versionCmd) Run(s *session) error {
	line := "attache " + app.Version()
	if bi, ok := debug.ReadBuildInfo(); ok {
		line += commit(bi.Settings)
	}
	_, err := fmt.Fprintf(s.stdout, "%s, %s %s/%s\n", line, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// commit is the commit of a build, "" when the build did not record it.
func commit(settings []debug.BuildSetting) string {
	var revision, when, changed string
	for _, s := range settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case "vcs.time":
			when = " of " + s.Value
		case "vcs.modified":
			if s.Value == "true" {
				changed = " with changes"
			}
		}
	}
	if revision == "" {
		return ""
	}
	return " (commit " + revision + when + changed + ")"
}
