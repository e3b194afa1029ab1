package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/source"
)

// A guild's own feed is polled like the catalogue's, and what it brings is marked
// with it (own_feed): reports, their words, and the stories that they alone tell.
// Whoever reads those for a guild leaves out what is marked with a feed that the
// guild has not added; whoever names no guild gets what everybody sees.

// wantedByGuilds is the condition that a guild which has the bot has added a feed.
const wantedByGuilds = `EXISTS (SELECT 1 FROM guild_feeds gf JOIN guilds g ON g.id = gf.guild
	WHERE gf.feed = feeds.id AND g.left_at = 0)`

// AddFeed adds a feed for a guild and returns it. It is polled at once, and what
// it holds by then stays quiet, unless other guilds have it already. Errors are
// [guild.ErrFeedKnown], [guild.ErrFeedExists], [guild.ErrFeedQuota],
// [guild.ErrFeedsFull] and [*guild.TooSoonError].
func (s *Store) AddFeed(ctx context.Context, n guild.NewFeed) (guild.Feed, error) {
	n.Title = storable(n.Title)
	var out guild.Feed
	err := s.write(ctx, "add feed", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO guilds (id, name, joined_at) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING", n.Guild, ms(n.At))
		if err != nil {
			return fmt.Errorf("save guild: %w", err)
		}
		if err := lockGuild(ctx, tx, s.db, n.Guild); err != nil {
			return err
		}
		if err := s.inTurn(ctx, tx, "feeds"); err != nil { // two guilds may add one address
			return err
		}
		id, err := addable(ctx, tx, n)
		if err != nil {
			return err
		}
		if err := admit(ctx, tx, n.Guild, guild.AddsFeed, 1, n.At); err != nil {
			return err
		}
		if id == 0 {
			id, err = newFeed(ctx, tx, n)
		} else {
			err = renew(ctx, tx, id, n)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO guild_feeds (guild, feed, added_by, added_at) VALUES ($1, $2, $3, $4)",
			n.Guild, int64(id), n.By, ms(n.At))
		if err != nil {
			return fmt.Errorf("save feed of guild: %w", err)
		}
		f, err := scanFeed(tx.QueryRowContext(ctx, "SELECT "+feedColumns+" FROM feeds WHERE id = $1", int64(id)))
		if err != nil {
			return fmt.Errorf("read feed: %w", err)
		}
		out = guild.Feed{Feed: f, AddedBy: n.By, Added: at(ms(n.At))}
		return s.audit(ctx, tx, guild.Change{Guild: n.Guild, Act: guild.ActFeedAdd, Detail: n.Title})
	})
	return out, err
}

// addable returns the record of a feed that may be added, 0 when there is none
// yet, or why it may not.
func addable(ctx context.Context, tx querier, n guild.NewFeed) (feed.ID, error) {
	id, err := feedAt(ctx, tx, n)
	if err != nil {
		return 0, err
	}
	var has, count, all int
	err = tx.QueryRowContext(ctx, `
		SELECT COALESCE(SUM(CASE WHEN guild = $1 AND feed = $2 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN guild = $1 THEN 1 ELSE 0 END), 0),
			(SELECT COUNT(*) FROM feeds WHERE own = 1 AND wanted = 1)
		FROM guild_feeds`, n.Guild, int64(id)).Scan(&has, &count, &all)
	switch {
	case err != nil:
		return 0, fmt.Errorf("count feeds: %w", err)
	case has > 0:
		return 0, guild.ErrFeedExists
	case count >= guild.MaxFeeds:
		return 0, guild.ErrFeedQuota
	}
	if id != 0 {
		var wanted bool
		if err := tx.QueryRowContext(ctx, "SELECT wanted = 1 FROM feeds WHERE id = $1", int64(id)).Scan(&wanted); err != nil || wanted {
			return id, err
		}
	}
	if all >= n.Room {
		return 0, guild.ErrFeedsFull
	}
	return id, nil
}

