package care

import (
	"cmp"
	"context"
	"fmt"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// notices chooses where moderators are told when something of theirs fails, or
// shows where that is.
func (h *Handlers) notices(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	off, err := q.Flag(tree.OptOff)
	if err != nil {
		return interaction.Reply{}, err
	}
	was := set.Notices
	picked := q.Given(tree.OptChannel)
	switch {
	case off:
		set.Notices = guild.NoNotices
	case picked:
		to, err := q.ChannelOption(tree.OptChannel)
		if err != nil {
			return interaction.Reply{}, err
		}
		if err := desk.CanReceive(to); err != nil {
			return interaction.Reply{}, err
		}
		if err := h.NoteChannel(ctx, q.Guild, to); err != nil {
			return interaction.Reply{}, err
		}
		set.Notices = to.ID
	}
	if set.Notices == was {
		return interaction.Reply{Payload: message.Text(noticesGo(q, set))}, nil
	}
	return h.putNotices(ctx, q, set, was)
}

// actUndoNotices puts back where notices went.
const actUndoNotices = "undo-notices"

const deedNotices desk.Deed = "notices"

func (h *Handlers) noticesActions() map[string]interaction.Action {
	return map[string]interaction.Action{actUndoNotices: {Run: h.undoNotices, Manage: true}}
}

// putNotices has notices go elsewhere, and offers to have them go where they went.
func (h *Handlers) putNotices(ctx context.Context, q interaction.Request, set guild.Settings, was string) (interaction.Reply, error) {
	if err := h.store.SaveSettings(ctx, q.Guild, set, q.Now); err != nil {
		return interaction.Reply{}, fmt.Errorf("save settings: %w", err)
	}
	return h.Undoable(ctx, q, noticesGo(q, set), actUndoNotices, deedNotices, was)
}

func (h *Handlers) undoNotices(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var to string
	if _, err := h.Undo(ctx, q, &to); err != nil {
		return interaction.Reply{}, err
	}
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	was := set.Notices
	set.Notices = to
	return h.putNotices(ctx, q, set, was)
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
