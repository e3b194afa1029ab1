package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Past implements pipeline.RehearsalStore. Its cost is bounded by the limit and by
// [MaxTold] reports of each story, apart from passing over the matches of a week.
func (s *Store) Past(ctx context.Context, q pipeline.PastQuery) (pipeline.Past, error) {
	var out pipeline.Past
	err := s.snapshot(ctx, "read the past of a topic", func(tx querier) error {
		out = pipeline.Past{Stories: map[story.ID]pipeline.PastStory{}}
		var first report.ID
		err := tx.QueryRowContext(ctx, "SELECT id FROM reports WHERE seen_at >= $1 ORDER BY seen_at LIMIT 1", ms(q.Since)).Scan(&first)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if q.Among != nil {
			err = pastAmong(ctx, tx, q, first, &out)
		} else {
			err = pastBearing(ctx, tx, q, first, &out)
		}
		if err != nil {
			return err
		}
		if len(out.Reports) > q.Limit {
			out.Reports, out.More = out.Reports[:q.Limit], true
		}
		slices.Reverse(out.Reports)
		return pastStories(ctx, tx, &out)
	})
	return out, err
}

// pastColumns leave the body out.
const pastColumns = `r.id, r.source, r.title, r.description, r.link, r.language, r.published_at, r.seen_at, r.hush, r.overdue, r.story, r.placed_at`

func scanPast(sc scanner, more ...any) (p pipeline.PastReport, err error) {
	var published, seen, placed int64
	r := &p.Report
	dest := []any{&r.ID, &r.Source, &r.Title, &r.Description, &r.Link, &r.Language, &published, &seen, &r.Hush, &r.Overdue, &p.Story, &placed}
	err = sc.Scan(append(dest, more...)...)
	r.Published, r.Seen, p.Placed = at(published), at(seen), at(placed)
	return p, err
}

// pastBearing reads the reports that bear a built-in topic, newest first.
func pastBearing(ctx context.Context, tx querier, q pipeline.PastQuery, first report.ID, out *pipeline.Past) error {
	rows, err := tx.QueryContext(ctx, "SELECT "+pastColumns+`, m.stage, m.flags FROM matches m JOIN reports r ON r.id = m.report
		WHERE m.topic = $1 AND m.report >= $2 AND r.story IS NOT NULL AND `+visible("r", "$4")+" ORDER BY m.report DESC LIMIT $3", string(q.Topic), int64(first), q.Limit+1, q.Guild)
	out.Reports, err = collect(rows, err, func(sc scanner) (pipeline.PastReport, error) {
		m := topic.Match{Topic: q.Topic}
		p, err := scanPast(sc, &m.Stage, &m.Flags)
		p.Match = m
		return p, err
	})
	return err
}

// pastAmong reads some reports, newest first.
func pastAmong(ctx context.Context, tx querier, q pipeline.PastQuery, first report.ID, out *pipeline.Past) error {
	err := inLists(q.Among, 3, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+pastColumns+" FROM reports r WHERE r.id >= $1 AND r.story IS NOT NULL AND "+visible("r", "$2")+" AND r.id IN "+in,
			append([]any{int64(first), q.Guild}, args...)...)
		some, err := collect(rows, err, func(sc scanner) (pipeline.PastReport, error) {
			p, err := scanPast(sc)
			p.Match = topic.Match{Topic: q.Topic, Score: 1}
			return p, err
		})
		out.Reports = append(out.Reports, some...)
		return err
	})
	slices.SortFunc(out.Reports, func(a, b pipeline.PastReport) int { return int(b.Report.ID - a.Report.ID) })
	return err
}

// pastStories reads the stories of reports, and who tells them.
func pastStories(ctx context.Context, tx querier, out *pipeline.Past) error {
	var ids []story.ID
	for _, r := range out.Reports {
		if _, ok := out.Stories[r.Story]; !ok {
			out.Stories[r.Story] = pipeline.PastStory{}
			ids = append(ids, r.Story)
		}
	}
	err := inLists(ids, 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+storyColumns+" FROM stories WHERE id IN "+in, args...)
		_, err = collect(rows, err, func(sc scanner) (story.Told, error) {
			t, err := scanTold(sc)
			out.Stories[t.Story.ID] = pipeline.PastStory{Story: t.Story}
			return t, err
		})
		return err
	})
	if err != nil {
		return err
	}
	return pastTellers(ctx, tx, ids, out)
}

// pastTellers reads who tells stories, the first of each.
func pastTellers(ctx context.Context, tx querier, ids []story.ID, out *pipeline.Past) error {
	return inLists(ids, 2, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT t.story, t.id, t.source, t.published_at, t.seen_at, COALESCE(k.key, '') FROM (
				SELECT r.story, r.id, r.source, r.published_at, r.seen_at, ROW_NUMBER() OVER (PARTITION BY r.story ORDER BY r.id) AS place
				FROM reports r WHERE r.story IN `+in+`) t
			LEFT JOIN report_keys k ON k.report = t.id AND k.key LIKE 't:%'
			WHERE t.place <= $1 ORDER BY t.id, k.position`, append([]any{MaxTold}, args...)...)
		_, err = collect(rows, err, func(sc scanner) (id story.ID, err error) {
			var r report.Report
			var published, seen int64
			var key report.Key
			err = sc.Scan(&id, &r.ID, &r.Source, &published, &seen, &key)
			r.Published, r.Seen = at(published), at(seen)
			st := out.Stories[id]
			if n := len(st.Tellers); n == 0 || st.Tellers[n-1].Report != r.ID {
				st.Tellers = append(st.Tellers, story.Teller{Report: r.ID, Source: r.Source, At: r.Time()})
			}
			if last := &st.Tellers[len(st.Tellers)-1]; key != "" {
				last.Texts = append(last.Texts, key)
			}
			out.Stories[id] = st
			return id, err
		})
		return err
	})
}
