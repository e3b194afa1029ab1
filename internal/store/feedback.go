package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// NotRelevant notes that a person called a story's alert not relevant, for each
// subscription that asked for it. It returns false when that person did so before,
// and [feedback.ErrNoAlert] when the guild has no alert for the story.
func (s *Store) NotRelevant(ctx context.Context, c feedback.Complaint) (fresh bool, err error) {
	err = s.write(ctx, "note complaint", func(ctx context.Context, tx *sql.Tx) error {
		fresh = false
		var channel, content string
		err := tx.QueryRowContext(ctx, `
			SELECT a.channel, d.content FROM alerts a JOIN deliveries d ON d.alert = a.id AND d.kind = 'post'
			WHERE a.guild = $1 AND a.story = $2 ORDER BY CASE WHEN a.channel = $3 THEN 0 ELSE 1 END, a.id LIMIT 1`,
			c.Guild, int64(c.Story), c.Channel).Scan(&channel, &content)
		if errors.Is(err, sql.ErrNoRows) {
			return feedback.ErrNoAlert
		}
		if err != nil {
			return fmt.Errorf("find alert: %w", err)
		}
		var before int
		err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM feedback WHERE guild = $1 AND story = $2 AND person = $3", c.Guild, int64(c.Story), c.Person).Scan(&before)
		if err != nil || before > 0 {
			return err
		}
		fresh = true
		var told alert.Content
		if err := fromJSON(content, &told); err != nil {
			return err
		}
		var args []any
		for _, t := range told.Topics {
			args = append(args, c.Guild, int64(c.Story), c.Person, channel, string(t.ID), ms(c.At))
		}
		err = insert{
			head: "INSERT INTO feedback (guild, story, person, channel, topic, created_at) VALUES",
			tail: "ON CONFLICT (guild, story, person, topic) DO NOTHING", cols: 6,
		}.exec(ctx, tx, args)
		if err != nil {
			return fmt.Errorf("save complaint: %w", err)
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM feedback WHERE guild = $1 AND created_at <= (
				SELECT f.created_at FROM feedback f WHERE f.guild = $1 ORDER BY f.created_at DESC LIMIT 1 OFFSET $2)`, c.Guild, feedback.MaxPerGuild)
		return err
	})
	return fresh && err == nil, err
}

// maxCompared is how many alerts of a subscription are compared: the newest.
const maxCompared = 200

// Feedback returns the subscriptions of a guild that complaints are about which no
// moderator is done with, those with most people first, with their alerts since a
// time. The alerts come with the report that raised them, from which the caller
// tells countries.
func (s *Store) Feedback(ctx context.Context, guildID string, since time.Time) (subjects []feedback.Subject, reports map[story.ID]report.Report, err error) {
	err = s.snapshot(ctx, "read complaints", func(tx querier) error {
		reports = make(map[story.ID]report.Report)
		rows, err := tx.QueryContext(ctx, `
			SELECT channel, topic, COUNT(DISTINCT person) AS people FROM feedback WHERE guild = $1 AND seen = 0 AND created_at >= $2
			GROUP BY channel, topic ORDER BY people DESC, channel, topic`, guildID, ms(since))
		subjects, err = collect(rows, err, func(s scanner) (x feedback.Subject, err error) {
			return x, s.Scan(&x.Channel, &x.Topic, &x.People)
		})
		if err != nil {
			return err
		}
		for i := range subjects {
			if err := complained(ctx, tx, guildID, since, &subjects[i], reports); err != nil {
				return err
			}
		}
		return nil
	})
	return subjects, reports, err
}

// complained reads the alerts of a subscription with who complained of them.
func complained(ctx context.Context, tx querier, guildID string, since time.Time, x *feedback.Subject, reports map[story.ID]report.Report) error {
	bearing, which := "EXISTS (SELECT 1 FROM story_topics t WHERE t.story = a.story AND t.topic = $3)", any(string(x.Topic))
	if number, ok := guild.TopicNumber(x.Topic); ok {
		bearing, which = "EXISTS (SELECT 1 FROM own_matches m WHERE m.story = a.story AND m.topic = $3)", number
	}
	rows, err := tx.QueryContext(ctx, `
		SELECT a.story, st.title, st.standing, st.sources, COALESCE(NULLIF(a.report, 0), st.lead), COALESCE(m.stage, ''),
			(SELECT COUNT(*) FROM feedback f WHERE f.guild = a.guild AND f.story = a.story AND f.channel = a.channel AND f.topic = $6 AND f.seen = 0)
		FROM alerts a JOIN stories st ON st.id = a.story LEFT JOIN matches m ON m.report = COALESCE(NULLIF(a.report, 0), st.lead) AND m.topic = $6
		WHERE a.guild = $1 AND a.channel = $2 AND a.planned_at >= $4 AND `+bearing+" ORDER BY a.id DESC LIMIT $5",
		guildID, x.Channel, which, ms(since), maxCompared, string(x.Topic))
	var raised []report.ID
	x.Alerts, err = collect(rows, err, func(s scanner) (t feedback.Told, err error) {
		var id report.ID
		err = s.Scan(&t.Story, &t.Title, &t.Standing, &t.Outlets, &id, &t.Stage, &t.People)
		raised = append(raised, id)
		return t, err
	})
	if err != nil {
		return fmt.Errorf("read alerts: %w", err)
	}
	found, err := listings(ctx, tx, raised)
	for _, l := range found {
		reports[l.Story] = l.Report
	}
	return err
}

// DismissFeedback notes that a moderator is done with the complaints about a
// subscription since a time.
func (s *Store) DismissFeedback(ctx context.Context, guildID, channel string, id topic.ID, at time.Time) error {
	return s.seeFeedback(ctx, guildID, channel, id, 0, max(1, ms(at)))
}

// RestoreFeedback takes back what [Store.DismissFeedback] noted for that time.
func (s *Store) RestoreFeedback(ctx context.Context, guildID, channel string, id topic.ID, at time.Time) error {
	return s.seeFeedback(ctx, guildID, channel, id, max(1, ms(at)), 0)
}

// seeFeedback changes since when a moderator is done with complaints: 0 for one who is
// not. Earlier releases noted 1.
func (s *Store) seeFeedback(ctx context.Context, guildID, channel string, id topic.ID, from, to int64) error {
	return s.write(ctx, "note who is done with complaints", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE feedback SET seen = $1 WHERE guild = $2 AND channel = $3 AND topic = $4 AND seen = $5", to, guildID, channel, string(id), from)
		return err
	})
}

// joinFeedback has what was said of a story be said of the one that it becomes a part
// of, by each person once.
func joinFeedback(ctx context.Context, tx querier, into, from int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE feedback SET story = $1 WHERE story = $2 AND NOT EXISTS (SELECT 1 FROM feedback f
			WHERE f.story = $1 AND f.guild = feedback.guild AND f.person = feedback.person AND f.topic = feedback.topic)`, into, from)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM feedback WHERE story = $1", from)
	}
	if err != nil {
		return fmt.Errorf("hand over complaints: %w", err)
	}
	return nil
}
