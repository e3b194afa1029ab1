package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// maxListings bounds one page of a look-up.
const maxListings = 200

// RecentQuery asks for the newest stories. What is zero does not limit.
type RecentQuery struct {
	// Guild is who asks: it also sees what its own feeds tell. Nobody does when it
	// is empty.
	Guild string
	// Topic is the topic that they bear; empty for stories that bear any.
	Topic topic.ID
	// Since is when they opened at the earliest.
	Since time.Time
	// Source is an outlet that tells them.
	Source source.ID
	// Standing is what their parties' words add up to; a story in which nobody was
	// heard is [story.Reported].
	Standing story.Standing
	// Keep chooses by the report that opened the story; nil keeps all. It is asked
	// about [MaxChosen] stories at most.
	Keep func(report.Report) bool
	// Limit is how many to return, at most 200.
	Limit int
	// Before is the report of the last listing of the page before; zero for the
	// first page.
	Before report.ID
}

// MaxChosen is among how many of the newest stories [RecentQuery.Keep] chooses. It
// bounds what it costs to ask for what there is hardly any of.
const MaxChosen = 10_000

// Recent returns the newest stories that bear a topic, by the time that they
// opened at, newest first, each with the report that opened it. What a new feed
// had to tell of last week does not come before today's. Reports come without
// keys.
func (s *Store) Recent(ctx context.Context, q RecentQuery) ([]story.Listing, error) {
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
		for asked := 0; len(out) < limit && asked < MaxChosen; asked += maxListings {
			var some []story.Listing
			if some, at, err = recent(ctx, tx, q, at, maxListings); err != nil {
				return err
			}
			for _, l := range some {
				if len(out) < limit && q.Keep(l.Report) {
					out = append(out, l)
				}
			}
			if len(some) < maxListings {
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
func recent(ctx context.Context, tx querier, q RecentQuery, at place, limit int) ([]story.Listing, place, error) {
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

// Order says which of the reports that a search finds come first.
type Order int

const (
	// Newest puts the newest first.
	Newest Order = iota
	// Relevant puts those first that say most of what was asked for, and of equal
	// ones the newer. Of very many only the newest are ranked, [MaxRanked].
	Relevant
)

// MaxRanked is among how many of the newest reports that hold all words the most
// relevant are chosen. It bounds what a search for a word costs that is in every
// report.
const MaxRanked = 1000

// SearchQuery asks for reports by their words.
type SearchQuery struct {
	// Guild is as in [RecentQuery].
	Guild string
	// Text is what a person typed: words that must all occur, and "phrases".
	Text  string
	Order Order
	// Holds, if set, chooses the reports instead of Text, newest first, among the
	// newest [MaxChosen] that are placed.
	Holds func(query.Read) bool
	// Limit is how many to return, at most 200.
	Limit int
	// Before is the last report of the page before, where the newest come first;
	// zero for the first page.
	Before report.ID
	// Skip is how many were on the pages before, where the most relevant come
	// first. Reports that came in between may move others to the next page.
	Skip int
}

// Search returns the reports that hold all words and phrases of the text in
// title, description or body, placed or not. No text can break it; one without
// words gives [ErrNoWords]. Reports come without keys.
//
// Both engines find the same reports. Newest first they come in the same order;
// the most relevant first they may not, since each engine has its own measure.
func (s *Store) Search(ctx context.Context, q SearchQuery) ([]story.Listing, error) {
	if q.Holds != nil {
		return s.choose(ctx, q)
	}
	phrases, err := parseSearch(storable(q.Text))
	if err != nil {
		return nil, fmt.Errorf("search reports: %w", err)
	}
	f := find{phrases: phrases, before: report.ID(before(q.Before)), limit: page(q.Limit), skip: max(0, q.Skip), among: MaxRanked}
	if f.own, err = own(ctx, s.pools.read, q.Guild); err != nil {
		return nil, s.failedRead("search reports", err)
	}
	look := s.engine.search
	if q.Order == Relevant {
		look = s.engine.rank
	}
	// Without a transaction: what is deleted between the two is left out.
	ids, err := look(ctx, s.pools.read, f)
	if err != nil {
		return nil, s.failedRead("search reports", err)
	}
	out, err := listings(ctx, s.pools.read, ids)
	if err != nil {
		return nil, s.failedRead("search reports", err)
	}
	return out, nil
}

// choose finds reports by looking at one after the other.
func (s *Store) choose(ctx context.Context, q SearchQuery) ([]story.Listing, error) {
	const step = 500
	var out []story.Listing
	err := s.snapshot(ctx, "search reports", func(tx querier) error {
		var ids []report.ID
		from, limit := before(q.Before), page(q.Limit)
		for asked := 0; len(ids) < limit && asked < MaxChosen; asked += step {
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

func page(limit int) int { return max(0, min(limit, maxListings)) }

// listings reads reports with their stories, in the order of ids. A report comes
// in a row for each topic of its story.
func listings(ctx context.Context, tx querier, ids []report.ID) ([]story.Listing, error) {
	byReport := make(map[report.ID]story.Listing, len(ids))
	err := inLists(ids, 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+reportColumns+`, COALESCE(r.story, 0), COALESCE(t.topic, ''), COALESCE(t.stage, ''), COALESCE(s.standing, '')
			FROM reports r LEFT JOIN stories s ON s.id = r.story LEFT JOIN story_topics t ON t.story = r.story WHERE r.id IN `+in+" ORDER BY r.id, t.position", args...)
		_, err = collect(rows, err, func(s scanner) (l story.Listing, err error) {
			var of story.ID
			var ts story.TopicStage
			var standing story.Standing
			r, err := scanReport(s, &of, &ts.Topic, &ts.Stage, &standing)
			l = byReport[r.ID]
			l.Report, l.Story, l.Standing = r, of, standing
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
