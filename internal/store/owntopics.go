package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// goneFor is how long a deleted topic is remembered, so that a placer that looks
// now and then learns of it.
const goneFor = 24 * time.Hour

const ownTopicColumns = "id, guild, name, query, created_by, created_at"

func scanOwnTopic(s scanner) (t guild.Topic, err error) {
	var number, created int64
	err = s.Scan(&number, &t.Guild, &t.Name, &t.Query, &t.CreatedBy, &created)
	t.ID, t.Created = guild.TopicID(number), at(created)
	return t, err
}

// OwnTopics returns the topics that a guild has made, by name.
func (s *Store) OwnTopics(ctx context.Context, id string) ([]guild.Topic, error) {
	rows, err := s.read.QueryContext(ctx,
		"SELECT "+ownTopicColumns+" FROM own_topics WHERE guild = $1 AND gone_at = 0 ORDER BY folded", id)
	out, err := collect(rows, err, scanOwnTopic)
	if err != nil {
		return nil, s.failedRead("read own topics", err)
	}
	return out, nil
}

// CreateTopic stores a guild's new topic and returns it with its id. It returns
// [guild.ErrTopicExists] when the guild has one of that name, whatever its case,
// [guild.ErrTopicQuota] when it has as many as it may have, and
// [*guild.TooSoonError] when it has made too many within the hour.
func (s *Store) CreateTopic(ctx context.Context, t guild.Topic) (guild.Topic, error) {
	err := s.write(ctx, "create topic", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO guilds (id, name, joined_at) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING", t.Guild, ms(t.Created))
		if err != nil {
			return fmt.Errorf("save guild: %w", err)
		}
		revision, err := s.changeTopics(ctx, tx, t)
		if err != nil {
			return err
		}
		var count, number int64
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM own_topics WHERE guild = $1 AND gone_at = 0", t.Guild).Scan(&count); err != nil {
			return err
		}
		if count >= guild.MaxTopics {
			return guild.ErrTopicQuota
		}
		if err := admit(ctx, tx, t.Guild, guild.AddsTopic, 1, t.Created); err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `
			INSERT INTO own_topics (guild, name, folded, query, created_by, created_at, revision)
			VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
			t.Guild, storable(t.Name), text.Fold(storable(t.Name)), storable(t.Query), t.CreatedBy, ms(t.Created), revision).Scan(&number)
		if err != nil {
			return err
		}
		t.ID = guild.TopicID(number)
		return s.audit(ctx, tx, guild.Change{Guild: t.Guild, Act: guild.ActTopicCreate, Topic: t.ID, Detail: t.Name})
	})
	t.Created = at(ms(t.Created))
	return t, err
}

// ChangeTopic gives a guild's topic another name and query. It returns
// [guild.ErrTopicNotFound] when the guild has none of that id, and
// [guild.ErrTopicExists] when another one of the guild has that name.
func (s *Store) ChangeTopic(ctx context.Context, t guild.Topic) error {
	number, ok := guild.TopicNumber(t.ID)
	if !ok {
		return guild.ErrTopicNotFound
	}
	return s.write(ctx, "change topic", func(ctx context.Context, tx *sql.Tx) error {
		revision, err := s.changeTopics(ctx, tx, t)
		if err != nil {
			return err
		}
		err = one(tx.ExecContext(ctx, `UPDATE own_topics SET name = $3, folded = $4, query = $5, revision = $6
			WHERE id = $1 AND guild = $2 AND gone_at = 0`,
			number, t.Guild, storable(t.Name), text.Fold(storable(t.Name)), storable(t.Query), revision))
		switch {
		case errors.Is(err, archive.ErrNotFound):
			return guild.ErrTopicNotFound
		case err != nil:
			return err
		}
		return s.audit(ctx, tx, guild.Change{Guild: t.Guild, Act: guild.ActTopicChange, Topic: t.ID, Detail: t.Name})
	})
}

// changeTopics takes the guild and the clock, so that changes take turns and
// become visible in the order of their revisions, refuses a name that another of
// the guild's topics has, and returns the revision of the change.
func (s *Store) changeTopics(ctx context.Context, tx querier, t guild.Topic) (revision int64, err error) {
	if err := lockGuild(ctx, tx, s.db, t.Guild); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "UPDATE own_clock SET revision = revision + 1 WHERE id = 1 RETURNING revision").Scan(&revision)
	if err != nil {
		return 0, fmt.Errorf("take the clock of topics: %w", err)
	}
	number, _ := guild.TopicNumber(t.ID)
	var other int64
	err = tx.QueryRowContext(ctx, "SELECT id FROM own_topics WHERE guild = $1 AND folded = $2 AND gone_at = 0 AND id <> $3",
		t.Guild, text.Fold(storable(t.Name)), number).Scan(&other)
	switch {
	case err == nil:
		return 0, guild.ErrTopicExists
	case !errors.Is(err, sql.ErrNoRows):
		return 0, err
	}
	return revision, nil
}

// DeleteTopic deletes a guild's topic with its subscriptions and returns these. It
// returns [guild.ErrTopicNotFound] when the guild has none of that id.
func (s *Store) DeleteTopic(ctx context.Context, guildID string, id topic.ID, now time.Time) (ended []subscription.Subscription, err error) {
	number, ok := guild.TopicNumber(id)
	if !ok {
		return nil, guild.ErrTopicNotFound
	}
	err = s.write(ctx, "delete topic", func(ctx context.Context, tx *sql.Tx) error {
		revision, err := s.changeTopics(ctx, tx, guild.Topic{ID: id, Guild: guildID})
		if err != nil {
			return err
		}
		var name string
		err = tx.QueryRowContext(ctx, "SELECT name FROM own_topics WHERE id = $1 AND guild = $2 AND gone_at = 0", number, guildID).Scan(&name)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return guild.ErrTopicNotFound
		case err != nil:
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE own_topics SET gone_at = $3, revision = $4, name = '', folded = '', query = '', created_by = ''
			WHERE id = $1 AND guild = $2`, number, guildID, ms(now), revision)
		if err != nil {
			return err
		}
		if err := s.audit(ctx, tx, guild.Change{Guild: guildID, Act: guild.ActTopicDelete, Topic: id, Detail: name}); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "DELETE FROM subscriptions WHERE guild = $1 AND topic = $2 RETURNING "+strings.ReplaceAll(subscriptionColumns, "s.", ""), guildID, string(id))
		if ended, err = collect(rows, err, scanSubscription); err != nil {
			return fmt.Errorf("end subscriptions: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM own_matches WHERE topic = $1", number); err != nil {
			return fmt.Errorf("forget matches: %w", err)
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM own_topics WHERE gone_at > 0 AND gone_at < $1", ms(now.Add(-goneFor)))
		return err
	})
	return ended, err
}

