package store

import (
	"cmp"
	"context"
	"fmt"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// Telling implements pipeline.Store. A third of the reports are the first ones. A
// report whose page was read has the beginning of that for its body, where its
// feed gave none.
func (s *Store) Telling(ctx context.Context, id story.ID, limit int) ([]report.Report, error) {
	first := limit / 3
	rows, err := s.read.QueryContext(ctx, "SELECT "+reportColumns+`, COALESCE(p.body, '')
		FROM reports r LEFT JOIN articles p ON p.report = r.id WHERE r.id IN (
			SELECT id FROM (SELECT id FROM reports WHERE story = $1 ORDER BY id LIMIT $2) a
			UNION SELECT id FROM (SELECT id FROM reports WHERE story = $1 ORDER BY id DESC LIMIT $3) b
		) ORDER BY r.id`, int64(id), first, limit-first)
	out, err := collect(rows, err, func(s scanner) (report.Report, error) {
		var body string
		r, err := scanReport(s, &body)
		r.Body = cmp.Or(r.Body, body)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what tells story %d: %w", id, err)
	}
	return out, nil
}
