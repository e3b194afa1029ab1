package living

import (
	"context"
	"time"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/quiet"
)

// Store is what quiets alerts, gathers them and finds them not relevant. Whatever concerns a guild is
// asked for with that guild's id and must answer for no other.
type Store interface {
	// Digests returns them, the oldest first.
	Digests(ctx context.Context, guild string) ([]digest.Digest, error)
	// AddDigest adds one and returns it with its id. It returns
	// [digest.ErrExists] when the channel has that one already, [digest.ErrQuota]
	// when the guild has too many, [*guild.TooSoonError] when it has added too many
	// within the hour, and [guild.ErrForeignChannel] when the channel is known in another
	// guild.
	AddDigest(ctx context.Context, d digest.Digest) (digest.Digest, error)
	// RemoveDigest ends one, or returns [digest.ErrNotFound].
	RemoveDigest(ctx context.Context, guild string, id digest.ID) error
	// Mute has the guild hear no more of a story or a topic; what is muted already
	// is until the new time. It returns [quiet.ErrQuota] when too much is muted.
	Mute(ctx context.Context, m quiet.Mute) error
	// Unmute ends that, or returns [quiet.ErrNotFound].
	Unmute(ctx context.Context, now time.Time, m quiet.Mute) error
	// Mutes returns what a guild has muted, the latest first.
	Mutes(ctx context.Context, now time.Time, guild string) ([]quiet.Mute, error)
	// Pause has a channel get nothing until a time. It returns [guild.ErrForeignChannel]
	// when the channel is known in another guild.
	Pause(ctx context.Context, guild, channel string, p quiet.Pause) error
	// Resume ends a pause, or returns [quiet.ErrNotFound], and says how many stories
	// a summary will tell.
	Resume(ctx context.Context, now time.Time, guild, channel string) (held int, err error)
	// SetHours gives a channel quiet hours. It returns [guild.ErrForeignChannel] as Pause
	// does.
	SetHours(ctx context.Context, guild, channel string, h quiet.Hours) error
	// ClearHours ends them as Resume ends a pause.
	ClearHours(ctx context.Context, now time.Time, guild, channel string) (held int, err error)
	// QuietChannels returns the guild's channels that have a pause, which may be
	// over, or quiet hours.
	QuietChannels(ctx context.Context, guild string) ([]quiet.Channel, error)
	// NotRelevant notes a complaint. It returns false when that person complained of
	// the story before, and [feedback.ErrNoAlert] when the guild has no alert for it.
	NotRelevant(ctx context.Context, c feedback.Complaint) (fresh bool, err error)
}
