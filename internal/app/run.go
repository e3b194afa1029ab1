package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/config"
)

// Run builds the bot that cfg describes and runs it until ctx ends.
func Run(ctx context.Context, cfg config.Config, log *slog.Logger) (err error) {
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
	topics, err := loadTopics(cfg.Topics)
	if err != nil {
		return fmt.Errorf("read topics: %w", err)
	}
	a, err := New(ctx, Options{Config: cfg, Token: token, Sources: sources, Topics: topics, Now: time.Now, Logger: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Run(ctx)
}
