package subscribing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// The actions on a subscription that there is. They are part of custom ids that are
// out there; the argument is the subscription's id, or a menu chooses it.
const (
	actCard   = "sub-card"
	actChange = "sub-change"
	actMove   = "sub-move"
	actMoved  = "sub-moved"
	actEnd    = "sub-end"
	actEnded  = "sub-ended"
	actList   = "sub-list"
)

func (h *Handlers) cardActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actCard:   {Run: h.card},
		actList:   {Run: h.subscriptions},
		actChange: {Run: h.changeSubscription, Manage: true},
		actMove:   {Run: h.askMove, Manage: true},
		actMoved:  {Run: h.moveSubscription, Manage: true},
		actEnd:    {Run: h.askEnd, Manage: true},
		actEnded:  {Run: h.endSubscription, Manage: true},
	}
}

// subscriptionOf is the guild's subscription that an action is about, with its
// topic.
func (h *Handlers) subscriptionOf(ctx context.Context, q interaction.Request) (subscription.Subscription, desk.TopicInfo, error) {
	typed := q.Arg(0)
	if chosen := q.Chosen(); typed == "" && len(chosen) == 1 {
		typed = chosen[0]
	}
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		return subscription.Subscription{}, desk.TopicInfo{}, interaction.ErrGarbled
	}
	s, err := h.subscriptionByID(ctx, q.Guild, subscription.ID(id))
	if err != nil {
		return subscription.Subscription{}, desk.TopicInfo{}, err
	}
	info, err := h.TopicOf(ctx, q, s.Topic)
	return s, info, err
}

func (h *Handlers) subscriptionByID(ctx context.Context, guildID string, id subscription.ID) (subscription.Subscription, error) {
	all, err := h.store.Subscriptions(ctx, guildID)
	if err != nil {
		return subscription.Subscription{}, fmt.Errorf("list subscriptions: %w", err)
	}
	i := slices.IndexFunc(all, func(s subscription.Subscription) bool { return s.ID == id })
	if i < 0 {
		return subscription.Subscription{}, interaction.Refuse(interaction.NotFound, "subscribe.gone")
	}
	return all[i], nil
}

func idOf(s subscription.Subscription) string { return strconv.FormatInt(int64(s.ID), 10) }

// card shows all that one subscription asks for.
func (h *Handlers) card(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	s, info, err := h.subscriptionOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.cardReply(ctx, q, s, info)
}

// cardReply is the card, with lines that tell what else there is to know.
func (h *Handlers) cardReply(ctx context.Context, q interaction.Request, s subscription.Subscription, info desk.TopicInfo, more ...message.Markup) (interaction.Reply, error) {
	lines := append([]message.Markup{q.Say(desk.Addressed(s.Guild, "subscribe.card", "subscribe.card-direct"), about(s, info))}, h.wishLines(q, s)...)
	if s.Unpublished {
		lines = append(lines, "• "+q.Say("place.unpublished"))
	}
	hushed, err := h.hushed(ctx, q, s, info)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines = append(append(lines, more...), hushed...)
	note, err := h.digestNote(ctx, q, s)
	if err != nil {
		return interaction.Reply{}, err
	}
	p, _ := message.Panel(q.Plain("subscribe.heading", wording.Args{"topic": info.Title}), lines, note)
	if h.MayManage(ctx, q) == nil {
		p = p.WithStyled(discordgo.PrimaryButton, q.Plain("subscribe.change-button"), message.Action(actChange, idOf(s)))
		if !guild.IsPersonal(s.Guild) {
			p = p.WithButton(q.Plain("subscribe.move-button"), message.Action(actMove, idOf(s)))
		}
		p = p.WithStyled(discordgo.DangerButton, q.Plain("subscribe.end-button"), message.Action(actEnd, idOf(s)))
	}
	return interaction.Reply{Payload: p.WithButton(q.Plain("subscribe.back-button"), message.Action(actList))}, nil
}

func about(s subscription.Subscription, info desk.TopicInfo) wording.Args {
	return wording.Args{"channel": message.Channel(s.Channel), "topic": info.Title}
}

