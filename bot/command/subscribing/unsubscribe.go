package subscribing

import (
	"context"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// unsubscribe ends a channel's alerts on a topic.
func (h *Handlers) unsubscribe(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptTopic, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	to, err := q.ChannelOption(tree.OptChannel)
	if err != nil {
		return interaction.Reply{}, err
	}
	topics, err := h.subscribed(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	info, err := desk.Pick(topics, typed)
	if err != nil {
		// Nobody gets that topic; say so, if it is one.
		known, e := h.TopicsOf(ctx, q)
		if e != nil {
			return interaction.Reply{}, e
		}
		if info, err = desk.Pick(known, typed); err != nil {
			return interaction.Reply{}, err
		}
	}
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	i := slices.IndexFunc(subs, func(s subscription.Subscription) bool { return s.Channel == to.ID && s.Topic == info.ID })
	if i < 0 {
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, desk.Addressed(q.Guild, "unsubscribe.none", "unsubscribe.none-direct"), wording.Args{"channel": message.Channel(to.ID), "topic": info.Title})
	}
	return h.end(ctx, q, subs[i], info)
}

// subscribed returns the topics that the guild has subscriptions for, in
// catalogue order, and after them those that the catalogue has no more.
func (h *Handlers) subscribed(ctx context.Context, q interaction.Request) ([]desk.TopicInfo, error) {
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	var wanted []topic.ID
	for _, s := range subs {
		if !slices.Contains(wanted, s.Topic) {
			wanted = append(wanted, s.Topic)
		}
	}
	known, err := h.TopicsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []desk.TopicInfo
	for _, t := range known {
		if i := slices.Index(wanted, t.ID); i >= 0 {
			out = append(out, t)
			wanted = slices.Delete(wanted, i, i+1)
		}
	}
	for _, id := range wanted {
		out = append(out, desk.TopicInfo{ID: id, Title: string(id)})
	}
	return out, nil
}

// completeSubscribed offers the topics that fit and that some channel of the
// guild gets.
func (h *Handlers) completeSubscribed(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptTopic {
		return nil, nil
	}
	topics, err := h.subscribed(ctx, q)
	if err != nil {
		return nil, err
	}
	found, _ := suggest.Fitting(topics, typed)
	return suggest.Offers(found), nil
}
