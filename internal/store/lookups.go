package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// maxListings bounds one page of a look-up.
const maxListings = 200

// RecentQuery asks for the newest stories.
type RecentQuery struct {
	// Topic is the topic that they bear; empty for stories that bear any.
	Topic topic.ID
	// Limit is how many to return, at most 200.
	Limit int
	// Before is the report of the last listing of the page before; zero for the
	// first page.
	Before report.ID
}

// Recent returns the newest stories that bear a topic, by the time that they
// opened at, newest first, each with the report that opened it. What a new feed
// had to tell of last week does not come before today's. Reports come without
// keys.
func (s *Store) Recent(ctx context.Context, q RecentQuery) ([]story.Listing, error) {
	var out []story.Listing
	err := s.snapshot(ctx, "read recent stories", func(tx querier) error {
		opened, id, err := openedBefore(ctx, tx, q.Before)
		if err != nil {
			return err
		}
		// EXISTS lets the newest stories be tried one after the other, by their
		// index, instead of sorting all that bear the topic. Few bear a guild's own.
		bearing, which := "EXISTS (SELECT 1 FROM story_topics t WHERE t.story = s.id AND ($3 = '' OR t.topic = $3))", any(string(q.Topic))
		if number, ok := guild.TopicNumber(q.Topic); ok {
			bearing, which = "s.id IN (SELECT m.story FROM own_matches m WHERE m.topic = $3)", number
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT s.lead FROM stories s WHERE (s.opened_at, s.id) < ($1, $2) AND `+bearing+`
			ORDER BY s.opened_at DESC, s.id DESC LIMIT $4`, opened, id, which, page(q.Limit))
		ids, err := collect(rows, err, scanOne[report.ID])
		if err != nil {
			return err
		}
		out, err = listings(ctx, tx, ids)
		return err
	})
	return out, err
}

// openedBefore returns the place of a listing among the stories by age; the
// first page, or a listing that is gone, is after all of them.
func openedBefore(ctx context.Context, tx querier, listing report.ID) (opened, id int64, err error) {
	if listing <= 0 {
		return math.MaxInt64, math.MaxInt64, nil
	}
	err = tx.QueryRowContext(ctx, "SELECT s.opened_at, s.id FROM reports r JOIN stories s ON s.id = r.story WHERE r.id = $1", int64(listing)).Scan(&opened, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return math.MaxInt64, math.MaxInt64, nil
	}
	return opened, id, err
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
	// Text is what a person typed: words that must all occur, and "phrases".
	Text  string
	Order Order
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
	phrases, err := parseSearch(storable(q.Text))
	if err != nil {
		return nil, fmt.Errorf("search reports: %w", err)
	}
	f := find{phrases: phrases, before: report.ID(before(q.Before)), limit: page(q.Limit), skip: max(0, q.Skip), among: MaxRanked}
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
