package own

import (
	"context"
	"errors"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// The actions that put back what was done. They are part of custom ids that are out
// there.
const (
	actUndo      = "undo-feed"
	actUndoTopic = "undo-topic"
)

const (
	deedFeed   desk.Deed = "feed"
	deedNoFeed desk.Deed = "no-feed"
	// deedNoFeeds takes away the feeds of a list, deedFeeds adds them again.
	deedNoFeeds desk.Deed = "no-feeds"
	deedFeeds   desk.Deed = "feeds"
	// deedTopic gives a topic the name and the query that it had, deedNoTopic deletes
	// one, and deedTopicBack has a deleted one again.
	deedTopic     desk.Deed = "topic"
	deedNoTopic   desk.Deed = "no-topic"
	deedTopicBack desk.Deed = "topic-back"
)

// undoing is what a deed needs; what it does not need is zero.
type undoing struct {
	// ID is of the feed to take away, Feed the one to add.
	ID   int64
	Feed guild.NewFeed
	// IDs and Feeds are the same of several.
	IDs   []int64
	Feeds []guild.NewFeed
	// Topic is as it shall be, and Subscriptions are those for it.
	Topic         guild.Topic
	Subscriptions []subscription.Subscription
}

// undo does what a button undoes, and answers as the command for that would.
func (h *Handlers) undo(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var u undoing
	d, err := h.Undo(ctx, q, &u)
	if err != nil {
		return interaction.Reply{}, err
	}
	switch d {
	case deedFeed:
		u.Feed.Guild, u.Feed.By, u.Feed.At = q.Guild, q.User, q.Now
		return h.putFeed(ctx, q, u.Feed)
	case deedNoFeed:
		return h.endFeed(ctx, q, u.ID)
	case deedNoFeeds:
		return h.endFeeds(ctx, q, u.IDs)
	case deedFeeds:
		return h.putFeeds(ctx, q, u.Feeds)
	case deedTopic:
		u.Topic.Guild = q.Guild
		return h.putTopic(ctx, q, u.Topic)
	case deedNoTopic:
		return h.endTopic(ctx, q, u.Topic.ID)
	case deedTopicBack:
		return h.reviveTopic(ctx, q, u.Topic, u.Subscriptions)
	}
	return interaction.Reply{}, desk.ErrUndo
}

// withUndo is an answer about a topic with a button that undoes what it tells.
func (h *Handlers) withUndo(ctx context.Context, q interaction.Request, r interaction.Reply, d desk.Deed, u undoing) (interaction.Reply, error) {
	return h.WithUndo(ctx, q, r.Payload, actUndoTopic, d, u)
}

// putTopic gives a topic the name and the query that it had, and offers to undo that.
func (h *Handlers) putTopic(ctx context.Context, q interaction.Request, t guild.Topic) (interaction.Reply, error) {
	was, err := h.changeTopic(ctx, q, t)
	if err != nil {
		return interaction.Reply{}, err
	}
	r := interaction.Reply{Payload: message.Text(q.Say("own.changed", wording.Args{"name": t.Name}))}
	return h.withUndo(ctx, q, r, deedTopic, undoing{Topic: was})
}

// changeTopic gives a topic another name and query, and returns what it was.
func (h *Handlers) changeTopic(ctx context.Context, q interaction.Request, t guild.Topic) (was guild.Topic, err error) {
	if was, err = h.ownTopicByID(ctx, q.Guild, t.ID); err != nil {
		return was, err
	}
	err = h.store.ChangeTopic(ctx, t)
	switch {
	case errors.Is(err, guild.ErrTopicNotFound):
		return was, topicError(err, was.Name)
	case err != nil:
		return was, topicError(err, t.Name)
	}
	return was, nil
}

// reviveTopic has a deleted topic again with its subscriptions, in the name of who asks,
// and offers to delete it.
func (h *Handlers) reviveTopic(ctx context.Context, q interaction.Request, t guild.Topic, subs []subscription.Subscription) (interaction.Reply, error) {
	t.Guild, t.CreatedBy, t.Created = q.Guild, q.User, q.Now
	for i := range subs {
		subs[i].Guild, subs[i].Topic, subs[i].CreatedBy, subs[i].Created = q.Guild, t.ID, q.User, q.Now
	}
	if err := h.store.ReviveTopic(ctx, t, subs); err != nil {
		return interaction.Reply{}, topicError(err, t.Name)
	}
	said := q.Say("own.revived", wording.Args{"name": t.Name})
	if len(subs) > 0 {
		channels := make([]string, len(subs))
		for i, s := range subs {
			channels[i] = s.Channel
		}
		said += " " + q.Say("own.again", wording.Args{"channels": channelList(q, channels)})
	}
	return h.withUndo(ctx, q, interaction.Reply{Payload: message.Text(said)}, deedNoTopic, undoing{Topic: guild.Topic{ID: t.ID}})
}
