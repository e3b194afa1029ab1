package living

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/quiet"
)

// pause has a channel get nothing for a time, and then a summary.
func (h *Handlers) pause(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	to, err := ownTarget(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	until, err := h.until(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.pauseChannel(ctx, q, to.ID, until)
}

// pauseChannel pauses a channel, and offers to undo it: one that was paused already
// is paused as before then.
func (h *Handlers) pauseChannel(ctx context.Context, q interaction.Request, channel string, until time.Time) (interaction.Reply, error) {
	was, err := h.quietChannel(ctx, q, channel)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := h.store.Pause(ctx, q.Guild, channel, quiet.Pause{Since: q.Now, Until: until, By: q.User}); err != nil {
		return interaction.Reply{}, quietError(err, channel, "living.not-paused")
	}
	said := q.Say("living.paused", wording.Args{"channel": message.Channel(channel), "until": times.Until(until, q.Speaker)})
	if was.Pause.Holds(q.Now) {
		return h.undoable(ctx, q, said, deedPause, undoing{Channel: channel, Until: was.Pause.Until})
	}
	return h.undoable(ctx, q, said, deedResume, undoing{Channel: channel})
}

// resume ends a channel's pause.
func (h *Handlers) resume(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	to, err := ownTarget(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.resumeChannel(ctx, q, to.ID)
}

// resumeChannel ends a channel's pause, and offers to go on with it. What waited is
// told all the same.
func (h *Handlers) resumeChannel(ctx context.Context, q interaction.Request, channel string) (interaction.Reply, error) {
	was, err := h.quietChannel(ctx, q, channel)
	if err != nil {
		return interaction.Reply{}, err
	}
	held, err := h.store.Resume(ctx, q.Now, q.Guild, channel)
	if err != nil {
		return interaction.Reply{}, quietError(err, channel, "living.not-paused")
	}
	said := q.Say("living.resumed", wording.Args{"channel": message.Channel(channel)})
	if held > 0 {
		said += " " + q.Say("living.resumed-held", wording.Args{"count": held})
	}
	if !was.Pause.Holds(q.Now) { // it is over anyway
		return interaction.Reply{Payload: message.Text(said)}, nil
	}
	return h.undoable(ctx, q, said, deedPause, undoing{Channel: channel, Until: was.Pause.Until})
}

// quietChannel is how one channel of the guild is paused or quiet.
func (h *Handlers) quietChannel(ctx context.Context, q interaction.Request, channel string) (quiet.Channel, error) {
	all, err := h.store.QuietChannels(ctx, q.Guild)
	if err != nil {
		return quiet.Channel{}, fmt.Errorf("list quiet channels: %w", err)
	}
	if i := slices.IndexFunc(all, func(ch quiet.Channel) bool { return ch.ID == channel }); i >= 0 {
		return all[i], nil
	}
	return quiet.Channel{}, nil
}

// ownTarget is the channel that a command is about, where the member may post too:
// what a channel gets is up to those who may speak in it.
func ownTarget(q interaction.Request) (interaction.Channel, error) {
	to, err := q.ChannelOption(tree.OptChannel)
	if err != nil {
		return interaction.Channel{}, err
	}
	// Whether the bot may post there is no matter: it is to be silent.
	to.App = nil
	return to, desk.CanReceive(to)
}

// quietError is a refusal for what keeps a channel from being paused or quiet, or
// from being neither; none says that there is nothing to end.
func quietError(err error, channel string, none wording.ID) error {
	switch {
	case errors.Is(err, quiet.ErrNotFound):
		return interaction.Refuse(interaction.NotFound, none, wording.Args{"channel": message.Channel(channel)})
	case errors.Is(err, guild.ErrForeignChannel):
		return interaction.ErrForeign
	}
	return fmt.Errorf("change pause or quiet hours: %w", err)
}

// completePause offers the options of /pause.
func (h *Handlers) completePause(_ context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptFor {
		return nil, nil
	}
	return completeFor(q, typed), nil
}
