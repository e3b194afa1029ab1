package store

import (
	"context"
	"fmt"

	"github.com/attache-bot/attache/internal/store/engine"
)

// What transactions hold of the rows that several of them change, they take in
// one order, so that they never wait for each other in a circle: first a guild,
// then channels by their ids, then deliveries. A channel's head is computed
// from its deliveries in a statement after the one that took the channel, since
// a statement sees what was committed before it began.

// lockChannels takes the channels that a condition chooses.
func lockChannels(ctx context.Context, tx querier, db *engine.DB, where string, args ...any) error {
	if db.ForUpdate() == "" {
		return nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT id FROM channels WHERE "+where+" ORDER BY id "+db.ForUpdate(), args...)
	if _, err = collect(rows, err, scanOne[string]); err != nil {
		return fmt.Errorf("lock channels: %w", err)
	}
	return nil
}

// lockGuild takes a guild.
func lockGuild(ctx context.Context, tx querier, db *engine.DB, id string) error {
	if db.ForUpdate() == "" {
		return nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT id FROM guilds WHERE id = $1 "+db.ForUpdate(), id)
	if _, err = collect(rows, err, scanOne[string]); err != nil {
		return fmt.Errorf("lock guild: %w", err)
	}
	return nil
}

// lockGuildChannels takes a guild and all its channels.
func lockGuildChannels(ctx context.Context, tx querier, db *engine.DB, id string) error {
	if err := lockGuild(ctx, tx, db, id); err != nil {
		return err
	}
	return lockChannels(ctx, tx, db, "guild = $1", id)
}
