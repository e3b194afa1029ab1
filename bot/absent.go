package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"

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
