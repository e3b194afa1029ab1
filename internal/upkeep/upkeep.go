// Package upkeep owns forgetting: reports that are old, with their stories,
// alerts and deliveries, are deleted a few at a time, so that a database stays as
// large as its retention makes it and nobody waits for it.
//
// What is deleted must not come back as new. Feeds list items for months, and
// some never change. So the keys of a deleted report stay behind, until no feed
// of its source has listed them for [KeysFor] and each of them has been read
// since. An item that is known by such a key is not stored again.
package upkeep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/bell"
	"github.com/attache-bot/attache/internal/story"
)

// MinKeep is the shortest retention: a story must have been closed for long.
const MinKeep = 7 * 24 * time.Hour

// KeysFor is how long a deleted report's keys are kept after a feed listed them
// last.
const KeysFor = 400 * 24 * time.Hour

// Old is where a search for old stories stands; the zero value is its beginning.
type Old struct {
	Updated time.Time
	Story   story.ID
}

// Deleted counts what was deleted.
type Deleted struct {
	Reports, Stories, Alerts, Deliveries, Keys int
	// Changes are notes of who changed what, Guilds those that the bot was removed
	// from long ago.
	Changes, Guilds int
}

// Add adds what more was deleted.
func (d *Deleted) Add(more Deleted) {
	d.Reports += more.Reports
	d.Stories += more.Stories
	d.Alerts += more.Alerts
	d.Deliveries += more.Deliveries
	d.Keys += more.Keys
	d.Changes += more.Changes
	d.Guilds += more.Guilds
}

// Store is what upkeep deletes from.
type Store interface {
	// ClaimUpkeep reports whether upkeep is due at now, for this process alone, and
	// makes it due again after every.
	ClaimUpkeep(ctx context.Context, now time.Time, every time.Duration) (bool, error)
	// OldStories returns up to limit stories that were updated before a time, the
	// oldest first, that come after a place, and the place of the last one.
	OldStories(ctx context.Context, before time.Time, after Old, limit int) ([]story.ID, Old, error)
	// DeleteStories deletes up to limit reports of those of the stories of which
	// every report was seen before a time and no delivery is open, and the stories
	// of which no report is left, with their alerts and settled deliveries. The
	// reports' keys are kept as last listed at now. It counts no report when there
	// is nothing to delete.
	DeleteStories(ctx context.Context, now, before time.Time, stories []story.ID, limit int) (Deleted, error)
	// UnseenStories returns up to limit stories that nobody sees any more, since the
	// guilds that had added their feed have it no longer, and no delivery of which is
	// open.
	UnseenStories(ctx context.Context, limit int) ([]story.ID, error)
	// ForgetFeeds forgets the addresses and names of own feeds that no guild has and
	// of which no report is left.
	ForgetFeeds(ctx context.Context) error
	// DeleteLines deletes up to limit catch-up lines that were settled before a
	// time.
	DeleteLines(ctx context.Context, before time.Time, limit int) (Deleted, error)
	// DeleteKeys deletes up to limit keys of deleted reports that no feed has
	// listed since a time, of sources whose feeds were all read since.
	DeleteKeys(ctx context.Context, before time.Time, limit int) (Deleted, error)
	// DeleteChanges deletes up to limit notes of changes that were made before a
	// time.
	DeleteChanges(ctx context.Context, before time.Time, limit int) (Deleted, error)
	// DeleteGuilds deletes up to limit rows of what came of the wishes of a guild
	// that the bot was removed from before a time or, when none is left, all that
	// the guild wanted and itself. It counts nothing when there is no such guild.
	DeleteGuilds(ctx context.Context, now, before time.Time, limit int) (Deleted, error)
	// Tidy gives back what can be given back.
	Tidy(ctx context.Context) error
}

// Options tune upkeep.
type Options struct {
	// Keep is how long reports are kept, at least [MinKeep].
	Keep time.Duration
	// KeepChanges is how long it is kept who changed what.
	KeepChanges time.Duration
	// KeepGuilds is how long what a guild wants is kept after the bot was removed
	// from it, so that it is there when the bot comes back.
	KeepGuilds time.Duration
	// Every is how often old ones are looked for.
	Every  time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Done, if set, is told of every run.
	Done func(Deleted, error)
}

func (o Options) validate() error {
	switch {
	case o.Keep < MinKeep:
		return fmt.Errorf("keep must be at least %v", MinKeep)
	case o.KeepChanges <= 0 || o.KeepGuilds <= 0:
		return errors.New("keep changes and keep guilds must be positive")
	case o.Every <= 0:
		return errors.New("every must be positive")
	case o.Now == nil || o.Logger == nil:
		return errors.New("now and logger are required")
	}
	return nil
}

// Upkeep deletes what is old.
type Upkeep struct {
	store Store
	o     Options
	log   *slog.Logger
	pace  pace
}

// New returns upkeep that does nothing until [Upkeep.Run].
func New(s Store, o Options) (*Upkeep, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("upkeep options: %w", err)
	}
	return &Upkeep{store: s, o: o, log: o.Logger.With("component", "upkeep"), pace: pace{rows: firstRows}}, nil
}

