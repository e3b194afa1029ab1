package store

import (
	"context"
	"errors"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
)

// Trend counts the stories that opened in each span, oldest first.
func (s *Store) Trend(ctx context.Context, q archive.Trend) ([]int, error) {
	step := q.Step.Milliseconds()
	if step < 1 || q.Steps < 1 || q.Steps > archive.MaxSteps {
		return nil, errors.New("count stories: a trend has 1 to 1000 steps of a millisecond or more")
	}
	bearing, which := "EXISTS (SELECT 1 FROM story_topics t WHERE t.story = s.id AND ($4 = '' OR t.topic = $4))", any(string(q.Topic))
	if number, ok := guild.TopicNumber(q.Topic); ok {
		bearing, which = "s.id IN (SELECT m.story FROM own_matches m WHERE m.topic = $4)", number
	}
	from := ms(q.From)
	rows, err := s.read.QueryContext(ctx, `
		SELECT (s.opened_at - $1) / $2 AS span, COUNT(*) FROM stories s
		WHERE s.opened_at >= $1 AND s.opened_at < $3 AND `+bearing+" AND "+visible("s", "$5")+" GROUP BY span",
		from, step, from+step*int64(q.Steps), which, q.Guild)
	out := make([]int, q.Steps)
	_, err = collect(rows, err, func(s scanner) (n int, err error) {
		var span int
		if err := s.Scan(&span, &n); err != nil {
			return 0, err
		}
		out[span] = n
		return n, nil
	})
	if err != nil {
		return nil, s.failedRead("count stories", err)
	}
	return out, nil
}
