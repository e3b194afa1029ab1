package feed

import (
	"time"

	"github.com/attache-bot/attache/internal/report"
)

// The bounds of a flood: a poll in which a feed that was read shortly before
// presents this many old or undated items as new, and they are at least half
// of what it holds. It has renamed its ids, not reported so much.
const (
	floodItems   = 10
	floodRecent  = 6 * time.Hour
	floodOldness = 2 * time.Hour
)

// Hush returns why each report of a poll must stay quiet, "" where it may
// alert. before is the feed's record before the poll; known tells which reports
// its source has already, and those are never hushed for being many.
func Hush(now time.Time, before Feed, reports []report.Report, known []bool) []report.Hush {
	out := make([]report.Hush, len(reports))
	if before.Succeeded.IsZero() {
		for i := range out {
			out[i] = report.HushFirstImport
		}
		return out
	}
	if before.Succeeded.After(now) {
		before.Succeeded = now // by a clock that ran ahead
	}
	odd := 0
	for i, r := range reports {
		if !known[i] && oddlyNew(now, before, r) {
			odd++
		}
	}
	if odd <= floodItems || odd*2 < len(reports) {
		return out
	}
	for i, r := range reports {
		if !known[i] && oddlyNew(now, before, r) {
			out[i] = report.HushFlood
		}
	}
	return out
}

// The bounds of a gap: a feed that was not read for this long, and three times
// as long as usual, was out, or the bot was.
const (
	gapTime  = 30 * time.Minute
	gapPolls = 3
)

// Overdue reports whether r, which a poll at now brought, appeared in a gap: the
// feed had not been read for long, and r is older than a usual wait.
func Overdue(now time.Time, before Feed, r report.Report) bool {
	if before.Succeeded.IsZero() || now.Sub(before.Succeeded) < max(gapTime, gapPolls*before.Every) {
		return false
	}
	return !r.Published.IsZero() && now.Sub(r.Published) > gapTime
}

// oddlyNew reports whether an item that nobody knows should have been there at
// the last reading: it is dated well before that, or it has no date although
// the feed was read not long ago.
func oddlyNew(now time.Time, before Feed, r report.Report) bool {
	if r.Published.IsZero() {
		return now.Sub(before.Succeeded) < floodRecent
	}
	return r.Published.Before(before.Succeeded.Add(-floodOldness))
}
