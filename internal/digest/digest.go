package digest

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Errors that a store of digests returns.
var (
	// ErrExists means that the channel has a digest of the topic at that time
	// already.
	ErrExists = errors.New("digest exists")
	// ErrNotFound means that the guild has no such digest.
	ErrNotFound = errors.New("digest not found")
	// ErrQuota means that the guild has as many digests as it may have.
	ErrQuota = errors.New("digest quota reached")
)

// MaxPerGuild bounds a guild's digests; the store refuses more with [ErrQuota].
const MaxPerGuild = 25

// ID is a digest's number in the store.
type ID int64

// Digest is one channel's wish for a regular summary.
type Digest struct {
	ID ID
	// Guild and Channel are Discord's snowflakes in decimal.
	Guild, Channel string
	// Topic is what it tells of; empty for all topics.
	Topic topic.ID
	Schedule
	// Done is the last moment for which it was made, Until up to when that told.
	Done  Moment
	Until time.Time
	// CreatedBy is the user who asked for it, Created when.
	CreatedBy string
	Created   time.Time
}

// longest is the longest time that one digest tells of: what is older is no news,
// however long the bot was away.
const longest = 8 * 24 * time.Hour

// Since is from when on the digest that is made now tells.
func (d Digest) Since(now time.Time) time.Time {
	from := d.Until
	if from.IsZero() || from.After(now) {
		from = d.Created
	}
	if oldest := now.Add(-longest); from.Before(oldest) {
		return oldest
	}
	return from
}

// Story is a story as a digest weighs it.
type Story struct {
	story.Listing
	// Reports counts its reports, Sources the outlets among them.
	Reports, Sources int
}

// Choose returns the stories that a digest tells, at most so many, in the order
// in which it does: what most outlets tell comes first, then what has most
// reports, then the newest. More is how many are left out.
func Choose(all []Story, most int) (told []Story, more int) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Story) int {
		return cmp.Or(cmp.Compare(b.Sources, a.Sources), cmp.Compare(b.Reports, a.Reports), b.Report.Time().Compare(a.Report.Time()))
	})
	n := min(len(all), most)
	return all[:n], len(all) - n
}
