package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"

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

// mayManage returns [errManage] unless the member may manage the guild or has
// the role that the guild lets manage the bot. Discord shows such commands to
// those with the permission only; who manages the guild adds the role under
// Integrations in the server's settings, which a bot cannot.
func (c *commands) mayManage(ctx context.Context, q Request) error {
	if q.Permissions.Has(discordgo.PermissionManageGuild) {
		return nil
	}
	if len(q.Roles) == 0 {
		return errManage
	}
	s, err := c.settings(ctx, q.Guild)
	switch {
	case err != nil:
		return err
	case s.ManagerRole == "" || s.ManagerRole == q.Guild || !slices.Contains(q.Roles, s.ManagerRole):
		return errManage
	}
	return nil
}
