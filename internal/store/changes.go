package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/story"
)

var insertChange = insert{head: "INSERT INTO story_changes (kind, story, other, reports, reason, asked_at) VALUES", tail: "RETURNING id", cols: 6}

func changeArgs(now time.Time, c story.Change) ([]any, error) {
	reports, err := listJSON(c.Reports)
	return []any{string(c.Kind), int64(c.Story), int64(c.Other), reports, storable(c.Reason), ms(now)}, err
}

// AskChange asks for a change of stories and returns its number. Whoever places
// reports makes it.
func (s *Store) AskChange(ctx context.Context, now time.Time, c story.Change) (id int64, err error) {
	args, err := changeArgs(now, c)
	if err != nil {
		return 0, err
	}
	err = s.write(ctx, "ask for a change of stories", func(ctx context.Context, tx *sql.Tx) error {
		tell(ctx, NewsReports)
		return insertChange.query(ctx, tx, args, func(s scanner) error { return s.Scan(&id) })
	})
	return id, err
}

// saveChanges asks for the changes that reports have shown to be due.
func saveChanges(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed) error {
	var all []any
	for _, p := range placed {
		if p.Change == nil {
			continue
		}
		args, err := changeArgs(now, *p.Change)
		if err != nil {
			return err
		}
		all = append(all, args...)
	}
	err := insertChange.query(ctx, tx, all, func(s scanner) error {
		var id int64
		return s.Scan(&id)
	})
	if err != nil {
		return fmt.Errorf("ask for changes of stories: %w", err)
	}
	return nil
}

// StoryChanges implements pipeline.Store.
func (s *Store) StoryChanges(ctx context.Context) ([]story.Change, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT id, kind, story, other, reports, reason, asked_at FROM story_changes WHERE done_at = 0 ORDER BY id LIMIT 100`)
	out, err := collect(rows, err, scanChange)
	if err != nil {
		return nil, s.failedRead("read changes of stories", err)
	}
	return out, nil
}

func scanChange(s scanner) (c story.Change, err error) {
	var reports string
	var asked int64
	if err := s.Scan(&c.ID, &c.Kind, &c.Story, &c.Other, &reports, &c.Reason, &asked); err != nil {
		return c, err
	}
	c.Asked = at(asked)
	return c, fromJSON(reports, &c.Reports)
}

// ChangeOutcome returns what became of a change, and the story that came of a
// split; the outcome is empty while it waits.
func (s *Store) ChangeOutcome(ctx context.Context, id int64) (outcome story.ChangeOutcome, other story.ID, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT outcome, other FROM story_changes WHERE id = $1", id).Scan(&outcome, &other)
	if errors.Is(err, sql.ErrNoRows) {
		err = archive.ErrNotFound
	}
	if err != nil {
		return "", 0, fmt.Errorf("read change %d: %w", id, err)
	}
	return outcome, other, nil
}

// Whole implements pipeline.Store.
func (s *Store) Whole(ctx context.Context, id story.ID) (story.Told, bool, error) {
	t, err := s.Story(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		return t, false, nil
	}
	return t, err == nil, err
}

// Parted implements pipeline.Store.
func (s *Store) Parted(ctx context.Context, a, b story.ID) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM story_changes WHERE kind = 'split' AND outcome = 'done'
		AND (story = $1 AND other = $2 OR story = $2 AND other = $1)`, int64(a), int64(b)).Scan(&n)
	if err != nil {
		return false, s.failedRead("read splits of stories", err)
	}
	return n > 0, nil
}

// whole returns the story that a story is a part of by now, or
// itself.
func whole(ctx context.Context, q querier, id story.ID) (story.ID, error) {
	for range maxJoins {
		var to story.ID
		err := q.QueryRowContext(ctx, "SELECT joined FROM stories WHERE id = $1", int64(id)).Scan(&to)
		if errors.Is(err, sql.ErrNoRows) || err == nil && to == 0 {
			return id, nil
		}
		if err != nil {
			return 0, err
		}
		id = to
	}
	return id, nil
}

// maxJoins bounds how often a story can have become a part of another one.
const maxJoins = 16

// SaveChange implements pipeline.Store.
func (s *Store) SaveChange(ctx context.Context, now time.Time, c pipeline.StoryChange) error {
	return s.saveChange(ctx, now, c, func(context.Context, querier) error { return nil })
}

func (s *Store) saveChange(ctx context.Context, now time.Time, c pipeline.StoryChange, allowed func(context.Context, querier) error) error {
	return s.write(ctx, "change stories", func(ctx context.Context, tx *sql.Tx) error {
		if err := allowed(ctx, tx); err != nil {
			return err
		}
		err := one(tx.ExecContext(ctx, "UPDATE story_changes SET done_at = $2, outcome = $3, other = $4, story = $5 WHERE id = $1 AND done_at = 0",
			c.ID, ms(now), string(c.Outcome), int64(c.Other), int64(c.Story)))
		if errors.Is(err, archive.ErrNotFound) {
			return nil // it was made before
		}
		switch {
		case err != nil || c.Outcome != story.Changed:
			return err
		case c.Kind == story.Merge:
			return s.merge(ctx, tx, now, c)
		}
		return split(ctx, tx, now, c)
	})
}

