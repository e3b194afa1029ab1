package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// Notice tells moderators that something of theirs does not work, or does again.
// It belongs to no alert.
const Notice Kind = "notice"

// NoticeContent is what a [Notice] tells.
type NoticeContent struct {
	Kind guild.TroubleKind `json:"kind"`
	// Subject is the channel that it concerns, Name what people know a feed by.
	Subject string    `json:"subject"`
	Name    string    `json:"name,omitempty"`
	Reason  string    `json:"reason"`
	Since   time.Time `json:"since"`
	// Mended says that it works again.
	Mended bool `json:"mended,omitempty"`
}

// TroubleStore is the durable record of what does not work.
type TroubleStore interface {
	// Troubles returns what does not work in guilds, or did not until lately.
	Troubles(ctx context.Context, now time.Time) ([]guild.Trouble, error)
	// Tell records that moderators are told, and puts the notice into the queue of
	// the channel for it, both or none. It reports whether there is a notice: not
	// when another process was faster, or the guild has no channel for it.
	Tell(ctx context.Context, now time.Time, t guild.Trouble, what guild.Telling) (bool, error)
}

// Notices tells moderators of troubles.
type Notices struct {
	Store  TroubleStore
	Now    func() time.Time
	Logger *slog.Logger
}

// Tell tells what is to be told now, and returns how many notices that are.
func (n Notices) Tell(ctx context.Context) (int, error) {
	now := n.Now()
	troubles, err := n.Store.Troubles(ctx, now)
	if err != nil {
		return 0, fmt.Errorf("look for troubles: %w", err)
	}
	told := 0
	var errs []error
	for _, t := range troubles {
		what, why := guild.Decide(now, t)
		if what == guild.TellNothing {
			continue
		}
		noticed, err := n.Store.Tell(ctx, now, t, what)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if noticed {
			told++
		}
		n.Logger.InfoContext(ctx, "trouble of a guild", "component", "notices", "guild", t.Guild, "kind", t.Kind, "subject", t.Subject,
			"reason", t.Reason, "telling", what, "why", why, "noticed", noticed)
	}
	return told, errors.Join(errs...)
}
