package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
)

// FoldLate implements alert.Ledger.
//
// A delivery counts as late when its channel waits for it longer than the policy
// says. Those that are being tried, or were and may have arrived, are left to
// their outcome and count as kept. What a channel got within the window is the
// kept ones that were sent within it and those that are still open; so no
// window of that length ever sees more than Keep of them. A policy that is not
// set is refused: it would expire everything.
//
// The catch-up line of a channel grows while it waits; once a try of it may
// have arrived, its words stand and a new line is begun. It tells the time of
// the newest story it stands for, and expires with it.
func (s *Store) FoldLate(ctx context.Context, now time.Time, p alert.LatePolicy) (int, error) {
	if p.MaxAge <= 0 || p.Late <= 0 || p.Window <= 0 || p.Keep < 0 {
		return 0, fmt.Errorf("fold late deliveries: policy %+v is not set", p)
	}
	var n int
	err := s.write(ctx, "fold late deliveries", func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		if err := s.lockLate(ctx, tx, now, p); err != nil {
			return err
		}
		channels, err := expireOld(ctx, tx, now, p)
		if err != nil {
			return fmt.Errorf("expire: %w", err)
		}
		queues, err := readLate(ctx, tx, now, p)
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		got, err := readGot(ctx, tx, now, p)
		if err != nil {
			return fmt.Errorf("count: %w", err)
		}
		for _, q := range queues {
			d := q.divide(got[q.channel], p.Keep)
			if err := q.apply(ctx, tx, now, d); err != nil {
				return fmt.Errorf("channel %s: %w", q.channel, err)
			}
			if len(d.fold) > 0 {
				channels = append(channels, q.channel)
			}
			n += len(d.fold)
		}
		return reseatChannels(ctx, tx, now, channels)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// lockLate takes the channels in which something is late.
func (s *Store) lockLate(ctx context.Context, tx querier, now time.Time, p alert.LatePolicy) error {
	if err := s.inTurn(ctx, tx, "late"); err != nil {
		return err
	}
	return lockChannels(ctx, tx, s.db, `id IN (
		SELECT channel FROM deliveries WHERE settled_at = 0 AND (told_at < $1 OR waits_at < $2))`,
		ms(now.Add(-p.MaxAge)), ms(now.Add(-p.Late)))
}

// expireOld ends what is too old to post, and replies that are late, and returns
// the channels concerned.
func expireOld(ctx context.Context, tx querier, now time.Time, p alert.LatePolicy) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `
		UPDATE deliveries SET state = 'expired', reason = $2, settled_at = $1, due_at = $1
		WHERE settled_at = 0 AND state = 'pending' AND told_at < $3 RETURNING channel`,
		ms(now), string(alert.ReasonTooOld), ms(now.Add(-p.MaxAge)))
	old, err := collect(rows, err, scanOne[string])
	if err != nil {
		return nil, err
	}
	rows, err = tx.QueryContext(ctx, `
		UPDATE deliveries SET state = 'expired', reason = $2, settled_at = $1, due_at = $1
		WHERE settled_at = 0 AND state = 'pending' AND waits_at < $3 AND kind = 'reply' RETURNING channel`,
		ms(now), string(alert.ReasonLateUpdate), ms(now.Add(-p.Late)))
	late, err := collect(rows, err, scanOne[string])
	return append(old, late...), err
}

// late is one late post in a queue.
type late struct {
	id, told int64
	// kept says that it is to be posted although it is late.
	kept bool
	// bound says that it is being tried, or was and may have arrived.
	bound bool
}

// lateQueue are the late posts of one channel, oldest first.
type lateQueue struct {
	guild, channel string
	posts          []late
}

func readLate(ctx context.Context, tx querier, now time.Time, p alert.LatePolicy) ([]lateQueue, error) {
	queues := make(map[string]*lateQueue)
	rows, err := tx.QueryContext(ctx, `
		SELECT channel, guild, id, told_at, kept, CASE WHEN doubt = 1 OR state = 'sending' THEN 1 ELSE 0 END
		FROM deliveries WHERE settled_at = 0 AND waits_at < $1 AND kind = 'post'`, ms(now.Add(-p.Late)))
	_, err = collect(rows, err, func(s scanner) (l late, err error) {
		var channel, guild string
		if err := s.Scan(&channel, &guild, &l.id, &l.told, &l.kept, &l.bound); err != nil {
			return l, err
		}
		q, ok := queues[channel]
		if !ok {
			q = &lateQueue{guild: guild, channel: channel}
			queues[channel] = q
		}
		q.posts = append(q.posts, l)
		return l, nil
	})
	// Sorted here: an order in the query would have it read every open delivery.
	out := make([]lateQueue, 0, len(queues))
	for _, channel := range slices.Sorted(maps.Keys(queues)) {
		q := queues[channel]
		slices.SortFunc(q.posts, func(a, b late) int { return cmp.Compare(a.id, b.id) })
		out = append(out, *q)
	}
	return out, err
}

