package subscribing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// actUndoFeedback lists complaints again that a moderator was done with. It is part of
// custom ids that are out there.
const actUndoFeedback = "undo-feedback"

const deedFeedback desk.Deed = "feedback"

// answered are complaints that a moderator is done with since a time.
type answered struct {
	Channel string
	Topic   topic.ID
	At      time.Time
	// Was is the subscription before it was changed for them; nil where it was not.
	Was *subscription.Subscription
	// Became is what it was changed to.
	Became *subscription.Subscription `json:",omitempty"`
}

// restWithUndo is what was done above the complaints that are left, with a button that
// undoes it.
func (h *Handlers) restWithUndo(ctx context.Context, q interaction.Request, done message.Markup, a answered) (interaction.Reply, error) {
	r, err := h.rest(ctx, q, done)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.WithUndo(ctx, q, r.Payload, actUndoFeedback, deedFeedback, a)
}

// undoFeedback lists the complaints again, and puts the subscription back that was
// changed for them.
func (h *Handlers) undoFeedback(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var a answered
	d, err := h.Undo(ctx, q, &a)
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case d != deedFeedback:
		return interaction.Reply{}, desk.ErrUndo
	}
	done := wording.ID("feedback.listed-again")
	if a.Was != nil {
		a.Was.Guild = q.Guild
		if err := h.unchangedSince(ctx, q, a); err != nil {
			return interaction.Reply{}, err
		}
		err := h.store.ChangeSubscription(ctx, *a.Was)
		switch {
		case errors.Is(err, subscription.ErrNotFound):
			return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "feedback.subscription-gone")
		case err != nil:
			return interaction.Reply{}, fmt.Errorf("change subscription: %w", err)
		}
		done = "feedback.put-back"
	}
	if err := h.store.RestoreFeedback(ctx, q.Guild, a.Channel, a.Topic, a.At); err != nil {
		return interaction.Reply{}, fmt.Errorf("list complaints again: %w", err)
	}
	return h.rest(ctx, q, q.Say(done))
}

// unchangedSince refuses to put a subscription back that somebody has changed since.
func (h *Handlers) unchangedSince(ctx context.Context, q interaction.Request, a answered) error {
	if a.Became == nil { // kept before this was noted
		return nil
	}
	all, err := h.subscribedIn(ctx, q.Guild, a.Channel)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s subscription.Subscription) bool { return s.Topic == a.Topic })
	switch {
	case i < 0:
		return interaction.Refuse(interaction.NotFound, "feedback.subscription-gone")
	case !alike(all[i], *a.Became):
		return interaction.Refuse(interaction.Stale, "feedback.changed-since")
	}
	return nil
}
