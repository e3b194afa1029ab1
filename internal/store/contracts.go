package store

import (
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/pipeline"
)

// The consumers' interfaces that the store serves.
var (
	_ feed.Store           = (*Store)(nil)
	_ pipeline.Store       = (*Store)(nil)
	_ pipeline.DigestStore = (*Store)(nil)
	_ pipeline.WakeStore   = (*Store)(nil)
	_ alert.Ledger         = (*Store)(nil)
	_ alert.Edits          = (*Store)(nil)
	_ article.Store        = (*Store)(nil)
	_ phrase.Store         = (*Store)(nil)
)
