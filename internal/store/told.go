package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// MaxTold is how many reports of one story [Store.Story] reads: the oldest.
const MaxTold = 300

// Story returns a story with its topics, turns and up to [MaxTold] reports in
// sequence, with their keys. Where it has become a part of another one, that is
// returned. It returns [archive.ErrNotFound] when there is none such.
func (s *Store) Story(ctx context.Context, id story.ID) (story.Told, error) {
	var out story.Told
	err := s.snapshot(ctx, fmt.Sprintf("read story %d", id), func(tx querier) error {
		id, err := whole(ctx, tx, id)
		if err != nil {
			return err
		}
		out, err = scanTold(tx.QueryRowContext(ctx, "SELECT "+storyColumns+" FROM stories WHERE id = $1", int64(id)))
		if errors.Is(err, sql.ErrNoRows) {
			return archive.ErrNotFound
		}
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT topic, stage FROM story_topics WHERE story = $1 ORDER BY position", int64(id))
		out.Story.Topics, err = collect(rows, err, func(s scanner) (t story.TopicStage, err error) {
			return t, s.Scan(&t.Topic, &t.Stage)
		})
		if err != nil {
			return err
		}
		rows, err = tx.QueryContext(ctx, "SELECT "+reportColumns+" FROM reports r WHERE r.story = $1 ORDER BY r.id LIMIT $2", int64(id), MaxTold)
		if out.Reports, err = collect(rows, err, scanReportOnly); err != nil {
			return err
		}
		ids := make([]report.ID, len(out.Reports))
		for i, r := range out.Reports {
			ids[i] = r.ID
		}
		return inLists(ids, 1, func(in string, args []any) error {
			keys, err := keysBy(ctx, tx, "SELECT report, key FROM report_keys WHERE report IN "+in+" ORDER BY report, position, key", args...)
			for i, r := range out.Reports {
				if k, ok := keys[r.ID]; ok {
					out.Reports[i].Keys = k
				}
			}
			return err
		})
	})
	return out, err
}

// StorySeenBy is [Store.Story] for a guild: what it does not see is not found.
func (s *Store) StorySeenBy(ctx context.Context, guildID string, id story.ID) (story.Told, error) {
	out, err := s.Story(ctx, id)
	if err != nil || out.Story.OwnFeed == 0 {
		return out, err
	}
	feeds, err := own(ctx, s.read, guildID)
	if err != nil {
		return story.Told{}, s.failedRead("read whose story it is", err)
	}
	if !slices.Contains(feeds, out.Story.OwnFeed) {
		return story.Told{}, fmt.Errorf("story %d: %w", id, archive.ErrNotFound)
	}
	return out, nil
}

// StoriesByLink returns the stories that a guild sees and that tell what is behind
// a link, oldest report first. deleted says that there was a report of it once that is no longer
// kept. A report that waits for its place has no story.
func (s *Store) StoriesByLink(ctx context.Context, guildID, link string) (found []story.ID, deleted bool, err error) {
	reports, deleted, err := s.LinkSeenBy(ctx, guildID, link)
	if err != nil || len(reports) == 0 {
		return nil, deleted, err
	}
	err = inLists(reports, 1, func(in string, args []any) error {
		rows, err := s.read.QueryContext(ctx, `
			SELECT r.story FROM reports r WHERE r.story IS NOT NULL AND r.id IN `+in+" GROUP BY r.story ORDER BY MIN(r.id)", args...)
		some, err := collect(rows, err, scanOne[story.ID])
		for _, id := range some {
			if !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
		return err
	})
	if err != nil {
		return nil, false, s.failedRead("find stories by link", err)
	}
	return found, false, nil
}

// followBefore and followWithin are how long before, by the dates of feeds, and
// after a story opened others that follow it are looked for, and maxFollowers how
// many are told.
const (
	followBefore = 24 * time.Hour
	followWithin = 14 * 24 * time.Hour
	maxFollowers = 10
)

// Followers returns the stories that carry on with one, oldest first and without
// topics, turns and testimony: those that opened by two weeks later, at most ten.
func (s *Store) Followers(ctx context.Context, of story.Story) ([]story.Story, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT id, title, opened_at FROM stories WHERE follows = $1 AND opened_at >= $2 AND opened_at < $3 ORDER BY opened_at, id LIMIT $4`,
		int64(of.ID), ms(of.Opened.Add(-followBefore)), ms(of.Opened.Add(followWithin)), maxFollowers)
	out, err := collect(rows, err, func(s scanner) (f story.Story, err error) {
		var opened int64
		err = s.Scan(&f.ID, &f.Title, &opened)
		f.Opened, f.Follows = at(opened), of.ID
		return f, err
	})
	if err != nil {
		return nil, s.failedRead("read what follows a story", err)
	}
	return out, nil
}

// Links returns the addresses of reports; those that are gone or have none are
// left out.
func (s *Store) Links(ctx context.Context, ids []report.ID) (map[report.ID]string, error) {
	out := make(map[report.ID]string, len(ids))
	err := inLists(ids, 1, func(in string, args []any) error {
		rows, err := s.read.QueryContext(ctx, "SELECT id, link FROM reports WHERE link <> '' AND id IN "+in, args...)
		_, err = collect(rows, err, func(s scanner) (id report.ID, err error) {
			var link string
			err = s.Scan(&id, &link)
			out[id] = link
			return id, err
		})
		return err
	})
	if err != nil {
		return nil, s.failedRead("read links of reports", err)
	}
	return out, nil
}
