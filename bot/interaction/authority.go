package interaction

import (
	"context"
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/internal/guild"
)

// Guilds tells what guilds have set for themselves.
type Guilds interface {
	// Settings returns what a guild has set, defaults when it has set nothing.
	Settings(ctx context.Context, guild string) (guild.Settings, error)
}

// MayManage returns [errManage] unless the member may manage the guild or has
// the role that the guild lets manage the bot. Discord shows such commands to
// those with the permission only; who manages the guild adds the role under
// Integrations in the server's settings, which a bot cannot.
func MayManage(ctx context.Context, g Guilds, q Request) error {
	if q.Permissions.Has(discordgo.PermissionManageGuild) {
		return nil
	}
	if len(q.Roles) == 0 {
		return ErrManage
	}
	s, err := g.Settings(ctx, q.Guild)
	switch {
	case err != nil:
		return fmt.Errorf("read the guild's settings: %w", err)
	case s.ManagerRole == "" || s.ManagerRole == q.Guild || !slices.Contains(q.Roles, s.ManagerRole):
		return ErrManage
	}
	return nil
}
