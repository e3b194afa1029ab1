package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/upkeep"
)

// listedStep is how exact it is known when a deleted report was listed last:
// feeds list the same items at every poll.
const listedStep = 24 * time.Hour

var insertOldKeys = insert{
	head: "INSERT INTO old_keys (source, key, listed_at) VALUES",
	tail: `ON CONFLICT (source, key) DO UPDATE SET listed_at = excluded.listed_at
		WHERE old_keys.listed_at < excluded.listed_at`, cols: 3,
}

// lookUpOld finds which keys of reports that are not known were those of deleted
// ones.
func lookUpOld(ctx context.Context, db querier, reports []report.Report, found map[sourceKey]known, old map[sourceKey]time.Time) error {
	var keys []sourceKey
	for _, r := range reports {
		if _, ok := firstKnown(r, found); ok {
			continue
		}
		for _, k := range r.Keys {
			keys = append(keys, sourceKey{r.Source, k})
		}
	}
	return inPairs(keys, func(pairs string, args []any) error {
		rows, err := db.QueryContext(ctx, "SELECT k.source, k.key, k.listed_at FROM "+pairs+` v
			JOIN old_keys k ON k.source = v.column1 AND k.key = v.column2`, args...)
		_, err = collect(rows, err, func(s scanner) (key sourceKey, err error) {
			var listed int64
			err = s.Scan(&key.source, &key.key, &listed)
			old[key] = at(listed)
			return key, err
		})
		return err
	})
}

func anyOld(r report.Report, old map[sourceKey]time.Time) bool {
	if len(old) == 0 {
		return false
	}
	for _, k := range r.Keys {
		if _, ok := old[sourceKey{r.Source, k}]; ok {
			return true
		}
	}
	return false
}

