package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/trace"
)

// GuildTrace is [Store.Trace] as one guild may see it: with all of its own alerts
// for the story, and with nothing of other guilds' alerts, channels and topics; a
// report of other guilds' own feeds is not found.
// Quiet counts the guild's channels that are known by name.
func (s *Store) GuildTrace(ctx context.Context, guildID string, id report.ID) (trace.Record, error) {
	r, err := s.Trace(ctx, id)
	if err != nil {
		return trace.Record{}, err
	}
	if r.Report.OwnFeed != 0 {
		feeds, err := own(ctx, s.read, guildID)
		if err != nil {
			return trace.Record{}, s.failedRead("read whose report it is", err)
		}
		if !slices.Contains(feeds, r.Report.OwnFeed) {
			return trace.Record{}, fmt.Errorf("trace report %d: %w", id, archive.ErrNotFound)
		}
	}
	r.Alerts = nil
	err = s.snapshot(ctx, fmt.Sprintf("trace report %d for guild %s", id, guildID), func(tx querier) error {
		rows, err := tx.QueryContext(ctx, "SELECT id FROM own_topics WHERE guild = $1", guildID)
		topics, err := collect(rows, err, scanOne[int64])
		if err != nil {
			return err
		}
		r.Matches = slices.DeleteFunc(r.Matches, func(m topic.Match) bool {
			number, ok := guild.TopicNumber(m.Topic)
			return ok && !slices.Contains(topics, number)
		})
		rows, err = tx.QueryContext(ctx, "SELECT id FROM channels WHERE guild = $1", guildID)
		channels, err := collect(rows, err, scanOne[string])
		if err != nil {
			return err
		}
		r.Quiet = quietIn(r.Quiet, channels)
		if r.Story != nil {
			r.Alerts, err = guildAlerts(ctx, tx, guildID, r.Story.ID)
		}
		return err
	})
	return r, err
}

// quietIn leaves what is about some of the channels.
func quietIn(all []pipeline.Quiet, channels []string) []pipeline.Quiet {
	var out []pipeline.Quiet
	for _, q := range all {
		var named []string
		for _, c := range q.Named {
			if slices.Contains(channels, c) {
				named = append(named, c)
			}
		}
		if len(named) > 0 {
			out = append(out, pipeline.Quiet{Verdict: q.Verdict, Channels: len(named), Named: named})
		}
	}
	return out
}

// guildAlerts reads a guild's alerts for a story with their deliveries.
func guildAlerts(ctx context.Context, tx querier, guildID string, id story.ID) ([]trace.Alert, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+traceAlertColumns+" WHERE a.story = $1 AND a.guild = $2 ORDER BY a.id LIMIT $3",
		int64(id), guildID, maxTraceAlerts)
	out, err := collect(rows, err, scanTraceAlert)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(out))
	place := make(map[alert.ID]int, len(out))
	for i, a := range out {
		ids[i], place[a.ID] = int64(a.ID), i
	}
	return out, inLists(ids, 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+deliveryColumns+" FROM deliveries WHERE alert IN "+in+" ORDER BY id", args...)
		ds, err := collect(rows, err, scanDelivery)
		for _, d := range ds {
			a := &out[place[d.Alert]]
			a.Deliveries = append(a.Deliveries, d)
		}
		return err
	})
}

// StoryTold returns the story of which a message in a guild tells, as it was when it
// was posted: a story that has joined another leads on to that one. It returns
// [archive.ErrNotFound] for a message that is no alert there.
func (s *Store) StoryTold(ctx context.Context, guildID, message string) (id story.ID, err error) {
	err = s.alertOf(ctx, guildID, message, "a.story", &id)
	return id, err
}

// AlertedBy returns the report that raised the alert which a message in a guild
// tells, or the report that opened its story where that is not known. It returns
// [archive.ErrNotFound] for a message that is no alert there.
func (s *Store) AlertedBy(ctx context.Context, guildID, message string) (id report.ID, err error) {
	err = s.alertOf(ctx, guildID, message, "COALESCE(r.id, st.lead)", &id)
	return id, err
}

// alertOf reads into one what a column has of the alert which a message tells.
func (s *Store) alertOf(ctx context.Context, guildID, message, column string, into any) error {
	err := s.read.QueryRowContext(ctx, `
		SELECT `+column+` FROM deliveries d JOIN alerts a ON a.id = d.alert JOIN stories st ON st.id = a.story
		LEFT JOIN reports r ON r.id = a.report
		WHERE d.guild = $1 AND d.message = $2 AND d.message <> '' ORDER BY d.id LIMIT 1`, guildID, message).Scan(into)
	if errors.Is(err, sql.ErrNoRows) {
		return archive.ErrNotFound
	}
	if err != nil {
		return s.failedRead("find the alert of a message", err)
	}
	return nil
}
