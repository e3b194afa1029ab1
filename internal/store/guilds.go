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
	"github.com/attache-bot/attache/internal/store/engine"
)

// PutGuild records that the bot is in a guild. One that it had left gets its
// subscriptions back, and its channels are tried again, since a new membership
// comes with new permissions. Of one that is known as it is nothing is written: a
// session begins by telling of every guild.
func (s *Store) PutGuild(ctx context.Context, g guild.Guild) error {
	var known int
	err := s.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM guilds WHERE id = $1 AND name = $2 AND locale = $3 AND left_at = 0 AND name <> ''",
		g.ID, storable(g.Name), storable(g.Locale)).Scan(&known)
	if err != nil {
		return fmt.Errorf("read guild: %w", err)
	}
	if known > 0 {
		return nil
	}
	return s.write(ctx, "save guild", func(ctx context.Context, tx *sql.Tx) error {
		var left int64
		err := tx.QueryRowContext(ctx, "SELECT left_at FROM guilds WHERE id = $1", g.ID).Scan(&left)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO guilds (id, name, locale, joined_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, locale = excluded.locale, joined_at = excluded.joined_at, left_at = 0`,
			g.ID, storable(g.Name), storable(g.Locale), ms(g.Joined))
		if err != nil || left == 0 {
			return err
		}
		if err := rewant(ctx, tx, g.ID); err != nil {
			return err
		}
		if err := lockGuildChannels(ctx, tx, s.db, g.ID); err != nil {
			return err
		}
		return unblock(ctx, tx, "guild = $1", g.ID)
	})
}

// Guild returns what is kept of a guild, or [archive.ErrNotFound].
func (s *Store) Guild(ctx context.Context, id string) (guild.Guild, error) {
	g := guild.Guild{ID: id}
	var joined, left int64
	err := s.read.QueryRowContext(ctx, "SELECT name, locale, joined_at, left_at FROM guilds WHERE id = $1", id).
		Scan(&g.Name, &g.Locale, &joined, &left)
	if errors.Is(err, sql.ErrNoRows) {
		err = archive.ErrNotFound
	}
	if err != nil {
		return guild.Guild{}, fmt.Errorf("read guild: %w", err)
	}
	g.Joined, g.Left = at(joined), at(left)
	return g, nil
}

// PresentGuilds returns the ids of the guilds that [Store.PutGuild] told of and
// that the bot has not left, by their ids.
func (s *Store) PresentGuilds(ctx context.Context) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT id FROM guilds WHERE left_at = 0 AND name <> '' ORDER BY id")
	out, err := collect(rows, err, scanOne[string])
	if err != nil {
		return nil, s.failedRead("read present guilds", err)
	}
	return out, nil
}

// LeaveGuild records that the bot is no longer in a guild: its subscriptions
// are not wanted until it comes back, and its waiting deliveries expire. One
// that is being tried keeps its outcome. A guild that is unknown or left
// already stays as it is.
func (s *Store) LeaveGuild(ctx context.Context, id string, now time.Time) error {
	return s.write(ctx, "leave guild", func(ctx context.Context, tx *sql.Tx) error {
		return leave(ctx, tx, s.db, id, now)
	})
}

func leave(ctx context.Context, tx querier, db *engine.DB, id string, now time.Time) error {
	if err := lockGuildChannels(ctx, tx, db, id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE guilds SET left_at = $2 WHERE id = $1 AND left_at = 0", id, ms(now)); err != nil {
		return fmt.Errorf("mark guild as left: %w", err)
	}
	if err := rewant(ctx, tx, id); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, `
		UPDATE deliveries SET state = 'expired', reason = $3, settled_at = $2, due_at = $2
		WHERE channel IN (SELECT id FROM channels WHERE guild = $1) AND settled_at = 0 AND state = 'pending' RETURNING channel`,
		id, ms(now), string(alert.ReasonNoGuild))
	channels, err := collect(rows, err, scanOne[string])
	if err != nil {
		return fmt.Errorf("expire deliveries of the guild: %w", err)
	}
	return reseatChannels(ctx, tx, now, channels)
}

// UnblockChannel lets deliveries go to a channel again. It does nothing when
// the channel is not blocked, or not the guild's.
func (s *Store) UnblockChannel(ctx context.Context, guildID, channel string) error {
	return s.write(ctx, "unblock channel", func(ctx context.Context, tx *sql.Tx) error {
		return unblock(ctx, tx, "guild = $1 AND id = $2", guildID, channel)
	})
}

// UnblockGuild lets deliveries go to all channels of a guild again, but those
// that Discord says are deleted: they never come back.
func (s *Store) UnblockGuild(ctx context.Context, guildID string) error {
	var blocked int
	err := s.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM channels WHERE guild = $1 AND blocked_at <> 0", guildID).Scan(&blocked)
	if err != nil {
		return fmt.Errorf("count blocked channels: %w", err)
	}
	if blocked == 0 {
		return nil
	}
	return s.write(ctx, "unblock guild", func(ctx context.Context, tx *sql.Tx) error {
		if err := lockGuildChannels(ctx, tx, s.db, guildID); err != nil {
			return err
		}
		return unblock(ctx, tx, "guild = $1 AND reason <> $2", guildID, string(alert.ReasonNoChannel))
	})
}

func unblock(ctx context.Context, tx querier, where string, args ...any) error {
	_, err := tx.ExecContext(ctx, "UPDATE channels SET blocked_at = 0, reason = '' WHERE blocked_at <> 0 AND "+where, args...)
	if err != nil {
		return fmt.Errorf("unblock: %w", err)
	}
	return nil
}

// Blocked returns the channels of a guild to which nothing is delivered, with
// why and since when, the longest blocked first.
func (s *Store) Blocked(ctx context.Context, guildID string) ([]guild.Channel, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT id, guild, blocked_at, reason FROM channels WHERE guild = $1 AND blocked_at <> 0 ORDER BY blocked_at, id`, guildID)
	out, err := collect(rows, err, func(s scanner) (c guild.Channel, err error) {
		var blocked int64
		err = s.Scan(&c.ID, &c.Guild, &blocked, &c.Reason)
		c.Blocked = at(blocked)
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("read blocked channels: %w", err)
	}
	return out, nil
}
