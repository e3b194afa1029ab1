// Package subscribing owns the commands that say what a channel gets: /setup, /test,
// /subscribe, /unsubscribe, /subscriptions and /feedback.
package subscribing

import (
	"context"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
)

// Handlers are the commands of this room with what they need.
type Handlers struct {
	*desk.Desk
	store     Store
	poster    Poster
	rehearser Rehearser
}

// New returns them. Without a poster /test posts nothing, without a rehearser nobody is
// told what a subscription would have done.
func New(d *desk.Desk, s Store, p Poster, r Rehearser) *Handlers {
	if p == nil {
		p = noPoster{}
	}
	return &Handlers{Desk: d, store: s, poster: p, rehearser: r}
}

// Commands are what answers the commands.
func (h *Handlers) Commands() map[string]interaction.Command {
	return map[string]interaction.Command{
		tree.CmdSetup:         {Run: h.setup, Manage: true},
		tree.CmdTest:          {Run: h.test, Manage: true},
		tree.CmdSubscribe:     {Run: h.subscribe, Manage: true, Complete: h.completeSubscribe, Direct: true},
		tree.CmdUnsubscribe:   {Run: h.unsubscribe, Manage: true, Complete: h.completeSubscribed, Direct: true},
		tree.CmdFeedback:      {Run: h.feedback, Manage: true},
		tree.CmdSubscriptions: {Run: h.subscriptions, Direct: true},
	}
}

// Actions are what buttons, menus and forms do.
func (h *Handlers) Actions() map[string]interaction.Action {
	return interaction.Join(h.setupActions(), h.draftActions(), h.cardActions(), h.feedbackActions())
}

// Page finds the page of a list that a button asks for.
func (h *Handlers) Page(cur desk.Cursor) (interaction.Handler, bool) {
	switch {
	case cur.List == desk.SubscriptionsList && cur.Text == "" && cur.Few():
		return func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
			return h.subscriptionsPage(ctx, q, int(cur.After))
		}, true
	case cur == desk.Cursor{List: desk.WithoutGone, After: 1}:
		return h.removeGone, true
	}
	return nil, false
}
