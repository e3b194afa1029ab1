package store

import (
	"context"
	"fmt"
)

// What transactions hold of the rows that several of them change, they take in
// one order, so that they never wait for each other in a circle: first a guild,
// then channels by their ids, then deliveries. A channel's head is computed
// from its deliveries in a statement after the one that took the channel, since
// a statement sees what was committed before it began.

// lockChannels takes the channels that a condition chooses.
func lockChannels(ctx context.Context, tx querier, e engine, where string, args ...any) error {
	if e.forUpdate() == "" {
		return nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT id FROM channels WHERE "+where+" ORDER BY id "+e.forUpdate(), args...)
	if _, err = collect(rows, err, scanOne[string]); err != nil {
		return fmt.Errorf("lock channels: %w", err)
	}
	return nil
}

// lockGuild takes a guild.
func lockGuild(ctx context.Context, tx querier, e engine, id string) error {
	if e.forUpdate() == "" {
		return nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT id FROM guilds WHERE id = $1 "+e.forUpdate(), id)
	if _, err = collect(rows, err, scanOne[string]); err != nil {
		return fmt.Errorf("lock guild: %w", err)
	}
	return nil
}

// lockGuildChannels takes a guild and all its channels.
func lockGuildChannels(ctx context.Context, tx querier, e engine, id string) error {
	if err := lockGuild(ctx, tx, e, id); err != nil {
		return err
	}
	return lockChannels(ctx, tx, e, "guild = $1", id)
}
