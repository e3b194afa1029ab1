package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// noteChannel notes how alerts get into a channel.
func (c *commands) noteChannel(ctx context.Context, guildID string, to Channel) error {
	err := c.store.NoteChannel(ctx, guild.Channel{ID: to.ID, Guild: guildID, Kind: to.kind()})
	switch {
	case errors.Is(err, ErrForeignChannel):
		return errForeign
	case err != nil:
		return fmt.Errorf("note channel: %w", err)
	}
	return nil
}

// kind is how alerts get into the channel.
func (c Channel) kind() guild.ChannelKind {
	switch {
	case c.Type == discordgo.ChannelTypeGuildNews:
		return guild.Announcement
	case c.forum():
		return guild.Forum
	}
	return guild.Plain
}

// forum reports whether the channel takes posts and no messages.
func (c Channel) forum() bool {
	return c.Type == discordgo.ChannelTypeGuildForum || c.Type == discordgo.ChannelTypeGuildMedia
}

// publishing tells what becomes of the alerts of an announcement channel.
func publishing(s subscription.Subscription, say wording.Speaker) message.Markup {
	if s.Unpublished {
		return say.Say("place.unpublished")
	}
	return say.Say("place.published")
}