// readGot counts the late posts that channels got within the window.
func readGot(ctx context.Context, tx querier, now time.Time, p alert.LatePolicy) (map[string]int, error) {
	got := make(map[string]int)
	rows, err := tx.QueryContext(ctx, `
		SELECT channel, COUNT(*) FROM deliveries WHERE kept = 1 AND settled_at > $1 AND state = 'sent' GROUP BY channel`,
		ms(now.Add(-p.Window)))
	_, err = collect(rows, err, func(s scanner) (channel string, err error) {
		var n int
		err = s.Scan(&channel, &n)
		got[channel] = n
		return channel, err
	})
	return got, err
}

// division is what becomes of a channel's late posts.
type division struct {
	// keep are kept from now on: the newest that there is room for, and those
	// that are bound. fold are the others.
	keep, fold []late
	// newer says that keep holds posts that are not bound.
	newer bool
}

// divide decides for a channel that got so many late posts within the window
// and is allowed so many.
func (q lateQueue) divide(got, allowed int) division {
	var d division
	var free []late
	for _, l := range q.posts {
		switch {
		case l.kept:
			got++
		case l.bound:
			got++
			d.keep = append(d.keep, l)
		default:
			free = append(free, l)
		}
	}
	room := min(max(0, allowed-got), len(free))
	d.newer = room > 0
	d.keep = append(d.keep, free[len(free)-room:]...)
	d.fold = free[:len(free)-room]
	return d
}

func (q lateQueue) apply(ctx context.Context, tx querier, now time.Time, d division) error {
	if err := mark(ctx, tx, d.keep, "kept = 1"); err != nil {
		return err
	}
	if len(d.fold) == 0 {
		return nil
	}
	err := mark(ctx, tx, d.fold, "state = 'expired', reason = $1, settled_at = $2, due_at = $2",
		string(alert.ReasonCatchUp), ms(now))
	if err != nil {
		return err
	}
	return q.catchUp(ctx, tx, now, d)
}

func mark(ctx context.Context, tx querier, posts []late, set string, values ...any) error {
	ids := make([]int64, len(posts))
	for i, l := range posts {
		ids[i] = l.id
	}
	return inLists(ids, len(values)+1, func(in string, args []any) error {
		_, err := tx.ExecContext(ctx, "UPDATE deliveries SET "+set+" WHERE id IN "+in, append(values[:len(values):len(values)], args...)...)
		return err
	})
}

// catchUp lets the channel's catch-up line stand for the folded posts too. A
// waiting line is written anew at the end of the queue when posts were kept, so
// that it comes after them, and in its place otherwise.
func (q lateQueue) catchUp(ctx context.Context, tx querier, now time.Time, d division) error {
	lines, err := waitingLines(ctx, tx, q.channel)
	if err != nil {
		return err
	}
	var content alert.Content
	if len(lines) > 0 {
		content = lines[0].Content
	}
	content.More += len(d.fold)
	for _, l := range d.fold {
		if t := at(l.told); t.After(content.Time) {
			content.Time = t
		}
	}
	text, err := toJSON(content)
	if err != nil {
		return err
	}
	if len(lines) > 0 && !d.newer {
		_, err := tx.ExecContext(ctx, "UPDATE deliveries SET content = $2, told_at = $3 WHERE id = $1", lines[0].ID, text, ms(content.Time))
		return err
	}
	due := now
	if len(lines) > 0 {
		if due = lines[0].Due; due.Before(now) {
			due = now
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM deliveries WHERE id = $1", lines[0].ID); err != nil {
			return err
		}
	}
	return insert{head: insertDelivery, cols: 13}.exec(ctx, tx, []any{
		nil, string(alert.CatchUp), q.guild, q.channel, string(alert.Pending), string(alert.Full),
		ms(now), ms(due), ms(content.Time), ms(now), "[]", text, 0,
	})
}

// waitingLines are the catch-up lines of a channel that wait and have not arrived, the
// newest first.
func waitingLines(ctx context.Context, tx querier, channel string) ([]alert.Delivery, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+deliveryColumns+` FROM deliveries
		WHERE channel = $1 AND settled_at = 0 AND kind = 'catch-up' AND state = 'pending' AND doubt = 0
		ORDER BY id DESC`, channel)
	return collect(rows, err, scanDelivery)
}

// joinLines makes the waiting catch-up lines of a channel one: a new one was begun while
// it was unknown whether the one before had arrived, and then that had not.
func joinLines(ctx context.Context, tx querier, channel string) error {
	lines, err := waitingLines(ctx, tx, channel)
	if err != nil || len(lines) < 2 {
		return err
	}
	content := lines[0].Content
	for _, l := range lines[1:] {
		content.More += l.Content.More
		if l.Content.Time.After(content.Time) {
			content.Time = l.Content.Time
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM deliveries WHERE id = $1", l.ID); err != nil {
			return err
		}
	}
	text, err := toJSON(content)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE deliveries SET content = $2, told_at = $3 WHERE id = $1", lines[0].ID, text, ms(content.Time))
	return err
}
