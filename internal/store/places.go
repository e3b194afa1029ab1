package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/attache-bot/attache/internal/guild"
)

// NoteChannel records a channel of a guild, of which kind it is. It returns
// [guild.ErrForeignChannel] when the channel is known in another guild.
func (s *Store) NoteChannel(ctx context.Context, c guild.Channel) error {
	return s.write(ctx, "note channel", func(ctx context.Context, tx *sql.Tx) error {
		if err := ownChannel(ctx, tx, c.Guild, c.ID); err != nil {
			return err
		}
		return setKind(ctx, tx, c.ID, c.Kind)
	})
}

func setKind(ctx context.Context, tx querier, id string, kind guild.ChannelKind) error {
	if _, err := tx.ExecContext(ctx, "UPDATE channels SET kind = $2 WHERE id = $1 AND kind <> $2", id, string(kind)); err != nil {
		return fmt.Errorf("save kind of channel: %w", err)
	}
	return nil
}

// NoteKinds records of which kind the channels of a guild are; those that no
// alert goes to it leaves alone.
func (s *Store) NoteKinds(ctx context.Context, guildID string, kinds map[string]guild.ChannelKind) error {
	rows, err := s.read.QueryContext(ctx, "SELECT id, kind FROM channels WHERE guild = $1 ORDER BY id", guildID)
	changed, err := collect(rows, err, func(s scanner) (c guild.Channel, err error) {
		err = s.Scan(&c.ID, &c.Kind)
		return c, err
	})
	if err != nil {
		return fmt.Errorf("read kinds of channels: %w", err)
	}
	n := 0
	for _, c := range changed {
		if is, ok := kinds[c.ID]; ok && is != c.Kind {
			c.Kind = is
			changed[n] = c
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return s.write(ctx, "note kinds of channels", func(ctx context.Context, tx *sql.Tx) error {
		for _, c := range changed[:n] {
			if err := setKind(ctx, tx, c.ID, c.Kind); err != nil {
				return err
			}
		}
		return nil
	})
}
