package sandbox

import (
	"strconv"
	"time"
)

// epoch is Discord's, in milliseconds.
// https://docs.discord.com/developers/reference#snowflakes
const epoch = 1420070400000

// snowflakes makes ids that rise, unique within a Server.
type snowflakes struct{ last uint64 }

// next makes an id for the moment, or the least one above the last.
func (g *snowflakes) next(now time.Time) string {
	ms := uint64(max(0, now.UnixMilli()-epoch))
	g.last = max(ms<<22, g.last+1)
	return strconv.FormatUint(g.last, 10)
}

// nextApart makes an id at least a millisecond above the last, so that guilds
// made at once fall on different shards.
func (g *snowflakes) nextApart(now time.Time) string {
	g.last = (g.last>>22 + 1) << 22
	return g.next(now)
}

// number reads an id; 0 for what is none.
func number(id string) uint64 {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil || len(id) > 20 || strconv.FormatUint(n, 10) != id {
		return 0
	}
	return n
}

// isID tells whether a text has the form of an id.
func isID(s string) bool { return number(s) != 0 }

// shardOf is the shard that gets a guild's events.
// https://docs.discord.com/developers/events/gateway#sharding
func shardOf(guildID string, count int) int {
	return int((number(guildID) >> 22) % uint64(max(count, 1)))
}

// stamp is a time as Discord writes it.
func stamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000-07:00")
}
