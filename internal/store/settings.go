package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// Settings returns what a guild has set. One that is not known has set nothing.
func (s *Store) Settings(ctx context.Context, id string) (guild.Settings, error) {
	g, err := readSettings(ctx, s.read, id)
	if err != nil {
		return guild.Settings{}, s.failedRead("read settings", err)
	}
	return g, nil
}

func readSettings(ctx context.Context, db querier, id string) (g guild.Settings, err error) {
	err = db.QueryRowContext(ctx, "SELECT language, zone, manager_role, notice_channel FROM guilds WHERE id = $1", id).
		Scan(&g.Language, &g.Zone, &g.ManagerRole, &g.Notices)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return g, err
}

// SaveSettings replaces what a guild has set. It returns [guild.ErrSettings]
// when that cannot be set.
func (s *Store) SaveSettings(ctx context.Context, id string, set guild.Settings, now time.Time) error {
	if err := set.Validate(); err != nil {
		return err
	}
	return s.write(ctx, "save settings", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO guilds (id, name, joined_at) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING", id, ms(now))
		if err != nil {
			return fmt.Errorf("save guild: %w", err)
		}
		if err := lockGuild(ctx, tx, s.db, id); err != nil {
			return err
		}
		was, err := readSettings(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE guilds SET language = $2, zone = $3, manager_role = $4, notice_channel = $5 WHERE id = $1",
			id, set.Language, set.Zone, storable(set.ManagerRole), storable(set.Notices))
		if err != nil {
			return err
		}
		for _, c := range []struct{ what, from, to string }{
			{guild.SettingLanguage, was.Language, set.Language}, {guild.SettingZone, was.Zone, set.Zone}, {guild.SettingManagers, was.ManagerRole, set.ManagerRole}, {guild.SettingNotices, was.Notices, set.Notices},
		} {
			if c.from == c.to {
				continue
			}
			if err := s.audit(ctx, tx, guild.Change{Guild: id, Act: guild.ActSettings, Detail: c.what + ": " + cmp.Or(c.to, "none")}); err != nil {
				return err
			}
		}
		return nil
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
