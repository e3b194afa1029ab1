package store

import (
	"context"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// Unplaced implements pipeline.Store. What everybody sees waits for nobody's own
// feeds, and of those none waits for another's flood.
func (s *Store) Unplaced(ctx context.Context, limit int) ([]report.Report, error) {
	if limit <= 0 {
		return nil, nil
	}
	var out []report.Report
	var first int64
	err := s.snapshot(ctx, "read unplaced reports", func(tx querier) error {
		first = 0
		rows, err := tx.QueryContext(ctx, `
			SELECT id FROM reports WHERE story IS NULL AND id >= $1 ORDER BY id LIMIT 1`, s.placedBelow.Load())
		oldest, err := collect(rows, err, scanOne[int64])
		if err != nil || len(oldest) == 0 {
			out = nil
			return err
		}
		first = oldest[0]
		rows, err = tx.QueryContext(ctx, "SELECT "+reportColumns+` FROM reports r
			WHERE r.story IS NULL AND r.id >= $1 AND +r.own_feed = 0 ORDER BY r.id LIMIT $2`, first, limit)
		if out, err = collect(rows, err, scanReportOnly); err != nil {
			return err
		}
		if len(out) < limit {
			more, err := unplacedOwn(ctx, tx, first, limit-len(out))
			if err != nil {
				return err
			}
			out = append(out, more...)
		}
		return withKeys(ctx, tx, out)
	})
	if err == nil && len(out) > 0 {
		s.placedBelow.Store(first)
	}
	return out, err
}

// unplacedOwn are reports of own feeds, the first of each before the second. The
// plus sign keeps the index of all such reports, placed or not, from being chosen.
func unplacedOwn(ctx context.Context, tx querier, first int64, limit int) ([]report.Report, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+reportColumns+` FROM (
			SELECT id AS turned, ROW_NUMBER() OVER (PARTITION BY own_feed ORDER BY id) AS turn
			FROM reports WHERE story IS NULL AND id >= $1 AND +own_feed <> 0) t
		JOIN reports r ON r.id = t.turned ORDER BY t.turn, r.id LIMIT $2`, first, limit)
	return collect(rows, err, scanReportOnly)
}

// withKeys reads the keys of reports.
func withKeys(ctx context.Context, tx querier, reports []report.Report) error {
	ids := make([]report.ID, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	return inLists(ids, 1, func(in string, args []any) error {
		keys, err := keysBy(ctx, tx, "SELECT k.report, k.key FROM report_keys k WHERE k.report IN "+in+" ORDER BY k.report, k.position, k.key", args...)
		for i, r := range reports {
			if k, ok := keys[r.ID]; ok {
				reports[i].Keys = k
			}
		}
		return err
	})
}

// OpenStories implements pipeline.Store.
//
// In its queries the plus signs keep the order from choosing the index: SQLite
// would rather read all reports in order than sort those of a few stories.
func (s *Store) OpenStories(ctx context.Context, since time.Time) ([]story.Told, error) {
	var out []story.Told
	err := s.snapshot(ctx, "read open stories", func(tx querier) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT `+storyColumns+` FROM stories
			WHERE updated_at >= $1 AND joined = 0 ORDER BY updated_at, id`, ms(since))
		if out, err = collect(rows, err, scanTold); err != nil || len(out) == 0 {
			return err
		}
		byID := make(map[story.ID]*story.Told, len(out))
		for i := range out {
			byID[out[i].Story.ID] = &out[i]
		}
		if err := readStoryTopics(ctx, tx, since, byID); err != nil {
			return err
		}
		return readStoryReports(ctx, tx, since, byID)
	})
	return out, err
}

const storyColumns = "id, lead, title, language, opened_at, updated_at, reports, sources, revision, follows, answers, testimony, turns, own_feed"

func scanTold(s scanner) (t story.Told, err error) {
	var opened, updated int64
	var testimony, turns string
	err = s.Scan(&t.Story.ID, &t.Story.Lead, &t.Story.Title, &t.Story.Language, &opened, &updated,
		&t.Story.Reports, &t.Story.Sources, &t.Story.Revision, &t.Story.Follows, &t.Story.Answers, &testimony, &turns, &t.Story.OwnFeed)
	t.Story.Opened, t.Story.Updated = at(opened), at(updated)
	if err == nil && testimony != "" {
		err = fromJSON(testimony, &t.Story.Testimony)
	}
	if err == nil && turns != "" {
		err = fromJSON(turns, &t.Story.Turns)
	}
	return t, err
}

func readStoryTopics(ctx context.Context, tx querier, since time.Time, byID map[story.ID]*story.Told) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT t.story, t.topic, t.stage FROM stories s JOIN story_topics t ON t.story = s.id
		WHERE s.updated_at >= $1 AND s.joined = 0 ORDER BY +t.story, t.position`, ms(since))
	_, err = collect(rows, err, func(s scanner) (id story.ID, err error) {
		var ts story.TopicStage
		if err := s.Scan(&id, &ts.Topic, &ts.Stage); err != nil {
			return id, err
		}
		byID[id].Story.Topics = append(byID[id].Story.Topics, ts)
		return id, nil
	})
	return err
}

func readStoryReports(ctx context.Context, tx querier, since time.Time, byID map[story.ID]*story.Told) error {
	keys, err := keysBy(ctx, tx, `
		SELECT k.report, k.key FROM stories s JOIN reports r ON r.story = s.id JOIN report_keys k ON k.report = r.id
		WHERE s.updated_at >= $1 ORDER BY +k.report, k.position, k.key`, ms(since))
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+reportColumns+`, r.story FROM stories s JOIN reports r ON r.story = s.id
		WHERE s.updated_at >= $1 AND s.joined = 0 ORDER BY +r.id`, ms(since))
	_, err = collect(rows, err, func(s scanner) (id story.ID, err error) {
		r, err := scanReport(s, &id)
		if err != nil {
			return id, err
		}
		r.Keys = keys[r.ID]
		byID[id].Reports = append(byID[id].Reports, r)
		return id, nil
	})
	return err
}

// keysBy reads pairs of report and key.
func keysBy(ctx context.Context, tx querier, query string, args ...any) (map[report.ID][]report.Key, error) {
	out := make(map[report.ID][]report.Key)
	rows, err := tx.QueryContext(ctx, query, args...)
	_, err = collect(rows, err, func(s scanner) (id report.ID, err error) {
		var k report.Key
		err = s.Scan(&id, &k)
		out[id] = append(out[id], k)
		return id, err
	})
	return out, err
}
