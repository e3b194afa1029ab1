package main

import (
	"time"

	"github.com/attache-bot/attache/internal/operator"
)

type traceCmd struct {
	What string `arg:"" help:"A link, the number of a report, or that of a story with an s before it."`
	JSON bool   `name:"json" help:"Print JSON, for machines."`
}

// Help implements [kong.HelpProvider].
func (traceCmd) Help() string {
	return `Tells a report's way through the bot: which feed brought it and when, by what it is known again, which topics it bears and for which words, which story it opened or joined and why, which channels were alerted and which were not, and what became of every message, with the times. Of a link, tracking parameters do not matter.

It only reads the database, and works beside a running bot. The exit code is 1 when there is no such report; what to look at is then said.

Examples:

    attache trace https://example.org/news/truce-deal

    attache trace 812

    attache trace s812 --json`
}

// Run traces.
func (c traceCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.Trace(ctx, operator.TraceOptions{Config: cfg, What: c.What, JSON: c.JSON, Logger: log}, s.stdout)
}

type backupCmd struct {
	File    string `arg:"" type:"path" help:"The backup."`
	Verify  bool   `help:"Only check a backup that is there."`
	Force   bool   `help:"Replace a file that is there."`
	Compact bool   `help:"Leave out what the database keeps free for later. It takes longer."`
}

// Help implements [kong.HelpProvider].
func (backupCmd) Help() string {
	return `Copies the database as it is at one moment while the bot goes on, and checks the copy: its integrity, its references, its schema, and that it has as many rows of every kind. Only then does the file get its name; it can be read by its owner alone. With PostgreSQL it names the command to use.

To restore, stop the bot, delete the files at store.path that end in -wal and -shm, copy the backup to store.path, and start the bot. Nothing that the backup knows to be posted is posted again. What was posted after the backup was made it does not know: that comes once more where feeds still hold it, within the age limit of alerts (alerts.max_age). So make backups often, and restore the newest.

Examples:

    attache backup /var/backups/attache-$(date +%F).db

    attache backup --verify /var/backups/attache-2026-01-29.db

    attache backup --force --compact latest.db`
}

// Run backs up.
func (c backupCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.Backup(ctx, operator.BackupOptions{
		Config: cfg, File: c.File, VerifyOnly: c.Verify, Force: c.Force, Compact: c.Compact,
		Progress: s.stderr, Terminal: isTerminal(s.stderr), Logger: log,
	}, s.stdout)
}

type feedsStatusCmd struct {
	Only    []string `arg:"" optional:"" name:"feed" help:"Ids of sources, or numbers or addresses of feeds. None means all."`
	Trouble bool     `help:"Only feeds that are not well."`
	JSON    bool     `name:"json" help:"Print JSON, an object a line."`
}

// Help implements [kong.HelpProvider].
func (feedsStatusCmd) Help() string {
	return `Prints what the database knows of each feed: its state and for how long it has been in it, how old its newest report is, when it is due next, and the reason for that time. Below stands what is wrong with those that are not well.

The states: new (not tried yet), ok, stale (it answers but has brought nothing for much longer than usual), moved (its address leads to another feed, which is read), failing (asked ever more seldom), gone (its publisher took it down), quarantined (reading it made the bot crash). The last two are left alone; attache feeds readmit polls them again.

Addresses are shown without what may be the key to them: without their query, and of the feeds that servers have added only the host. The number in the first column stands for the feed.

It only reads the database, and works beside a running bot.

Examples:

    attache feeds status

    attache feeds status --trouble

    attache feeds status bbc --json`
}

// Run prints the status.
func (c feedsStatusCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.FeedsStatus(ctx, operator.FeedsStatusOptions{Config: cfg, Only: c.Only, Trouble: c.Trouble, JSON: c.JSON, Now: time.Now, Logger: log}, s.stdout)
}

type feedsReadmitCmd struct {
	Only []string `arg:"" name:"feed" help:"Ids of sources, or numbers or addresses of feeds."`
}

// Help implements [kong.HelpProvider].
func (feedsReadmitCmd) Help() string {
	return `Lets feeds be polled again at once that are gone (410), quarantined because reading them made the bot crash, or failing and asked ever more seldom. A running bot takes them up at its next tick. A feed that crashes the bot again is quarantined again.

Examples:

    attache feeds readmit example-wire

    attache feeds readmit https://example.org/world.rss

    attache feeds readmit 12`
}

// Run readmits.
func (c feedsReadmitCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	return operator.ReadmitFeeds(ctx, operator.ReadmitFeedsOptions{Config: cfg, Only: c.Only, Now: time.Now, Logger: log}, s.stdout)
}
