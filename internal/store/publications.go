package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
)

// wishPublication records that an alert which was posted is to be published, if
// its channel's kind and a subscription for one of its topics say so.
func wishPublication(ctx context.Context, tx querier, now time.Time, d alert.Delivery, message string) error {
	if d.In != guild.Announcement || message == "" {
		return nil
	}
	topics := make([]string, len(d.Content.Topics))
	for i, t := range d.Content.Topics {
		topics[i] = string(t.ID)
	}
	wanted := false
	err := inLists(topics, 1, func(in string, args []any) error {
		var n int
		err := tx.QueryRowContext(ctx, fmt.Sprintf("SELECT COUNT(*) FROM subscriptions WHERE channel = $%d AND unpublished = 0 AND topic IN %s",
			len(args)+1, in), append(args, d.Channel)...).Scan(&n)
		wanted = wanted || n > 0
		return err
	})
	if err == nil && wanted {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO publications (delivery, guild, channel, message, posted_at, due_at) VALUES ($1, $2, $3, $4, $5, $5)
			ON CONFLICT (delivery) DO NOTHING`, d.ID, d.Guild, d.Channel, storable(message), ms(now))
	}
	if err != nil {
		return fmt.Errorf("wish publication: %w", err)
	}
	return nil
}

// ClaimPublications implements alert.Publications. A channel's open publications
// take their turns from the oldest on.
func (s *Store) ClaimPublications(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]alert.Publication, error) {
	return claiming[alert.Publication]{
		op: "claim publications",
		due: `SELECT delivery FROM publications p WHERE settled_at = 0 AND due_at <= $1 AND delivery = (
				SELECT MIN(o.delivery) FROM publications o WHERE o.channel = p.channel AND o.settled_at = 0)
			ORDER BY due_at LIMIT $2`,
		hold: "UPDATE publications SET attempt = attempt + 1, due_at = $1 WHERE delivery IN",
		read: `SELECT delivery, guild, channel, message, posted_at, attempt, failures
			FROM publications WHERE delivery IN`,
		key:  "delivery",
		scan: scanPublication,
		add: func(ctx context.Context, tx querier, p *alert.Publication) (err error) {
			p.Published, err = published(ctx, tx, p.Channel, now.Add(-alert.PublishWindow))
			return err
		},
	}.claim(ctx, s, now, limit, lease)
}

func scanPublication(s scanner) (p alert.Publication, err error) {
	var posted int64
	err = s.Scan(&p.Delivery, &p.Guild, &p.Channel, &p.Message, &posted, &p.Attempt, &p.Failures)
	p.Posted = at(posted)
	return p, err
}

// published returns when messages of a channel were published since a time.
func published(ctx context.Context, tx querier, channel string, since time.Time) ([]time.Time, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT settled_at FROM publications WHERE channel = $1 AND settled_at > $2 AND state = $3 ORDER BY settled_at`,
		channel, ms(since), string(alert.Published))
	return collect(rows, err, func(s scanner) (time.Time, error) {
		var t int64
		err := s.Scan(&t)
		return at(t), err
	})
}

// SettlePublication implements alert.Publications.
func (s *Store) SettlePublication(ctx context.Context, now time.Time, p alert.Publication, st alert.PublishSettlement) error {
	var settled int64
	switch st.Outcome {
	case alert.Published, alert.Unpublished:
		settled = ms(now)
	case alert.PublishWaits:
	default:
		return fmt.Errorf("settle publication of delivery %d: %q is no outcome", p.Delivery, st.Outcome)
	}
	return s.write(ctx, fmt.Sprintf("settle publication of delivery %d", p.Delivery), func(ctx context.Context, tx *sql.Tx) error {
		err := one(tx.ExecContext(ctx, `
			UPDATE publications SET state = $3, due_at = $4, settled_at = $5, failures = $6, reason = $7
			WHERE delivery = $1 AND attempt = $2 AND settled_at = 0`,
			p.Delivery, p.Attempt, string(st.Outcome), ms(st.Due), settled, st.Failures, st.Reason))
		if errors.Is(err, archive.ErrNotFound) {
			return alert.ErrStale
		}
		return err
	})
}

// NextPublication implements alert.Publications.
func (s *Store) NextPublication(ctx context.Context) (time.Time, bool, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `
		SELECT MIN(due_at) FROM publications p WHERE settled_at = 0 AND delivery = (
			SELECT MIN(o.delivery) FROM publications o WHERE o.channel = p.channel AND o.settled_at = 0)`).Scan(&next)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read next due publication: %w", err)
	}
	return at(next.Int64), next.Valid, nil
}

// Unpublished counts a guild's alerts that were to be published since a time and
// stay in their channels.
func (s *Store) Unpublished(ctx context.Context, guildID string, since time.Time) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM publications WHERE state = $3 AND settled_at >= $2
			AND channel IN (SELECT id FROM channels WHERE guild = $1)`, guildID, ms(since), string(alert.Unpublished)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count unpublished alerts: %w", err)
	}
	return n, nil
}
