package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/trace"
)

// The bounds of a trace: a story can have thousands of reports and alerts.
const (
	maxTraceReports = 50
	maxTraceAlerts  = 200
)

// FindByLink returns the reports that are known by a link, or show it, oldest
// first. deleted says that there was one once that is no longer kept.
func (s *Store) FindByLink(ctx context.Context, link string) (found []report.ID, deleted bool, err error) {
	return s.findByLink(ctx, link, "1 = 1", nil)
}

// LinkSeenBy is [Store.FindByLink] for a guild, with nothing of what it does not
// see.
func (s *Store) LinkSeenBy(ctx context.Context, guildID, link string) (found []report.ID, deleted bool, err error) {
	feeds, err := own(ctx, s.read, guildID)
	if err != nil {
		return nil, false, s.failedRead("find by link", err)
	}
	of := "own = 0"
	for _, id := range feeds {
		of += " OR id = " + strconv.FormatInt(id, 10)
	}
	return s.findByLink(ctx, link, of, func(tx querier, found []report.ID) ([]report.ID, error) {
		return seenReports(ctx, tx, guildID, found)
	})
}

// findByLink finds reports by a link among the sources of some feeds. keep, if
// set, chooses among them.
func (s *Store) findByLink(ctx context.Context, link, of string, keep func(querier, []report.ID) ([]report.ID, error)) (found []report.ID, deleted bool, err error) {
	err = s.snapshot(ctx, "find by link", func(tx querier) error {
		key, ok := report.LinkKey(link)
		if ok {
			// Keys are ordered by source first, and sources are few.
			rows, err := tx.QueryContext(ctx, `
				SELECT DISTINCT k.report FROM (SELECT DISTINCT source FROM feeds WHERE `+of+`) f
				JOIN report_keys k ON k.source = f.source AND k.key = $1 ORDER BY 1`, string(key))
			if found, err = collect(rows, err, scanOne[report.ID]); err == nil && keep != nil {
				found, err = keep(tx, found)
			}
			if err != nil || len(found) > 0 {
				return err
			}
			var n int
			err = tx.QueryRowContext(ctx, `
				SELECT COUNT(*) FROM (SELECT DISTINCT source FROM feeds WHERE `+of+`) f
				JOIN old_keys k ON k.source = f.source AND k.key = $1`, string(key)).Scan(&n)
			if err != nil {
				return err
			}
			deleted = n > 0
		}
		rows, err := tx.QueryContext(ctx, "SELECT id FROM reports WHERE link = $1 ORDER BY id", link)
		if found, err = collect(rows, err, scanOne[report.ID]); err == nil && keep != nil {
			found, err = keep(tx, found)
		}
		return err
	})
	return found, deleted && len(found) == 0, err
}

// StoryReports returns the reports of a story, in sequence, at most limit.
func (s *Store) StoryReports(ctx context.Context, id story.ID, limit int) ([]report.ID, error) {
	id, err := whole(ctx, s.read, id)
	if err != nil {
		return nil, fmt.Errorf("look up story %d: %w", id, err)
	}
	rows, err := s.read.QueryContext(ctx, "SELECT id FROM reports WHERE story = $1 ORDER BY id LIMIT $2", int64(id), limit)
	out, err := collect(rows, err, scanOne[report.ID])
	if err != nil {
		return nil, fmt.Errorf("read reports of story %d: %w", id, err)
	}
	return out, nil
}

// Trace returns what is recorded of a report, or [archive.ErrNotFound].
func (s *Store) Trace(ctx context.Context, id report.ID) (trace.Record, error) {
	var r trace.Record
	err := s.snapshot(ctx, fmt.Sprintf("trace report %d", id), func(tx querier) error {
		r = trace.Record{}
		var placed int64
		var in sql.NullInt64
		row := tx.QueryRowContext(ctx, "SELECT "+reportColumns+", r.story, r.placed, r.placed_at FROM reports r WHERE r.id = $1", int64(id))
		var err error
		if r.Report, err = scanReport(row, &in, &r.Reason, &placed); errors.Is(err, sql.ErrNoRows) {
			return archive.ErrNotFound
		}
		if err != nil {
			return err
		}
		r.Placed = at(placed)
		for _, read := range []func(context.Context, querier, *trace.Record) error{traceFeed, traceKeys, traceMatches, traceQuiet} {
			if err := read(ctx, tx, &r); err != nil {
				return err
			}
		}
		if !in.Valid {
			return nil
		}
		if err := traceStory(ctx, tx, story.ID(in.Int64), &r); err != nil {
			return err
		}
		return traceAlerts(ctx, tx, &r)
	})
	return r, err
}

