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

// saveEdits records that alerts which are new tell so much of their stories.
func saveEdits(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed, ids map[target]int64) error {
	var args []any
	done := make(map[int64]bool)
	of := make(map[story.ID][]int64)
	for _, p := range placed {
		for _, a := range p.Alerts {
			id, ok := ids[target{int64(a.Story), a.Channel}]
			if !ok || done[id] {
				continue
			}
			done[id] = true
			of[a.Story] = append(of[a.Story], id)
			args = append(args, id, a.Revision, a.Revision, ms(now))
		}
	}
	err := insert{head: "INSERT INTO edits (alert, told, wanted, due_at) VALUES", cols: 4}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("save edits: %w", err)
	}
	return editPhrased(ctx, tx, of)
}

// saveTellings records what the alerts of stories tell now, and wishes their
// messages to be edited where that is something else. It reports whether any is.
func (s *Store) saveTellings(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed) (changed bool, err error) {
	last := make(map[story.ID]alert.Telling)
	var order []story.ID
	for _, p := range placed {
		for _, t := range p.Tellings {
			if _, ok := last[t.Story]; !ok {
				order = append(order, t.Story)
			}
			last[t.Story] = t
		}
	}
	if err := s.keepPhrasings(ctx, tx, last); err != nil {
		return false, err
	}
	var args []any
	for _, id := range order {
		living, err := toJSON(last[id].Living)
		if err != nil {
			return false, err
		}
		args = append(args, int64(id), last[id].Revision, storable(living))
	}
	var told []alert.Telling
	err = insert{
		head: "INSERT INTO tellings (story, revision, living) VALUES",
		tail: `ON CONFLICT (story) DO UPDATE SET revision = excluded.revision, living = excluded.living
			WHERE tellings.revision < excluded.revision AND tellings.living <> excluded.living RETURNING story, revision`, cols: 3,
	}.query(ctx, tx, args, func(s scanner) error {
		var t alert.Telling
		err := s.Scan(&t.Story, &t.Revision)
		told = append(told, t)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("save tellings: %w", err)
	}
	return wishEdits(ctx, tx, now, told)
}

// wishEdits wishes the messages to be edited that alerts have of stories, but for
// those that are muted, and reports whether there are any.
func wishEdits(ctx context.Context, tx querier, now time.Time, told []alert.Telling) (changed bool, err error) {
	for _, t := range told {
		res, err := tx.ExecContext(ctx, `
			UPDATE edits SET wanted = $2 WHERE wanted < $2 AND alert IN (SELECT a.id FROM alerts a WHERE a.story = $1
				AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.guild = a.guild AND m.story = a.story AND m.topic = '' AND m.until_at > $3))`,
			int64(t.Story), t.Revision, ms(now))
		if err != nil {
			return changed, fmt.Errorf("wish edits: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return changed, fmt.Errorf("wish edits: %w", err)
		}
		changed = changed || n > 0
	}
	return changed, nil
}

// ClaimEdits implements alert.Edits.
func (s *Store) ClaimEdits(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]alert.Edit, error) {
	return claiming[alert.Edit]{
		op: "claim edits",
		due: `SELECT alert FROM edits WHERE wanted > told AND message <> '' AND due_at <= $1
			ORDER BY due_at LIMIT $2`,
		hold: "UPDATE edits SET attempt = attempt + 1, due_at = $1 WHERE alert IN",
		read: `SELECT e.alert, e.message, e.attempt, e.failures, e.posted_at, e.edited_at,
				d.guild, d.channel, d.form, d.roles, d.content, t.revision, t.living,
				COALESCE((SELECT c.kind FROM channels c WHERE c.id = d.channel), ''),
				COALESCE((SELECT ` + guildLanguage + ` FROM guilds g WHERE g.id = d.guild), '')
			FROM edits e JOIN alerts a ON a.id = e.alert JOIN tellings t ON t.story = a.story
			JOIN deliveries d ON d.alert = e.alert AND d.kind = 'post' WHERE e.alert IN`,
		key:  "e.alert",
		scan: scanEdit,
	}.claim(ctx, s, now, limit, lease)
}

func scanEdit(s scanner) (alert.Edit, error) {
	var e alert.Edit
	var posted, edited int64
	var roles, content, living string
	err := s.Scan(&e.Alert, &e.Message, &e.Attempt, &e.Failures, &posted, &edited,
		&e.Guild, &e.Channel, &e.Form, &roles, &content, &e.Revision, &living, &e.In, &e.Language)
	if err != nil {
		return e, err
	}
	e.Posted, e.Edited = at(posted), at(edited)
	if err := errors.Join(fromJSON(roles, &e.Roles), fromJSON(content, &e.Content)); err != nil {
		return e, err
	}
	e.Content.Living = alert.Living{}
	return e, fromJSON(living, &e.Content.Living)
}

// SettleEdit implements alert.Edits. What was wished meanwhile is still wanted.
func (s *Store) SettleEdit(ctx context.Context, now time.Time, e alert.Edit, st alert.EditSettlement) error {
	told, message, edited := e.Revision, e.Message, e.Edited
	switch st.Outcome {
	case alert.EditDone:
		edited = now
	case alert.EditDropped:
	case alert.EditEnds:
		message = ""
	case alert.EditWaits:
		told = 0 // as before
	default:
		return fmt.Errorf("settle edit of alert %d: %q is no outcome", e.Alert, st.Outcome)
	}
	return s.write(ctx, fmt.Sprintf("settle edit of alert %d", e.Alert), func(ctx context.Context, tx *sql.Tx) error {
		err := one(tx.ExecContext(ctx, `
			UPDATE edits SET told = CASE WHEN told < $3 THEN $3 ELSE told END, message = $4, due_at = $5, edited_at = $6,
				failures = $7, reason = $8
			WHERE alert = $1 AND attempt = $2 AND message <> ''`,
			int64(e.Alert), e.Attempt, told, message, ms(st.Due), ms(edited), st.Failures, st.Reason))
		if errors.Is(err, archive.ErrNotFound) {
			return alert.ErrStale
		}
		return err
	})
}

// posted records the message that edits of an alert go to.
func posted(ctx context.Context, tx querier, now time.Time, d alert.Delivery, message string) error {
	_, err := tx.ExecContext(ctx, "UPDATE edits SET message = $2, posted_at = $3, due_at = $3 WHERE alert = $1",
		int64(d.Alert), storable(message), ms(now))
	if err != nil {
		return fmt.Errorf("note message to edit: %w", err)
	}
	return nil
}

// NextEdit implements alert.Edits.
func (s *Store) NextEdit(ctx context.Context) (time.Time, bool, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, "SELECT MIN(due_at) FROM edits WHERE wanted > told AND message <> ''").Scan(&next)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read next due edit: %w", err)
	}
	return at(next.Int64), next.Valid, nil
}
