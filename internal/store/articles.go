package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// saveArticles puts the pages of reports that want theirs into the queue, each
// once.
func saveArticles(ctx context.Context, tx querier, now time.Time, placed []pipeline.Placed) error {
	var args []any
	for _, p := range placed {
		if p.Article {
			args = append(args, int64(p.Placement.Report), string(article.Waits), ms(now))
		}
	}
	err := insert{
		head: "INSERT INTO articles (report, state, due_at) VALUES", tail: "ON CONFLICT (report) DO NOTHING", cols: 3,
	}.exec(ctx, tx, args)
	if err != nil {
		return fmt.Errorf("save pages to read: %w", err)
	}
	return nil
}

// ClaimArticles implements article.Store.
func (s *Store) ClaimArticles(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]article.Wanted, error) {
	return claiming[article.Wanted]{
		op: "claim pages",
		due: `SELECT report FROM articles WHERE state = 'waits' AND due_at <= $1
			ORDER BY due_at, report LIMIT $2`,
		hold: `UPDATE articles SET attempt = attempt + 1, due_at = $1, crashes = crashes + marked, marked = 0
			WHERE report IN`,
		read: `SELECT a.report, a.attempt, a.failures, a.crashes, r.feed, r.link, r.title, r.published_at, r.seen_at
			FROM articles a JOIN reports r ON r.id = a.report WHERE a.report IN`,
		key:  "a.report",
		scan: scanWanted,
	}.claim(ctx, s, now, limit, lease)
}

func scanWanted(s scanner) (w article.Wanted, err error) {
	var published, seen int64
	err = s.Scan(&w.Report, &w.Attempt, &w.Failures, &w.Crashes, &w.Feed, &w.Link, &w.Title, &published, &seen)
	w.Told = report.Report{Published: at(published), Seen: at(seen)}.Time()
	return w, err
}

// MarkArticle implements article.Store.
func (s *Store) MarkArticle(ctx context.Context, w article.Wanted) error {
	return s.changeArticle(ctx, "mark page", false, "UPDATE articles SET marked = 1 WHERE report = $1 AND attempt = $2 AND state = 'waits'",
		int64(w.Report), w.Attempt)
}

// SettleArticle implements article.Store.
func (s *Store) SettleArticle(ctx context.Context, w article.Wanted, st article.Settlement) error {
	return s.changeArticle(ctx, "settle page", st.State == article.Read, `
		UPDATE articles SET state = $3, reason = $4, due_at = $5, failures = $6, body = $7, marked = 0
		WHERE report = $1 AND attempt = $2 AND state = 'waits'`,
		int64(w.Report), w.Attempt, string(st.State), string(st.Reason), ms(st.Due), st.Failures, storable(st.Text))
}

// changeArticle changes one page that has not been claimed again, and with news
// lets the placer know.
func (s *Store) changeArticle(ctx context.Context, op string, news bool, query string, args ...any) error {
	return s.together(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		err := one(tx.ExecContext(ctx, query, args...))
		if errors.Is(err, archive.ErrNotFound) {
			return article.ErrStale
		}
		if err == nil && news {
			tell(ctx, NewsReports)
		}
		return err
	})
}

// Bodies implements pipeline.Store.
func (s *Store) Bodies(ctx context.Context, limit int) ([]pipeline.Body, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+reportColumns+`, r.story, a.body
		FROM articles a JOIN reports r ON r.id = a.report
		WHERE a.state = 'read' AND r.story IS NOT NULL ORDER BY a.report LIMIT $1`, limit)
	out, err := collect(rows, err, func(s scanner) (b pipeline.Body, err error) {
		b.Report, err = scanReport(s, &b.Story, &b.Text)
		return b, err
	})
	if err != nil {
		return nil, s.failedRead("read articles", err)
	}
	return out, nil
}

// SaveHeard implements pipeline.Store.
func (s *Store) SaveHeard(ctx context.Context, heard []pipeline.Heard) error {
	return s.saveHeard(ctx, heard, func(context.Context, querier) error { return nil })
}

func (s *Store) saveHeard(ctx context.Context, heard []pipeline.Heard, allowed func(context.Context, querier) error) error {
	if len(heard) == 0 {
		return nil
	}
	return s.write(ctx, "save what articles say", func(ctx context.Context, tx *sql.Tx) error {
		if err := allowed(ctx, tx); err != nil {
			return err
		}
		var stories []story.Story
		var placed []pipeline.Placed
		var used []report.ID
		for _, h := range heard {
			stories, used = append(stories, h.Stories...), append(used, h.Report)
			placed = append(placed, pipeline.Placed{Tellings: h.Tellings})
		}
		if err := saveLast(ctx, tx, lastStories(stories)); err != nil {
			return err
		}
		err := inLists(used, 1, func(in string, args []any) error {
			_, err := tx.ExecContext(ctx, "UPDATE articles SET state = 'used' WHERE state = 'read' AND report IN "+in, args...)
			return err
		})
		if err != nil {
			return fmt.Errorf("note used articles: %w", err)
		}
		changed, err := s.saveTellings(ctx, tx, s.Now(), placed)
		if changed {
			tell(ctx, NewsDeliveries)
		}
		return err
	})
}
