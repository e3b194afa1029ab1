package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/logging"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/text"
)

// RunOptions are what [Run] runs with.
type RunOptions struct {
	Config config.Config
	Logger *slog.Logger
	// Levels, if set, are those of Logger, to be changed while the bot runs.
	Levels *logging.Levels
	// Out is where people read how to add the bot to a server.
	Out io.Writer
}

// Run builds the bot that a configuration describes and runs it until ctx ends.
// Once it is connected it says how to add it to a server.
func Run(ctx context.Context, o RunOptions) (err error) {
	cfg, log := o.Config, o.Logger
	token, warnings, err := cfg.Discord.ResolveToken()
	for _, w := range warnings {
		log.WarnContext(ctx, w, "component", "config")
	}
	if err != nil {
		return err
	}
	sources, err := config.LoadSources(cfg.Feeds)
	if err != nil {
		return err
	}
	topics, err := reading.LoadTopics(cfg.Topics)
	if err != nil {
		return fmt.Errorf("read topics: %w", err)
	}
	a, err := New(ctx, Options{
		Config: cfg, Token: token, Sources: sources, Topics: topics, Now: time.Now, Logger: log, Levels: o.Levels, Connected: greet(o.Out),
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // it was told to stop, and had not begun
	case err != nil:
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Run(ctx)
}

// greet prints, once, how the bot is added to a server.
func greet(out io.Writer) func(name, invite string) {
	var once sync.Once
	return func(name, invite string) {
		once.Do(func() {
			fmt.Fprintf(out, "Connected to Discord as %s. To add it to a server, open\n\n  %s\n\nThen type /subscribe in a channel there. Press Ctrl+C to end.\n", text.Clean(name), invite)
		})
	}
}
