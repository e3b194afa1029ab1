package desk

import (
	"context"
	"fmt"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/guild"
)

// Settings are what a guild has set.
func (d *Desk) Settings(ctx context.Context, guildID string) (guild.Settings, error) {
	s, err := d.store.Settings(ctx, guildID)
	if err != nil {
		return guild.Settings{}, fmt.Errorf("read the guild's settings: %w", err)
	}
	return s, nil
}

// MayManage is [MayManage] with the guild's settings.
func (d *Desk) MayManage(ctx context.Context, q interaction.Request) error {
	return interaction.MayManage(ctx, d.store, q)
}
