package app

import (
	"context"
	"fmt"

	"github.com/attache-bot/attache/bot"
	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/care"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/source"
)

func (a *App) buildBot(c *source.Catalogue) error {
	states, err := newCountries()
	if err != nil {
		return fmt.Errorf("read the names of states: %w", err)
	}
	rehearser := &pipeline.Rehearser{Store: a.store, Sources: c, Parties: states.naming.Parties, MaxAge: a.o.Config.Alerts.MaxAge}
	b, err := bot.New(bot.Options{
		Token: a.o.Token.Reveal(), BaseURL: a.o.Config.Discord.BaseURL, UserAgent: discordAgent(),
		Guilds: a.store, Commands: a.store, Shards: a.shards(),
		Command: command.Options{
			Interaction: interaction.Options{Direct: a.o.Config.Discord.DirectMessages},
			Desk:        desk.Options{Topics: catalogue{a.o.Topics}, Sources: c, Countries: states, FeedReason: reading.FailureText},
			Explain:     explainer(a.o.Topics), Rehearser: rehearser, Feeds: a.ownFeeds,
			Keeps: care.Keeps{
				Messages: a.o.Config.Retention.Reports, Changes: a.o.Config.Retention.Changes, Left: a.o.Config.Retention.Guilds,
			},
		},
		Now: a.o.Now, Logger: a.o.Logger,
		Changed: func() { a.deliver.Wake() }, Connected: a.o.Connected, Answered: a.metrics.Answered,
	})
	if err != nil {
		return err
	}
	a.bot = b
	a.onClose("bot", func() error { b.Close(); return nil })
	return nil
}

func (a *App) buildDelivery(ctx context.Context) error {
	install, err := a.store.Install(ctx)
	if err != nil {
		return err
	}
	cfg := a.o.Config.Alerts
	a.deliver, err = alert.NewDeliverer(a.store, a.bot.Sender(), alert.Options{
		Install: install, Workers: sendWorkers, Lease: sendLease, Timeout: sendTimeout, Sweep: sendSweep,
		Late: alert.LatePolicy{MaxAge: cfg.MaxAge, Late: cfg.Late, Keep: cfg.Keep, Window: lateWindow},
		Sole: a.store.Sole(), Now: a.o.Now, Logger: a.o.Logger,
		Settled: a.settled, Folded: a.metrics.Folded, Turned: a.loops.deliver.Beat,
	})
	if err != nil {
		return err
	}
	a.edit, err = alert.NewEditor(a.store, a.bot.Sender(), alert.EditorOptions{
		Gap: cfg.EditGap, Workers: editWorkers, Lease: sendLease, Timeout: sendTimeout, Sweep: sendSweep, Now: a.o.Now, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.publish, err = alert.NewPublisher(a.store, a.bot.Sender(), alert.PublisherOptions{
		Workers: editWorkers, Lease: sendLease, Timeout: sendTimeout, Sweep: sendSweep, Now: a.o.Now, Logger: a.o.Logger,
		Settled: a.metrics.Published,
	})
	return err
}

// settled takes in what became of a delivery.
func (a *App) settled(d alert.Delivery, s alert.Settlement) {
	a.metrics.Settled(d, s)
	if s.State == alert.Sent && d.In == guild.Announcement {
		a.publish.Wake()
	}
}
