package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// Admit counts n additions of a kind that a guild is about to make, or returns a
// [*guild.TooSoonError] when it has made too many within the hour. The count holds
// for all processes and across restarts.
func (s *Store) Admit(ctx context.Context, guildID string, kind guild.Addition, n int, now time.Time) error {
	return s.write(ctx, "count additions", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO guilds (id, name, joined_at) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING", guildID, ms(now))
		if err != nil {
			return fmt.Errorf("save guild: %w", err)
		}
		if err := lockGuild(ctx, tx, s.db, guildID); err != nil {
			return err
		}
		return admit(ctx, tx, guildID, kind, n, now)
	})
}

// admit is Admit for a transaction that has taken the guild.
func admit(ctx context.Context, tx querier, guildID string, kind guild.Addition, n int, now time.Time) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM additions WHERE guild = $1 AND (added_at <= $2 OR added_at > $3)",
		guildID, ms(now.Add(-time.Hour)), ms(now))
	if err != nil {
		return fmt.Errorf("forget old additions: %w", err)
	}
	rows, err := tx.QueryContext(ctx, "SELECT added_at FROM additions WHERE guild = $1 AND kind = $2", guildID, string(kind))
	past, err := collect(rows, err, func(s scanner) (time.Time, error) {
		t, err := scanOne[int64](s)
		return at(t), err
	})
	if err != nil {
		return fmt.Errorf("read additions: %w", err)
	}
	if again, ok := guild.Admit(now, kind, past, n); !ok {
		return &guild.TooSoonError{Kind: kind, Again: again}
	}
	args := make([]any, 0, 3*n)
	for range n {
		args = append(args, guildID, string(kind), ms(now))
	}
	err = insert{head: "INSERT INTO additions (guild, kind, added_at) VALUES", cols: 3}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("save additions: %w", err)
	}
	return nil
}
