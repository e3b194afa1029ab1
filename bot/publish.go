package bot

import (
	"context"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/guild"
)

// codePublished says that a message is published already
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
const codePublished = 40033

// Publish implements [alert.Announcer].
func (s *Sender) Publish(ctx context.Context, channel, message string) error {
	ctx = rest.ForGuild(ctx, channel) // its guild is not known here
	err := s.rest.Do(ctx, http.MethodPost, "/channels/"+channel+"/messages/"+message+"/crosspost", nil, nil)
	if err == nil || codeOf(err) == codePublished {
		return nil
	}
	return sendError(err)
}

// noteKinds notes what the types of a guild's channels mean for alerts: a text
// channel may become an announcement channel, and the other way round.
func (b *Bot) noteKinds(ctx context.Context, guildID string, channels []gateway.Channel) error {
	kinds := make(map[string]guild.ChannelKind, len(channels))
	for _, c := range channels {
		if kind, ok := kindOf(c.Type); ok {
			kinds[c.ID] = kind
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	return b.o.Guilds.NoteKinds(ctx, guildID, kinds)
}

// kindOf is what a channel's type means for alerts; false for one that takes none.
// https://discord.com/developers/docs/resources/channel#channel-object-channel-types
func kindOf(t discordgo.ChannelType) (guild.ChannelKind, bool) {
	switch t {
	case discordgo.ChannelTypeGuildText:
		return guild.Plain, true
	case discordgo.ChannelTypeGuildNews:
		return guild.Announcement, true
	case discordgo.ChannelTypeGuildForum, discordgo.ChannelTypeGuildMedia:
		return guild.Forum, true
	}
	return guild.Plain, false
}
