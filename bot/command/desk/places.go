package desk

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

// NoteChannel notes how alerts get into a channel.
func (d *Desk) NoteChannel(ctx context.Context, guildID string, to interaction.Channel) error {
	if guild.IsPersonal(guildID) != (KindOf(to) == guild.Direct) {
		return interaction.ErrForeign
	}
	err := d.store.NoteChannel(ctx, guild.Channel{ID: to.ID, Guild: guildID, Kind: KindOf(to)})
	switch {
	case errors.Is(err, guild.ErrForeignChannel):
		return interaction.ErrForeign
	case err != nil:
		return fmt.Errorf("note channel: %w", err)
	}
	return nil
}

// KindOf is how alerts get into the channel.
func KindOf(c interaction.Channel) guild.ChannelKind {
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

// Publishing tells what becomes of the alerts of an announcement channel.
func Publishing(s subscription.Subscription, say wording.Speaker) message.Markup {
	if s.Unpublished {
		return say.Say("place.unpublished")
	}
	return say.Say("place.published")
}

// Takes says why alerts on a topic cannot go to a channel, or nil when they can.
func (d *Desk) Takes(ctx context.Context, to interaction.Channel, info TopicInfo) error {
	if err := CanReceive(to); err != nil || !to.Forum() || d.forums == nil {
		return err
	}
	// Whether Discord can be asked is no reason to refuse: what fails later is told.
	if needs, err := d.forums.NeedsTag(ctx, to.ID, info); err == nil && needs {
		return interaction.Refuse(interaction.BadChannel, "place.tag", wording.Args{"channel": message.Channel(to.ID), "topic": info.Title})
	}
	return nil
}

// Needed are permissions with the names under which Discord shows them.
type Needed struct {
	Bit  interaction.Permissions
	Name wording.ID
}

// CanReceive says why alerts cannot go to a channel, or nil when they can: it is
// of a kind that takes messages or posts, the member may post there too (so that
// nobody fills a channel that is closed to them), and so may the bot.
func CanReceive(to interaction.Channel) error {
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
	want := []Needed{{discordgo.PermissionViewChannel, "permission.view-channel"}, {discordgo.PermissionSendMessages, "permission.send-messages"}}
	if to.Thread() {
		want[1] = Needed{discordgo.PermissionSendMessagesInThreads, "permission.send-in-threads"}
	}
	if missing := Lacking(to.Member, want...); len(missing) > 0 {
		return say(interaction.Denied, "place.member-lacks", missing)
	}
	if to.App == nil {
		return nil
	}
	if to.Forum() { // replies stand in posts
		want = append(want, Needed{discordgo.PermissionSendMessagesInThreads, "permission.send-in-threads"})
	}
	want = append(want, Needed{discordgo.PermissionEmbedLinks, "permission.embed-links"})
	if missing := Lacking(*to.App, want...); len(missing) > 0 {
		return say(interaction.BadChannel, "place.bot-lacks", missing)
	}
	return nil
}

// CanThread says why updates cannot stand in threads, or nil when they can or need
// not. In a forum they stand in the alert's post in any case, and in direct
// messages as replies.
func CanThread(to interaction.Channel, s subscription.Subscription) error {
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
	if missing := Lacking(*to.App, Needed{discordgo.PermissionCreatePublicThreads, "permission.create-threads"}, Needed{discordgo.PermissionSendMessagesInThreads, "permission.send-in-threads"}); len(missing) > 0 {
		return say(interaction.BadChannel, "place.bot-opens-none", missing)
	}
	return nil
}

// Lacking names those of the permissions that p does not hold.
func Lacking(p interaction.Permissions, want ...Needed) wording.Sayings {
	var names wording.Sayings
	for _, n := range want {
		if !p.Has(n.Bit) {
			names = append(names, wording.Saying{ID: n.Name})
		}
	}
	return names
}

// ChannelNames returns the names of channels by their ids, without those that cannot
// be told in a moment.
func (d *Desk) ChannelNames(ctx context.Context, channels ...string) map[string]string {
	if d.names == nil {
		return nil
	}
	return d.names.Names(ctx, channels...)
}

// Names tells what channels are called, where a mention is not rendered.
type Names interface {
	// Names returns names by ids, of those channels that can be told in a moment.
	Names(ctx context.Context, channels ...string) map[string]string
}

// Forums tells what forums ask of their posts.
type Forums interface {
	// NeedsTag reports whether a forum takes only posts with a tag and has none
	// that fits a topic.
	NeedsTag(ctx context.Context, channel string, t TopicInfo) (bool, error)
}