// ReviveTopic has a topic that was deleted less than a day ago again under its id, with
// subscriptions; a channel that has one again keeps it as it is. What the topic matched
// before is forgotten. It returns [guild.ErrTopicNotFound] when the guild has deleted
// none of that id, [guild.ErrTopicExists] when another one has that name meanwhile,
// [guild.ErrTopicQuota] or [subscription.ErrQuota] when the guild has no room for it, and
// [ErrForeignChannel] when a channel is known in another guild.
func (s *Store) ReviveTopic(ctx context.Context, t guild.Topic, subs []subscription.Subscription) error {
	number, ok := guild.TopicNumber(t.ID)
	if !ok {
		return guild.ErrTopicNotFound
	}
	return s.write(ctx, "revive topic", func(ctx context.Context, tx *sql.Tx) error {
		revision, err := s.changeTopics(ctx, tx, t)
		if err != nil {
			return err
		}
		var count int64
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM own_topics WHERE guild = $1 AND gone_at = 0", t.Guild).Scan(&count); err != nil {
			return err
		}
		if count >= guild.MaxTopics {
			return guild.ErrTopicQuota
		}
		err = one(tx.ExecContext(ctx, `
			UPDATE own_topics SET gone_at = 0, name = $3, folded = $4, query = $5, created_by = $6, created_at = $7, revision = $8
			WHERE id = $1 AND guild = $2 AND gone_at > 0`,
			number, t.Guild, storable(t.Name), text.Fold(storable(t.Name)), storable(t.Query), t.CreatedBy, ms(t.Created), revision))
		switch {
		case errors.Is(err, archive.ErrNotFound):
			return guild.ErrTopicNotFound
		case err != nil:
			return err
		}
		if err := s.audit(ctx, tx, guild.Change{Guild: t.Guild, Act: guild.ActTopicCreate, Topic: t.ID, Detail: t.Name}); err != nil {
			return err
		}
		return s.subscribeAgain(ctx, tx, t, subs)
	})
}

