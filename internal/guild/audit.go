package guild

import (
	"context"
	"time"

	"github.com/attache-bot/attache/internal/topic"
)

// # The audit
//
// Whatever members change of what a guild has asked for is noted: who changed
// what, and when. The note is written in the transaction of the change, so that
// neither is there without the other.
//
// Who asks and when travels in the context ([By]); the router of the commands puts
// it there, for commands and buttons alike. A store's method that changes something
// says, inside its transaction, what it changed, and nothing more:
//
//	err := s.audit(ctx, tx, guild.Change{Guild: g, Act: guild.ActSubscribe, Channel: c, Topic: t})
//
// What the bot does by itself has no actor and is not noted. A new kind of change
// is a new [Act], with its words in the catalogue of /audit.

// Act names what was changed. It is kept in the store: never give one another
// meaning.
type Act string

// The acts.
const (
	ActSubscribe   Act = "subscribe"
	ActUnsubscribe Act = "unsubscribe"
	// ActSubscription is a change of what a subscription asks for.
	ActSubscription Act = "subscription"
	ActTopicCreate  Act = "topic-create"
	ActTopicChange  Act = "topic-change"
	ActTopicDelete  Act = "topic-delete"
	ActDigestAdd    Act = "digest-add"
	ActDigestRemove Act = "digest-remove"
	// ActSettings is a change of the guild's settings; the detail says which.
	ActSettings Act = "settings"
	// ActFeedAdd and ActFeedRemove are about the guild's own feeds; the detail is
	// the feed's name.
	ActFeedAdd    Act = "feed-add"
	ActFeedRemove Act = "feed-remove"
	// ActMute and ActUnmute are about a topic, or a story named in the detail.
	ActMute   Act = "mute"
	ActUnmute Act = "unmute"
	// ActPause and ActResume are about a channel, or the whole guild.
	ActPause  Act = "pause"
	ActResume Act = "resume"
	// ActQuiet is a change of the quiet hours.
	ActQuiet Act = "quiet-hours"
	// ActDelete is the deletion of all data of the guild.
	ActDelete Act = "delete-data"
)

// Acts returns all acts.
func Acts() []Act {
	return []Act{
		ActSubscribe, ActUnsubscribe, ActSubscription, ActTopicCreate, ActTopicChange, ActTopicDelete, ActDigestAdd, ActDigestRemove,
		ActSettings, ActFeedAdd, ActFeedRemove, ActMute, ActUnmute, ActPause, ActResume, ActQuiet, ActDelete,
	}
}

// What an [ActSettings] is about, before a colon and the new value in its detail, which
// is "none" for what the guild has not set.
const (
	SettingLanguage = "language"
	SettingZone     = "time zone"
	SettingManagers = "manager role"
	SettingNotices  = "notices"
)

// MaxDetail is the longest detail of a change, in characters; the store cuts
// longer ones.
const MaxDetail = 200

// Change is one change of what a guild has asked for.
type Change struct {
	// ID orders changes; the store gives it.
	ID    int64
	Guild string
	// User is the snowflake of who made it; empty for somebody who had their name
	// erased. The store takes it, and At, from the context.
	User string
	At   time.Time
	Act  Act
	// Channel and Topic are what it is about, where it is about such a thing.
	Channel string
	Topic   topic.ID
	// Detail names what else it is about, in plain text such as a name; never a
	// secret and never what people wrote in messages.
	Detail string
}

// ChangeQuery asks for changes of a guild, the newest first.
type ChangeQuery struct {
	Guild string
	// User limits them to one person's; empty for all.
	User string
	// Before is the change after which they come; 0 for the first page.
	Before int64
	// Limit is at least 1.
	Limit int
}

// Actor is a member who asks for something, and when.
type Actor struct {
	// User is a snowflake in decimal.
	User string
	At   time.Time
}

type actorKey struct{}

// By returns a context in which changes are noted as those of an actor.
func By(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// ActorOf returns who asks in a context, and false when nobody does: the bot acts
// by itself.
func ActorOf(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok && a.User != ""
}
