package command

import (
	"context"
	"fmt"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/guild"
)

// settings are what a guild has set.
func (c *commands) settings(ctx context.Context, guildID string) (guild.Settings, error) {
	s, err := c.store.Settings(ctx, guildID)
	if err != nil {
		return guild.Settings{}, fmt.Errorf("read the guild's settings: %w", err)
	}
	return s, nil
}

// mayManage is [MayManage] with the guild's settings.
func (c *commands) mayManage(ctx context.Context, q interaction.Request) error {
	return interaction.MayManage(ctx, c.store, q)
}
