package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
)

// feedFailsFor is how long a guild's own feed fails before that is a trouble.
const feedFailsFor = 24 * time.Hour

// upsertTrouble records that something does not work. What was over, and was told
// or known to nobody, begins anew; else it has never been over.
const upsertTrouble = `
	INSERT INTO troubles (guild, kind, subject, reason, since_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (guild, kind, subject) DO UPDATE SET reason = excluded.reason, seen_at = excluded.seen_at, mended_at = 0,
		since_at = CASE WHEN troubles.mended_at <> 0 AND troubles.ended_at >= troubles.told_at
			THEN excluded.since_at ELSE troubles.since_at END`

// noteTrouble records what the outcome of a delivery says of its channel: only a
// message that arrives shows that all is well again.
func noteTrouble(ctx context.Context, tx querier, now time.Time, d alert.Delivery, st alert.Settlement) error {
	kind := guild.TroubleKind("")
	switch {
	case d.Kind == alert.Notice:
		return nil
	case st.BlockChannel:
		kind = guild.ChannelBlocked
	case st.State == alert.Dead && st.Reason == alert.ReasonRefused:
		kind = guild.ContentRefused
	case st.State != alert.Sent:
		return nil
	}
	var err error
	if kind == "" {
		_, err = tx.ExecContext(ctx, `
			UPDATE troubles SET mended_at = $3 WHERE guild = $1 AND subject = $2 AND kind IN ('channel', 'refused') AND mended_at = 0`,
			d.Guild, d.Channel, ms(now))
	} else {
		_, err = tx.ExecContext(ctx, upsertTrouble, d.Guild, string(kind), d.Channel, string(st.Reason), ms(now), ms(now))
	}
	if err != nil {
		return fmt.Errorf("note trouble: %w", err)
	}
	return nil
}

// The changes of feeds that guilds have added: which have failed for long, and
// which can be read again.
const (
	feedsFailing = `
		SELECT gf.guild, f.id, f.reason, f.since_at FROM guild_feeds gf JOIN feeds f ON f.id = gf.feed
		LEFT JOIN troubles t ON t.guild = gf.guild AND t.kind = 'feed' AND t.subject = CAST(f.id AS TEXT)
		WHERE f.state IN ('failing', 'gone', 'quarantined') AND f.since_at <= $1 AND (t.guild IS NULL OR t.mended_at <> 0)
		ORDER BY gf.guild, f.id`
	feedsMended = `
		SELECT t.guild, f.id, '', f.since_at FROM troubles t JOIN feeds f ON CAST(f.id AS TEXT) = t.subject
		WHERE t.kind = 'feed' AND t.mended_at = 0 AND f.state NOT IN ('failing', 'gone', 'quarantined') ORDER BY t.guild, f.id`
	// idleTroubles concern nobody any more.
	idleTroubles = `
		kind = 'role' AND told_at <> 0
		OR kind IN ('channel', 'refused', 'role') AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.guild = troubles.guild AND s.channel = troubles.subject)
			AND NOT EXISTS (SELECT 1 FROM digests d WHERE d.guild = troubles.guild AND d.channel = troubles.subject)
		OR kind = 'feed' AND NOT EXISTS (SELECT 1 FROM guild_feeds gf WHERE gf.guild = troubles.guild AND CAST(gf.feed AS TEXT) = troubles.subject)
		OR EXISTS (SELECT 1 FROM guilds g WHERE g.id = troubles.guild AND g.left_at <> 0)`
)

// changedFeed is a guild's feed of which something is to be noted.
type changedFeed struct {
	guild, reason string
	id, since     int64
}

