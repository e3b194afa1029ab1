package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// SaveDraft keeps a draft in place of the member's last one of its kind, and
// forgets those of all guilds that are too old.
func (s *Store) SaveDraft(ctx context.Context, d guild.Draft) error {
	if len(d.Body) > guild.MaxDraft {
		return fmt.Errorf("save draft: %d bytes are too many", len(d.Body))
	}
	return s.write(ctx, "save draft", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM drafts WHERE made_at < $1", ms(d.Made.Add(-guild.DraftFor))); err != nil {
			return fmt.Errorf("forget old ones: %w", err)
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO drafts (guild, actor, kind, body, made_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (guild, actor, kind) DO UPDATE SET body = excluded.body, made_at = excluded.made_at`,
			d.Guild, d.User, d.Kind, storable(d.Body), ms(d.Made))
		return err
	})
}

// Draft returns the body of a member's draft, and false when there is none that
// was changed within [guild.DraftFor].
func (s *Store) Draft(ctx context.Context, guildID, user, kind string, now time.Time) (body string, ok bool, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT body FROM drafts WHERE guild = $1 AND actor = $2 AND kind = $3 AND made_at >= $4",
		guildID, user, kind, ms(now.Add(-guild.DraftFor))).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, s.failedRead("read draft", err)
	}
	return body, true, nil
}

// DropDraft forgets a member's draft, if there is one.
func (s *Store) DropDraft(ctx context.Context, guildID, user, kind string) error {
	return s.write(ctx, "drop draft", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM drafts WHERE guild = $1 AND actor = $2 AND kind = $3", guildID, user, kind)
		return err
	})
}
