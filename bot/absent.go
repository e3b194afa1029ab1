package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/gateway"
)

// leaveAbsent notes that the bot was removed from guilds while it was away: a new
// session lists all that its shard has, those in an outage too. One that comes
// back has everything again, like after any removal.
func (b *Bot) leaveAbsent(ctx context.Context, r gateway.Ready) error {
	known, err := b.o.Guilds.PresentGuilds(ctx)
	if err != nil {
		return fmt.Errorf("look for guilds that removed the bot: %w", err)
	}
	for _, id := range absent(known, r.Guilds, r.Shard, r.Shards) {
		b.log.InfoContext(ctx, "removed from a guild while away", "guild", id)
		if err := b.o.Guilds.LeaveGuild(ctx, id, b.o.Now()); err != nil {
			return fmt.Errorf("leave guild %s: %w", id, err)
		}
	}
	return nil
}

// loseAbsentRoles notes that roles of a guild were deleted while the bot was away, as of
// when it was told of them: a role may be made and chosen before the list is looked at.
// A guild has one role at least, that of everyone; where Discord lists none, nothing is
// known.
func (b *Bot) loseAbsentRoles(ctx context.Context, g gateway.GuildCreate, told time.Time) error {
	if len(g.Roles) == 0 {
		return nil
	}
	return b.o.Guilds.LoseRoles(ctx, g.ID, b.o.Now(), func(role string) bool {
		made, err := discordgo.SnowflakeTimestamp(role)
		return err == nil && made.Before(told) && !slices.Contains(g.Roles, role)
	})
}

// absent returns those of the known guilds that belong to a shard, of so many,
// and are not among those that its session lists
// (https://discord.com/developers/docs/events/gateway#sharding-sharding-formula).
func absent(known, listed []string, shard, shards int) []string {
	slices.Sort(listed)
	var out []string
	for _, id := range known {
		n, err := strconv.ParseUint(id, 10, 64)
		if err != nil || n>>22%uint64(max(shards, 1)) != uint64(shard) {
			continue
		}
		if _, ok := slices.BinarySearch(listed, id); !ok {
			out = append(out, id)
		}
	}
	return out
}