func traceFeed(ctx context.Context, tx querier, r *trace.Record) error {
	f, err := scanFeed(tx.QueryRowContext(ctx, "SELECT "+feedColumns+" FROM feeds WHERE id = $1", r.Report.Feed))
	r.Feed = f
	if errors.Is(err, sql.ErrNoRows) {
		r.Feed, err = feed.Feed{}, nil
	}
	return err
}

func traceKeys(ctx context.Context, tx querier, r *trace.Record) error {
	rows, err := tx.QueryContext(ctx, "SELECT key FROM report_keys WHERE report = $1 ORDER BY position, key", int64(r.Report.ID))
	r.Report.Keys, err = collect(rows, err, scanOne[report.Key])
	return err
}

func traceMatches(ctx context.Context, tx querier, r *trace.Record) error {
	rows, err := tx.QueryContext(ctx, matchesOf, int64(r.Report.ID))
	if r.Matches, err = collect(rows, err, scanMatch); err != nil {
		return err
	}
	rows, err = tx.QueryContext(ctx, ownMatchesOf, int64(r.Report.ID))
	own, err := collect(rows, err, scanOwnMatch)
	r.Matches = append(r.Matches, own...)
	return err
}

func traceQuiet(ctx context.Context, tx querier, r *trace.Record) error {
	rows, err := tx.QueryContext(ctx, "SELECT verdict, channels, named FROM decisions WHERE report = $1 ORDER BY verdict", int64(r.Report.ID))
	r.Quiet, err = collect(rows, err, func(s scanner) (q pipeline.Quiet, err error) {
		var named string
		if err := s.Scan(&q.Verdict, &q.Channels, &named); err != nil {
			return q, err
		}
		return q, fromJSON(named, &q.Named)
	})
	return err
}

func traceStory(ctx context.Context, tx querier, id story.ID, r *trace.Record) error {
	t, err := scanTold(tx.QueryRowContext(ctx, "SELECT "+storyColumns+" FROM stories WHERE id = $1", int64(id)))
	if err != nil {
		return err
	}
	r.Story = &t.Story
	rows, err := tx.QueryContext(ctx, "SELECT "+reportColumns+" FROM reports r WHERE r.story = $1 AND r.id <> $2 ORDER BY r.id LIMIT $3",
		int64(id), int64(r.Report.ID), maxTraceReports)
	if r.Others, err = collect(rows, err, scanReportOnly); err != nil {
		return err
	}
	rows, err = tx.QueryContext(ctx, `
		SELECT kind, story, other, reason, outcome, done_at FROM story_changes
		WHERE done_at <> 0 AND (story = $1 OR other = $1) ORDER BY id LIMIT $2`, int64(id), maxTraceReports)
	r.Changes, err = collect(rows, err, func(s scanner) (c trace.Change, err error) {
		var done int64
		err = s.Scan(&c.Kind, &c.Story, &c.Other, &c.Reason, &c.Outcome, &done)
		c.At = at(done)
		return c, err
	})
	return err
}

const traceAlertColumns = `a.id, a.story, a.channel, a.guild, a.planned_at, a.report,
	COALESCE(h.reason, ''), COALESCE(h.due_at, 0), COALESCE(h.told, 0), COALESCE(w.message, '')
	FROM alerts a LEFT JOIN held h ON h.alert = a.id LEFT JOIN deliveries w ON w.id = h.told`

func scanTraceAlert(s scanner) (a trace.Alert, err error) {
	var planned, due, told int64
	err = s.Scan(&a.ID, &a.Story, &a.Channel, &a.Guild, &planned, &a.Report, &a.Held.Reason, &due, &told, &a.Summary)
	a.Planned, a.Held.Until, a.Summarised = at(planned), at(due), told != 0
	return a, err
}

// traceAlerts reads the alerts of the story: first those that the report raised.
func traceAlerts(ctx context.Context, tx querier, r *trace.Record) error {
	rows, err := tx.QueryContext(ctx, "SELECT "+traceAlertColumns+` WHERE a.story = $1
		ORDER BY CASE WHEN a.report = $2 THEN 0 ELSE 1 END, a.id LIMIT $3`, int64(r.Story.ID), int64(r.Report.ID), maxTraceAlerts)
	r.Alerts, err = collect(rows, err, scanTraceAlert)
	if err != nil {
		return err
	}
	ids := make([]int64, len(r.Alerts))
	place := make(map[alert.ID]int, len(ids))
	for i, a := range r.Alerts {
		ids[i], place[a.ID] = int64(a.ID), i
	}
	return inLists(ids, 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+deliveryColumns+" FROM deliveries WHERE alert IN "+in+" ORDER BY id", args...)
		ds, err := collect(rows, err, scanDelivery)
		for _, d := range ds {
			a := &r.Alerts[place[d.Alert]]
			a.Deliveries = append(a.Deliveries, d)
		}
		return err
	})
}
