package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// holding is an alert that a summary tells instead of a message of its own.
type holding struct {
	alert          int64
	guild, channel string
	revision       int
	quiet.Held
}

// holdAlerts records which of the new alerts wait for a summary.
func holdAlerts(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed, ids map[target]int64) error {
	var held []holding
	done := make(map[int64]bool)
	for _, p := range placed {
		for _, a := range p.Alerts {
			id, ok := ids[target{int64(a.Story), a.Channel}]
			if !ok || done[id] {
				continue
			}
			done[id] = true
			if a.Held.Reason != quiet.None {
				held = append(held, holding{id, a.Guild, a.Channel, a.Revision, a.Held})
			}
		}
	}
	return hold(ctx, tx, now, held)
}

// hold has alerts wait for a summary. One that a summary has told waits for the
// next when there is more to tell.
func hold(ctx context.Context, tx querier, now time.Time, held []holding) error {
	args := make([]any, 0, 7*len(held))
	for _, h := range held {
		args = append(args, h.alert, h.revision, h.guild, h.channel, string(h.Reason), ms(now), ms(h.Until))
	}
	err := insert{
		head: "INSERT INTO held (alert, revision, guild, channel, reason, held_at, due_at) VALUES",
		tail: `ON CONFLICT (alert) DO UPDATE SET revision = excluded.revision, reason = excluded.reason, held_at = excluded.held_at,
			due_at = excluded.due_at, told = 0 WHERE held.revision < excluded.revision`, cols: 7,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("hold alerts: %w", err)
	}
	return nil
}

// HeldDue implements pipeline.WakeStore.
func (s *Store) HeldDue(ctx context.Context, now time.Time, limit int) ([]quiet.Channel, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT h.channel, h.guild, COALESCE(q.paused_at, 0), COALESCE(q.paused_until, 0), COALESCE(q.paused_by, ''), COALESCE(q.days, 0),
			COALESCE(q.from_minute, 0), COALESCE(q.to_minute, 0), COALESCE(q.zone, ''), COALESCE(q.through, '[]'), COALESCE(q.hours_by, ''), COALESCE(q.hours_at, 0)
		FROM (SELECT channel, guild, MIN(due_at) AS due FROM held WHERE told = 0 AND due_at <= $1 GROUP BY channel, guild) h
		JOIN guilds g ON g.id = h.guild LEFT JOIN quiets q ON q.channel = h.channel
		WHERE g.left_at = 0 ORDER BY h.due, h.channel LIMIT $2`, ms(now), limit)
	out, err := collect(rows, err, scanQuiet)
	if err != nil {
		return nil, s.failedRead("read channels to wake", err)
	}
	return out, nil
}

// PutOff implements pipeline.WakeStore.
func (s *Store) PutOff(ctx context.Context, channel string, until time.Time) error {
	return s.write(ctx, "put off summary", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE held SET due_at = $2 WHERE channel = $1 AND told = 0 AND due_at < $2", channel, ms(until))
		return err
	})
}

// maxHeldRead is how many of the stories that wait in a channel are read: the
// newest. All are counted.
const maxHeldRead = 500

// Held implements pipeline.WakeStore.
func (s *Store) Held(ctx context.Context, channel string) (pipeline.Held, error) {
	var out pipeline.Held
	err := s.snapshot(ctx, "read held alerts", func(tx querier) error {
		out = pipeline.Held{}
		type waiting struct {
			alert  alert.ID
			lead   report.ID
			reason quiet.Reason
			of     digest.Story
			story  story.ID
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT h.alert, h.reason, s.lead, s.id, s.reports, s.sources FROM held h JOIN alerts a ON a.id = h.alert JOIN stories s ON s.id = a.story
			WHERE h.channel = $1 AND h.told = 0 ORDER BY h.alert DESC`, channel)
		all, err := collect(rows, err, func(s scanner) (w waiting, err error) {
			return w, s.Scan(&w.alert, &w.reason, &w.lead, &w.story, &w.of.Reports, &w.of.Sources)
		})
		if err != nil {
			return err
		}
		leads := make([]report.ID, 0, min(len(all), maxHeldRead))
		at := make(map[story.ID]digest.Story, len(all))
		for i, w := range all {
			out.Alerts = append(out.Alerts, w.alert)
			if out.Reason == quiet.None || w.reason == quiet.Paused {
				out.Reason = w.reason
			}
			if i < maxHeldRead {
				leads = append(leads, w.lead)
				at[w.story] = w.of
			}
		}
		found, err := listings(ctx, tx, leads)
		for _, l := range found {
			of := at[l.Story]
			of.Listing = l
			out.Stories = append(out.Stories, of)
		}
		return err
	})
	return out, err
}

// SaveWake implements pipeline.WakeStore.
func (s *Store) SaveWake(ctx context.Context, now time.Time, w pipeline.Wake) (saved bool, err error) {
	err = s.write(ctx, "save summary of held alerts", func(ctx context.Context, tx *sql.Tx) error {
		saved = false
		if err := lockChannels(ctx, tx, s.db, "id = $1", w.Channel); err != nil {
			return err
		}
		waiting := 0
		err := inLists(w.Alerts, 1, func(in string, args []any) error {
			var n int
			err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM held WHERE told = 0 AND alert IN "+in, args...).Scan(&n)
			waiting += n
			return err
		})
		if err != nil || waiting < len(w.Alerts) || waiting == 0 {
			return err // another process has told them, or somebody muted one
		}
		id, err := s.enqueueSummary(ctx, tx, now, alert.WakeUp, w.Guild, w.Channel, w.Content)
		if err != nil {
			return err
		}
		saved = true
		return inLists(w.Alerts, 2, func(in string, args []any) error {
			_, err := tx.ExecContext(ctx, "UPDATE held SET told = $1 WHERE alert IN "+in, append([]any{id}, args...)...)
			return err
		})
	})
	return saved && err == nil, err
}
