package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

const quietColumns = "q.channel, q.guild, q.paused_at, q.paused_until, q.paused_by, q.days, q.from_minute, q.to_minute, q.zone, q.through, q.hours_by, q.hours_at"

func scanQuiet(s scanner) (c quiet.Channel, err error) {
	var since, until, set int64
	var zone, through string
	err = s.Scan(&c.ID, &c.Guild, &since, &until, &c.Pause.By, &c.Hours.Days, &c.Hours.From, &c.Hours.To, &zone, &through, &c.Hours.By, &set)
	if err != nil {
		return c, err
	}
	c.Pause.Since, c.Pause.Until, c.Hours.Set = at(since), at(until), at(set)
	if c.Hours.IsZero() {
		c.Hours = quiet.Hours{}
		return c, nil
	}
	c.Hours.Zone = zoneOf(zone)
	return c, fromJSON(through, &c.Hours.Through)
}

const muteColumns = "guild, story, topic, until_at, created_by, created_at"

func scanMute(s scanner) (m quiet.Mute, err error) {
	var until, created int64
	err = s.Scan(&m.Guild, &m.Story, &m.Topic, &until, &m.CreatedBy, &created)
	m.Until, m.Created = at(until), at(created)
	return m, err
}

// Quiet implements pipeline.Store.
func (s *Store) Quiet(ctx context.Context, now time.Time, topics []topic.ID) (quiet.Rules, error) {
	var channels []quiet.Channel
	var mutes []quiet.Mute
	err := inLists(topics, 1, func(in string, args []any) error {
		rows, err := s.read.QueryContext(ctx, "SELECT "+quietColumns+` FROM quiets q WHERE (q.paused_at <> 0 OR q.days <> 0)
			AND EXISTS (SELECT 1 FROM subscriptions s WHERE s.channel = q.channel AND s.topic IN `+in+")", args...)
		more, err := collect(rows, err, scanQuiet)
		channels = append(channels, more...)
		return err
	})
	if err == nil {
		err = inLists(topics, 2, func(in string, args []any) error {
			rows, err := s.read.QueryContext(ctx, "SELECT "+muteColumns+` FROM mutes
				WHERE until_at > $1 AND (story <> 0 OR topic IN `+in+")", append([]any{ms(now)}, args...)...)
			more, err := collect(rows, err, scanMute)
			mutes = append(mutes, more...)
			return err
		})
	}
	if err != nil {
		return quiet.Rules{}, fmt.Errorf("read what is quiet: %w", err)
	}
	return quiet.NewRules(now, channels, mutes), nil
}

// QuietChannels returns the channels of a guild that have a pause, which may be
// over, or quiet hours.
func (s *Store) QuietChannels(ctx context.Context, guildID string) ([]quiet.Channel, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+quietColumns+` FROM quiets q
		WHERE q.guild = $1 AND (q.paused_at <> 0 OR q.days <> 0) ORDER BY q.channel`, guildID)
	out, err := collect(rows, err, scanQuiet)
	if err != nil {
		return nil, s.failedRead("read quiet channels", err)
	}
	return out, nil
}

// QuietChannel implements pipeline.DigestStore.
func (s *Store) QuietChannel(ctx context.Context, channel string) (quiet.Channel, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+quietColumns+" FROM quiets q WHERE q.channel = $1", channel)
	out, err := collect(rows, err, scanQuiet)
	if err != nil {
		return quiet.Channel{}, s.failedRead("read quiet hours", err)
	}
	if len(out) == 0 {
		return quiet.Channel{ID: channel}, nil
	}
	return out[0], nil
}

// Mutes returns what a guild has muted, the latest first.
func (s *Store) Mutes(ctx context.Context, now time.Time, guildID string) ([]quiet.Mute, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+muteColumns+" FROM mutes WHERE guild = $1 AND until_at > $2 ORDER BY created_at DESC, story, topic",
		guildID, ms(now))
	out, err := collect(rows, err, scanMute)
	if err != nil {
		return nil, s.failedRead("read mutes", err)
	}
	return out, nil
}