// ClaimUpkeep implements upkeep.Store. When it is due stands in the database, so
// that of several processes one does it.
func (s *Store) ClaimUpkeep(ctx context.Context, now time.Time, every time.Duration) (bool, error) {
	var next string
	err := s.write(ctx, "claim upkeep", func(ctx context.Context, tx *sql.Tx) error {
		// A time far ahead was written by a clock that was wrong.
		return tx.QueryRowContext(ctx, `
			INSERT INTO meta (name, value) VALUES ('upkeep', $1)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value
			WHERE CAST(meta.value AS BIGINT) <= $2 OR CAST(meta.value AS BIGINT) > $3 RETURNING value`,
			strconv.FormatInt(ms(now.Add(every)), 10), ms(now), ms(now.Add(2*every))).Scan(&next)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// OldStories implements upkeep.Store.
func (s *Store) OldStories(ctx context.Context, before time.Time, after upkeep.Old, limit int) ([]story.ID, upkeep.Old, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT id, updated_at FROM stories WHERE updated_at < $1 AND (updated_at, id) > ($2, $3)
		ORDER BY updated_at, id LIMIT $4`, ms(before), ms(after.Updated), int64(after.Story), limit)
	ids, err := collect(rows, err, func(s scanner) (id story.ID, err error) {
		var updated int64
		err = s.Scan(&id, &updated)
		after = upkeep.Old{Updated: at(updated), Story: id}
		return id, err
	})
	if err != nil {
		return nil, after, fmt.Errorf("read old stories: %w", err)
	}
	return ids, after, nil
}

// DeleteStories implements upkeep.Store. A story's lead goes last, since the
// story cannot be without it.
func (s *Store) DeleteStories(ctx context.Context, now, before time.Time, stories []story.ID, limit int) (upkeep.Deleted, error) {
	var d upkeep.Deleted
	err := s.write(ctx, "delete stories", func(ctx context.Context, tx *sql.Tx) error {
		d = upkeep.Deleted{}
		ids, err := s.deletable(ctx, tx, before, stories)
		if err != nil || len(ids) == 0 {
			return err
		}
		v, err := victims(ctx, tx, ids, limit)
		if err != nil || len(v.reports) == 0 {
			return err
		}
		if err := v.delete(ctx, tx, s.index, now, &d); err != nil {
			return err
		}
		d.Reports, d.Stories = len(v.reports), len(v.stories)
		return nil
	})
	if err != nil {
		return upkeep.Deleted{}, err
	}
	return d, nil
}

// deletable returns those of the stories that may go.
func (s *Store) deletable(ctx context.Context, tx querier, before time.Time, stories []story.ID) ([]int64, error) {
	var out []int64
	err := inLists(stories, 2, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT s.id FROM stories s WHERE s.updated_at < $1 AND s.id IN `+in+`
			AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.story = s.id AND r.seen_at >= $1)
			AND NOT EXISTS (SELECT 1 FROM alerts a JOIN deliveries d ON d.alert = a.id WHERE a.story = s.id AND d.settled_at = 0)
			ORDER BY s.id `+s.db.ForUpdate(), append([]any{ms(before)}, args...)...)
		more, err := collect(rows, err, scanOne[int64])
		out = append(out, more...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("choose stories: %w", err)
	}
	return out, nil
}

// doomed are reports to delete, and those stories that end with them.
type doomed struct{ reports, stories []int64 }

func victims(ctx context.Context, tx querier, stories []int64, limit int) (doomed, error) {
	var v doomed
	for _, id := range stories {
		if len(v.reports) >= limit {
			break
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT r.id, CASE WHEN s.lead = r.id THEN 1 ELSE 0 END AS leads
			FROM stories s JOIN reports r ON r.story = s.id WHERE s.id = $1 ORDER BY leads, r.id LIMIT $2`, id, limit-len(v.reports))
		ended := false
		found, err := collect(rows, err, func(s scanner) (report int64, err error) {
			var leads int
			err = s.Scan(&report, &leads)
			ended = leads == 1
			return report, err
		})
		if err != nil {
			return v, fmt.Errorf("choose reports: %w", err)
		}
		v.reports = append(v.reports, found...)
		if ended {
			v.stories = append(v.stories, id)
			rows, err := tx.QueryContext(ctx, "SELECT id FROM stories WHERE joined = $1 ORDER BY id", id)
			parts, err := collect(rows, err, scanOne[int64])
			if err != nil {
				return v, fmt.Errorf("choose parts of a story: %w", err)
			}
			v.stories = append(v.stories, parts...)
		}
	}
	return v, nil
}

func (v doomed) delete(ctx context.Context, tx querier, index wordIndex, now time.Time, d *upkeep.Deleted) error {
	err := inLists(v.reports, 2, func(in string, args []any) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO old_keys (source, key, listed_at) SELECT source, key, $1 FROM report_keys WHERE report IN `+in+`
			ON CONFLICT (source, key) DO UPDATE SET listed_at = excluded.listed_at`, append([]any{ms(now)}, args...)...)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep keys: %w", err)
	}
	for _, step := range []struct {
		ids   []int64
		text  string
		count *int
	}{
		{v.stories, "DELETE FROM deliveries WHERE alert IN (SELECT id FROM alerts WHERE story IN %s)", &d.Deliveries},
		{v.stories, "DELETE FROM alerts WHERE story IN %s", &d.Alerts},
		// The story and its lead refer to each other.
		{v.stories, "UPDATE reports SET story = NULL WHERE story IN %s", nil},
		{v.stories, "DELETE FROM stories WHERE id IN %s", nil},
	} {
		if err := execIn(ctx, tx, step.text, step.ids, step.count); err != nil {
			return err
		}
	}
	ids := make([]report.ID, len(v.reports))
	for i, id := range v.reports {
		ids[i] = report.ID(id)
	}
	if err := index.drop(ctx, tx, ids); err != nil {
		return err
	}
	return execIn(ctx, tx, "DELETE FROM reports WHERE id IN %s", v.reports, nil)
}

// execIn runs a statement, with %s for a list of ids, and adds up the rows.
func execIn(ctx context.Context, tx querier, text string, ids []int64, count *int) error {
	return inLists(ids, 1, func(in string, args []any) error {
		res, err := tx.ExecContext(ctx, fmt.Sprintf(text, in), args...)
		if err != nil || count == nil {
			return err
		}
		n, err := res.RowsAffected()
		*count += int(n)
		return err
	})
}

// DeleteLines implements upkeep.Store.
func (s *Store) DeleteLines(ctx context.Context, before time.Time, limit int) (upkeep.Deleted, error) {
	n, err := s.deleteSome(ctx, "delete catch-up lines", `
		DELETE FROM deliveries WHERE id IN (
			SELECT id FROM deliveries WHERE alert IS NULL AND settled_at <> 0 AND settled_at < $1 ORDER BY id LIMIT $2)`,
		ms(before), limit)
	return upkeep.Deleted{Deliveries: n}, err
}

// DeleteKeys implements upkeep.Store. A feed that was never read lists nothing
// that could come back: its first reading is hushed.
func (s *Store) DeleteKeys(ctx context.Context, before time.Time, limit int) (upkeep.Deleted, error) {
	n, err := s.deleteSome(ctx, "delete old keys", `
		DELETE FROM old_keys WHERE (source, key) IN (
			SELECT o.source, o.key FROM old_keys o WHERE o.listed_at < $1
			AND NOT EXISTS (
				SELECT 1 FROM feeds f WHERE f.source = o.source AND f.succeeded_at <> 0 AND f.read_at <= o.listed_at + $2)
			ORDER BY o.listed_at LIMIT $3)`, ms(before), listedStep.Milliseconds(), limit)
	return upkeep.Deleted{Keys: n}, err
}

func (s *Store) deleteSome(ctx context.Context, op, text string, args ...any) (int, error) {
	var n int64
	err := s.write(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, text, args...)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return int(n), err
}