// Troubles implements alert.Notices: it notes what became of guilds' own feeds,
// and returns all troubles.
func (s *Store) Troubles(ctx context.Context, now time.Time) ([]guild.Trouble, error) {
	failing, err := s.changedFeeds(ctx, feedsFailing, ms(now.Add(-feedFailsFor)))
	if err != nil {
		return nil, err
	}
	mended, err := s.changedFeeds(ctx, feedsMended)
	if err != nil {
		return nil, err
	}
	var idle int
	if err := s.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM troubles WHERE "+idleTroubles).Scan(&idle); err != nil {
		return nil, fmt.Errorf("count idle troubles: %w", err)
	}
	if len(failing)+len(mended)+idle > 0 {
		if err := s.noteTroubles(ctx, now, failing, mended); err != nil {
			return nil, err
		}
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT t.guild, t.kind, t.subject, t.reason, t.since_at, t.mended_at, t.told_at, t.ended_at, COALESCE(f.title, ''), COALESCE(f.url, '')
		FROM troubles t LEFT JOIN feeds f ON t.kind = 'feed' AND CAST(f.id AS TEXT) = t.subject ORDER BY t.since_at, t.guild, t.kind, t.subject`)
	out, err := collect(rows, err, scanTrouble)
	if err != nil {
		return nil, fmt.Errorf("read troubles: %w", err)
	}
	return out, nil
}

func scanTrouble(s scanner) (t guild.Trouble, err error) {
	var since, mended, told, ended int64
	var title, url string
	if err := s.Scan(&t.Guild, &t.Kind, &t.Subject, &t.Reason, &since, &mended, &told, &ended, &title, &url); err != nil {
		return t, err
	}
	t.Since, t.Mended, t.Told, t.Ended = at(since), at(mended), at(told), at(ended)
	if t.Name = title; t.Name == "" {
		t.Name = url
	}
	return t, nil
}

func (s *Store) changedFeeds(ctx context.Context, query string, args ...any) ([]changedFeed, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	out, err := collect(rows, err, func(s scanner) (f changedFeed, err error) {
		err = s.Scan(&f.guild, &f.id, &f.reason, &f.since)
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("read feeds in trouble: %w", err)
	}
	return out, nil
}

func (s *Store) noteTroubles(ctx context.Context, now time.Time, failing, mended []changedFeed) error {
	return s.write(ctx, "note troubles", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM troubles WHERE "+idleTroubles); err != nil {
			return err
		}
		for _, f := range failing {
			_, err := tx.ExecContext(ctx, upsertTrouble, f.guild, string(guild.FeedFails), strconv.FormatInt(f.id, 10), f.reason, f.since, ms(now))
			if err != nil {
				return err
			}
		}
		for _, f := range mended {
			_, err := tx.ExecContext(ctx, "UPDATE troubles SET mended_at = $4 WHERE guild = $1 AND kind = $2 AND subject = $3 AND mended_at = 0",
				f.guild, string(guild.FeedFails), strconv.FormatInt(f.id, 10), ms(now))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Tell implements alert.Notices. That a trouble was told and the notice of it are
// recorded together, so that it is told once, whoever else is about to.
func (s *Store) Tell(ctx context.Context, now time.Time, t guild.Trouble, what guild.Telling) (told bool, err error) {
	change := ""
	switch what {
	case guild.TellFailed:
		change = "UPDATE troubles SET told_at = $6"
	case guild.TellMended:
		change = "UPDATE troubles SET ended_at = $6"
	case guild.Forget:
		change = "DELETE FROM troubles"
	default:
		return false, fmt.Errorf("tell trouble: %q is nothing to tell", what)
	}
	err = s.write(ctx, "tell trouble", func(ctx context.Context, tx *sql.Tx) error {
		told = false
		args := []any{t.Guild, string(t.Kind), t.Subject, ms(t.Told), ms(t.Ended)}
		if what != guild.Forget {
			args = append(args, ms(now))
		}
		err := one(tx.ExecContext(ctx, change+" WHERE guild = $1 AND kind = $2 AND subject = $3 AND told_at = $4 AND ended_at = $5", args...))
		if errors.Is(err, archive.ErrNotFound) { // another process was faster
			return nil
		}
		if err != nil || what == guild.Forget {
			return err
		}
		channel, err := noticeChannel(ctx, tx, t.Guild)
		if err != nil || channel == "" {
			return err
		}
		told = true
		return s.enqueueNotice(ctx, tx, now, channel, t, what)
	})
	return told && err == nil, err
}

// noticeChannel is where a guild is told of its troubles; "" for nowhere.
func noticeChannel(ctx context.Context, tx querier, guildID string) (string, error) {
	var chosen, system string
	err := tx.QueryRowContext(ctx, "SELECT notice_channel, system_channel FROM guilds WHERE id = $1 AND left_at = 0", guildID).Scan(&chosen, &system)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read channel for notices: %w", err)
	}
	rows, err := tx.QueryContext(ctx, "SELECT id FROM channels WHERE id IN ($1, $2) AND (blocked_at <> 0 OR guild <> $3)", chosen, system, guildID)
	shut, err := collect(rows, err, scanOne[string])
	if err != nil {
		return "", fmt.Errorf("read channel for notices: %w", err)
	}
	return guild.NoticeChannel(chosen, system, func(id string) bool { return slices.Contains(shut, id) }), nil
}

func (s *Store) enqueueNotice(ctx context.Context, tx querier, now time.Time, channel string, t guild.Trouble, what guild.Telling) error {
	_, err := s.enqueueSummary(ctx, tx, now, alert.Notice, t.Guild, channel, alert.Content{Time: now, Notice: &alert.NoticeContent{
		Kind: t.Kind, Subject: t.Subject, Name: t.Name, Reason: t.Reason, Since: t.Since, Mended: what == guild.TellMended,
	}})
	return err
}

// NoteSystemChannel records where Discord itself tells of a guild; "" for nowhere.
func (s *Store) NoteSystemChannel(ctx context.Context, guildID, channel string) error {
	var was string
	err := s.read.QueryRowContext(ctx, "SELECT system_channel FROM guilds WHERE id = $1", guildID).Scan(&was)
	if errors.Is(err, sql.ErrNoRows) || err == nil && was == channel {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read system channel: %w", err)
	}
	return s.write(ctx, "note system channel", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE guilds SET system_channel = $2 WHERE id = $1", guildID, storable(channel))
		return err
	})
}
