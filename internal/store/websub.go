package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/websub"
)

const websubColumns = `feed, hub, topic, callback, path, secret, state, reason, since_at, asked_at, next_at, lease_until, failures`

func scanSubscriptionToHub(s scanner) (websub.Subscription, error) {
	var out websub.Subscription
	var since, asked, next, lease int64
	err := s.Scan(&out.Feed, &out.Hub, &out.Topic, &out.Callback, &out.Path, &out.Secret, &out.State, &out.Reason,
		&since, &asked, &next, &lease, &out.Failures)
	out.Since, out.Asked, out.Next, out.Lease = at(since), at(asked), at(next), at(lease)
	return out, err
}

// WebSub is the part of the store that keeps subscriptions to hubs; it
// implements [websub.Store].
type WebSub struct{ *Store }

// Candidates implements websub.Store.
func (s WebSub) Candidates(ctx context.Context) ([]websub.Candidate, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+websubColumns+" FROM websub")
	subscriptions, err := collect(rows, err, scanSubscriptionToHub)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions to hubs: %w", err)
	}
	byFeed := make(map[feed.ID]*websub.Subscription, len(subscriptions))
	for i, sub := range subscriptions {
		byFeed[sub.Feed] = &subscriptions[i]
	}
	rows, err = s.read.QueryContext(ctx, "SELECT "+feedColumns+`, wanted FROM feeds
		WHERE wanted = 1 AND hub <> '' OR id IN (SELECT feed FROM websub) ORDER BY id`)
	out, err := collect(rows, err, func(row scanner) (c websub.Candidate, err error) {
		var wanted int64
		c.Feed, err = scanFeed(withMore{row, []any{&wanted}})
		c.Wanted, c.Subscription = wanted == 1, byFeed[c.Feed.ID]
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("read feeds with hubs: %w", err)
	}
	return out, nil
}

// withMore scans columns behind those that a scanning function knows.
type withMore struct {
	scanner
	more []any
}

func (s withMore) Scan(dest ...any) error { return s.scanner.Scan(append(dest, s.more...)...) }

// Begin implements websub.Store.
func (s WebSub) Begin(ctx context.Context, sub websub.Subscription) error {
	return s.write(ctx, "begin subscription to a hub", func(ctx context.Context, tx *sql.Tx) error {
		err := one(tx.ExecContext(ctx, `
			INSERT INTO websub (`+websubColumns+`) VALUES `+placeholders(1, 13)+`
			ON CONFLICT (feed) DO UPDATE SET hub = excluded.hub, topic = excluded.topic, callback = excluded.callback,
				path = excluded.path, secret = excluded.secret, state = excluded.state, reason = excluded.reason,
				since_at = excluded.since_at, asked_at = excluded.asked_at, next_at = excluded.next_at,
				lease_until = excluded.lease_until, failures = excluded.failures
			WHERE websub.hub <> excluded.hub OR websub.topic <> excluded.topic OR websub.state = 'leaving'
				OR SUBSTR(websub.callback, 1, LENGTH(websub.callback) - LENGTH(websub.path))
					<> SUBSTR(excluded.callback, 1, LENGTH(excluded.callback) - LENGTH(excluded.path))`, websubValues(sub)...))
		if errors.Is(err, archive.ErrNotFound) {
			return nil // somebody else has begun the same
		}
		if err != nil {
			return err
		}
		return tellPushed(ctx, tx, sub.Feed, time.Time{})
	})
}

// Subscription implements websub.Store.
func (s WebSub) Subscription(ctx context.Context, path string) (websub.Subscription, error) {
	sub, err := subscriptionToHub(ctx, s.read, path, "")
	if err != nil {
		err = fmt.Errorf("look up subscription to a hub: %w", err)
	}
	return sub, err
}

func subscriptionToHub(ctx context.Context, q querier, path, lock string) (websub.Subscription, error) {
	sub, err := scanSubscriptionToHub(q.QueryRowContext(ctx,
		"SELECT "+websubColumns+" FROM websub WHERE path = $1 "+lock, storable(path)))
	if errors.Is(err, sql.ErrNoRows) {
		err = websub.ErrUnknown
	}
	return sub, err
}

// Change implements websub.Store.
func (s WebSub) Change(ctx context.Context, path string, change func(websub.Subscription) (websub.Subscription, error)) error {
	return s.write(ctx, "change subscription to a hub", func(ctx context.Context, tx *sql.Tx) error {
		sub, err := subscriptionToHub(ctx, tx, path, s.db.ForUpdate())
		if err != nil {
			return err
		}
		if sub, err = change(sub); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE websub SET state = $2, reason = $3, since_at = $4, asked_at = $5, next_at = $6, lease_until = $7, failures = $8
			WHERE path = $1`, path, string(sub.State), storable(sub.Reason), ms(sub.Since), ms(sub.Asked), ms(sub.Next), ms(sub.Lease), sub.Failures)
		if err != nil {
			return err
		}
		return tellPushed(ctx, tx, sub.Feed, sub.Pushed())
	})
}

// Forget implements websub.Store.
func (s WebSub) Forget(ctx context.Context, path string) error {
	return s.write(ctx, "forget subscription to a hub", func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "DELETE FROM websub WHERE path = $1 RETURNING feed", storable(path))
		feeds, err := collect(rows, err, scanOne[feed.ID])
		if err != nil || len(feeds) == 0 {
			return err
		}
		return tellPushed(ctx, tx, feeds[0], time.Time{})
	})
}

// ForgetPushes lets every feed be polled as if no hub brought it. It is for a
// start without WebSub, when nobody would hear the hubs.
func (s *Store) ForgetPushes(ctx context.Context) error {
	return s.write(ctx, "forget pushes", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE feeds SET pushed_until = 0 WHERE pushed_until <> 0")
		return err
	})
}

func tellPushed(ctx context.Context, tx querier, id feed.ID, until time.Time) error {
	_, err := tx.ExecContext(ctx, "UPDATE feeds SET pushed_until = $2 WHERE id = $1", int64(id), ms(until))
	return err
}

func websubValues(s websub.Subscription) []any {
	return []any{
		int64(s.Feed), storable(s.Hub), storable(s.Topic), storable(s.Callback), s.Path, s.Secret, string(s.State), storable(s.Reason),
		ms(s.Since), ms(s.Asked), ms(s.Next), ms(s.Lease), s.Failures,
	}
}
