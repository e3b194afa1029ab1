package app

import (
	"context"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/feed/fetch"
)

const (
	articleWorkers = 4
	articleEvery   = 5 * time.Second
	// articleTime is what reading a page takes beside fetching it.
	articleTime = time.Minute
)

// articles reads the pages of those feeds that the catalogue allows it for.
type articles struct {
	// allowed are the feeds; their numbers are the store's.
	allowed map[int64]bool
	// reader is nil where there is none.
	reader *article.Reader
}

// allow looks up which feeds' pages may be read.
func (a *App) allow(ctx context.Context) error {
	byURL := map[string]bool{}
	for _, s := range a.o.Sources {
		for _, f := range s.Feeds {
			if f.Articles {
				byURL[f.URL] = true
			}
		}
	}
	if len(byURL) == 0 {
		return nil
	}
	feeds, err := a.store.FeedStatus(ctx)
	if err != nil {
		return err
	}
	a.articles.allowed = map[int64]bool{}
	for _, f := range feeds {
		if byURL[f.URL] {
			a.articles.allowed[int64(f.ID)] = true
		}
	}
	return nil
}

// buildArticles makes the reader of pages, where any may be read.
func (a *App) buildArticles(ctx context.Context, client *fetch.Client) error {
	if err := a.allow(ctx); err != nil || len(a.articles.allowed) == 0 {
		return err
	}
	extractor, err := article.NewExtractor(article.ExtractOptions{})
	if err != nil {
		return err
	}
	a.articles.reader, err = article.NewReader(a.store, client, a.poller, extractor, article.Options{
		Allowed: a.articleAllowed, Workers: articleWorkers, Lease: a.o.Config.Poll.Timeout + articleTime,
		MaxAge: a.o.Config.Alerts.MaxAge, Every: articleEvery, Now: a.o.Now, Logger: a.o.Logger,
		Settled: func(_ article.Wanted, s article.Settlement) {
			if s.State == article.Read {
				a.placeNow.Ring()
			}
		},
	})
	if err != nil {
		return fmt.Errorf("build the reader of articles: %w", err)
	}
	return nil
}

// articleAllowed reports whether the pages of a feed may be fetched.
func (a *App) articleAllowed(feed int64) bool { return a.articles.allowed[feed] }
