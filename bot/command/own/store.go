package own

import (
	"context"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Store is the topics and feeds that a guild has made for itself. Whatever concerns a guild is
// asked for with that guild's id and must answer for no other.
type Store interface {
	desk.Drafts
	// OwnTopics returns them by name.
	OwnTopics(ctx context.Context, guild string) ([]guild.Topic, error)
	// CreateTopic adds one and returns it with its id. It returns
	// [guild.ErrTopicExists] when the guild has one of that name,
	// [guild.ErrTopicQuota] when it has too many, and [*guild.TooSoonError] when it has
	// made too many within the hour.
	CreateTopic(ctx context.Context, t guild.Topic) (guild.Topic, error)
	// ChangeTopic gives one another name and query. Its errors are those of
	// CreateTopic and [guild.ErrTopicNotFound].
	ChangeTopic(ctx context.Context, t guild.Topic) error
	// DeleteTopic deletes one with its subscriptions and returns these, or
	// [guild.ErrTopicNotFound].
	DeleteTopic(ctx context.Context, guild string, id topic.ID, now time.Time) ([]subscription.Subscription, error)
	// ReviveTopic has one that was deleted lately again under its id, with
	// subscriptions, of which those that there are again are left as they are. Its
	// errors are those of CreateTopic, [guild.ErrTopicNotFound] and
	// [subscription.ErrQuota].
	ReviveTopic(ctx context.Context, t guild.Topic, subs []subscription.Subscription) error
	// Latest returns the newest reports that are placed and that a guild sees, newest
	// first, with topic and stage of their matches.
	Latest(ctx context.Context, guild string, limit int) ([]query.Read, error)
	// GuildFeeds returns them, by title.
	GuildFeeds(ctx context.Context, guild string) ([]guild.Feed, error)
	// AddFeed adds one. Its errors are those that package guild names.
	AddFeed(ctx context.Context, f guild.NewFeed) (guild.Feed, error)
	// RemoveFeed takes one away, or returns [guild.ErrFeedNotFound].
	RemoveFeed(ctx context.Context, guild string, id feed.ID) error
	// FeedsSeenBy returns the feeds that are polled for everybody, and those of the
	// guild's own.
	FeedsSeenBy(ctx context.Context, guild string) ([]feed.Feed, error)
	// Admit counts so many additions of a kind, or returns a [*guild.TooSoonError].
	Admit(ctx context.Context, guild string, kind guild.Addition, n int, now time.Time) error
}
