package store

import (
	"context"
	"fmt"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// visible is the condition that rows of a table are seen by the guild that a
// placeholder gives, "" for none.
func visible(table, placeholder string) string {
	return "(" + table + ".own_feed = 0 OR " + table + ".own_feed IN (SELECT gf.feed FROM guild_feeds gf WHERE gf.guild = " + placeholder + "))"
}

func ownFeed(f feed.Feed) int64 {
	if f.Own {
		return int64(f.ID)
	}
	return 0
}

// FeedsSeenBy returns the feeds that are polled for everybody, and those that a
// guild has added, by address.
func (s *Store) FeedsSeenBy(ctx context.Context, guildID string) ([]feed.Feed, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+feedColumns+` FROM feeds
		WHERE wanted = 1 AND (own = 0 OR id IN (SELECT gf.feed FROM guild_feeds gf WHERE gf.guild = $1)) ORDER BY url`, guildID)
	out, err := collect(rows, err, scanFeed)
	if err != nil {
		return nil, s.failedRead("read feeds", err)
	}
	return out, nil
}

// FeedGuilds implements pipeline.Store.
func (s *Store) FeedGuilds(ctx context.Context, feeds []int64) (map[int64][]string, error) {
	out := make(map[int64][]string, len(feeds))
	err := inLists(feeds, 1, func(in string, args []any) error {
		rows, err := s.read.QueryContext(ctx, "SELECT feed, guild FROM guild_feeds WHERE feed IN "+in+" ORDER BY guild", args...)
		_, err = collect(rows, err, func(s scanner) (id int64, err error) {
			var g string
			if err := s.Scan(&id, &g); err != nil {
				return id, err
			}
			out[id] = append(out[id], g)
			return id, nil
		})
		return err
	})
	if err != nil {
		return nil, s.failedRead("read who has added feeds", err)
	}
	return out, nil
}

// UnseenStories implements upkeep.Store.
func (s *Store) UnseenStories(ctx context.Context, limit int) ([]story.ID, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT s.id FROM stories s WHERE s.own_feed <> 0 AND s.own_feed NOT IN (SELECT gf.feed FROM guild_feeds gf)
		AND NOT EXISTS (SELECT 1 FROM alerts a JOIN deliveries d ON d.alert = a.id WHERE a.story = s.id AND d.settled_at = 0)
		ORDER BY s.id LIMIT $1`, limit)
	out, err := collect(rows, err, scanOne[story.ID])
	if err != nil {
		return nil, s.failedRead("find what nobody sees", err)
	}
	return out, nil
}

// own are the numbers of a guild's own feeds; none without a guild.
func own(ctx context.Context, db querier, guildID string) ([]int64, error) {
	if guildID == "" {
		return nil, nil
	}
	rows, err := db.QueryContext(ctx, "SELECT feed FROM guild_feeds WHERE guild = $1 ORDER BY feed", guildID)
	out, err := collect(rows, err, scanOne[int64])
	if err != nil {
		return nil, fmt.Errorf("read feeds of guild: %w", err)
	}
	return out, nil
}

// seenReports leaves those of reports that a guild sees.
func seenReports(ctx context.Context, db querier, guildID string, ids []report.ID) ([]report.ID, error) {
	var out []report.ID
	err := inLists(ids, 2, func(in string, args []any) error {
		rows, err := db.QueryContext(ctx, "SELECT r.id FROM reports r WHERE "+visible("r", "$1")+" AND r.id IN "+in+" ORDER BY r.id",
			append([]any{guildID}, args...)...)
		some, err := collect(rows, err, scanOne[report.ID])
		out = append(out, some...)
		return err
	})
	return out, err
}
