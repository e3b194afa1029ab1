package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
)

// paceKept is how long it is known when a subscription sent messages.
const paceKept = 2 * time.Hour

// saveGathered records stories that channels are told of with others, and what
// subscriptions with a limit have sent.
func saveGathered(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed) error {
	var args []any
	var sent []subscription.ID
	for _, p := range placed {
		for _, w := range p.Gathered {
			args = append(args, w.Channel, int64(w.Story), w.Guild, int64(w.Subscription), int64(w.Report), string(w.Way), ms(w.At))
		}
		sent = append(sent, p.Sent...)
	}
	err := insert{
		head: "INSERT INTO gathered (channel, story, guild, subscription, report, way, gathered_at) VALUES",
		tail: "ON CONFLICT (channel, story) DO NOTHING", cols: 7,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("save gathered stories: %w", err)
	}
	return savePaces(ctx, tx, now, sent)
}

func savePaces(ctx context.Context, tx querier, now time.Time, sent []subscription.ID) error {
	if len(sent) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM paces WHERE sent_at < $1", ms(now.Add(-paceKept))); err != nil {
		return fmt.Errorf("forget paces: %w", err)
	}
	var args []any
	for _, id := range sent {
		args = append(args, int64(id), ms(now))
	}
	if err := (insert{head: "INSERT INTO paces (subscription, sent_at) VALUES", cols: 2}).exec(ctx, tx, args); err != nil {
		return fmt.Errorf("save paces: %w", err)
	}
	return nil
}

// Paces implements pipeline.Store.
func (s *Store) Paces(ctx context.Context, ids []subscription.ID, since time.Time) (map[subscription.ID]subscription.Pace, error) {
	out := make(map[subscription.ID]subscription.Pace)
	err := s.snapshot(ctx, "read paces", func(tx querier) error {
		clear(out)
		return paces(ctx, tx, ids, since, out)
	})
	return out, err
}

func paces(ctx context.Context, tx querier, ids []subscription.ID, since time.Time, out map[subscription.ID]subscription.Pace) error {
	err := inLists(ids, 2, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT subscription, sent_at FROM paces WHERE sent_at > $1 AND subscription IN "+in, append([]any{ms(since)}, args...)...)
		_, err = collect(rows, err, func(sc scanner) (id subscription.ID, err error) {
			var sent int64
			err = sc.Scan(&id, &sent)
			p := out[id]
			p.Sent = append(p.Sent, at(sent))
			out[id] = p
			return id, err
		})
		return err
	})
	if err != nil {
		return err
	}
	return inLists(ids, 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT subscription, COUNT(*) FROM gathered WHERE told_at = 0 AND subscription IN "+in+" GROUP BY subscription", args...)
		_, err = collect(rows, err, func(sc scanner) (id subscription.ID, err error) {
			var n int
			err = sc.Scan(&id, &n)
			p := out[id]
			p.Waiting = n
			out[id] = p
			return id, err
		})
		return err
	})
}

// Gatherings implements pipeline.DigestStore. The longest waiting come first.
func (s *Store) Gatherings(ctx context.Context, now time.Time) ([]pipeline.Gathering, error) {
	var out []pipeline.Gathering
	err := s.snapshot(ctx, "read what is gathered", func(tx querier) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT w.guild, w.channel, w.subscription, w.way, COALESCE(s.topic, ''), COALESCE(s.per_hour, 0), COALESCE(s.silent, 0),
				CASE WHEN s.id IS NULL THEN 1 ELSE 0 END,
				CASE WHEN EXISTS (SELECT 1 FROM digests d WHERE d.guild = w.guild AND d.channel = w.channel) THEN 1 ELSE 0 END,
				MIN(w.gathered_at)
			FROM gathered w JOIN guilds g ON g.id = w.guild LEFT JOIN subscriptions s ON s.id = w.subscription
			WHERE w.told_at = 0 AND g.left_at = 0
			GROUP BY w.guild, w.channel, w.subscription, w.way, s.id, s.topic, s.per_hour, s.silent
			ORDER BY MIN(w.gathered_at), w.subscription`)
		out, err = collect(rows, err, scanGathering)
		if err != nil || len(out) == 0 {
			return err
		}
		ids := make([]subscription.ID, len(out))
		for i, g := range out {
			ids[i] = g.Subscription
		}
		all := make(map[subscription.ID]subscription.Pace)
		if err := paces(ctx, tx, ids, now.Add(-time.Hour), all); err != nil {
			return err
		}
		for i, g := range out {
			out[i].Pace = all[g.Subscription]
		}
		return nil
	})
	return out, err
}

func scanGathering(sc scanner) (g pipeline.Gathering, err error) {
	var silent, gone, digests, oldest int64
	err = sc.Scan(&g.Guild, &g.Channel, &g.Subscription, &g.Way, &g.Topic, &g.PerHour, &silent, &gone, &digests, &oldest)
	g.Silent, g.Gone, g.Digests, g.Oldest = silent != 0, gone != 0, digests != 0, at(oldest)
	return g, err
}

// Waiting implements pipeline.DigestStore. A gathering without a subscription is
// all that waits for the channel's digest.
func (s *Store) Waiting(ctx context.Context, g pipeline.Gathering, limit int) ([]digest.Story, error) {
	var out []digest.Story
	err := s.snapshot(ctx, "read gathered stories", func(tx querier) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT w.report, s.reports, s.sources FROM gathered w JOIN stories s ON s.id = w.story
			WHERE w.told_at = 0 AND w.channel = $1 AND w.way = $2 AND ($3 = 0 OR w.subscription = $3)
			ORDER BY w.gathered_at, w.story LIMIT $4`, g.Channel, string(g.Way), int64(g.Subscription), min(limit, math.MaxInt32))
		var ids []report.ID
		counts := make(map[report.ID]digest.Story)
		_, err = collect(rows, err, func(sc scanner) (id report.ID, err error) {
			var d digest.Story
			err = sc.Scan(&id, &d.Reports, &d.Sources)
			ids, counts[id] = append(ids, id), d
			return id, err
		})
		if err != nil {
			return err
		}
		found, err := listings(ctx, tx, ids)
		out = make([]digest.Story, len(found))
		for i, l := range found {
			out[i] = counts[l.Report.ID]
			out[i].Listing = l
		}
		return err
	})
	return out, err
}