// feedAt finds the feed at the new one's addresses, however they are written: the
// catalogue's are refused, and of guilds' own ones that of the address itself
// comes first.
func feedAt(ctx context.Context, tx querier, n guild.NewFeed) (feed.ID, error) {
	type match struct {
		id     feed.ID
		common bool // the catalogue's
		url    string
	}
	var best feed.ID
	err := inLists(spellings(n), 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT id, CASE WHEN own = 0 AND wanted = 1 THEN 1 ELSE 0 END, url FROM feeds WHERE url IN "+in+
			" OR (wanted = 1 AND moved_to <> '' AND moved_to IN "+in+") ORDER BY id", args...)
		found, err := collect(rows, err, func(s scanner) (m match, err error) {
			return m, s.Scan(&m.id, &m.common, &m.url)
		})
		for _, m := range found {
			if m.common {
				return guild.ErrFeedKnown
			}
			if best == 0 || m.url == n.URL {
				best = m.id
			}
		}
		return err
	})
	return best, err
}

// spellings are the addresses of a new feed, each with the other scheme and with
// and without the slash at its end.
func spellings(n guild.NewFeed) []string {
	var out []string
	seen := map[string]bool{}
	for _, u := range append([]string{n.URL}, n.Also...) {
		rest, ok := strings.CutPrefix(u, "https://")
		if !ok {
			rest = strings.TrimPrefix(u, "http://")
		}
		rest = strings.TrimSuffix(rest, "/")
		for _, s := range []string{"https://" + rest, "http://" + rest, "https://" + rest + "/", "http://" + rest + "/"} {
			if !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}

func newFeed(ctx context.Context, tx querier, n guild.NewFeed) (feed.ID, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `
		INSERT INTO feeds (url, source, own, title, every_ms, next_at, state, since_at, next_reason)
		VALUES ($1, '', 1, $2, $3, $4, $5, $4, $6) RETURNING id`,
		n.URL, n.Title, n.Every.Milliseconds(), ms(n.At), string(feed.New), string(feed.DueNew)).Scan(&id)
	if err == nil {
		_, err = tx.ExecContext(ctx, "UPDATE feeds SET source = $2 WHERE id = $1", id, string(source.Own(id, n.Title)))
	}
	if err != nil {
		return 0, fmt.Errorf("save feed: %w", err)
	}
	return feed.ID(id), nil
}

// renew makes a feed an own one that is not polled: nobody saw what it held
// meanwhile, so that stays quiet.
func renew(ctx context.Context, tx querier, id feed.ID, n guild.NewFeed) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE feeds SET own = 1, wanted = 1, title = $2, source = $3, next_at = $4, state = $5, reason = '', since_at = $4, next_reason = $6,
			failures = 0, succeeded_at = 0, etag = '', last_modified = '', body_hash = ''
		WHERE id = $1 AND wanted = 0`,
		int64(id), n.Title, string(source.Own(int64(id), n.Title)), ms(n.At), string(feed.New), string(feed.DueNew))
	if err != nil {
		return fmt.Errorf("renew feed: %w", err)
	}
	return nil
}

// adopt makes own feeds the catalogue's that it has now. Its source is another
// one, under which nothing is known, so that what it holds stays quiet.
func adopt(ctx context.Context, tx querier, feeds []feed.Feed) error {
	urls := make([]string, len(feeds))
	for i, f := range feeds {
		urls[i] = f.URL
	}
	err := inLists(urls, 1, func(in string, args []any) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE feeds SET own = 0, wanted = 0, succeeded_at = 0, etag = '', last_modified = '', body_hash = ''
			WHERE own = 1 AND url IN `+in, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("adopt own feeds: %w", err)
	}
	return nil
}

// handBack makes feeds that the catalogue has no more those of the guilds that
// have added them.
func handBack(ctx context.Context, tx querier, now time.Time) error {
	rows, err := tx.QueryContext(ctx, "SELECT id, url, title FROM feeds WHERE wanted = 2 AND "+wantedByGuilds)
	found, err := collect(rows, err, func(s scanner) (f feed.Feed, err error) {
		return f, s.Scan(&f.ID, &f.URL, &f.Title)
	})
	if err != nil {
		return fmt.Errorf("find feeds to hand back: %w", err)
	}
	for _, f := range found {
		if _, err := tx.ExecContext(ctx, "UPDATE feeds SET wanted = 0 WHERE id = $1", int64(f.ID)); err != nil {
			return fmt.Errorf("hand back feed: %w", err)
		}
		if err := renew(ctx, tx, f.ID, guild.NewFeed{Title: cmp.Or(f.Title, f.URL), At: now}); err != nil {
			return err
		}
	}
	return nil
}

