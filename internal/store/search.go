package store

import (
	"context"

	"github.com/attache-bot/attache/internal/report"
)

// wordIndex finds reports by their words. Each kind of database has its own, and
// all find the same.
type wordIndex interface {
	// put makes the words those under which the reports are found.
	put(ctx context.Context, tx querier, reports []indexed) error
	// drop forgets the words of reports that are about to be deleted.
	drop(ctx context.Context, tx querier, reports []report.ID) error
	// search returns the newest reports that hold every phrase, newest first.
	search(ctx context.Context, db querier, f find) ([]report.ID, error)
	// rank returns the same reports, but of the newest f.among of them those that
	// its measure puts first, and of equal ones the newer first.
	rank(ctx context.Context, db querier, f find) ([]report.ID, error)
}

// indexed is a report as the index gets it.
type indexed struct {
	id      report.ID
	ownFeed int64
	words   []string
	// fresh says that the report had no words before.
	fresh bool
}

// find is what a search asks of the index.
type find struct {
	phrases [][]string
	// before is above the ids of what is found.
	before report.ID
	// limit is how many to return after the first skip.
	limit, skip int
	// among is how many of the newest are ranked.
	among int
	// own are the guilds' own feeds whose reports may be found too.
	own []int64
}
