package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// Recent returns the newest stories that bear a topic, by the time that they
// opened at, newest first, each with the report that opened it. What a new feed
// had to tell of last week does not come before today's. Reports come without
// keys.
func (s *Store) Recent(ctx context.Context, q archive.Recent) ([]story.Listing, error) {
	var out []story.Listing
	err := s.snapshot(ctx, "read recent stories", func(tx querier) error {
		out = nil
		at := place{math.MaxInt64, math.MaxInt64}
		var err error
		if q.Before > 0 {
			if at, err = openedBefore(ctx, tx, q.Before); err != nil {
				return err
			}
		}
		limit := page(q.Limit)
		if q.Keep == nil {
			out, _, err = recent(ctx, tx, q, at, limit)
			return err
		}
		for asked := 0; len(out) < limit && asked < archive.MaxChosen; asked += archive.MaxListings {
			var some []story.Listing
			if some, at, err = recent(ctx, tx, q, at, archive.MaxListings); err != nil {
				return err
			}
			for _, l := range some {
				if len(out) < limit && q.Keep(l.Report) {
					out = append(out, l)
				}
			}
			if len(some) < archive.MaxListings {
				break
			}
		}
		return nil
	})
	return out, err
}

// place is where a story stands among the stories by age.
type place struct{ opened, id int64 }

// recent returns the listings after a place, and the place of the last.
func recent(ctx context.Context, tx querier, q archive.Recent, at place, limit int) ([]story.Listing, place, error) {
	// EXISTS lets the newest stories be tried one after the other, by their
	// index, instead of sorting all that bear the topic. Few bear a guild's own.
	bearing, which := "EXISTS (SELECT 1 FROM story_topics t WHERE t.story = s.id AND ($3 = '' OR t.topic = $3))", any(string(q.Topic))
	if number, ok := guild.TopicNumber(q.Topic); ok {
		bearing, which = "s.id IN (SELECT m.story FROM own_matches m WHERE m.topic = $3)", number
	}
	since := int64(math.MinInt64)
	if !q.Since.IsZero() {
		since = ms(q.Since)
	}
	rows, err := tx.QueryContext(ctx, `
		SELECT s.lead, s.opened_at, s.id FROM stories s WHERE (s.opened_at, s.id) < ($1, $2) AND s.opened_at >= $5
		AND `+bearing+`
		AND ($6 = '' OR EXISTS (SELECT 1 FROM reports r WHERE r.story = s.id AND r.source = $6))
		AND ($7 = '' OR s.standing = $7 OR $7 = 'reported' AND s.standing = '')
		AND `+visible("s", "$8")+`
		ORDER BY s.opened_at DESC, s.id DESC LIMIT $4`,
		at.opened, at.id, which, limit, since, string(q.Source), string(q.Standing), q.Guild)
	ids, err := collect(rows, err, func(s scanner) (id report.ID, err error) {
		return id, s.Scan(&id, &at.opened, &at.id)
	})
	if err != nil {
		return nil, at, err
	}
	out, err := listings(ctx, tx, ids)
	return out, at, err
}

// openedBefore returns the place of a listing; one that is gone is after all of
// them.
func openedBefore(ctx context.Context, tx querier, listing report.ID) (place, error) {
	var at place
	err := tx.QueryRowContext(ctx, "SELECT s.opened_at, s.id FROM reports r JOIN stories s ON s.id = r.story WHERE r.id = $1", int64(listing)).Scan(&at.opened, &at.id)
	if errors.Is(err, sql.ErrNoRows) {
		return place{math.MaxInt64, math.MaxInt64}, nil
	}
	return at, err
}

// Search returns the reports that hold all words and phrases of the text in
// title, description or body, placed or not. No text can break it; one without
// words gives [archive.ErrNoWords]. Reports come without keys.
//
// Both engines find the same reports. Newest first they come in the same order;
// the most relevant first they may not, since each engine has its own measure.
func (s *Store) Search(ctx context.Context, q archive.Search) ([]story.Listing, error) {
	if q.Holds != nil {
		return s.choose(ctx, q)
	}
	phrases, err := parseSearch(storable(q.Text))
	if err != nil {
		return nil, fmt.Errorf("search reports: %w", err)
	}
	f := find{phrases: phrases, before: report.ID(before(q.Before)), limit: page(q.Limit), skip: max(0, q.Skip), among: archive.MaxRanked}
	if f.own, err = own(ctx, s.read, q.Guild); err != nil {
		return nil, s.failedRead("search reports", err)
	}
	look := s.index.search
	if q.Order == archive.Relevant {
		look = s.index.rank
	}
	// Without a transaction: what is deleted between the two is left out.
	ids, err := look(ctx, s.read, f)
	if err != nil {
		return nil, s.failedRead("search reports", err)
	}
	out, err := listings(ctx, s.read, ids)
	if err != nil {
		return nil, s.failedRead("search reports", err)
	}
	return out, nil
}

// choose finds reports by looking at one after the other.
func (s *Store) choose(ctx context.Context, q archive.Search) ([]story.Listing, error) {
	const step = 500
	var out []story.Listing
	err := s.snapshot(ctx, "search reports", func(tx querier) error {
		var ids []report.ID
		from, limit := before(q.Before), page(q.Limit)
		for asked := 0; len(ids) < limit && asked < archive.MaxChosen; asked += step {
			some, err := latest(ctx, tx, q.Guild, from, step)
			if err != nil {
				return err
			}
			for _, r := range some {
				if len(ids) < limit && q.Holds(r) {
					ids = append(ids, r.Report.ID)
				}
				from = int64(r.Report.ID)
			}
			if len(some) < step {
				break
			}
		}
		var err error
		out, err = listings(ctx, tx, ids)
		return err
	})
	return out, err
}

func before(id report.ID) int64 {
	if id <= 0 {
		return math.MaxInt64
	}
	return int64(id)
}

func page(limit int) int { return max(0, min(limit, archive.MaxListings)) }

// listings reads reports with their stories, in the order of ids. A report comes
// in a row for each topic of its story.
func listings(ctx context.Context, tx querier, ids []report.ID) ([]story.Listing, error) {
	byReport := make(map[report.ID]story.Listing, len(ids))
	err := inLists(ids, 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+reportColumns+`, COALESCE(r.story, 0), COALESCE(t.topic, ''), COALESCE(t.stage, ''), COALESCE(s.standing, ''), COALESCE(s.sources, 0)
			FROM reports r LEFT JOIN stories s ON s.id = r.story LEFT JOIN story_topics t ON t.story = r.story WHERE r.id IN `+in+" ORDER BY r.id, t.position", args...)
		_, err = collect(rows, err, func(s scanner) (l story.Listing, err error) {
			var of story.ID
			var ts story.TopicStage
			var standing story.Standing
			var sources int
			r, err := scanReport(s, &of, &ts.Topic, &ts.Stage, &standing, &sources)
			l = byReport[r.ID]
			l.Report, l.Story, l.Standing, l.Sources = r, of, standing, sources
			if ts.Topic != "" {
				l.Topics = append(l.Topics, ts)
			}
			byReport[r.ID] = l
			return l, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read listings: %w", err)
	}
	out := make([]story.Listing, 0, len(ids))
	for _, id := range ids {
		if l, ok := byReport[id]; ok {
			out = append(out, l)
		}
	}
	return out, nil
}