// Run deletes what is old if that is due and no other process does it. It may be
// called often, and ends early with ctx.
func (u *Upkeep) Run(ctx context.Context) {
	due, err := u.store.ClaimUpkeep(ctx, u.o.Now(), u.o.Every)
	if err != nil && ctx.Err() == nil {
		u.log.ErrorContext(ctx, "upkeep could not begin", "error", err)
	}
	if err != nil || !due {
		return
	}
	began := u.o.Now()
	d, err := u.run(ctx)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		u.log.ErrorContext(ctx, "upkeep failed; it is tried again", "error", err)
	case d != Deleted{}:
		u.log.InfoContext(ctx, "deleted what is old", "reports", d.Reports, "stories", d.Stories, "alerts", d.Alerts,
			"deliveries", d.Deliveries, "keys", d.Keys, "changes", d.Changes, "guilds", d.Guilds, "took", u.o.Now().Sub(began).Round(time.Millisecond))
	}
	if u.o.Done != nil {
		u.o.Done(d, err)
	}
}

// storiesAtOnce is how many stories are looked at together.
const storiesAtOnce = 50

func (u *Upkeep) run(ctx context.Context) (sum Deleted, err error) {
	before := u.o.Now().Add(-u.o.Keep)
	if err := u.oldStories(ctx, before, &sum); err != nil {
		return sum, fmt.Errorf("delete old stories: %w", err)
	}
	if err := u.unseen(ctx, &sum); err != nil {
		return sum, fmt.Errorf("delete what nobody sees: %w", err)
	}
	for _, step := range []struct {
		what string
		some func(limit int) (Deleted, int, error)
	}{
		{"old catch-up lines", func(limit int) (Deleted, int, error) {
			d, err := u.store.DeleteLines(ctx, before, limit)
			return d, d.Deliveries, err
		}},
		{"old keys", func(limit int) (Deleted, int, error) {
			d, err := u.store.DeleteKeys(ctx, u.o.Now().Add(-KeysFor), limit)
			return d, d.Keys, err
		}},
		{"old notes of changes", func(limit int) (Deleted, int, error) {
			d, err := u.store.DeleteChanges(ctx, u.o.Now().Add(-u.o.KeepChanges), limit)
			return d, d.Changes, err
		}},
		{"guilds that are left", func(limit int) (Deleted, int, error) {
			d, err := u.store.DeleteGuilds(ctx, u.o.Now(), u.o.Now().Add(-u.o.KeepGuilds), limit)
			return d, d.Deliveries + d.Alerts + d.Changes + d.Guilds, err
		}},
	} {
		if err := u.repeat(ctx, &sum, step.some); err != nil {
			return sum, fmt.Errorf("delete %s: %w", step.what, err)
		}
	}
	if err := u.store.Tidy(ctx); err != nil {
		return sum, fmt.Errorf("tidy up: %w", err)
	}
	return sum, nil
}

// oldStories deletes stories whose last report came before a time.
func (u *Upkeep) oldStories(ctx context.Context, before time.Time, sum *Deleted) error {
	for place := (Old{}); ; {
		ids, next, err := u.store.OldStories(ctx, before, place, storiesAtOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		place = next
		err = u.repeat(ctx, sum, func(limit int) (Deleted, int, error) {
			d, err := u.store.DeleteStories(ctx, u.o.Now(), before, ids, limit)
			return d, d.Reports, err
		})
		if err != nil {
			return err
		}
	}
}

// unseen deletes what feeds have brought that no guild has any more.
func (u *Upkeep) unseen(ctx context.Context, sum *Deleted) error {
	for {
		ids, err := u.store.UnseenStories(ctx, storiesAtOnce)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return u.store.ForgetFeeds(ctx)
		}
		before := sum.Reports
		err = u.repeat(ctx, sum, func(limit int) (Deleted, int, error) {
			now := u.o.Now()
			d, err := u.store.DeleteStories(ctx, now, now.Add(KeysFor), ids, limit) // however new they are
			return d, d.Reports, err
		})
		if err != nil || sum.Reports == before {
			return err
		}
	}
}

// repeat deletes until nothing is left, and lets others write in between.
func (u *Upkeep) repeat(ctx context.Context, sum *Deleted, f func(limit int) (Deleted, int, error)) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		began := time.Now() // how long the database was held, whatever the time is
		d, n, err := f(u.pace.rows)
		if err != nil {
			return err
		}
		sum.Add(d)
		if n == 0 {
			return nil
		}
		if err := u.pace.rest(ctx, time.Since(began)); err != nil {
			return err
		}
	}
}

// The pace: a transaction deletes so many rows that it takes about this long,
// and others have the database for some times as long afterwards.
const (
	firstRows, leastRows, mostRows = 25, 5, 500
	shortest, longest              = 3 * time.Millisecond, 10 * time.Millisecond
	restTimes                      = 4
	longestRest                    = time.Second
)

// pace is how many rows are deleted at once.
type pace struct{ rows int }

// rest learns from how long the last ones took, and waits.
func (p *pace) rest(ctx context.Context, took time.Duration) error {
	switch {
	case took > longest:
		p.rows = max(p.rows/2, leastRows)
	case took < shortest:
		p.rows = min(p.rows*2, mostRows)
	}
	return bell.Sleep(ctx, min(restTimes*took, longestRest))
}
