package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/subscription"
)

// broken reports whether an error tells of the database rather than of what was
// asked of it.
func broken(err error) bool {
	for _, harmless := range []error{
		archive.ErrNotFound, guild.ErrForeignChannel, ErrPlaced, archive.ErrNoWords, alert.ErrStale, article.ErrStale, phrase.ErrStale, context.Canceled, sql.ErrNoRows,
		subscription.ErrExists, subscription.ErrNotFound, subscription.ErrQuota,
		feedback.ErrNoAlert, quiet.ErrNotFound, quiet.ErrQuota, digest.ErrExists, digest.ErrNotFound, digest.ErrQuota,
		guild.ErrTopicExists, guild.ErrTopicNotFound, guild.ErrTopicQuota,
		guild.ErrFeedKnown, guild.ErrFeedExists, guild.ErrFeedQuota, guild.ErrFeedsFull, guild.ErrFeedNotFound,
	} {
		if errors.Is(err, harmless) {
			return false
		}
	}
	var soon *guild.TooSoonError
	return !errors.As(err, &soon)
}

// Failures returns how many transactions the database failed since [Open].
func (s *Store) Failures() (reads, writes int64) { return s.failedReads.Load(), s.failedWrites.Load() }

// Backlog returns what waits to be delivered, to all guilds.
func (s *Store) Backlog(ctx context.Context) (alert.Backlog, error) {
	var b alert.Backlog
	var oldest sql.NullInt64
	err := s.read.QueryRowContext(ctx, `
		SELECT COALESCE(SUM(CASE WHEN c.blocked_at = 0 THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN c.blocked_at = 0 THEN 0 ELSE 1 END), 0),
			MIN(CASE WHEN c.blocked_at = 0 THEN d.created_at END)
		FROM deliveries d JOIN channels c ON c.id = d.channel WHERE d.settled_at = 0`).Scan(&b.Waiting, &b.Blocked, &oldest)
	if err != nil {
		return b, s.failedRead("read backlog", err)
	}
	b.Oldest = at(oldest.Int64)
	return b, nil
}
