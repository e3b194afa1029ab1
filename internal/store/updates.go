package store

import (
	"context"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/story"
)

// saveUpdates records a pending delivery for each update that is new, and which
// roles it mentions. An update of an alert that there is not is none.
func saveUpdates(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed) error {
	heads, guilds := make(map[string]int64), make(map[string]string)
	alerts := make(map[story.ID]map[string]int64) // by channel
	for _, p := range placed {
		if len(p.Updates) == 0 {
			continue
		}
		for _, u := range p.Updates {
			if alerts[u.Story] != nil {
				continue
			}
			var err error
			if alerts[u.Story], err = alertsOf(ctx, tx, u.Story); err != nil {
				return fmt.Errorf("read alerts of story %d: %w", u.Story, err)
			}
		}
		if err := saveReplies(ctx, tx, now, p.Updates, alerts, heads); err != nil {
			return fmt.Errorf("save updates: %w", err)
		}
		for _, u := range p.Updates {
			guilds[u.Channel] = u.Guild
		}
	}
	return enqueue(ctx, tx, now, heads, guilds)
}

func alertsOf(ctx context.Context, tx querier, id story.ID) (map[string]int64, error) {
	out := make(map[string]int64)
	rows, err := tx.QueryContext(ctx, "SELECT id, channel FROM alerts WHERE story = $1", int64(id))
	_, err = collect(rows, err, func(s scanner) (id int64, err error) {
		var channel string
		err = s.Scan(&id, &channel)
		out[channel] = id
		return id, err
	})
	return out, err
}

// saveReplies saves the updates that one report brought and notes the first
// delivery of each channel.
func saveReplies(ctx context.Context, tx querier, now time.Time, updates []alert.Update, alerts map[story.ID]map[string]int64, heads map[string]int64) error {
	var args []any
	var held []holding
	mentions := make(map[int64]alert.Update)
	for _, u := range updates {
		id, ok := alerts[u.Story][u.Channel]
		if !ok {
			continue
		}
		if u.Held.Reason != quiet.None {
			held = append(held, holding{id, u.Guild, u.Channel, u.Revision, u.Held})
			continue
		}
		if len(u.Roles) > 0 {
			mentions[id] = u
		}
		row, err := deliveryRow(now, id, alert.Reply, alert.Alert{
			Guild: u.Guild, Channel: u.Channel, Roles: u.Roles, Content: u.Content, Planned: u.Planned, Since: u.Since,
		}, u.Revision)
		if err != nil {
			return err
		}
		args = append(args, row...)
	}
	if err := hold(ctx, tx, now, held); err != nil {
		return err
	}
	fresh, err := insertDeliveries(ctx, tx, args, "ON CONFLICT DO NOTHING", heads)
	if err != nil {
		return err
	}
	return noteMentioned(ctx, tx, fresh, mentions)
}

// noteMentioned notes which roles the alerts have mentioned whose updates are fresh.
func noteMentioned(ctx context.Context, tx querier, fresh []int64, mentions map[int64]alert.Update) error {
	for _, id := range fresh {
		u, ok := mentions[id]
		if !ok {
			continue
		}
		mentioned, err := listJSON(u.Mentioned)
		if err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE alerts SET mentioned = $2 WHERE id = $1", id, mentioned)
		}
		if err != nil {
			return fmt.Errorf("note mentioned roles: %w", err)
		}
	}
	return nil
}
