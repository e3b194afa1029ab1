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

// subscribe makes a channel get alerts on a topic.
func (h *Handlers) subscribe(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	info, err := h.TopicNamed(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	to, err := q.ChannelOption(tree.OptChannel)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := h.Takes(ctx, to, info); err != nil {
		return interaction.Reply{}, err
	}
	role, hasRole, err := q.RoleOption(tree.OptRole)
	if err != nil {
		return interaction.Reply{}, err
	}
	if hasRole {
		if err := canMention(role, to, q); err != nil {
			return interaction.Reply{}, err
		}
	}
	s, err := wishes(q, info)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := desk.CanThread(to, s); err != nil {
		return interaction.Reply{}, err
	}
	if err := h.wants(q, &s); err != nil {
		return interaction.Reply{}, err
	}
	s.Channel, s.Role = to.ID, role.ID
	if done, err := h.already(ctx, q, s, info); err != nil || done {
		return interaction.Reply{Payload: message.Text(q.Say(desk.Addressed(q.Guild, "subscribe.unblocked", "subscribe.unblocked-direct"), wording.Args{"channel": message.Channel(to.ID)}))}, err
	}
	if err := h.NoteChannel(ctx, q.Guild, to); err != nil {
		return interaction.Reply{}, err
	}
	d, err := h.begin(ctx, q, draft{Channel: to, Sub: s})
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.preview(ctx, q, d)
}

// already refuses what the channel has, and what the guild has too much of. It
// reports whether deliveries to a channel that has it go on by that.
func (h *Handlers) already(ctx context.Context, q interaction.Request, s subscription.Subscription, info desk.TopicInfo) (bool, error) {
	all, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return false, fmt.Errorf("list subscriptions: %w", err)
	}
	if slices.ContainsFunc(all, func(o subscription.Subscription) bool { return o.Channel == s.Channel && o.Topic == s.Topic }) {
		if was, err := h.unblock(ctx, q.Guild, s.Channel); was || err != nil {
			return was, err
		}
		return false, subscribeError(subscription.ErrExists, s, info)
	}
	if len(all) >= mostOf(s.Guild) {
		return false, subscribeError(subscription.ErrQuota, s, info)
	}
	return false, nil
}

// wishes reads what a subscription to a topic asks for, but for its channel and
// role.
func wishes(q interaction.Request, info desk.TopicInfo) (s subscription.Subscription, err error) {
	s = subscription.Subscription{Guild: q.Guild, Topic: info.ID, CreatedBy: q.User, Created: q.Now}
	if s.Mention, err = wished(q, tree.OptWhen, thresholds()); err != nil {
		return s, err
	}
	if s.Updates, err = wished(q, tree.OptUpdates, updates()); err != nil {
		return s, err
	}
	publish, err := q.Whether(tree.OptPublish, true)
	if err != nil {
		return s, err
	}
	s.Unpublished = !publish
	s.Stages, s.Standings, err = filters(q, info)
	return s, err
}

// unblock lets deliveries to a channel go on, whose permissions were found
// right, and reports whether they had been blocked.
func (h *Handlers) unblock(ctx context.Context, guildID, channel string) (was bool, err error) {
	blocked, err := h.store.Blocked(ctx, guildID)
	if err != nil {
		return false, fmt.Errorf("list blocked channels: %w", err)
	}
	if !slices.ContainsFunc(blocked, func(b guild.Channel) bool { return b.ID == channel }) {
		return false, nil
	}
	if err := h.store.UnblockChannel(ctx, guildID, channel); err != nil {
		return false, fmt.Errorf("unblock channel: %w", err)
	}
	return true, nil
}

// noteLanguage has a person's alerts come in the language in which they were asked
// for: in direct messages Discord tells it with what people type, and never else.
func (h *Handlers) noteLanguage(ctx context.Context, q interaction.Request) error {
	if !guild.IsPersonal(q.Guild) {
		return nil
	}
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return err
	}
	if wording.In(set.Language).Language() == q.Language() {
		return nil
	}
	set.Language = q.Language()
	if err := h.store.SaveSettings(ctx, q.Guild, set, q.Now); err != nil {
		return fmt.Errorf("save language: %w", err)
	}
	return nil
}

// mostOf is how many subscriptions a guild or a person may have.
func mostOf(guildID string) int {
	if guild.IsPersonal(guildID) {
		return guild.MaxPersonal
	}
	return subscription.MaxPerGuild
}

func subscribeError(err error, s subscription.Subscription, info desk.TopicInfo) error {
	if soon := desk.TooSoon(err); soon != nil {
		return soon
	}
	switch {
	case errors.Is(err, subscription.ErrExists):
		return interaction.Refuse(interaction.Exists, desk.Addressed(s.Guild, "subscribe.exists", "subscribe.exists-direct"), wording.Args{"channel": message.Channel(s.Channel), "topic": info.Title})
	case errors.Is(err, subscription.ErrNotFound):
		return interaction.Refuse(interaction.NotFound, "subscribe.gone")
	case errors.Is(err, subscription.ErrQuota):
		return interaction.Refuse(interaction.Quota, "subscribe.quota", wording.Args{"most": strconv.Itoa(mostOf(s.Guild))})
	case errors.Is(err, guild.ErrForeignChannel):
		return interaction.ErrForeign
	case errors.Is(err, guild.ErrTopicNotFound):
		return desk.ErrTopicGone
	}
	return fmt.Errorf("subscribe: %w", err)
}

// canMention says why a role cannot be mentioned in a channel, or nil when it
// can. Nobody gets a mention through the bot that they could not write
// themselves.
func canMention(r interaction.Role, in interaction.Channel, q interaction.Request) error {
	if r.ID == q.Guild {
		return interaction.Refuse(interaction.BadRole, "mention.everyone")
	}
	if r.Mentionable {
		return nil
	}
	if !in.Member.Has(discordgo.PermissionMentionEveryone) {
		return interaction.Refuse(interaction.BadRole, "mention.you", wording.Args{"role": message.Role(r.ID), "channel": message.Channel(in.ID)})
	}
	if in.App != nil && !in.App.Has(discordgo.PermissionMentionEveryone) {
		return interaction.Refuse(interaction.BadRole, "mention.bot", wording.Args{"role": message.Role(r.ID), "channel": message.Channel(in.ID)})
	}
	return nil
}
