package app

import (
	"fmt"

	"github.com/attache-bot/attache/bot/command/own"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
)

// buildFinder makes what gets the feeds that guilds add for themselves, which
// reaches no network that is open to the catalogue's alone.
func (a *App) buildFinder(parser feed.Parser) (feed.Fetcher, error) {
	cfg := a.o.Config
	client, err := fetch.New(fetch.Options{
		UserAgent: cfg.Poll.UserAgent, Timeout: cfg.Poll.Timeout, AllowPrivate: cfg.Network.AllowOwn, AllowPorts: cfg.Network.AllowPorts,
		Now: a.o.Now, Logger: a.o.Logger,
	})
	if err != nil {
		return nil, fmt.Errorf("build the fetcher of own feeds: %w", err)
	}
	a.onClose("fetcher of own feeds", func() error { client.Close(); return nil })
	if cfg.Feeds.Own > 0 {
		a.ownFeeds = own.Feeds{
			Finder: &feed.Finder{Fetch: client, Parse: parser, Now: a.o.Now}, Every: max(cfg.Poll.Interval, cfg.Poll.MinInterval), Room: cfg.Feeds.Own,
		}
	}
	return client, nil
}
