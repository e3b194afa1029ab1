package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// unsubscribe ends a channel's alerts on a topic.
func (c *commands) unsubscribe(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(optTopic, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	to, err := q.ChannelOption(optChannel)
	if err != nil {
		return interaction.Reply{}, err
	}
	topics, err := c.subscribed(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	info, err := pick(topics, typed)
	if err != nil {
		// Nobody gets that topic; say so, if it is one.
		known, e := c.topicsOf(ctx, q)
		if e != nil {
			return interaction.Reply{}, e
		}
		if info, err = pick(known, typed); err != nil {
			return interaction.Reply{}, err
		}
	}
	subs, err := c.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	i := slices.IndexFunc(subs, func(s subscription.Subscription) bool { return s.Channel == to.ID && s.Topic == info.ID })
	if i < 0 {
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, addressed(q.Guild, "unsubscribe.none", "unsubscribe.none-direct"), wording.Args{"channel": message.Channel(to.ID), "topic": info.Title})
	}
	return c.end(ctx, q, subs[i], info)
}

// subscribed returns the topics that the guild has subscriptions for, in
// catalogue order, and after them those that the catalogue has no more.
func (c *commands) subscribed(ctx context.Context, q interaction.Request) ([]TopicInfo, error) {
	subs, err := c.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	var wanted []topic.ID
	for _, s := range subs {
		if !slices.Contains(wanted, s.Topic) {
			wanted = append(wanted, s.Topic)
		}
	}
	known, err := c.topicsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []TopicInfo
	for _, t := range known {
		if i := slices.Index(wanted, t.ID); i >= 0 {
			out = append(out, t)
			wanted = slices.Delete(wanted, i, i+1)
		}
	}
	for _, id := range wanted {
		out = append(out, TopicInfo{ID: id, Title: string(id)})
	}
	return out, nil
}
