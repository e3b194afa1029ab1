package main

import (
	"github.com/attache-bot/attache/internal/app"
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
	return app.Trace(ctx, app.TraceOptions{Config: cfg, What: c.What, JSON: c.JSON, Logger: log}, s.stdout)
}
