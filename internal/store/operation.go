package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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

// Size returns how many bytes the database takes on disk, and how many of them
// the log of changes that are not yet in the data takes, where that is known.
func (s *Store) Size(ctx context.Context) (data, log int64, err error) {
	data, log, err = s.engine.size(ctx, s.pools.read)
	if err != nil {
		return 0, 0, fmt.Errorf("measure store: %w", err)
	}
	return data, log, nil
}

// Schema returns the version of the database's schema, as it is now, and the one
// that the program needs. It writes nothing and waits for no writer.
func (s *Store) Schema(ctx context.Context) (current, needed int64, err error) {
	var v sql.NullInt64
	err = s.pools.read.QueryRowContext(ctx, "SELECT MAX(version_id) FROM schema_version").Scan(&v)
	if err != nil {
		s.failedReads.Add(1)
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	return v.Int64, s.latest, nil
}

// Backlog returns what waits to be delivered, to all guilds.
func (s *Store) Backlog(ctx context.Context) (alert.Backlog, error) {
	var b alert.Backlog
	var oldest sql.NullInt64
	err := s.pools.read.QueryRowContext(ctx, `
		SELECT COALESCE(SUM(CASE WHEN c.blocked_at = 0 THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN c.blocked_at = 0 THEN 0 ELSE 1 END), 0),
			MIN(CASE WHEN c.blocked_at = 0 THEN d.created_at END)
		FROM deliveries d JOIN channels c ON c.id = d.channel WHERE d.settled_at = 0`).Scan(&b.Waiting, &b.Blocked, &oldest)
	if err != nil {
		s.failedReads.Add(1)
		return b, fmt.Errorf("read backlog: %w", err)
	}
	b.Oldest = at(oldest.Int64)
	return b, nil
}
