package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/feed"
)

const feedColumns = `id, url, source, every_ms, etag, last_modified, body_hash, polled_at, succeeded_at,
	next_at, failures, state, reason, since_at, read_at, newest_at`

func scanFeed(s scanner) (feed.Feed, error) {
	var f feed.Feed
	var every, polled, succeeded, next, since, read, newest int64
	err := s.Scan(&f.ID, &f.URL, &f.Source, &every, &f.ETag, &f.LastModified, &f.BodyHash, &polled, &succeeded,
		&next, &f.Failures, &f.State, &f.Reason, &since, &read, &newest)
	f.Every = time.Duration(every) * time.Millisecond
	f.Polled, f.Succeeded, f.Next, f.Since = at(polled), at(succeeded), at(next), at(since)
	f.Read, f.Newest = at(read), at(newest)
	return f, err
}

// SyncFeeds implements feed.Store. A known feed whose interval changed and that
// answers well is due within the new interval.
func (s *Store) SyncFeeds(ctx context.Context, now time.Time, feeds []feed.Feed) error {
	return s.write(ctx, "sync feeds", func(ctx context.Context, tx *sql.Tx) error {
		if err := s.engine.inTurn(ctx, tx, "feeds"); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE feeds SET wanted = 0"); err != nil {
			return err
		}
		for _, f := range feeds {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO feeds (url, source, every_ms, next_at, state, since_at) VALUES ($1, $2, $3, $4, $5, $4)
				ON CONFLICT (url) DO UPDATE SET wanted = 1, source = excluded.source, every_ms = excluded.every_ms,
					next_at = CASE
						WHEN feeds.state = 'ok' AND feeds.every_ms <> excluded.every_ms AND feeds.next_at > $4 + excluded.every_ms
						THEN $4 + excluded.every_ms ELSE feeds.next_at END`,
				f.URL, string(f.Source), f.Every.Milliseconds(), ms(now), string(feed.New))
			if err != nil {
				return fmt.Errorf("feed %s: %w", f.URL, err)
			}
		}
		return nil
	})
}

// ClaimDue implements feed.Store.
func (s *Store) ClaimDue(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]feed.Feed, error) {
	if limit <= 0 {
		return nil, nil
	}
	var out []feed.Feed
	err := s.write(ctx, "claim due feeds", func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			UPDATE feeds SET held_until = $1 WHERE id IN (
				SELECT id FROM feeds
				WHERE wanted = 1 AND next_at <= $2 AND held_until <= $2 AND state <> 'quarantined'
				ORDER BY next_at, id LIMIT $3 `+s.engine.skipLocked()+`)
			RETURNING `+feedColumns, ms(now.Add(lease)), ms(now), limit)
		out, err = collect(rows, err, scanFeed)
		return err
	})
	// RETURNING promises no order.
	slices.SortFunc(out, func(a, b feed.Feed) int {
		return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.ID, b.ID))
	})
	return out, err
}

// ReleaseFeeds ends every hold on a feed and returns how many there were. It is
// for the only process of a database, before its first ClaimDue: holds that a
// former run left would otherwise last until their lease ends.
func (s *Store) ReleaseFeeds(ctx context.Context) (int, error) {
	var n int64
	err := s.write(ctx, "release feeds", func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE feeds SET held_until = 0 WHERE held_until <> 0")
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return int(n), err
}

// MarkParsing implements feed.Store. It returns [ErrNotFound] for an unknown
// feed.
func (s *Store) MarkParsing(ctx context.Context, id feed.ID, bodyHash string) error {
	return s.write(ctx, "mark parsing", func(ctx context.Context, tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, "UPDATE feeds SET parsing = $2 WHERE id = $1", int64(id), bodyHash))
	})
}

// FindCrashed implements feed.Store. The count of a feed begins anew once a
// body of it was parsed and its poll saved.
func (s *Store) FindCrashed(ctx context.Context) (map[feed.ID]int, error) {
	found := make(map[feed.ID]int)
	err := s.write(ctx, "find crashed feeds", func(ctx context.Context, tx *sql.Tx) error {
		clear(found)
		rows, err := tx.QueryContext(ctx, `
			UPDATE feeds SET crashes = crashes + 1, parsing = NULL WHERE parsing IS NOT NULL RETURNING id, crashes`)
		_, err = collect(rows, err, func(s scanner) (id feed.ID, err error) {
			var n int
			err = s.Scan(&id, &n)
			found[id] = n
			return id, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// SetState implements feed.Store. Leaving quarantine forgets the crashes. It
// returns [ErrNotFound] for an unknown feed.
func (s *Store) SetState(ctx context.Context, id feed.ID, st feed.State, reason string, now time.Time) error {
	return s.write(ctx, "set feed state", func(ctx context.Context, tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `
			UPDATE feeds SET reason = $3, since_at = CASE WHEN state = $2 THEN since_at ELSE $4 END,
				crashes = CASE WHEN $2 = 'quarantined' THEN crashes ELSE 0 END, state = $2
			WHERE id = $1`, int64(id), string(st), storable(reason), ms(now)))
	})
}

// FeedStatus returns the feeds that are polled now, by address.
func (s *Store) FeedStatus(ctx context.Context) ([]feed.Feed, error) {
	rows, err := s.pools.read.QueryContext(ctx, "SELECT "+feedColumns+" FROM feeds WHERE wanted = 1 ORDER BY url")
	out, err := collect(rows, err, scanFeed)
	if err != nil {
		return nil, fmt.Errorf("read feed status: %w", err)
	}
	return out, nil
}

// saveFeed records a feed after a poll and releases it. What configuration
// owns (address, source, interval) stays as it is.
func saveFeed(ctx context.Context, tx querier, f feed.Feed) error {
	return one(tx.ExecContext(ctx, `
		UPDATE feeds SET etag = $2, last_modified = $3, body_hash = $4, polled_at = $5, succeeded_at = $6, next_at = $7,
			failures = $8, state = $9, reason = $10, since_at = $11, read_at = $12, newest_at = $13, held_until = 0,
			crashes = CASE WHEN parsing IS NULL THEN crashes ELSE 0 END, parsing = NULL
		WHERE id = $1`,
		int64(f.ID), storable(f.ETag), storable(f.LastModified), f.BodyHash, ms(f.Polled), ms(f.Succeeded), ms(f.Next),
		f.Failures, string(f.State), storable(f.Reason), ms(f.Since), ms(f.Read), ms(f.Newest)))
}

// one turns a change of no row into [ErrNotFound].
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}
