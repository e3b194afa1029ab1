package command

import (
	"cmp"
	"context"
	"fmt"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// notices chooses where moderators are told when something of theirs fails, or
// shows where that is.
func (c *commands) notices(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	set, err := c.settings(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	off, err := q.Flag(optOff)
	if err != nil {
		return interaction.Reply{}, err
	}
	was := set.Notices
	picked := q.Given(optChannel)
	switch {
	case off:
		set.Notices = guild.NoNotices
	case picked:
		to, err := q.ChannelOption(optChannel)
		if err != nil {
			return interaction.Reply{}, err
		}
		if err := canReceive(to); err != nil {
			return interaction.Reply{}, err
		}
		if err := c.noteChannel(ctx, q.Guild, to); err != nil {
			return interaction.Reply{}, err
		}
		set.Notices = to.ID
	}
	if set.Notices != was {
		if err := c.store.SaveSettings(ctx, q.Guild, set, q.Now); err != nil {
			return interaction.Reply{}, fmt.Errorf("save settings: %w", err)
		}
	}
	return interaction.Reply{Payload: message.Text(noticesGo(q, set))}, nil
}

// noticesGo tells where notices go.
func noticesGo(q interaction.Request, set guild.Settings) message.Markup {
	switch cmp.Or(set.Notices, "system") {
	case guild.NoNotices:
		return q.Say("notice.goes-nowhere")
	case "system":
		return q.Say("notice.goes-system")
	}
	return q.Say("notice.goes-channel", wording.Args{"channel": message.Channel(set.Notices)})
}
