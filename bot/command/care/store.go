package care

import (
	"context"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// Store is what is kept of people and guilds, and who changed what. Whatever concerns a guild is
// asked for with that guild's id and must answer for no other.
type Store interface {
	// Changes returns what members of a guild changed, the newest first.
	Changes(ctx context.Context, q guild.ChangeQuery) ([]guild.Change, error)
	// Kept counts what is kept about a person, in all guilds, and about a guild.
	Kept(ctx context.Context, guild, user string) (guild.Kept, error)
	// ForgetPerson erases a person in all guilds.
	ForgetPerson(ctx context.Context, user string) error
	// EraseGuild deletes all that is kept of a guild that has the bot. When it fails
	// half-way it can be asked again.
	EraseGuild(ctx context.Context, id string, now time.Time) error
	// GuildName returns the name of a guild, "" where it is not known.
	GuildName(ctx context.Context, id string) (string, error)
	// SaveSettings replaces that. It returns [guild.ErrSettings] when it cannot be
	// set.
	SaveSettings(ctx context.Context, guild string, set guild.Settings, now time.Time) error
}
