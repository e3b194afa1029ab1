package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/upkeep"
)

// What is kept of a guild stands in tables with a column "guild". A test reads the
// schema and fails when such a table stands in neither of these lists.

// historyTables hold what came of a guild's wishes: many rows, each with an id.
// A table that refers to another stands before it.
func historyTables() []string { return []string{"deliveries", "alerts", "audit"} }

// wishTables hold what a guild wants: few rows, which go together. A table that
// refers to another stands before it. own_topics are ended in another way, and the
// guild itself goes last: see [Store.DeleteGuilds].
func wishTables() []string {
	return []string{
		"gathered", "troubles", "subscriptions", "drafts", "digests", "guild_feeds", "additions", "feedback", "held", "quiets", "mutes",
		"channels",
	}
}

// DeleteGuilds implements upkeep.Store. What a guild wants goes last and at once,
// so that one that comes back in between has all of it or is new.
func (s *Store) DeleteGuilds(ctx context.Context, now, before time.Time, limit int) (upkeep.Deleted, error) {
	var d upkeep.Deleted
	err := s.write(ctx, "delete guild", func(ctx context.Context, tx *sql.Tx) error {
		d = upkeep.Deleted{}
		var id string
		err := tx.QueryRowContext(ctx, "SELECT id FROM guilds WHERE left_at <> 0 AND left_at < $1 ORDER BY left_at, id LIMIT 1 "+s.db.ForUpdate(), ms(before)).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("choose guild: %w", err)
		}
		if d, err = s.deleteHistory(ctx, tx, id, now, limit); err != nil || d != (upkeep.Deleted{}) {
			return err
		}
		if err := s.deleteWishes(ctx, tx, id, now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM guilds WHERE id = $1", id); err != nil {
			return fmt.Errorf("forget guild: %w", err)
		}
		d.Guilds = 1
		return nil
	})
	if err != nil {
		return upkeep.Deleted{}, err
	}
	return d, nil
}

// EraseGuild deletes all that is kept of a guild that has the bot, but for the
// fact that it has it, and notes who asked for that. What it wants ends at once;
// what came of it goes a few rows at a time, so that nobody waits. When it fails
// half-way it can be asked again.
func (s *Store) EraseGuild(ctx context.Context, id string, now time.Time) error {
	const atOnce = 200
	err := s.write(ctx, "erase guild's wishes", func(ctx context.Context, tx *sql.Tx) error {
		return s.deleteWishes(ctx, tx, id, now)
	})
	for err == nil {
		var d upkeep.Deleted
		err = s.write(ctx, "erase guild's history", func(ctx context.Context, tx *sql.Tx) (err error) {
			if d, err = s.deleteHistory(ctx, tx, id, now, atOnce); err != nil || d != (upkeep.Deleted{}) {
				return err
			}
			_, err = tx.ExecContext(ctx, `UPDATE guilds SET name = '', locale = '', language = '', zone = '', manager_role = '',
				notice_channel = '', system_channel = '' WHERE id = $1`, id)
			if err != nil {
				return fmt.Errorf("forget guild's settings: %w", err)
			}
			return s.audit(ctx, tx, guild.Change{Guild: id, Act: guild.ActDelete})
		})
		if d == (upkeep.Deleted{}) {
			break
		}
	}
	return err
}

// deleteHistory deletes up to limit rows of what came of a guild's wishes.
func (s *Store) deleteHistory(ctx context.Context, tx querier, id string, now time.Time, limit int) (d upkeep.Deleted, err error) {
	if err := lockGuildChannels(ctx, tx, s.db, id); err != nil {
		return d, err
	}
	for _, table := range historyTables() {
		column := "guild"
		if table == "deliveries" {
			column = "channel"
		}
		rows, err := tx.QueryContext(ctx, fmt.Sprintf(
			"DELETE FROM %s WHERE id IN (SELECT id FROM %[1]s WHERE guild = $1 ORDER BY id LIMIT $2) RETURNING %s", table, column), id, limit)
		gone, err := collect(rows, err, scanOne[string])
		if err != nil {
			return d, fmt.Errorf("delete %s: %w", table, err)
		}
		switch table {
		case "deliveries":
			d.Deliveries = len(gone)
			slices.Sort(gone)
			err = reseatChannels(ctx, tx, now, slices.Compact(gone))
		case "alerts":
			d.Alerts = len(gone)
		default:
			d.Changes += len(gone)
		}
		if err != nil {
			return d, err
		}
		if limit -= len(gone); limit <= 0 {
			break
		}
	}
	return d, nil
}

// deleteWishes deletes what a guild wants.
func (s *Store) deleteWishes(ctx context.Context, tx querier, id string, now time.Time) error {
	if err := lockGuildChannels(ctx, tx, s.db, id); err != nil {
		return err
	}
	if err := endOwnTopics(ctx, tx, id, now); err != nil {
		return err
	}
	for _, table := range wishTables() {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE guild = $1", id); err != nil {
			return fmt.Errorf("delete %s: %w", table, err)
		}
	}
	return unwant(ctx, tx)
}

// endOwnTopics ends all topics of a guild. What is left of each for a while, so
// that a placer learns that it is gone, does not tell whose it was.
func endOwnTopics(ctx context.Context, tx querier, id string, now time.Time) error {
	var revision int64
	err := tx.QueryRowContext(ctx, "UPDATE own_clock SET revision = revision + 1 WHERE id = 1 RETURNING revision").Scan(&revision)
	if err != nil {
		return fmt.Errorf("take the clock of topics: %w", err)
	}
	for _, step := range []struct {
		text string
		args []any
	}{
		{"DELETE FROM own_matches WHERE topic IN (SELECT id FROM own_topics WHERE guild = $1)", []any{id}},
		{`UPDATE own_topics SET gone_at = CASE WHEN gone_at > 0 THEN gone_at ELSE $2 END, revision = $3,
			guild = '', name = '', folded = '', query = '', created_by = '' WHERE guild = $1`, []any{id, ms(now), revision}},
		{"DELETE FROM own_topics WHERE gone_at > 0 AND gone_at < $1", []any{ms(now.Add(-goneFor))}},
	} {
		if _, err := tx.ExecContext(ctx, step.text, step.args...); err != nil {
			return fmt.Errorf("end own topics: %w", err)
		}
	}
	return nil
}
