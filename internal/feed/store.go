package feed

import (
	"context"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// Store keeps feeds and receives what their polls bring.
type Store interface {
	// SyncFeeds makes the set of polled feeds equal to feeds (their URL, Source
	// and Every): new ones are added as [New] and due at now, known ones keep
	// their history, absent ones are no longer claimed but keep their record.
	SyncFeeds(ctx context.Context, now time.Time, feeds []Feed) error
	// ClaimDue returns up to limit feeds that are due and that nobody holds,
	// longest due first, and holds them until now+lease.
	ClaimDue(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]Feed, error)
	// Known tells for each report whether its source already has a report with
	// one of its keys.
	Known(ctx context.Context, src source.ID, reports []report.Report) ([]bool, error)
	// MarkParsing records, before a body is parsed, that this feed is about to
	// be. [Store.SavePoll] clears the mark. A mark found at start means that the
	// process died while parsing.
	MarkParsing(ctx context.Context, id ID, bodyHash string) error
	// FindCrashed returns the feeds whose mark is set, counts each find, clears
	// the marks, and returns how often each was found.
	FindCrashed(ctx context.Context) (map[ID]int, error)
	// SavePoll commits an outcome in one transaction: the feed's record, its
	// hold released, and those reports whose keys are new to the source, with
	// their keys. A known report whose text changed is updated and stays placed.
	// It returns the number of reports added.
	SavePoll(ctx context.Context, o Outcome) (added int, err error)
	// SetState changes a feed's health outside a poll, e.g. to [Quarantined].
	SetState(ctx context.Context, id ID, s State, reason string, now time.Time) error
}
