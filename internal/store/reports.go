package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

const reportColumns = `r.id, r.feed, r.source, r.title, r.description, r.body, r.link, r.language,
	r.published_at, r.seen_at, r.hush, r.overdue, r.own_feed`

func scanReport(s scanner, more ...any) (report.Report, error) {
	var r report.Report
	var published, seen int64
	dest := []any{
		&r.ID, &r.Feed, &r.Source, &r.Title, &r.Description, &r.Body, &r.Link, &r.Language,
		&published, &seen, &r.Hush, &r.Overdue, &r.OwnFeed,
	}
	err := s.Scan(append(dest, more...)...)
	r.Published, r.Seen = at(published), at(seen)
	return r, err
}

func scanReportOnly(s scanner) (report.Report, error) { return scanReport(s) }

// known is a stored report as a poll needs it.
type known struct {
	report report.ID
	// fresh is above 0 for a report that is new with this poll: its place among
	// those, counted from 1.
	fresh  int
	feed   int64
	digest int64
}

// lookUp finds the stored reports behind the keys of reports.
func lookUp(ctx context.Context, db querier, reports []report.Report, found map[sourceKey]known) error {
	var keys []sourceKey
	for _, r := range reports {
		for _, k := range r.Keys {
			keys = append(keys, sourceKey{r.Source, k})
		}
	}
	return inPairs(keys, func(pairs string, args []any) error {
		rows, err := db.QueryContext(ctx, `
			SELECT k.source, k.key, r.id, r.feed, r.digest FROM `+pairs+` v
			JOIN report_keys k ON k.source = v.column1 AND k.key = v.column2 JOIN reports r ON r.id = k.report`, args...)
		_, err = collect(rows, err, func(s scanner) (at sourceKey, err error) {
			var k known
			err = s.Scan(&at.source, &at.key, &k.report, &k.feed, &k.digest)
			found[at] = k
			return at, err
		})
		return err
	})
}

// firstKnown returns the report behind the first of r's keys that is known: its
// keys stand in the order of their weight.
func firstKnown(r report.Report, found map[sourceKey]known) (known, bool) {
	for _, k := range r.Keys {
		if f, ok := found[sourceKey{r.Source, k}]; ok {
			return f, true
		}
	}
	return known{}, false
}

// Known implements feed.Store.
func (s *Store) Known(ctx context.Context, src source.ID, reports []report.Report) ([]bool, error) {
	reports = slices.Clone(reports)
	for i := range reports {
		reports[i].Source = src
	}
	found := make(map[sourceKey]known)
	if err := lookUp(ctx, s.read, reports, found); err != nil {
		return nil, fmt.Errorf("look up reports: %w", err)
	}
	old := make(map[sourceKey]time.Time)
	if err := lookUpOld(ctx, s.read, reports, found, old); err != nil {
		return nil, fmt.Errorf("look up deleted reports: %w", err)
	}
	out := make([]bool, len(reports))
	for i, r := range reports {
		_, known := firstKnown(r, found)
		out[i] = known || anyOld(r, old)
	}
	return out, nil
}

// textHash tells texts of a report apart.
func textHash(r report.Report) int64 {
	h := fnv.New64a()
	for _, s := range [...]string{r.Link, r.Title, r.Description, r.Body, r.Language} {
		_, _ = h.Write([]byte(s)) // a hash never fails
		_, _ = h.Write([]byte{0})
	}
	return int64(h.Sum64()) //nolint:gosec // the bits are what counts
}

// Report returns one report, or [archive.ErrNotFound].
func (s *Store) Report(ctx context.Context, id report.ID) (report.Report, error) {
	row := s.read.QueryRowContext(ctx, "SELECT "+reportColumns+" FROM reports r WHERE r.id = $1", int64(id))
	r, err := scanReport(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = archive.ErrNotFound
	}
	if err != nil {
		return report.Report{}, fmt.Errorf("read report %d: %w", id, err)
	}
	rows, err := s.read.QueryContext(ctx, "SELECT key FROM report_keys WHERE report = $1 ORDER BY position, key", int64(id))
	r.Keys, err = collect(rows, err, scanOne[report.Key])
	if err != nil {
		return report.Report{}, fmt.Errorf("read keys of report %d: %w", id, err)
	}
	return r, nil
}

// Matches returns the topics that were recognised in a report, in their order;
// none for a report that is unknown or not placed yet.
func (s *Store) Matches(ctx context.Context, id report.ID) ([]topic.Match, error) {
	rows, err := s.read.QueryContext(ctx, matchesOf, int64(id))
	out, err := collect(rows, err, scanMatch)
	if err != nil {
		return nil, fmt.Errorf("read matches of report %d: %w", id, err)
	}
	return out, nil
}

const matchesOf = "SELECT topic, score, stage, flags, evidence FROM matches WHERE report = $1 ORDER BY position"

func scanMatch(s scanner) (m topic.Match, err error) {
	var evidence string
	if err := s.Scan(&m.Topic, &m.Score, &m.Stage, &m.Flags, &evidence); err != nil {
		return m, err
	}
	return m, fromJSON(evidence, &m.Evidence)
}