// merge makes the younger story a part of the older one. A channel that has an
// alert for both keeps the older one, and is not told a second time by one that
// waits; the alerts of other channels go over to the older story. Who muted either
// hears no more of the whole.
func (s *Store) merge(ctx context.Context, tx querier, now time.Time, c pipeline.StoryChange) error {
	if err := saveLast(ctx, tx, lastStories(c.Stories)); err != nil {
		return err
	}
	into, from := int64(c.Story), int64(c.Other)
	err := lockChannels(ctx, tx, s.db,
		"id IN (SELECT channel FROM alerts WHERE story = $1) OR guild IN (SELECT guild FROM mutes WHERE story IN ($1, $2))", from, into)
	if err != nil {
		return err
	}
	for _, step := range []string{
		"UPDATE reports SET story = $1 WHERE story = $2",
		"UPDATE own_matches SET story = $1 WHERE story = $2",
		"UPDATE alerts SET story = $1 WHERE story = $2 AND channel NOT IN (SELECT channel FROM alerts WHERE story = $1)",
		"UPDATE held SET told = -1 WHERE told = 0 AND channel IN (SELECT channel FROM alerts WHERE story = $1) AND alert IN (SELECT id FROM alerts WHERE story = $2)",
		"UPDATE stories SET follows = CASE WHEN id = $1 THEN 0 ELSE $1 END WHERE follows = $2",
		"UPDATE stories SET answers = CASE WHEN id = $1 THEN 0 ELSE $1 END WHERE answers = $2",
		"UPDATE stories SET joined = $1 WHERE joined = $2",
		"UPDATE stories SET joined = $1, lead = (SELECT lead FROM stories WHERE id = $1) WHERE id = $2",
	} {
		if _, err := tx.ExecContext(ctx, step, into, from); err != nil {
			return fmt.Errorf("merge stories: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM story_topics WHERE story = $1", from); err != nil {
		return fmt.Errorf("merge stories: %w", err)
	}
	for _, hand := range []func() error{
		func() error { return letSecondBe(ctx, tx, now, into, from) },
		func() error { return joinGathered(ctx, tx, now, into, from) },
		func() error { return joinFeedback(ctx, tx, into, from) },
		func() error { return joinMutes(ctx, tx, now, into, from) },
	} {
		if err := hand(); err != nil {
			return err
		}
	}
	return nil
}

// letSecondBe ends the deliveries of alerts of the younger story that wait in
// channels which get, or got, one of the older.
func letSecondBe(ctx context.Context, tx querier, now time.Time, into, from int64) error {
	rows, err := tx.QueryContext(ctx, `
		UPDATE deliveries SET state = 'expired', reason = $1, settled_at = $2, due_at = $2
		WHERE settled_at = 0 AND state = 'pending' AND doubt = 0 AND attempt = 0 AND alert IN (SELECT id FROM alerts WHERE story = $3)
		AND channel IN (SELECT d.channel FROM alerts a JOIN deliveries d ON d.alert = a.id
			WHERE a.story = $4 AND d.kind = 'post' AND d.state IN ('pending', 'sending', 'sent'))
		RETURNING channel`, string(alert.ReasonJoined), ms(now), from, into)
	channels, err := collect(rows, err, scanOne[string])
	if err != nil {
		return fmt.Errorf("let second alerts be: %w", err)
	}
	return reseatChannels(ctx, tx, now, channels)
}

// split parts reports from a story. Every channel that was told of the whole
// counts as told of both: the alert goes with the report that raised it, and a
// mark stands for it at the other story. Who muted the whole has muted both.
func split(ctx context.Context, tx querier, now time.Time, c pipeline.StoryChange) error {
	// A story that was a part of the other one is one of its own again.
	if _, err := tx.ExecContext(ctx, "UPDATE stories SET joined = 0, lead = id, revision = 0 WHERE id = $1 AND joined <> 0", int64(c.Other)); err != nil {
		return fmt.Errorf("split story: %w", err)
	}
	if err := saveLast(ctx, tx, lastStories(c.Stories)); err != nil {
		return err
	}
	from, to := int64(c.Story), int64(c.Other)
	err := inLists(c.Reports, 3, func(in string, args []any) error {
		args = append([]any{to, from}, args...)
		for _, step := range []string{
			"UPDATE reports SET story = $1 WHERE story = $2 AND id IN ",
			"UPDATE own_matches SET story = $1 WHERE story = $2 AND report IN ",
			"UPDATE alerts SET story = $1 WHERE story = $2 AND channel NOT IN (SELECT channel FROM alerts WHERE story = $1) AND report IN ",
			splitGathered,
		} {
			if _, err := tx.ExecContext(ctx, step+in, args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("part reports from a story: %w", err)
	}
	for _, pair := range [][2]int64{{from, to}, {to, from}} {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO alerts (story, channel, guild, planned_at, report, mentioned)
			SELECT CAST($2 AS BIGINT), channel, guild, CAST($3 AS BIGINT), report, mentioned FROM alerts WHERE story = $1
			ON CONFLICT (story, channel) DO NOTHING`, pair[0], pair[1], ms(now))
		if err != nil {
			return fmt.Errorf("mark who was told: %w", err)
		}
		if err := markGathered(ctx, tx, now, pair[0], pair[1]); err != nil {
			return err
		}
	}
	return copyMutes(ctx, tx, now, to, from)
}
