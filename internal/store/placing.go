package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/story"
)

// kept is a story as a batch leaves it, and whether the batch opened it.
type kept struct {
	story.Story
	opened bool
}

// lastOf are the stories of a batch, each once, in the order in which they were
// last changed.
func lastOf(placed []pipeline.Placed) []kept {
	last := make(map[story.ID]int, len(placed))
	var all []kept
	opened := make(map[story.ID]bool)
	keep := func(s story.Story) {
		last[s.ID] = len(all)
		all = append(all, kept{Story: s})
	}
	for _, p := range placed {
		id := p.Placement.Story.ID
		opened[id] = opened[id] || p.Placement.Opened
		keep(p.Placement.Story)
		if p.Answered.ID != 0 {
			keep(p.Answered)
		}
	}
	out := all[:0]
	for i, s := range all {
		if last[s.ID] == i {
			s.opened = opened[s.ID]
			out = append(out, s)
		}
	}
	return out
}

// lastStories are stories that were there before, each as the last of them.
func lastStories(stories []story.Story) []kept {
	var placed []pipeline.Placed
	for _, s := range stories {
		placed = append(placed, pipeline.Placed{Placement: story.Placement{Story: s}})
	}
	return lastOf(placed)
}

// saveStories writes each story once, as the last of its placements left it.
func saveStories(ctx context.Context, tx querier, placed []pipeline.Placed) error {
	return saveLast(ctx, tx, lastOf(placed))
}

func saveLast(ctx context.Context, tx querier, stories []kept) error {
	byID := make(map[story.ID]kept, len(stories))
	rows := make([]any, 0, 15*len(stories))
	for _, st := range stories {
		if st.ID <= 0 {
			return errors.New("story has no id: it is that of its lead report")
		}
		byID[st.ID] = st
		testimony, standing, turns, err := testified(st.Story)
		if err != nil {
			return err
		}
		rows = append(rows, int64(st.ID), int64(st.Lead), storable(st.Title), storable(st.Language), ms(st.Opened), ms(st.Updated),
			st.Reports, st.Sources, st.Revision, int64(st.Follows), int64(st.Answers), testimony, standing, turns, st.OwnFeed)
	}
	var saved, known []story.ID // known are those whose topics may be stored
	err := insert{
		head: `INSERT INTO stories (id, lead, title, language, opened_at, updated_at, reports, sources, revision, follows,
			answers, testimony, standing, turns, own_feed) VALUES`,
		tail: `ON CONFLICT (id) DO UPDATE SET lead = excluded.lead, title = excluded.title, language = excluded.language,
			opened_at = excluded.opened_at, updated_at = excluded.updated_at, reports = excluded.reports,
			sources = excluded.sources, revision = excluded.revision, follows = excluded.follows, answers = excluded.answers,
			testimony = excluded.testimony, standing = excluded.standing, turns = excluded.turns
			WHERE stories.revision <= excluded.revision RETURNING id`, cols: 15,
	}.query(ctx, tx, rows, func(s scanner) error {
		id, err := scanOne[story.ID](s)
		saved = append(saved, id)
		if !byID[id].opened {
			known = append(known, id)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("save stories: %w", err)
	}
	return saveTopics(ctx, tx, byID, saved, known)
}

// testified is what the parties of a story said and what was new in it, as they
// are stored.
func testified(st story.Story) (testimony, standing, turns string, err error) {
	if len(st.Turns) > 0 {
		if turns, err = toJSON(st.Turns); err != nil {
			return "", "", "", err
		}
	}
	if !st.Testimony.IsZero() || st.Testimony.OwnVoice {
		testimony, err = toJSON(st.Testimony)
	}
	if !st.Testimony.IsZero() {
		standing = string(st.Testimony.Standing())
	}
	return storable(testimony), standing, storable(turns), err
}

// saveTopics replaces the topics of the stories that were saved.
func saveTopics(ctx context.Context, tx querier, byID map[story.ID]kept, saved, known []story.ID) error {
	err := inLists(known, 1, func(in string, args []any) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM story_topics WHERE story IN "+in, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("replace topics of stories: %w", err)
	}
	var rows []any
	for _, id := range saved {
		for i, t := range byID[id].Topics {
			rows = append(rows, int64(id), string(t.Topic), i, string(t.Stage))
		}
	}
	err = insert{
		head: "INSERT INTO story_topics (story, topic, position, stage) VALUES",
		tail: "ON CONFLICT (story, topic) DO UPDATE SET position = excluded.position, stage = excluded.stage", cols: 4,
	}.exec(ctx, tx, rows)
	if err != nil {
		return fmt.Errorf("save topics of stories: %w", err)
	}
	return nil
}

// placeReports records the story of each report.
func placeReports(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed) error {
	return chunk(len(placed), func(from, to int) error {
		args := []any{ms(now)}
		for _, p := range placed[from:to] {
			args = append(args, int64(p.Placement.Report), int64(p.Placement.Story.ID), string(p.Placement.Reason))
		}
		res, err := tx.ExecContext(ctx, placeText(to-from), args...)
		if err != nil {
			return fmt.Errorf("place reports: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == int64(to-from) {
			return err
		}
		for _, p := range placed[from:to] { // to find out which, and why
			if err := placeReport(ctx, tx, now, p.Placement); err != nil {
				return fmt.Errorf("report %d: %w", p.Placement.Report, err)
			}
		}
		return nil
	})
}

// placeText is the statement for a number of reports. Both engines call the
// columns of VALUES like this, and neither guesses their types.
func placeText(reports int) string {
	var b strings.Builder
	b.WriteString(`UPDATE reports SET story = v.column2, placed = v.column3,
		placed_at = CASE WHEN placed_at = 0 THEN $1 ELSE placed_at END FROM (VALUES`)
	for i := range reports {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " (CAST($%d AS BIGINT), CAST($%d AS BIGINT), CAST($%d AS TEXT))", 2+3*i, 3+3*i, 4+3*i)
	}
	b.WriteString(") AS v WHERE reports.id = v.column1 AND (reports.story IS NULL OR reports.story = v.column2)")
	return b.String()
}

func placeReport(ctx context.Context, tx querier, now time.Time, p story.Placement) error {
	err := one(tx.ExecContext(ctx, placeText(1), ms(now), int64(p.Report), int64(p.Story.ID), string(p.Reason)))
	if err == nil {
		return nil
	}
	var n int
	if e := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM reports WHERE id = $1", int64(p.Report)).Scan(&n); e != nil || n == 0 {
		return err
	}
	return ErrPlaced
}