// subscribeAgain adds the subscriptions of a topic that is there again.
func (s *Store) subscribeAgain(ctx context.Context, tx querier, t guild.Topic, subs []subscription.Subscription) error {
	var count int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM subscriptions WHERE guild = $1", t.Guild).Scan(&count); err != nil {
		return fmt.Errorf("count subscriptions: %w", err)
	}
	if count+len(subs) > subscription.MaxPerGuild {
		return subscription.ErrQuota
	}
	for _, sub := range subs {
		asked, err := wishes(sub)
		if err != nil {
			return err
		}
		if err := ownChannel(ctx, tx, t.Guild, sub.Channel); err != nil {
			return err
		}
		args := append([]any{t.Guild, sub.Channel, string(t.ID), sub.CreatedBy, ms(sub.Created)}, asked...)
		_, err = tx.ExecContext(ctx, "INSERT INTO subscriptions (guild, channel, topic, created_by, created_at, "+wishColumns+") VALUES "+
			placeholders(1, len(args))+" ON CONFLICT DO NOTHING", args...)
		if err != nil {
			return fmt.Errorf("subscribe again: %w", err)
		}
		if err := s.audit(ctx, tx, guild.Change{Guild: t.Guild, Act: guild.ActSubscribe, Channel: sub.Channel, Topic: t.ID}); err != nil {
			return err
		}
	}
	return nil
}

// ChangedTopics implements pipeline.Store.
func (s *Store) ChangedTopics(ctx context.Context, after int64) (changes []guild.TopicChange, revision int64, err error) {
	revision = after
	rows, err := s.read.QueryContext(ctx,
		"SELECT "+ownTopicColumns+", gone_at, revision FROM own_topics WHERE revision > $1 ORDER BY revision", after)
	changes, err = collect(rows, err, func(sc scanner) (c guild.TopicChange, err error) {
		var number, created, gone int64
		err = sc.Scan(&number, &c.Guild, &c.Name, &c.Query, &c.CreatedBy, &created, &gone, &revision)
		c.ID, c.Created, c.Gone = guild.TopicID(number), at(created), gone > 0
		return c, err
	})
	if err != nil {
		return nil, after, s.failedRead("read changed topics", err)
	}
	return changes, revision, nil
}

// Latest implements pipeline.Store.
func (s *Store) Latest(ctx context.Context, guildID string, limit int) ([]query.Read, error) {
	var out []query.Read
	err := s.snapshot(ctx, "read the latest reports", func(tx querier) (err error) {
		out, err = latest(ctx, tx, guildID, before(0), limit)
		return err
	})
	return out, err
}

// latest reads the newest reports before one that a guild sees.
func latest(ctx context.Context, tx querier, guildID string, before int64, limit int) ([]query.Read, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+reportColumns+" FROM reports r WHERE r.story IS NOT NULL AND r.id < $1 AND "+visible("r", "$3")+
		" ORDER BY r.id DESC LIMIT $2", before, limit, guildID)
	out, err := collect(rows, err, func(sc scanner) (query.Read, error) {
		r, err := scanReportOnly(sc)
		return query.Read{Report: r}, err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	at := make(map[report.ID]int, len(out))
	for i, r := range out {
		at[r.Report.ID] = i
	}
	// A range is cheaper than naming so many.
	rows, err = tx.QueryContext(ctx, "SELECT report, topic, stage FROM matches WHERE report BETWEEN $1 AND $2 ORDER BY report, position",
		int64(out[len(out)-1].Report.ID), int64(out[0].Report.ID))
	_, err = collect(rows, err, func(sc scanner) (id report.ID, err error) {
		var m topic.Match
		if err := sc.Scan(&id, &m.Topic, &m.Stage); err != nil {
			return id, err
		}
		if i, ok := at[id]; ok {
			out[i].Matches = append(out[i].Matches, m)
		}
		return id, nil
	})
	return out, err
}

// saveOwnMatches records which reports bear guilds' own topics.
func saveOwnMatches(ctx context.Context, tx querier, placed []pipeline.Placed) error {
	var args []any
	for _, p := range placed {
		for _, m := range p.Own {
			number, ok := guild.TopicNumber(m.Topic)
			if !ok {
				return fmt.Errorf("%q is no guild's own topic", m.Topic)
			}
			evidence, err := toJSON(m.Evidence)
			if err != nil {
				return err
			}
			args = append(args, number, int64(p.Placement.Story.ID), int64(p.Placement.Report), evidence)
		}
	}
	err := insert{
		head: "INSERT INTO own_matches (topic, story, report, evidence) VALUES",
		tail: "ON CONFLICT (topic, story, report) DO NOTHING", cols: 4,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("save own matches: %w", err)
	}
	return nil
}

// ownMatchesOf are a report's matches with guilds' own topics.
const ownMatchesOf = "SELECT topic, evidence FROM own_matches WHERE report = $1 ORDER BY topic"

func scanOwnMatch(s scanner) (m topic.Match, err error) {
	var number int64
	var evidence string
	if err := s.Scan(&number, &evidence); err != nil {
		return m, err
	}
	m.Topic, m.Score = guild.TopicID(number), 1
	return m, fromJSON(evidence, &m.Evidence)
}
