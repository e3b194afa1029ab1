package lookup

import (
	"context"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/trace"
)

// Store is what has been read and decided. Whatever concerns a guild is
// asked for with that guild's id and must answer for no other.
type Store interface {
	// Recent returns the newest stories that bear a topic, newest first, each
	// with the report that opened it.
	Recent(ctx context.Context, q archive.Recent) ([]story.Listing, error)
	// Search returns the reports that hold all words of a query, in its order,
	// and [archive.ErrNoWords] when the query has none that can be searched.
	Search(ctx context.Context, q archive.Search) ([]story.Listing, error)
	// StorySeenBy returns a story that a guild sees with its topics, turns and oldest
	// reports, or [archive.ErrNotFound].
	StorySeenBy(ctx context.Context, guild string, id story.ID) (story.Told, error)
	// Followers returns the stories that carry on with one, oldest first.
	Followers(ctx context.Context, of story.Story) ([]story.Story, error)
	// Links returns the addresses of reports, of those that have one.
	Links(ctx context.Context, ids []report.ID) (map[report.ID]string, error)
	// Trend counts the stories that opened in each of several spans of time,
	// oldest first.
	Trend(ctx context.Context, q archive.Trend) ([]int, error)
	// FeedsSeenBy returns the feeds that are polled for everybody, and those of the
	// guild's own.
	FeedsSeenBy(ctx context.Context, guild string) ([]feed.Feed, error)
	// Counts returns what happened since a time.
	Counts(ctx context.Context, guild string, since time.Time) (archive.Counts, error)
	// Subscriptions returns a guild's subscriptions.
	Subscriptions(ctx context.Context, guild string) ([]subscription.Subscription, error)
	// Blocked returns the guild's channels to which nothing can be delivered.
	Blocked(ctx context.Context, guild string) ([]guild.Channel, error)
	// Unpublished counts the guild's alerts since a time that were to be published
	// and stay in their channels.
	Unpublished(ctx context.Context, guild string, since time.Time) (int, error)
	// QuietChannels returns the guild's channels that have a pause, which may be
	// over, or quiet hours.
	QuietChannels(ctx context.Context, guild string) ([]quiet.Channel, error)
	// Mutes returns what a guild has muted, the latest first.
	Mutes(ctx context.Context, now time.Time, guild string) ([]quiet.Mute, error)
	// GuildTrace returns what is recorded of a report as a guild may see it, with
	// nothing of other guilds, or [archive.ErrNotFound].
	GuildTrace(ctx context.Context, guild string, id report.ID) (trace.Record, error)
	// LinkSeenBy returns the reports behind a link that a guild sees, oldest first.
	// deleted says that there was one once that is no longer kept.
	LinkSeenBy(ctx context.Context, guild, link string) (found []report.ID, deleted bool, err error)
	// AlertedBy returns the report that raised the alert which a message in a guild
	// tells, or [archive.ErrNotFound].
	AlertedBy(ctx context.Context, guild, message string) (report.ID, error)
}
