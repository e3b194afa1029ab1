package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/quiet"
)

// pause has a channel get nothing for a time, and then a summary.
func (c *commands) pause(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	to, err := ownTarget(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	until, err := c.until(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := c.store.Pause(ctx, q.Guild, to.ID, quiet.Pause{Since: q.Now, Until: until, By: q.User}); err != nil {
		return interaction.Reply{}, quietError(err, to)
	}
	return interaction.Reply{Payload: message.Text(q.Say("living.paused", wording.Args{"channel": message.Channel(to.ID), "until": untilWords(until, q.Speaker)}))}, nil
}

// resume ends a channel's pause.
func (c *commands) resume(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	to, err := ownTarget(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	held, err := c.store.Resume(ctx, q.Now, q.Guild, to.ID)
	if err != nil {
		return interaction.Reply{}, quietError(err, to)
	}
	said := q.Say("living.resumed", wording.Args{"channel": message.Channel(to.ID)})
	if held > 0 {
		said += " " + q.Say("living.resumed-held", wording.Args{"count": held})
	}
	return interaction.Reply{Payload: message.Text(said)}, nil
}

// ownTarget is the channel that a command is about, where the member may post too:
// what a channel gets is up to those who may speak in it.
func ownTarget(q interaction.Request) (interaction.Channel, error) {
	to, err := q.ChannelOption(optChannel)
	if err != nil {
		return interaction.Channel{}, err
	}
	// Whether the bot may post there is no matter: it is to be silent.
	to.App = nil
	return to, canReceive(to)
}

func quietError(err error, to interaction.Channel) error {
	switch {
	case errors.Is(err, quiet.ErrNotFound):
		return interaction.Refuse(interaction.NotFound, "living.not-quiet", wording.Args{"channel": message.Channel(to.ID)})
	case errors.Is(err, ErrForeignChannel):
		return interaction.ErrForeign
	}
	return fmt.Errorf("change pause or quiet hours: %w", err)
}

// completePause offers the options of /pause.
func (c *commands) completePause(_ context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != optFor {
		return nil, nil
	}
	return completeFor(q, typed), nil
}
