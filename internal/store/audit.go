package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/upkeep"
)

// audit notes a change in the transaction that makes it, as one of who asks in
// the context. What nobody asks for is not noted. Every method that changes what a
// guild has asked for calls it once for each thing that it really changed.
func (s *Store) audit(ctx context.Context, tx querier, c guild.Change) error {
	by, ok := guild.ActorOf(ctx)
	if !ok {
		return nil
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO audit (guild, actor, done_at, act, channel, topic, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		c.Guild, by.User, ms(by.At), string(c.Act), c.Channel, string(c.Topic), text.Cut(text.Clean(storable(c.Detail)), guild.MaxDetail))
	if err != nil {
		return fmt.Errorf("note the change: %w", err)
	}
	return nil
}

// Changes returns what members of a guild changed, the newest first.
func (s *Store) Changes(ctx context.Context, q guild.ChangeQuery) ([]guild.Change, error) {
	before := q.Before
	if before == 0 {
		before = math.MaxInt64
	}
	text, args := `SELECT id, guild, actor, done_at, act, channel, topic, detail FROM audit WHERE guild = $1 AND id < $2`, []any{q.Guild, before}
	if q.User != "" {
		text, args = text+" AND actor = $4", append(args, q.Limit, q.User)
	} else {
		args = append(args, q.Limit)
	}
	rows, err := s.read.QueryContext(ctx, text+" ORDER BY id DESC LIMIT $3", args...)
	out, err := collect(rows, err, func(s scanner) (c guild.Change, err error) {
		var done int64
		err = s.Scan(&c.ID, &c.Guild, &c.User, &done, &c.Act, &c.Channel, &c.Topic, &c.Detail)
		c.At = at(done)
		return c, err
	})
	if err != nil {
		return nil, s.failedRead("read changes", err)
	}
	return out, nil
}

// DeleteChanges implements upkeep.Store.
func (s *Store) DeleteChanges(ctx context.Context, before time.Time, limit int) (upkeep.Deleted, error) {
	n, err := s.deleteSome(ctx, "delete old changes", `
		DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE done_at < $1 ORDER BY done_at LIMIT $2)`, ms(before), limit)
	return upkeep.Deleted{Changes: n}, err
}
