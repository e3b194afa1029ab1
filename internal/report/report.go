package report

import (
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/source"
)

// ID is a report's sequence number: the store gives it on arrival, and a later
// report always has a larger one. Zero means not stored yet.
type ID int64

// Hush says why a stored report must not raise an alert by itself. The zero
// value means that it may.
type Hush string

// The reasons for keeping a report quiet. It still joins its story, so that
// later reports of the same development are told apart from new ones.
const (
	// HushFirstImport marks what a feed already held when it was first read.
	HushFirstImport Hush = "first-import"
	// HushFlood marks a poll in which nearly every item of a known feed claimed
	// to be new although the feed had been read shortly before.
	HushFlood Hush = "flood"
)

// Report is one item of a feed, cleaned.
type Report struct {
	// ID is zero until the report is stored.
	ID ID
	// Feed is the id of the feed that brought it first.
	Feed int64
	// OwnFeed is the same where guilds have added that feed for themselves: then
	// they alone see the report. Zero means that everybody does.
	OwnFeed int64
	// Source is the outlet that published it.
	Source source.ID
	// Keys are the identities under which it is recognised again; see [Identify].
	Keys []Key
	// Title, Description and Body are plain text without markup or control
	// characters. Body is empty when the feed carries none.
	Title, Description, Body string
	// Link is the address to show and open; empty when the feed gave none that
	// is http or https.
	Link string
	// Language is a BCP 47 base tag, or "und".
	Language string
	// Published is the feed's date in UTC; zero when it gave none that is usable.
	// It never lies after Seen.
	Published time.Time
	// Seen is when the bot first read it, in UTC.
	Seen time.Time
	// Hush tells why the report may not raise an alert; empty when it may.
	Hush Hush
	// Overdue says that it came with the first reading of its feed after a gap:
	// people could have been told of it when it appeared.
	Overdue bool
}

// Time is when the report is taken to have appeared: the feed's date, or when
// it was first seen.
func (r Report) Time() time.Time {
	if r.Published.IsZero() {
		return r.Seen
	}
	return r.Published
}

// LogValue implements [slog.LogValuer]: identity and title, never the text.
func (r Report) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int64("id", int64(r.ID)),
		slog.String("source", string(r.Source)),
		slog.String("title", r.Title),
	)
}
