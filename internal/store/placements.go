package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Wanting implements pipeline.Store. The oldest subscriptions come first.
func (s *Store) Wanting(ctx context.Context, topics []topic.ID) ([]subscription.Subscription, error) {
	var out []subscription.Subscription
	err := inLists(topics, 1, func(in string, args []any) error {
		rows, err := s.read.QueryContext(ctx, "SELECT "+subscriptionColumns+`
			FROM subscriptions s JOIN guilds g ON g.id = s.guild
			WHERE g.left_at = 0 AND s.topic IN `+in+" ORDER BY s.id", args...)
		more, err := collect(rows, err, scanSubscription)
		out = append(out, more...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read wanting subscriptions: %w", err)
	}
	return out, nil
}

// Alerted implements pipeline.Store.
func (s *Store) Alerted(ctx context.Context, id story.ID) ([]alert.Recipient, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT channel, mentioned, 0, id FROM alerts WHERE story = $1
		UNION ALL SELECT channel, '[]', 1, gathered_at FROM gathered WHERE story = $1 ORDER BY 3, 4`, int64(id))
	out, err := collect(rows, err, func(s scanner) (t alert.Recipient, err error) {
		var mentioned string
		var together, order int64
		if err := s.Scan(&t.Channel, &mentioned, &together, &order); err != nil {
			return t, err
		}
		t.Gathered = together != 0
		return t, fromJSON(mentioned, &t.Mentioned)
	})
	if err != nil {
		return nil, fmt.Errorf("read alerted channels of story %d: %w", id, err)
	}
	return out, nil
}

// SavePlacements implements pipeline.Store. It returns [ErrPlaced], and saves
// nothing, when a report is in another story already, and [archive.ErrNotFound] when
// one is not stored. A story's state never goes back to a lower revision.
func (s *Store) SavePlacements(ctx context.Context, now time.Time, placed []pipeline.Placed) error {
	return s.savePlacements(ctx, now, placed, func(context.Context, querier) error { return nil })
}

// savePlacements saves when allowed, which begins the transaction, agrees.
func (s *Store) savePlacements(ctx context.Context, now time.Time, placed []pipeline.Placed, allowed func(context.Context, querier) error) error {
	if len(placed) == 0 {
		return nil
	}
	return s.write(ctx, "save placements", func(ctx context.Context, tx *sql.Tx) error {
		if err := allowed(ctx, tx); err != nil {
			return err
		}
		if err := saveRead(ctx, tx, now, placed); err != nil {
			return err
		}
		if err := saveQuiet(ctx, tx, placed); err != nil {
			return err
		}
		if err := saveAlerts(ctx, tx, now, placed); err != nil {
			return err
		}
		if err := saveUpdates(ctx, tx, now, placed); err != nil {
			return err
		}
		if err := saveGathered(ctx, tx, now, placed); err != nil {
			return err
		}
		changed, err := s.saveTellings(ctx, tx, now, placed)
		if err != nil {
			return err
		}
		if changed || slices.ContainsFunc(placed, func(p pipeline.Placed) bool { return len(p.Alerts)+len(p.Updates) > 0 }) {
			tell(ctx, NewsDeliveries)
		}
		return nil
	})
}

// saveRead saves what was made of the reports themselves: stories, topics, changes, and
// the articles that are to be read. What channels get of it comes after it.
func saveRead(ctx context.Context, tx *sql.Tx, now time.Time, placed []pipeline.Placed) error {
	if err := saveStories(ctx, tx, placed); err != nil {
		return err
	}
	if err := placeReports(ctx, tx, now, placed); err != nil {
		return err
	}
	if err := saveMatches(ctx, tx, placed); err != nil {
		return err
	}
	if err := saveOwnMatches(ctx, tx, placed); err != nil {
		return err
	}
	if err := saveArticles(ctx, tx, now, placed); err != nil {
		return err
	}
	return saveChanges(ctx, tx, now, placed)
}

func saveMatches(ctx context.Context, tx querier, placed []pipeline.Placed) error {
	var args []any
	for _, p := range placed {
		for i, m := range p.Placement.Matches {
			evidence, err := toJSON(m.Evidence)
			if err != nil {
				return err
			}
			args = append(args, int64(p.Placement.Report), string(m.Topic), i, m.Score, string(m.Stage), int64(m.Flags), evidence)
		}
	}
	err := insert{
		head: "INSERT INTO matches (report, topic, position, score, stage, flags, evidence) VALUES",
		tail: "ON CONFLICT (report, topic) DO NOTHING", cols: 7,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("save matches: %w", err)
	}
	return nil
}

// saveQuiet records why channels that wanted a report get no alert: a row for
// each verdict, however many channels there are.
func saveQuiet(ctx context.Context, tx querier, placed []pipeline.Placed) error {
	var args []any
	for _, p := range placed {
		for _, q := range p.Quiet {
			named, err := toJSON(q.Named)
			if err != nil {
				return err
			}
			args = append(args, int64(p.Placement.Report), string(q.Verdict), q.Channels, named)
		}
	}
	err := insert{
		head: "INSERT INTO decisions (report, verdict, channels, named) VALUES",
		tail: "ON CONFLICT (report, verdict) DO NOTHING", cols: 4,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("save decisions: %w", err)
	}
	return nil
}

// target is what alerts are unique by.
type target struct {
	story   int64
	channel string
}

// saveAlerts records the alerts that are new, a pending delivery for each, and
// the heads of queues that were empty.
func saveAlerts(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed) error {
	var args []any
	for _, p := range placed {
		for _, a := range p.Alerts {
			mentioned, err := listJSON(a.Roles)
			if err != nil {
				return err
			}
			args = append(args, int64(a.Story), a.Channel, a.Guild, ms(planned(a, now)), int64(a.Report), mentioned)
		}
	}
	if len(args) == 0 {
		return nil
	}
	ids := make(map[target]int64)
	err := insert{
		head: "INSERT INTO alerts (story, channel, guild, planned_at, report, mentioned) VALUES",
		tail: "ON CONFLICT (story, channel) DO NOTHING RETURNING id, story, channel", cols: 6,
	}.query(ctx, tx, args, func(s scanner) error {
		var id int64
		var t target
		err := s.Scan(&id, &t.story, &t.channel)
		ids[t] = id
		return err
	})
	if err != nil {
		return fmt.Errorf("save alerts: %w", err)
	}
	if err := saveEdits(ctx, tx, now, placed, ids); err != nil {
		return err
	}
	if err := holdAlerts(ctx, tx, now, placed, ids); err != nil {
		return err
	}
	return saveDeliveries(ctx, tx, now, placed, ids)
}

func planned(a alert.Alert, now time.Time) time.Time {
	if a.Planned.IsZero() {
		return now
	}
	return a.Planned
}

// listJSON is a list as it is stored, [] for none.
func listJSON[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "[]", nil
	}
	text, err := toJSON(list)
	return storable(text), err
}

const insertDelivery = `INSERT INTO deliveries
	(alert, kind, guild, channel, state, form, created_at, due_at, told_at, waits_at, roles, content, revision) VALUES`

// deliveryRow is a row for [insertDeliveries], of the alert that has an id in the
// store.
func deliveryRow(now time.Time, id int64, kind alert.Kind, a alert.Alert, revision int) ([]any, error) {
	roles, err := listJSON(a.Roles)
	if err != nil {
		return nil, err
	}
	content, err := toJSON(a.Content)
	if err != nil {
		return nil, err
	}
	created := ms(planned(a, now))
	return []any{
		id, string(kind), a.Guild, a.Channel, string(alert.Pending), string(alert.Full),
		created, created, ms(told(a.Content, planned(a, now))), ms(waits(a, now)), roles, content, revision,
	}, nil
}

// insertDeliveries saves deliveries, with conflict for those that are there, notes
// the first of each channel in heads, and returns whose alerts the new ones are.
func insertDeliveries(ctx context.Context, tx querier, args []any, conflict string, heads map[string]int64) (alerts []int64, err error) {
	err = insert{head: insertDelivery, tail: conflict + " RETURNING id, channel, alert", cols: 13}.query(ctx, tx, args, func(s scanner) error {
		var id, of int64
		var channel string
		err := s.Scan(&id, &channel, &of)
		if h, ok := heads[channel]; !ok || id < h {
			heads[channel] = id
		}
		alerts = append(alerts, of)
		return err
	})
	return alerts, err
}

func saveDeliveries(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed, ids map[target]int64) error {
	var args []any
	guilds := make(map[string]string)
	for _, p := range placed {
		for _, a := range p.Alerts {
			t := target{int64(a.Story), a.Channel}
			id, ok := ids[t]
			if !ok {
				continue
			}
			delete(ids, t) // a second alert of one batch for the same place is none
			if a.Held.Reason != quiet.None {
				continue
			}
			guilds[a.Channel] = a.Guild
			row, err := deliveryRow(now, id, alert.Post, a, 0)
			if err != nil {
				return err
			}
			args = append(args, row...)
		}
	}
	heads := make(map[string]int64)
	if _, err := insertDeliveries(ctx, tx, args, "", heads); err != nil {
		return fmt.Errorf("save deliveries: %w", err)
	}
	return enqueue(ctx, tx, now, heads, guilds)
}

// told is when the story's report appeared, on which the age limit goes.
func told(c alert.Content, otherwise time.Time) time.Time {
	if c.Time.IsZero() {
		return otherwise
	}
	return c.Time
}

// waits is since when the channel waits for the alert, on which lateness goes.
func waits(a alert.Alert, now time.Time) time.Time {
	if a.Since.IsZero() {
		return planned(a, now)
	}
	return a.Since
}

// enqueue makes the deliveries the heads of those channels that have none.
func enqueue(ctx context.Context, tx querier, now time.Time, heads map[string]int64, guilds map[string]string) error {
	args := make([]any, 0, 4*len(heads))
	for _, channel := range slices.Sorted(maps.Keys(heads)) { // by id, see locks.go
		args = append(args, channel, guilds[channel], heads[channel], ms(now))
	}
	err := insert{
		head: "INSERT INTO channels (id, guild, head, ready_at) VALUES",
		tail: `ON CONFLICT (id) DO UPDATE SET head = excluded.head, ready_at = excluded.ready_at
			WHERE channels.head IS NULL`, cols: 4,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("enqueue deliveries: %w", err)
	}
	return nil
}
