package own

import (
	"context"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/guild"
)

// actUndo puts back what was done with a feed.
const actUndo = "undo-feed"

const (
	deedFeed   desk.Deed = "feed"
	deedNoFeed desk.Deed = "no-feed"
)

// undoing is what a deed needs; what it does not need is zero.
type undoing struct {
	// ID is of the feed to take away, Feed the one to add.
	ID   int64
	Feed guild.NewFeed
}

// undo does what a button undoes, and answers as the command for that would.
func (h *Handlers) undo(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var u undoing
	d, err := h.Undo(ctx, q, &u)
	if err != nil {
		return interaction.Reply{}, err
	}
	switch d {
	case deedFeed:
		u.Feed.Guild, u.Feed.By, u.Feed.At = q.Guild, q.User, q.Now
		return h.putFeed(ctx, q, u.Feed)
	case deedNoFeed:
		return h.endFeed(ctx, q, u.ID)
	}
	return interaction.Reply{}, desk.ErrUndo
}
