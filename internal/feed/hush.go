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

// oddlyNew reports whether an item that nobody knows should have been there at
// the last reading: it is dated well before that, or it has no date although
// the feed was read not long ago.
func oddlyNew(now time.Time, before Feed, r report.Report) bool {
	if r.Published.IsZero() {
		return now.Sub(before.Succeeded) < floodRecent
	}
	return r.Published.Before(before.Succeeded.Add(-floodOldness))
}
