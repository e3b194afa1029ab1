package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// noteChannel notes how alerts get into a channel.
func (c *commands) noteChannel(ctx context.Context, guildID string, to interaction.Channel) error {
	if guild.IsPersonal(guildID) != (kindOf(to) == guild.Direct) {
		return interaction.ErrForeign
	}
	err := c.store.NoteChannel(ctx, guild.Channel{ID: to.ID, Guild: guildID, Kind: kindOf(to)})
	switch {
	case errors.Is(err, ErrForeignChannel):
		return interaction.ErrForeign
	case err != nil:
		return fmt.Errorf("note channel: %w", err)
	}
	return nil
}

// kindOf is how alerts get into the channel.
func kindOf(c interaction.Channel) guild.ChannelKind {
	switch {
	case c.Type == discordgo.ChannelTypeGuildNews:
		return guild.Announcement
	case c.Forum():
		return guild.Forum
	case c.Type == discordgo.ChannelTypeDM:
		return guild.Direct
	}
	return guild.Plain
}

// publishing tells what becomes of the alerts of an announcement channel.
func publishing(s subscription.Subscription, say wording.Speaker) message.Markup {
	if s.Unpublished {
		return say.Say("place.unpublished")
	}
	return say.Say("place.published")
}

// takes says why alerts on a topic cannot go to a channel, or nil when they can.
func (c *commands) takes(ctx context.Context, to interaction.Channel, info TopicInfo) error {
	if err := canReceive(to); err != nil || !to.Forum() || c.forums == nil {
		return err
	}
	// Whether Discord can be asked is no reason to refuse: what fails later is told.
	if needs, err := c.forums.NeedsTag(ctx, to.ID, info); err == nil && needs {
		return interaction.Refuse(interaction.BadChannel, "place.tag", wording.Args{"channel": message.Channel(to.ID), "topic": info.Title})
	}
	return nil
}

// needed are permissions with the names under which Discord shows them.
type needed struct {
	bit  interaction.Permissions
	name wording.ID
}

// canReceive says why alerts cannot go to a channel, or nil when they can: it is
// of a kind that takes messages or posts, the member may post there too (so that
// nobody fills a channel that is closed to them), and so may the bot.
func canReceive(to interaction.Channel) error {
	say := func(code interaction.Code, id wording.ID, missing wording.Sayings) error {
		return interaction.Refuse(code, id, wording.Args{"channel": message.Channel(to.ID), "permissions": missing})
	}
	switch {
	case to.Type == discordgo.ChannelTypeDM: // only a person's own: see [interaction.Request.ChannelOption]
		return nil
	case to.Type != discordgo.ChannelTypeGuildText && to.Type != discordgo.ChannelTypeGuildNews && !to.Thread() && !to.Forum():
		return say(interaction.BadChannel, "place.kind", nil)
	case to.Closed:
		return say(interaction.BadChannel, "place.closed", nil)
	}
	want := []needed{{discordgo.PermissionViewChannel, "permission.view-channel"}, {discordgo.PermissionSendMessages, "permission.send-messages"}}
	if to.Thread() {
		want[1] = needed{discordgo.PermissionSendMessagesInThreads, "permission.send-in-threads"}
	}
	if missing := lacking(to.Member, want...); len(missing) > 0 {
		return say(interaction.Denied, "place.member-lacks", missing)
	}
	if to.App == nil {
		return nil
	}
	if to.Forum() { // replies stand in posts
		want = append(want, needed{discordgo.PermissionSendMessagesInThreads, "permission.send-in-threads"})
	}
	want = append(want, needed{discordgo.PermissionEmbedLinks, "permission.embed-links"})
	if missing := lacking(*to.App, want...); len(missing) > 0 {
		return say(interaction.BadChannel, "place.bot-lacks", missing)
	}
	return nil
}

// canThread says why updates cannot stand in threads, or nil when they can or need
// not. In a forum they stand in the alert's post in any case, and in direct
// messages as replies.
func canThread(to interaction.Channel, s subscription.Subscription) error {
	if s.Updates != subscription.Thread || to.Forum() || to.Type == discordgo.ChannelTypeDM {
		return nil
	}
	say := func(code interaction.Code, id wording.ID, missing wording.Sayings) error {
		return interaction.Refuse(code, id, wording.Args{"channel": message.Channel(to.ID), "permissions": missing})
	}
	if to.Thread() {
		return say(interaction.BadChannel, "place.no-thread", nil)
	}
	if to.App == nil {
		return nil
	}
	if missing := lacking(*to.App, needed{discordgo.PermissionCreatePublicThreads, "permission.create-threads"}, needed{discordgo.PermissionSendMessagesInThreads, "permission.send-in-threads"}); len(missing) > 0 {
		return say(interaction.BadChannel, "place.bot-opens-none", missing)
	}
	return nil
}

// lacking names those of the permissions that p does not hold.
func lacking(p interaction.Permissions, want ...needed) wording.Sayings {
	var names wording.Sayings
	for _, n := range want {
		if !p.Has(n.bit) {
			names = append(names, wording.Saying{ID: n.name})
		}
	}
	return names
}
