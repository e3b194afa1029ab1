package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

// WakeStore is what telling held alerts reads and writes.
type WakeStore interface {
	// HeldDue returns channels in which alerts wait whose time has come, in guilds
	// that the bot is in.
	HeldDue(ctx context.Context, now time.Time, limit int) ([]quiet.Channel, error)
	// PutOff has what waits in a channel looked at again then.
	PutOff(ctx context.Context, channel string, until time.Time) error
	// Held returns what waits in a channel.
	Held(ctx context.Context, channel string) (Held, error)
	// SaveWake records in one transaction that the alerts are told and the pending
	// delivery that tells them. It returns false, and saves nothing, when one of
	// them does not wait any more.
	SaveWake(ctx context.Context, now time.Time, w Wake) (bool, error)
}

// Held is what waits in a channel.
type Held struct {
	// Alerts are all that wait, Stories the newest of theirs.
	Alerts  []alert.ID
	Stories []digest.Story
	// Reason is why: the pause where there was one, or the quiet hours.
	Reason quiet.Reason
}

// Wake is the summary of what waited in a channel.
type Wake struct {
	Guild, Channel string
	Alerts         []alert.ID
	Content        alert.Content
}

// wakeBatch is how many channels are woken in a row.
const wakeBatch = 100

// Wakes tells what was held when a pause or quiet hours are over. One goroutine at
// a time may use it.
type Wakes struct {
	Store   WakeStore
	Topics  Topics
	Sources *source.Catalogue
	Now     func() time.Time
	Logger  *slog.Logger
}

// Make makes the summaries that are due and returns how many that were. What fails
// is tried again the next time; the others go on.
func (x *Wakes) Make(ctx context.Context) (made int, err error) {
	now := x.Now()
	due, err := x.Store.HeldDue(ctx, now, wakeBatch)
	if err != nil {
		return 0, fmt.Errorf("read channels to wake: %w", err)
	}
	var errs []error
	for _, c := range due {
		saved, err := x.wake(ctx, now, c)
		if err != nil {
			errs = append(errs, fmt.Errorf("channel %s: %w", c.ID, err))
		}
		if saved {
			made++
		}
	}
	return made, errors.Join(errs...)
}

func (x *Wakes) wake(ctx context.Context, now time.Time, c quiet.Channel) (bool, error) {
	if reason, until := c.Hold(now, nil); reason != quiet.None {
		return false, x.Store.PutOff(ctx, c.ID, until)
	}
	held, err := x.Store.Held(ctx, c.ID)
	if err != nil {
		return false, err
	}
	told, _ := digest.Choose(held.Stories, alert.MaxItems)
	w := Wake{Guild: c.Guild, Channel: c.ID, Alerts: held.Alerts}
	w.Content = alert.Content{Time: now, Held: held.Reason, More: len(held.Alerts) - len(told)}
	for _, s := range told {
		w.Content.Items = append(w.Content.Items, itemOf(s, x.Sources, x.title))
	}
	saved, err := x.Store.SaveWake(ctx, now, w)
	x.Logger.DebugContext(ctx, "held alerts told", "component", "wakes", "channel", c.ID, "reason", held.Reason, "alerts", len(held.Alerts), "saved", saved)
	return saved, err
}

func (x *Wakes) title(id topic.ID) string { return titleOf(x.Topics, id) }