// RemoveFeed takes a feed from a guild, or returns [guild.ErrFeedNotFound]. Alerts
// that tell of it tell nothing new. When no guild has it, it is polled no more.
func (s *Store) RemoveFeed(ctx context.Context, guildID string, id feed.ID) error {
	return s.write(ctx, "remove feed", func(ctx context.Context, tx *sql.Tx) error {
		if err := lockGuild(ctx, tx, s.db, guildID); err != nil {
			return err
		}
		err := one(tx.ExecContext(ctx, "DELETE FROM guild_feeds WHERE guild = $1 AND feed = $2", guildID, int64(id)))
		if errors.Is(err, archive.ErrNotFound) {
			return guild.ErrFeedNotFound
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM edits WHERE alert IN (
				SELECT a.id FROM stories st JOIN alerts a ON a.story = st.id WHERE st.own_feed = $2 AND a.guild = $1)`, guildID, int64(id))
		if err != nil {
			return fmt.Errorf("end edits: %w", err)
		}
		if err := unwant(ctx, tx); err != nil {
			return err
		}
		var title string
		if err := tx.QueryRowContext(ctx, "SELECT title FROM feeds WHERE id = $1", int64(id)).Scan(&title); err != nil {
			return fmt.Errorf("read feed: %w", err)
		}
		return s.audit(ctx, tx, guild.Change{Guild: guildID, Act: guild.ActFeedRemove, Detail: title})
	})
}

// unwant has own feeds polled no more that no guild has.
func unwant(ctx context.Context, tx querier) error {
	_, err := tx.ExecContext(ctx, "UPDATE feeds SET wanted = 0 WHERE own = 1 AND wanted = 1 AND NOT "+wantedByGuilds)
	if err != nil {
		return fmt.Errorf("stop polling: %w", err)
	}
	return nil
}

// rewant has a guild's own feeds polled while a guild that has the bot has added
// them. It is for when that of the guild has changed.
func rewant(ctx context.Context, tx querier, guildID string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE feeds SET wanted = CASE WHEN `+wantedByGuilds+` THEN 1 ELSE 0 END
		WHERE own = 1 AND id IN (SELECT o.feed FROM guild_feeds o WHERE o.guild = $1)`, guildID)
	if err != nil {
		return fmt.Errorf("poll feeds of the guild: %w", err)
	}
	return nil
}

// GuildFeeds returns the feeds that a guild has added, by title. One that the
// catalogue has meanwhile is no longer Own.
func (s *Store) GuildFeeds(ctx context.Context, guildID string) ([]guild.Feed, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+prefixed("f.", strings.Join(strings.Fields(feedColumns), " "))+`, gf.added_by, gf.added_at
		FROM guild_feeds gf JOIN feeds f ON f.id = gf.feed WHERE gf.guild = $1 ORDER BY f.title, f.id`, guildID)
	out, err := collect(rows, err, func(s scanner) (f guild.Feed, err error) {
		var added int64
		f.Feed, err = scanFeed(more{s, []any{&f.AddedBy, &added}})
		f.Added = at(added)
		return f, err
	})
	if err != nil {
		return nil, s.failedRead("read feeds of guild", err)
	}
	return out, nil
}

// more scans further columns after those that are asked for.
type more struct {
	scanner
	dest []any
}

// Scan implements scanner.
func (m more) Scan(dest ...any) error { return m.scanner.Scan(append(dest, m.dest...)...) }

// ForgetFeeds implements upkeep.Store. A feed's row stays for what refers to it.
func (s *Store) ForgetFeeds(ctx context.Context) error {
	return s.write(ctx, "forget feeds", func(ctx context.Context, tx *sql.Tx) error {
		const forgotten = `own = 1 AND wanted = 0 AND title <> '' AND NOT EXISTS (SELECT 1 FROM guild_feeds gf WHERE gf.feed = feeds.id)
			AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.own_feed = feeds.id AND r.own_feed <> 0)`
		if _, err := tx.ExecContext(ctx, "DELETE FROM websub WHERE feed IN (SELECT id FROM feeds WHERE "+forgotten+")"); err != nil {
			return err
		}
		// Their hosts took turns, which are over.
		if _, err := tx.ExecContext(ctx, "DELETE FROM turns WHERE name LIKE 'host %' AND next_at < $1", ms(s.Now().Add(-time.Hour))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE feeds SET url = 'removed:' || id, title = '', source = 'own:' || id || ':', moved_to = '', move_target = '',
			hub = '', self = '', etag = '', last_modified = '' WHERE `+forgotten)
		return err
	})
}
