package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// Settings returns what a guild has set. One that is not known has set nothing.
func (s *Store) Settings(ctx context.Context, id string) (guild.Settings, error) {
	var g guild.Settings
	err := s.pools.read.QueryRowContext(ctx, "SELECT language, zone, manager_role FROM guilds WHERE id = $1", id).
		Scan(&g.Language, &g.Zone, &g.ManagerRole)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return guild.Settings{}, s.failedRead("read settings", err)
	}
	return g, nil
}

// SaveSettings replaces what a guild has set. It returns [guild.ErrSettings]
// when that cannot be set.
func (s *Store) SaveSettings(ctx context.Context, id string, set guild.Settings, now time.Time) error {
	if err := set.Validate(); err != nil {
		return err
	}
	return s.write(ctx, "save settings", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO guilds (id, name, joined_at, language, zone, manager_role) VALUES ($1, '', $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET language = excluded.language, zone = excluded.zone, manager_role = excluded.manager_role`,
			id, ms(now), set.Language, set.Zone, storable(set.ManagerRole))
		return err
	})
}

// Greet reports whether the bot, which joined a guild at a time that Discord
// names, is to greet it: once for each time that it joins, whoever asks again.
// A guild that is not known is not greeted.
func (s *Store) Greet(ctx context.Context, id string, joined time.Time) (first bool, err error) {
	err = s.write(ctx, "greet guild", func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "UPDATE guilds SET greeted_at = $2 WHERE id = $1 AND greeted_at < $2", id, ms(joined))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return fmt.Errorf("count: %w", err)
		}
		first = n > 0
		return nil
	})
	return first, err
}
