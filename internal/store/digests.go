package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

const digestColumns = "id, guild, channel, topic, days, minute, cron, zone, done, until_at, created_by, created_at"

func scanDigest(s scanner) (d digest.Digest, err error) {
	var zone, done string
	var until, created int64
	if err := s.Scan(&d.ID, &d.Guild, &d.Channel, &d.Topic, &d.Days, &d.Minute, &d.Cron, &zone, &done, &until, &d.CreatedBy, &created); err != nil {
		return d, err
	}
	d.Until, d.Created = at(until), at(created)
	d.Zone = zoneOf(zone)
	d.Done, err = digest.ParseMoment(done)
	return d, err
}

// zoneOf is a time zone that is stored, UTC where the program knows none of that name,
// as an earlier release may not: one channel's must not keep all others from being
// told anything.
func zoneOf(name string) *time.Location {
	zone, err := digest.Zone(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Digests returns a guild's digests, the oldest first.
func (s *Store) Digests(ctx context.Context, guild string) ([]digest.Digest, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+digestColumns+" FROM digests WHERE guild = $1 ORDER BY id", guild)
	out, err := collect(rows, err, scanDigest)
	if err != nil {
		return nil, s.failedRead("read digests", err)
	}
	return out, nil
}

// AddDigest stores a digest and returns it with its id. It returns
// [digest.ErrExists] when the channel has one of the topic at that time,
// [digest.ErrQuota] when the guild has as many as it may have,
// [*guild.TooSoonError] when it has added too many within the hour, and
// [guild.ErrForeignChannel] when the channel is known in another guild.
func (s *Store) AddDigest(ctx context.Context, d digest.Digest) (digest.Digest, error) {
	if err := d.Validate(); err != nil {
		return d, err
	}
	err := s.write(ctx, "add digest", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO guilds (id, name, joined_at) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING", d.Guild, ms(d.Created))
		if err != nil {
			return fmt.Errorf("save guild: %w", err)
		}
		if err := lockGuild(ctx, tx, s.db, d.Guild); err != nil {
			return err
		}
		if err := ownChannel(ctx, tx, d.Guild, d.Channel); err != nil {
			return err
		}
		var exists, count int
		err = tx.QueryRowContext(ctx, `
			SELECT COALESCE(SUM(CASE WHEN channel = $2 AND topic = $3 AND days = $4 AND minute = $5 AND cron = $6 AND zone = $7 THEN 1 ELSE 0 END), 0), COUNT(*)
			FROM digests WHERE guild = $1`, d.Guild, d.Channel, string(d.Topic), int64(d.Days), d.Minute, string(d.Cron), d.Zone.String()).Scan(&exists, &count)
		switch {
		case err != nil:
			return err
		case exists > 0:
			return digest.ErrExists
		case count >= digest.MaxPerGuild:
			return digest.ErrQuota
		}
		if err := admit(ctx, tx, d.Guild, guild.AddsDigest, 1, d.Created); err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `
			INSERT INTO digests (guild, channel, topic, days, minute, cron, zone, done, until_at, created_by, created_at, next_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
			d.Guild, d.Channel, string(d.Topic), int64(d.Days), d.Minute, string(d.Cron), d.Zone.String(), d.Done.String(), ms(d.Until), d.CreatedBy, ms(d.Created),
			ms(d.Next(d.Created))).Scan(&d.ID)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, guild.Change{Guild: d.Guild, Act: guild.ActDigestAdd, Channel: d.Channel, Topic: d.Topic})
	})
	d.Created, d.Until = at(ms(d.Created)), at(ms(d.Until))
	return d, err
}

// RemoveDigest ends a guild's digest, or returns [digest.ErrNotFound].
func (s *Store) RemoveDigest(ctx context.Context, guildID string, id digest.ID) error {
	return s.write(ctx, "remove digest", func(ctx context.Context, tx *sql.Tx) error {
		c := guild.Change{Guild: guildID, Act: guild.ActDigestRemove}
		err := tx.QueryRowContext(ctx, "DELETE FROM digests WHERE guild = $1 AND id = $2 RETURNING channel, topic", guildID, int64(id)).
			Scan(&c.Channel, &c.Topic)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return digest.ErrNotFound
		case err != nil:
			return err
		}
		return s.audit(ctx, tx, c)
	})
}

// DigestsDue implements pipeline.DigestStore.
func (s *Store) DigestsDue(ctx context.Context, now time.Time, limit int) ([]digest.Digest, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+prefixed("d.", digestColumns)+` FROM digests d JOIN guilds g ON g.id = d.guild
		WHERE d.next_at <= $1 AND g.left_at = 0 ORDER BY d.next_at, d.id LIMIT $2`, ms(now), limit)
	out, err := collect(rows, err, scanDigest)
	if err != nil {
		return nil, s.failedRead("read due digests", err)
	}
	return out, nil
}

// prefixed puts a table's name before each column of a list.
func prefixed(table, columns string) string {
	return table + strings.ReplaceAll(columns, ", ", ", "+table)
}

// DigestStories implements pipeline.DigestStore.
func (s *Store) DigestStories(ctx context.Context, guildID string, id topic.ID, since time.Time, limit int) ([]digest.Story, error) {
	var out []digest.Story
	err := s.snapshot(ctx, "read stories for a digest", func(tx querier) error {
		found, _, err := recent(ctx, tx, archive.Recent{Guild: guildID, Topic: id, Since: since}, place{math.MaxInt64, math.MaxInt64}, page(limit))
		if err != nil {
			return err
		}
		at := make(map[story.ID]int, len(found))
		ids := make([]int64, len(found))
		out = make([]digest.Story, len(found))
		for i, l := range found {
			out[i].Listing, ids[i], at[l.Story] = l, int64(l.Story), i
		}
		return inLists(ids, 1, func(in string, args []any) error {
			rows, err := tx.QueryContext(ctx, "SELECT id, reports, sources FROM stories WHERE id IN "+in, args...)
			_, err = collect(rows, err, func(sc scanner) (id story.ID, err error) {
				var reports, sources int
				err = sc.Scan(&id, &reports, &sources)
				out[at[id]].Reports, out[at[id]].Sources = reports, sources
				return id, err
			})
			return err
		})
	})
	return out, err
}

// SaveDigest implements pipeline.DigestStore.
func (s *Store) SaveDigest(ctx context.Context, now time.Time, m pipeline.Made) (saved bool, err error) {
	err = s.write(ctx, "save digest", func(ctx context.Context, tx *sql.Tx) error {
		saved = false
		d := m.Digest
		res, err := tx.ExecContext(ctx, "UPDATE digests SET done = $2, until_at = $3, next_at = $4 WHERE id = $1 AND done < $2",
			int64(d.ID), d.Done.String(), ms(d.Until), ms(d.Next(now)))
		switch err := one(res, err); {
		case errors.Is(err, archive.ErrNotFound): // removed meanwhile, or made by another process
			return nil
		case err != nil:
			return err
		}
		saved = true
		if _, err := tellGathered(ctx, tx, now, d.Channel, m.Told); err != nil {
			return err
		}
		if len(m.Content.Items) == 0 {
			return nil
		}
		_, err = s.enqueueSummary(ctx, tx, now, alert.Digest, d.Guild, d.Channel, m.Content)
		return err
	})
	return saved && err == nil, err
}

// enqueueSummary puts a message that belongs to no alert into a channel's queue.
func (s *Store) enqueueSummary(ctx context.Context, tx querier, now time.Time, kind alert.Kind, guild, channel string, c alert.Content) (int64, error) {
	content, err := toJSON(c)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRowContext(ctx, `
		INSERT INTO deliveries (kind, guild, channel, state, form, created_at, due_at, told_at, waits_at, roles, content)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $6, '[]', $7) RETURNING id`,
		string(kind), guild, channel, string(alert.Pending), string(alert.Full), ms(now), content).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("save delivery: %w", err)
	}
	tell(ctx, NewsDeliveries)
	return id, enqueue(ctx, tx, now, map[string]int64{channel: id}, map[string]string{channel: guild})
}
