package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// roleDeleted is why a role is gone.
const roleDeleted = "deleted"

// LoseRoles has a guild's subscriptions mention no role that is gone, as Discord says
// of those that they name, and notes for moderators which channels that concerns.
func (s *Store) LoseRoles(ctx context.Context, guildID string, now time.Time, gone func(role string) bool) error {
	rows, err := s.read.QueryContext(ctx, "SELECT DISTINCT role FROM subscriptions WHERE guild = $1 AND role <> '' ORDER BY role", guildID)
	roles, err := collect(rows, err, scanOne[string])
	if err != nil {
		return fmt.Errorf("read roles of subscriptions: %w", err)
	}
	roles = slices.DeleteFunc(roles, func(role string) bool { return !gone(role) })
	if len(roles) == 0 {
		return nil
	}
	return s.write(ctx, "lose roles", func(ctx context.Context, tx *sql.Tx) error {
		if err := lockGuild(ctx, tx, s.db, guildID); err != nil {
			return err
		}
		for _, role := range roles {
			rows, err := tx.QueryContext(ctx, "UPDATE subscriptions SET role = '' WHERE guild = $1 AND role = $2 RETURNING channel", guildID, role)
			channels, err := collect(rows, err, scanOne[string])
			if err != nil {
				return fmt.Errorf("take role %s from subscriptions: %w", role, err)
			}
			slices.Sort(channels)
			for _, channel := range slices.Compact(channels) {
				if err := noteRoleGone(ctx, tx, now, guildID, channel); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// noteRoleGone notes that alerts in a channel mention a role less. What was told of it
// was another role.
func noteRoleGone(ctx context.Context, tx querier, now time.Time, guildID, channel string) error {
	kind := string(guild.RoleGone)
	_, err := tx.ExecContext(ctx, "DELETE FROM troubles WHERE guild = $1 AND kind = $2 AND subject = $3 AND told_at <> 0", guildID, kind, channel)
	if err == nil {
		_, err = tx.ExecContext(ctx, upsertTrouble, guildID, kind, channel, roleDeleted, ms(now), ms(now))
	}
	if err != nil {
		return fmt.Errorf("note lost role: %w", err)
	}
	return nil
}