// SaveGathered implements pipeline.DigestStore.
func (s *Store) SaveGathered(ctx context.Context, now time.Time, t pipeline.Together) (bool, error) {
	err := s.write(ctx, "save gathered stories", func(ctx context.Context, tx *sql.Tx) error {
		n, err := tellGathered(ctx, tx, now, t.Gathering.Channel, t.Stories)
		switch {
		case err != nil:
			return err
		case n != len(t.Stories):
			return errTold
		}
		if t.Gathering.PerHour > 0 && !t.Gathering.Gone {
			if err := savePaces(ctx, tx, now, []subscription.ID{t.Gathering.Subscription}); err != nil {
				return err
			}
		}
		_, err = s.enqueueSummary(ctx, tx, now, alert.Digest, t.Gathering.Guild, t.Gathering.Channel, t.Content)
		return err
	})
	if errors.Is(err, errTold) {
		return false, nil
	}
	return err == nil, err
}

// errTold means that another process has told a gathered story meanwhile.
var errTold = errors.New("story is told already")

// tellGathered notes that stories were told and returns how many were not before.
func tellGathered(ctx context.Context, tx querier, now time.Time, channel string, stories []story.ID) (n int, err error) {
	err = inLists(stories, 3, func(in string, args []any) error {
		res, err := tx.ExecContext(ctx, "UPDATE gathered SET told_at = $1 WHERE channel = $2 AND told_at = 0 AND story IN "+in,
			append([]any{ms(now), channel}, args...)...)
		if err != nil {
			return err
		}
		some, err := res.RowsAffected()
		n += int(some)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("note what was told: %w", err)
	}
	return n, nil
}

// joinGathered has what waits or was told of one story be of another that it becomes
// a part of. A channel that was told of either, or has an alert of the whole, is not
// told again.
func joinGathered(ctx context.Context, tx querier, now time.Time, into, from int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE gathered SET told_at = $3 WHERE told_at = 0 AND story IN ($1, $2) AND (
			channel IN (SELECT channel FROM alerts WHERE story IN ($1, $2))
			OR channel IN (SELECT channel FROM gathered WHERE story IN ($1, $2) AND told_at <> 0))`, into, from, ms(now))
	if err != nil {
		return fmt.Errorf("let gathered stories be: %w", err)
	}
	for _, step := range []string{
		"DELETE FROM gathered WHERE story = $2 AND channel IN (SELECT channel FROM gathered WHERE story = $1)",
		"UPDATE gathered SET story = $1 WHERE story = $2",
	} {
		if _, err := tx.ExecContext(ctx, step, into, from); err != nil {
			return fmt.Errorf("hand over gathered stories: %w", err)
		}
	}
	return nil
}

// splitGathered has what was gathered for reports that part from a story go with
// them. Once it did, [markGathered] marks who is told of either as told of both.
const splitGathered = `UPDATE gathered SET story = $1 WHERE story = $2
	AND channel NOT IN (SELECT channel FROM gathered WHERE story = $1) AND report IN `

// markGathered marks the channels of one story's gatherings as told of another.
func markGathered(ctx context.Context, tx querier, now time.Time, of, other int64) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO gathered (channel, story, guild, subscription, report, way, gathered_at, told_at)
		SELECT channel, CAST($2 AS BIGINT), guild, subscription, report, way, gathered_at, CAST($3 AS BIGINT) FROM gathered WHERE story = $1
		ON CONFLICT (channel, story) DO NOTHING`, of, other, ms(now))
	if err != nil {
		return fmt.Errorf("mark who is told: %w", err)
	}
	return nil
}
