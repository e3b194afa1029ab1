package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// subscribe makes a channel get alerts on a topic.
func (c *commands) subscribe(ctx context.Context, q Request) (Reply, error) {
	typed, err := q.Text(optTopic, maxChoice)
	if err != nil {
		return Reply{}, err
	}
	topics, err := c.known(ctx, q.Guild)
	if err != nil {
		return Reply{}, err
	}
	info, err := pick(topics, typed)
	if err != nil {
		return Reply{}, err
	}
	to, err := q.target()
	if err != nil {
		return Reply{}, err
	}
	if err := c.takes(ctx, to, info); err != nil {
		return Reply{}, err
	}
	role, hasRole, err := q.RoleOption(optRole)
	if err != nil {
		return Reply{}, err
	}
	if hasRole {
		if err := canMention(role, to, q); err != nil {
			return Reply{}, err
		}
	}
	s, err := wishes(q, info)
	if err != nil {
		return Reply{}, err
	}
	if err := canThread(to, s); err != nil {
		return Reply{}, err
	}
	s.Channel, s.Role = to.ID, role.ID
	if err := c.noteChannel(ctx, q.Guild, to); err != nil {
		return Reply{}, err
	}
	_, err = c.store.Subscribe(ctx, s)
	if err == nil || errors.Is(err, subscription.ErrExists) {
		was, e := c.unblock(ctx, q.Guild, to.ID)
		switch {
		case e != nil:
			return Reply{}, e
		case was && err != nil:
			return Reply{Payload: message.Text(message.Format("I may post in %s again: the alerts that waited are on their way.", message.Channel(to.ID)))}, nil
		}
	}
	if err != nil {
		return Reply{}, subscribeError(err, s, info)
	}
	return Reply{Payload: message.Text(subscribed(to, s, info, q.Speaker))}, nil
}

// wishes reads what a subscription to a topic asks for, but for its channel and
// role.
func wishes(q Request, info TopicInfo) (s subscription.Subscription, err error) {
	s = subscription.Subscription{Guild: q.Guild, Topic: info.ID, CreatedBy: q.User, Created: q.Now}
	if s.Mention, err = wished(q, optWhen, thresholds()); err != nil {
		return s, err
	}
	if s.Updates, err = wished(q, optUpdates, updates()); err != nil {
		return s, err
	}
	publish, err := q.Whether(optPublish, true)
	if err != nil {
		return s, err
	}
	s.Unpublished = !publish
	s.Stages, s.Standings, err = filters(q, info)
	return s, err
}

// unblock lets deliveries to a channel go on, whose permissions were found
// right, and reports whether they had been blocked.
func (c *commands) unblock(ctx context.Context, guildID, channel string) (was bool, err error) {
	blocked, err := c.store.Blocked(ctx, guildID)
	if err != nil {
		return false, fmt.Errorf("list blocked channels: %w", err)
	}
	if !slices.ContainsFunc(blocked, func(b guild.Channel) bool { return b.ID == channel }) {
		return false, nil
	}
	if err := c.store.UnblockChannel(ctx, guildID, channel); err != nil {
		return false, fmt.Errorf("unblock channel: %w", err)
	}
	return true, nil
}

func subscribed(to Channel, s subscription.Subscription, info TopicInfo, say wording.Speaker) message.Markup {
	said := []string{string(message.Format("%s now gets an alert for each new story about **%s**%s.", message.Channel(to.ID), info.Title, limits(s)))}
	if s.Role != "" {
		when, _ := wishOf(s.Mention, thresholds())
		said = append(said, string(message.Format("I will mention %s %s.", message.Role(s.Role), message.Markup(when.said))))
	}
	how, _ := wishOf(s.Updates, updates())
	said = append(said, how.said)
	if to.Type == discordgo.ChannelTypeGuildNews {
		said = append(said, string(publishing(s, say)))
	}
	if to.forum() {
		said = append(said, string(say.Say("place.forum", wording.Args{"channel": message.Channel(to.ID)})))
	}
	if to.App == nil {
		said = append(said, "I could not see my permissions there: make sure that I may View Channel, Send Messages and Embed Links.")
	}
	said = append(said, "/recent shows what there was lately, /unsubscribe ends it.")
	return message.Markup(strings.Join(said, " "))
}

func subscribeError(err error, s subscription.Subscription, info TopicInfo) error {
	switch {
	case errors.Is(err, subscription.ErrExists):
		return &Error{Code: Exists, Message: message.Format("%s already gets alerts about **%s**. To change how, use /unsubscribe and then /subscribe again.", message.Channel(s.Channel), info.Title)}
	case errors.Is(err, subscription.ErrQuota):
		return &Error{Code: Quota, Message: message.Format("This server has %d subscriptions, the most it can have. /unsubscribe one that nobody reads.", subscription.MaxPerGuild)}
	case errors.Is(err, ErrForeignChannel):
		return errForeign
	}
	return fmt.Errorf("subscribe: %w", err)
}

// canMention says why a role cannot be mentioned in a channel, or nil when it
// can. Nobody gets a mention through the bot that they could not write
// themselves.
func canMention(r Role, in Channel, q Request) error {
	if r.ID == q.Guild {
		return &Error{Code: BadRole, Message: "I never mention everyone. Pick a role that people can choose for themselves."}
	}
	if r.Mentionable {
		return nil
	}
	if !in.Member.Has(discordgo.PermissionMentionEveryone) {
		return &Error{Code: BadRole, Message: message.Format("You may not mention %s in %s. Turn on “Allow anyone to mention this role” in the server's settings, or pick another role.", message.Role(r.ID), message.Channel(in.ID))}
	}
	if in.App != nil && !in.App.Has(discordgo.PermissionMentionEveryone) {
		return &Error{Code: BadRole, Message: message.Format("I may not mention %s in %s. Turn on “Allow anyone to mention this role” in the server's settings, or give me Mention Everyone there.", message.Role(r.ID), message.Channel(in.ID))}
	}
	return nil
}
