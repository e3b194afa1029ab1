package subscribing

import (
	"context"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Store is what channels get, as it is set and changed. Whatever concerns a guild is
// asked for with that guild's id and must answer for no other.
type Store interface {
	desk.Drafts
	// Subscriptions returns a guild's subscriptions.
	Subscriptions(ctx context.Context, guild string) ([]subscription.Subscription, error)
	// Subscribe adds a subscription and returns it with its id. It returns
	// [subscription.ErrExists] when the channel has the topic already,
	// [subscription.ErrQuota] when the guild has too many,
	// [*guild.TooSoonError] when it has subscribed too often within the hour,
	// [guild.ErrForeignChannel] when the channel is known in another guild, and
	// [guild.ErrTopicNotFound] for an own topic that the guild has no more.
	Subscribe(ctx context.Context, s subscription.Subscription) (subscription.Subscription, error)
	// ChangeSubscription gives one of the guild other wishes or another channel. Its
	// errors are those of Subscribe and [subscription.ErrNotFound].
	ChangeSubscription(ctx context.Context, s subscription.Subscription) error
	// Unsubscribe removes a channel's subscription to a topic. It returns
	// [subscription.ErrNotFound] when the guild has none such.
	Unsubscribe(ctx context.Context, guild, channel string, id topic.ID) error
	// Blocked returns the guild's channels to which nothing can be delivered.
	Blocked(ctx context.Context, guild string) ([]guild.Channel, error)
	// UnblockChannel lets deliveries to a channel of the guild go on.
	UnblockChannel(ctx context.Context, guild, channel string) error
	// OwnTopics returns them by name.
	OwnTopics(ctx context.Context, guild string) ([]guild.Topic, error)
	// Mutes returns what a guild has muted, the latest first.
	Mutes(ctx context.Context, now time.Time, guild string) ([]quiet.Mute, error)
	// QuietChannels returns the guild's channels that have a pause, which may be
	// over, or quiet hours.
	QuietChannels(ctx context.Context, guild string) ([]quiet.Channel, error)
	// Digests returns them, the oldest first.
	Digests(ctx context.Context, guild string) ([]digest.Digest, error)
	// Latest returns the newest reports that are placed and that a guild sees, newest
	// first, with topic and stage of their matches.
	Latest(ctx context.Context, guild string, limit int) ([]query.Read, error)
	// SaveSettings replaces that. It returns [guild.ErrSettings] when it cannot be
	// set.
	SaveSettings(ctx context.Context, guild string, set guild.Settings, now time.Time) error
	// Feedback returns the subscriptions of a guild with complaints that no
	// moderator is done with, and the reports that raised their alerts.
	Feedback(ctx context.Context, guild string, since time.Time) ([]feedback.Subject, map[story.ID]report.Report, error)
	// DismissFeedback notes that a moderator is done with those about one since a time.
	DismissFeedback(ctx context.Context, guild, channel string, id topic.ID, at time.Time) error
	// RestoreFeedback takes back what was noted for that time.
	RestoreFeedback(ctx context.Context, guild, channel string, id topic.ID, at time.Time) error
}
