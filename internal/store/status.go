package store

import (
	"context"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
)

// Counts counts the feeds, reports and stories that a guild sees, and its
// deliveries.
func (s *Store) Counts(ctx context.Context, guild string, since time.Time) (archive.Counts, error) {
	c := archive.Counts{Feeds: make(map[feed.State]int)}
	err := s.snapshot(ctx, "count", func(tx querier) error {
		rows, err := tx.QueryContext(ctx, `SELECT state, COUNT(*) FROM feeds WHERE wanted = 1
			AND (own = 0 OR id IN (SELECT gf.feed FROM guild_feeds gf WHERE gf.guild = $1)) GROUP BY state`, guild)
		_, err = collect(rows, err, func(s scanner) (st feed.State, err error) {
			var n int
			err = s.Scan(&st, &n)
			c.Feeds[st] = n
			return st, err
		})
		if err != nil {
			return fmt.Errorf("feeds: %w", err)
		}
		err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM reports r WHERE r.seen_at >= $1 AND "+visible("r", "$2"), ms(since), guild).Scan(&c.Reports)
		if err != nil {
			return fmt.Errorf("reports: %w", err)
		}
		// A story is never updated before it is opened, and updates have an index.
		err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM stories s WHERE s.updated_at >= $1 AND s.opened_at >= $1 AND s.joined = 0 AND "+visible("s", "$2"), ms(since), guild).
			Scan(&c.Stories)
		if err != nil {
			return fmt.Errorf("stories: %w", err)
		}
		return countDeliveries(ctx, &c, tx, guild, since)
	})
	if err != nil {
		return archive.Counts{}, err
	}
	return c, nil
}

func countDeliveries(ctx context.Context, c *archive.Counts, tx querier, guild string, since time.Time) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT state, reason, COUNT(*) FROM deliveries WHERE guild = $1 AND created_at >= $2
		GROUP BY state, reason ORDER BY state, reason`, guild, ms(since))
	c.Deliveries, err = collect(rows, err, func(s scanner) (d archive.DeliveryCount, err error) {
		err = s.Scan(&d.State, &d.Reason, &d.Count)
		return d, err
	})
	if err != nil {
		return fmt.Errorf("deliveries: %w", err)
	}
	var oldest int64
	err = tx.QueryRowContext(ctx, `
		SELECT COUNT(*), COALESCE(MIN(d.created_at), 0) FROM channels c JOIN deliveries d ON d.channel = c.id
		WHERE c.guild = $1 AND c.blocked_at = 0 AND d.settled_at = 0`, guild).
		Scan(&c.Pending, &oldest)
	if err != nil {
		return fmt.Errorf("open deliveries: %w", err)
	}
	c.OldestPending = at(oldest)
	return nil
}