// changeSubscription makes a draft of a subscription and lets it be adjusted.
func (h *Handlers) changeSubscription(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	s, _, err := h.subscriptionOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	d := draft{Channel: interaction.Channel{ID: s.Channel, Type: discordgo.ChannelTypeGuildText}, Sub: s, Was: &s}
	if q.Channel.ID == s.Channel {
		d.Channel = q.Channel
	}
	if d, err = h.begin(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	return h.adjusting(ctx, q, d, pageWhat)
}

// askMove asks for another channel.
func (h *Handlers) askMove(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	s, info, err := h.subscriptionOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	p := message.Text(q.Say("subscribe.move-ask", about(s, info))).WithMenu(message.Menu{
		CustomID: message.Action(actMoved, idOf(s)), Kind: message.ChannelMenu, Hint: q.Plain("subscribe.move-placeholder"), Min: 1,
		ChannelTypes: tree.ChannelOption("tree.subscribe-channel").ChannelTypes,
	}).WithRow().WithButton(q.Plain("subscribe.back-button"), message.Action(actCard, idOf(s)))
	return interaction.Reply{Payload: p}, nil
}

// moveSubscription lets a subscription's alerts go to another channel. Those that
// were posted stay where they are.
func (h *Handlers) moveSubscription(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	s, info, err := h.subscriptionOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	to, err := q.ChosenChannels()
	if err != nil {
		return interaction.Reply{}, err
	}
	if len(to) != 1 {
		return interaction.Reply{}, interaction.ErrGarbled
	}
	if err := h.Takes(ctx, to[0], info); err != nil {
		return interaction.Reply{}, err
	}
	if err := desk.CanThread(to[0], s); err != nil {
		return interaction.Reply{}, err
	}
	if err := mayRing(s, to[0]); err != nil {
		return interaction.Reply{}, err
	}
	if err := h.NoteChannel(ctx, q.Guild, to[0]); err != nil {
		return interaction.Reply{}, err
	}
	was := s
	s.Channel = to[0].ID
	if err := h.store.ChangeSubscription(ctx, s); err != nil {
		return interaction.Reply{}, subscribeError(err, s, info)
	}
	undo, err := h.putBack(ctx, q, was)
	if err != nil {
		return interaction.Reply{}, err
	}
	r, err := h.cardReply(ctx, q, s, info, ringing(q, s, to[0])...)
	r.Payload = r.Payload.WithButton(q.Plain("undo.undo-button"), undo)
	return r, err
}

// mayRing says why a mention may not move to a channel, or nil when it may. A menu
// of channels does not say whether everybody may mention the role; where the bot
// mentions any, the member must be allowed to as well (see [canMention]).
func mayRing(s subscription.Subscription, in interaction.Channel) error {
	everyone := interaction.Permissions(discordgo.PermissionMentionEveryone)
	if s.Role == "" || in.Member.Has(everyone) || in.App != nil && !in.App.Has(everyone) {
		return nil
	}
	return interaction.Refuse(interaction.BadRole, "mention.you", wording.Args{"role": message.Role(s.Role), "channel": message.Channel(in.ID)})
}

// ringing says that a role may not be told in a channel, where that is not sure:
// a menu of channels does not say whether everybody may mention the role.
func ringing(q interaction.Request, s subscription.Subscription, in interaction.Channel) []message.Markup {
	if s.Role == "" || s.Way == subscription.Digest || in.App == nil || in.App.Has(discordgo.PermissionMentionEveryone) {
		return nil
	}
	return []message.Markup{"⚠️ " + q.Say("mention.perhaps", wording.Args{"role": message.Role(s.Role), "channel": message.Channel(in.ID)})}
}

// askEnd asks whether a subscription is really to end.
func (h *Handlers) askEnd(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	s, info, err := h.subscriptionOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	p := message.Text(q.Say(desk.Addressed(s.Guild, "subscribe.end-ask", "subscribe.end-ask-direct"), about(s, info))).
		WithStyled(discordgo.DangerButton, q.Plain("subscribe.sure-button"), message.Action(actEnded, idOf(s))).
		WithButton(q.Plain("subscribe.keep-button"), message.Action(actCard, idOf(s)))
	return interaction.Reply{Payload: p}, nil
}

func (h *Handlers) endSubscription(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	s, info, err := h.subscriptionOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	r, err := h.end(ctx, q, s, info)
	if err != nil {
		return interaction.Reply{}, err
	}
	r.Payload = r.Payload.WithButton(q.Plain("subscribe.back-button"), message.Action(actList))
	return r, nil
}

// end ends a subscription of the guild, and offers to have it again.
func (h *Handlers) end(ctx context.Context, q interaction.Request, s subscription.Subscription, info desk.TopicInfo) (interaction.Reply, error) {
	err := h.store.Unsubscribe(ctx, q.Guild, s.Channel, s.Topic)
	switch {
	case errors.Is(err, subscription.ErrNotFound):
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "subscribe.gone")
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("unsubscribe: %w", err)
	}
	s.ID = 0
	undo, err := h.putBack(ctx, q, s)
	if err != nil {
		return interaction.Reply{}, err
	}
	return interaction.Reply{Payload: message.Text(q.Say(desk.Addressed(s.Guild, "subscribe.ended", "subscribe.ended-direct"), about(s, info))).WithButton(q.Plain("undo.undo-button"), undo)}, nil
}
