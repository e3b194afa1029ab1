// Package subscription owns what a channel wants: a topic, with its filters
// and ways of delivery.
package subscription

import (
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Errors that a store of subscriptions returns.
var (
	// ErrExists means that the channel is subscribed to the topic already.
	ErrExists = errors.New("subscription exists")
	// ErrNotFound means that there is no such subscription in the guild.
	ErrNotFound = errors.New("subscription not found")
	// ErrQuota means that the guild has as many subscriptions as it may have.
	ErrQuota = errors.New("subscription quota reached")
)

// MaxPerGuild bounds a guild's subscriptions: 25 channels with every built-in
// topic. The store refuses more with [ErrQuota].
const MaxPerGuild = 450

// ID is a subscription's number in the store.
type ID int64

// Subscription is one channel's wish for one topic. A channel has at most one
// for a topic.
type Subscription struct {
	ID ID
	// Guild and Channel are Discord's snowflakes in decimal.
	Guild, Channel string
	Topic          topic.ID
	// Role is the role to mention, once for a story; empty for none.
	Role string
	// Mention says from when on; empty means with the first message.
	Mention Threshold
	// Updates says how the channel is told that a story goes on.
	Updates Updates
	// Stages and Standings are those of which the channel wants to know; empty
	// means any. A story whose stage or standing is not known is of none.
	Stages    []topic.Stage
	Standings []story.Standing
	// Unpublished says that alerts in an announcement channel stay there;
	// otherwise they are published to the channels that follow it.
	Unpublished bool
	// Countries are codes as sources have them. A story is about one when the
	// report, or the story's title, names it, its capital or who leads it. Empty
	// means any.
	Countries []string
	// Languages are base tags of the reports, and Tiers those of the outlets, that
	// may raise an alert; empty means any.
	Languages []string
	Tiers     []source.Tier
	// Independent says that no outlet raises one of which a state decides what it
	// says.
	Independent bool
	// Silent says that its messages make no sound and show no badge.
	Silent bool
	// Way says whether each story has a message of its own, at most PerHour of
	// them in any hour, 0 for any number: the others are gathered into one, which
	// is one of them.
	Way     Way
	PerHour int
	// CreatedBy is the user who subscribed, Created when.
	CreatedBy string
	Created   time.Time
}