// Mute has a guild hear no more of a story or a topic until a time. What is muted
// already is until then; a story that has become a part of another one stands for
// that. Replies that wait to be posted are not, messages are
// edited no more, and no summary tells what waited for one. It returns
// [quiet.ErrQuota] when the guild has muted too much.
func (s *Store) Mute(ctx context.Context, m quiet.Mute) error {
	return s.write(ctx, "mute", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO guilds (id, name, joined_at) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING", m.Guild, ms(m.Created))
		if err != nil {
			return fmt.Errorf("save guild: %w", err)
		}
		if err := lockGuildChannels(ctx, tx, s.db, m.Guild); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM mutes WHERE guild = $1 AND until_at <= $2", m.Guild, ms(m.Created)); err != nil {
			return fmt.Errorf("forget old mutes: %w", err)
		}
		if m.Story, err = whole(ctx, tx, m.Story); err != nil {
			return fmt.Errorf("find the whole story: %w", err)
		}
		var count int
		err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM mutes WHERE guild = $1 AND NOT (story = $2 AND topic = $3)", m.Guild, int64(m.Story), string(m.Topic)).Scan(&count)
		switch {
		case err != nil:
			return err
		case count >= quiet.MaxMutes:
			return quiet.ErrQuota
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO mutes (guild, story, topic, until_at, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (guild, story, topic) DO UPDATE SET until_at = excluded.until_at, created_by = excluded.created_by, created_at = excluded.created_at`,
			m.Guild, int64(m.Story), string(m.Topic), ms(m.Until), m.CreatedBy, ms(m.Created))
		if err == nil {
			err = s.noteMute(ctx, tx, guild.ActMute, m)
		}
		if err != nil || m.Story == 0 {
			return err
		}
		return silence(ctx, tx, m)
	})
}

// noteMute notes that what m names is muted, or no longer. A story is named by its
// title.
func (s *Store) noteMute(ctx context.Context, tx querier, act guild.Act, m quiet.Mute) error {
	c := guild.Change{Guild: m.Guild, Act: act, Topic: m.Topic}
	if m.Story != 0 {
		err := tx.QueryRowContext(ctx, "SELECT title FROM stories WHERE id = $1", int64(m.Story)).Scan(&c.Detail)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	return s.audit(ctx, tx, c)
}

// silence ends what waits to be told of a story in a guild.
func silence(ctx context.Context, tx querier, m quiet.Mute) error {
	const of = "alert IN (SELECT id FROM alerts WHERE guild = $1 AND story = $2)"
	rows, err := tx.QueryContext(ctx, `
		UPDATE deliveries SET state = 'expired', reason = $4, settled_at = $3, due_at = $3
		WHERE settled_at = 0 AND state = 'pending' AND doubt = 0 AND kind = 'reply' AND `+of+" RETURNING channel",
		m.Guild, int64(m.Story), ms(m.Created), string(alert.ReasonMuted))
	channels, err := collect(rows, err, scanOne[string])
	if err != nil {
		return fmt.Errorf("end replies: %w", err)
	}
	if err := reseatChannels(ctx, tx, m.Created, channels); err != nil {
		return err
	}
	for _, text := range []string{
		"UPDATE edits SET wanted = told WHERE wanted > told AND ",
		"UPDATE held SET told = -1 WHERE told = 0 AND ",
	} {
		if _, err := tx.ExecContext(ctx, text+of, m.Guild, int64(m.Story)); err != nil {
			return fmt.Errorf("end what waits: %w", err)
		}
	}
	return nil
}

// copyMutes has those who muted a story hear no more of another one either. Of two
// mutes of a guild the one that lasts longer stays. What guilds may mute at most
// does not count here: nobody asked for more.
func copyMutes(ctx context.Context, tx querier, now time.Time, to, from int64) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO mutes (guild, story, topic, until_at, created_by, created_at)
		SELECT guild, CAST($1 AS BIGINT), topic, until_at, created_by, created_at FROM mutes WHERE story = $2 AND until_at > $3
		ON CONFLICT (guild, story, topic) DO UPDATE SET until_at = excluded.until_at, created_by = excluded.created_by, created_at = excluded.created_at
			WHERE mutes.until_at < excluded.until_at`, to, from, ms(now))
	if err != nil {
		return fmt.Errorf("copy mutes of a story: %w", err)
	}
	return nil
}

// joinMutes hands the mutes of a story over to the one that it has become a part
// of, and ends what waits to be told of either where one was muted.
func joinMutes(ctx context.Context, tx querier, now time.Time, into, from int64) error {
	if err := copyMutes(ctx, tx, now, into, from); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM mutes WHERE story = $1", from); err != nil {
		return fmt.Errorf("hand over mutes: %w", err)
	}
	rows, err := tx.QueryContext(ctx, "SELECT guild FROM mutes WHERE story = $1 AND until_at > $2 ORDER BY guild", into, ms(now))
	guilds, err := collect(rows, err, scanOne[string])
	if err != nil {
		return fmt.Errorf("read who muted a story: %w", err)
	}
	for _, g := range guilds {
		for _, id := range []int64{into, from} {
			if err := silence(ctx, tx, quiet.Mute{Guild: g, Story: story.ID(id), Created: now}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Unmute has a guild hear again of what m names, or returns [quiet.ErrNotFound].
// Messages of a story are brought up to date.
func (s *Store) Unmute(ctx context.Context, now time.Time, m quiet.Mute) error {
	return s.write(ctx, "unmute", func(ctx context.Context, tx *sql.Tx) (err error) {
		if m.Story, err = whole(ctx, tx, m.Story); err != nil {
			return fmt.Errorf("find the whole story: %w", err)
		}
		err = one(tx.ExecContext(ctx, "DELETE FROM mutes WHERE guild = $1 AND story = $2 AND topic = $3 AND until_at > $4",
			m.Guild, int64(m.Story), string(m.Topic), ms(now)))
		if errors.Is(err, archive.ErrNotFound) {
			return quiet.ErrNotFound
		}
		if err == nil {
			err = s.noteMute(ctx, tx, guild.ActUnmute, m)
		}
		if err != nil || m.Story == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE edits SET wanted = (SELECT t.revision FROM tellings t WHERE t.story = $2)
			WHERE alert IN (SELECT id FROM alerts WHERE guild = $1 AND story = $2)
			AND wanted < (SELECT COALESCE(MAX(t.revision), 0) FROM tellings t WHERE t.story = $2)`, m.Guild, int64(m.Story))
		if err != nil {
			return fmt.Errorf("wish edits: %w", err)
		}
		tell(ctx, NewsDeliveries)
		return nil
	})
}

// Pause has a channel get nothing until a time; a pause that lasts is changed. It
// returns [guild.ErrForeignChannel] when the channel is known in another guild.
func (s *Store) Pause(ctx context.Context, guildID, channel string, p quiet.Pause) error {
	return s.changeQuiet(ctx, guild.ActPause, guildID, channel, p.Since, `
		INSERT INTO quiets (channel, guild, paused_at, paused_until, paused_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (channel) DO UPDATE SET paused_at = excluded.paused_at, paused_until = excluded.paused_until, paused_by = excluded.paused_by`,
		ms(p.Since), ms(p.Until), p.By)
}

// SetHours gives a channel quiet hours instead of those that it has. Its errors
// are [quiet.ErrHours] and [guild.ErrForeignChannel].
func (s *Store) SetHours(ctx context.Context, guildID, channel string, h quiet.Hours) error {
	if err := h.Validate(); err != nil {
		return err
	}
	through, err := listJSON(h.Through)
	if err != nil {
		return err
	}
	return s.changeQuiet(ctx, guild.ActQuiet, guildID, channel, h.Set, `
		INSERT INTO quiets (channel, guild, days, from_minute, to_minute, zone, through, hours_by, hours_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (channel) DO UPDATE SET days = excluded.days, from_minute = excluded.from_minute, to_minute = excluded.to_minute,
			zone = excluded.zone, through = excluded.through, hours_by = excluded.hours_by, hours_at = excluded.hours_at`,
		int64(h.Days), h.From, h.To, h.Zone.String(), through, h.By, ms(h.Set))
}

// changeQuiet runs a statement about a channel, whose first two arguments are the
// channel and its guild, and has what waits for a summary looked at again.
func (s *Store) changeQuiet(ctx context.Context, act guild.Act, guildID, channel string, now time.Time, text string, args ...any) error {
	return s.write(ctx, "change "+string(act), func(ctx context.Context, tx *sql.Tx) error {
		if err := lockGuild(ctx, tx, s.db, guildID); err != nil {
			return err
		}
		if err := ownChannel(ctx, tx, guildID, channel); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, text, append([]any{channel, guildID}, args...)...); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, guild.Change{Guild: guildID, Act: act, Channel: channel}); err != nil {
			return err
		}
		return lookAgain(ctx, tx, now, channel)
	})
}

// lookAgain has what waits in a channel looked at now.
func lookAgain(ctx context.Context, tx querier, now time.Time, channel string) error {
	_, err := tx.ExecContext(ctx, "UPDATE held SET due_at = $2 WHERE channel = $1 AND told = 0", channel, ms(now))
	if err != nil {
		return fmt.Errorf("look at held alerts again: %w", err)
	}
	return nil
}

// Resume ends a channel's pause and returns how many stories its summary will
// tell, or [quiet.ErrNotFound] when the channel is not paused.
func (s *Store) Resume(ctx context.Context, now time.Time, guildID, channel string) (held int, err error) {
	err = s.endQuiet(ctx, now, guild.Change{Guild: guildID, Act: guild.ActResume, Channel: channel},
		"UPDATE quiets SET paused_at = 0, paused_until = 0, paused_by = '' WHERE guild = $1 AND channel = $2 AND paused_at <> 0 AND paused_until > $3", &held,
		guildID, channel, ms(now))
	return held, err
}

// ClearHours ends a channel's quiet hours and returns how many stories its summary
// will tell, or [quiet.ErrNotFound] when it has none.
func (s *Store) ClearHours(ctx context.Context, now time.Time, guildID, channel string) (held int, err error) {
	err = s.endQuiet(ctx, now, guild.Change{Guild: guildID, Act: guild.ActQuiet, Channel: channel},
		"UPDATE quiets SET days = 0, through = '[]' WHERE guild = $1 AND channel = $2 AND days <> 0", &held, guildID, channel)
	return held, err
}

func (s *Store) endQuiet(ctx context.Context, now time.Time, c guild.Change, text string, held *int, args ...any) error {
	return s.write(ctx, "end "+string(c.Act), func(ctx context.Context, tx *sql.Tx) error {
		err := one(tx.ExecContext(ctx, text, args...))
		if errors.Is(err, archive.ErrNotFound) {
			return quiet.ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := errors.Join(lookAgain(ctx, tx, now, c.Channel), s.audit(ctx, tx, c)); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM held WHERE channel = $1 AND told = 0", c.Channel).Scan(held)
	})
}
