package feed

import (
	"context"
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// ErrHeld means that a feed cannot be held now.
var ErrHeld = errors.New("feed is held by somebody else, or not polled")

// Store keeps feeds and receives what their polls bring.
type Store interface {
	// SyncFeeds makes the set of polled feeds equal to feeds (their URL, Source
	// and Every): new ones are added as [New] and due at now, known ones keep
	// their history and the address that they moved to, absent ones are no longer
	// claimed but keep their record. One that is [Gone] becomes [New] when it was
	// absent or its Source or Every changed. Guilds' own feeds stay as they are: one
	// that the catalogue has now is its own no longer, and becomes that again when
	// the catalogue has it no more.
	SyncFeeds(ctx context.Context, now time.Time, feeds []Feed) error
	// ClaimDue returns up to limit feeds of one origin that are due and that nobody
	// holds, longest due first, and holds them until now+lease. A feed is also due when
	// its last poll is further ahead than [MaxAhead] or its due time than
	// [MaxWait], and nobody holds it when its hold ends further ahead than
	// [MaxLease]: a clock that ran ahead has set them.
	ClaimDue(ctx context.Context, from Origin, now time.Time, limit int, lease time.Duration) ([]Feed, error)
	// Hold holds one feed until now+lease, whether it is due or not. It returns
	// [ErrHeld] when somebody else holds it, or it is not polled.
	Hold(ctx context.Context, id ID, now time.Time, lease time.Duration) (Feed, error)
	// TakeHostTurn reserves the next moment at which a host may be asked, for all
	// processes that use the store: now or later, and gap after the one before. It
	// returns false, and reserves nothing, when that is patience or more ahead. A
	// moment further ahead than twice [MaxHostGap] was reserved by a clock that ran
	// ahead, and does not count.
	TakeHostTurn(ctx context.Context, host string, now time.Time, gap, patience time.Duration) (time.Time, bool, error)
	// PolledElsewhere tells whether a feed other than id is polled at the address,
	// by its configuration or because it moved there. A guild's own feed says
	// nothing of the catalogue's: whoever adds it could silence them.
	PolledElsewhere(ctx context.Context, id ID, address string) (bool, error)
	// Known tells for each report whether its source already has a report with
	// one of its keys.
	Known(ctx context.Context, src source.ID, reports []report.Report) ([]bool, error)
	// MarkParsing records, before a body is parsed, that this feed is about to
	// be. [Store.SavePoll] clears the mark. A mark that is left when the feed's
	// hold has ended means that its process died while parsing; the feed is not
	// claimed before FindCrashed has counted that.
	MarkParsing(ctx context.Context, id ID, bodyHash string) error
	// FindCrashed returns the feeds whose mark is set and that nobody holds at
	// now, counts each find, clears the marks, and returns how often each was
	// found.
	FindCrashed(ctx context.Context, now time.Time) (map[ID]int, error)
	// SavePoll commits an outcome in one transaction: the feed's record, its
	// hold released, and those reports whose keys are new to the source, with
	// their keys. A known report whose text changed is updated and stays placed.
	// It returns the number of reports added.
	SavePoll(ctx context.Context, o Outcome) (added int, err error)
	// SetState changes a feed's health outside a poll, e.g. to [Quarantined].
	SetState(ctx context.Context, id ID, s State, reason string, now time.Time) error
}
