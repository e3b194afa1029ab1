package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
)

// feedFacts are the columns that a poll writes, in the order of factsOf and
// scanFeed.
const feedFacts = `etag, last_modified, body_hash, polled_at, succeeded_at, read_at, newest_at, next_at, next_reason,
	failures, state, reason, since_at, ttl_ms, update_ms, skip_hours, skip_days, hub, self,
	gap_ms, changes, changed_at, moved_to, move_target, move_agreed, move_counted_at, push_missed_at`

const feedColumns = "id, url, source, own, title, every_ms, pushed_until, " + feedFacts

func scanFeed(s scanner) (feed.Feed, error) {
	var f feed.Feed
	var every, pushed, polled, succeeded, read, newest, next, since, ttl, update, gap, changed, counted, missed int64
	w, t, m := &f.Wishes, &f.Tempo, &f.Move
	err := s.Scan(&f.ID, &f.URL, &f.Source, &f.Own, &f.Title, &every, &pushed,
		&f.ETag, &f.LastModified, &f.BodyHash, &polled, &succeeded, &read, &newest, &next, &f.NextReason,
		&f.Failures, &f.State, &f.Reason, &since, &ttl, &update, &w.SkipHours, &w.SkipDays, &w.Hub, &w.Self,
		&gap, &t.Changes, &changed, &m.To, &m.Target, &m.Agreed, &counted, &missed)
	f.Every, w.TTL, w.Update, t.Gap = span(every), span(ttl), span(update), span(gap)
	f.Polled, f.Succeeded, f.Read, f.Newest, f.Next, f.Since = at(polled), at(succeeded), at(read), at(newest), at(next), at(since)
	t.Changed, m.Counted, f.PushedUntil, f.PushMissed = at(changed), at(counted), at(pushed), at(missed)
	return f, err
}

func factsOf(f feed.Feed) []any {
	w, t, m := f.Wishes, f.Tempo, f.Move
	return []any{
		storable(f.ETag), storable(f.LastModified), f.BodyHash, ms(f.Polled), ms(f.Succeeded), ms(f.Read), ms(f.Newest), ms(f.Next), string(f.NextReason),
		f.Failures, string(f.State), storable(f.Reason), ms(f.Since), w.TTL.Milliseconds(), w.Update.Milliseconds(), int64(w.SkipHours), int64(w.SkipDays), storable(w.Hub), storable(w.Self),
		t.Gap.Milliseconds(), t.Changes, ms(t.Changed), storable(m.To), storable(m.Target), m.Agreed, ms(m.Counted), ms(f.PushMissed),
	}
}

// span is a duration that the store keeps as milliseconds.
func span(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// SyncFeeds implements feed.Store. A known feed whose interval changed and that
// answers well is due within the new interval.
func (s *Store) SyncFeeds(ctx context.Context, now time.Time, feeds []feed.Feed) error {
	return s.write(ctx, "sync feeds", func(ctx context.Context, tx *sql.Tx) error {
		if err := s.inTurn(ctx, tx, "feeds"); err != nil {
			return err
		}
		// Those that were wanted are told from those that come back.
		if _, err := tx.ExecContext(ctx, "UPDATE feeds SET wanted = 2 WHERE wanted = 1 AND own = 0"); err != nil {
			return err
		}
		if err := adopt(ctx, tx, feeds); err != nil {
			return err
		}
		for _, f := range feeds {
			_, err := tx.ExecContext(ctx, syncFeed,
				f.URL, string(f.Source), f.Every.Milliseconds(), ms(now), string(feed.New), string(feed.DueNew))
			if err != nil {
				return fmt.Errorf("feed %s: %w", f.URL, err)
			}
		}
		if err := handBack(ctx, tx, now); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE feeds SET wanted = 0 WHERE wanted = 2")
		return err
	})
}

const (
	// revived are feeds that were gone and whose entry changed.
	revived = `feeds.state = 'gone' AND
		(feeds.wanted = 0 OR feeds.source <> excluded.source OR feeds.every_ms <> excluded.every_ms)`
	syncFeed = `
		INSERT INTO feeds (url, source, every_ms, next_at, state, since_at, next_reason) VALUES ($1, $2, $3, $4, $5, $4, $6)
		ON CONFLICT (url) DO UPDATE SET wanted = 1, source = excluded.source, every_ms = excluded.every_ms,
			next_at = CASE
				WHEN ` + revived + ` THEN $4
				WHEN feeds.state IN ('ok', 'stale') AND feeds.every_ms <> excluded.every_ms AND feeds.next_at > $4 + excluded.every_ms
				THEN $4 + excluded.every_ms ELSE feeds.next_at END,
			since_at = CASE WHEN ` + revived + ` THEN $4 ELSE feeds.since_at END,
			next_reason = CASE WHEN ` + revived + ` THEN $6 ELSE feeds.next_reason END,
			reason = CASE WHEN ` + revived + ` THEN '' ELSE feeds.reason END,
			state = CASE WHEN ` + revived + ` THEN $5 ELSE feeds.state END`
)

// ClaimDue implements feed.Store.
func (s *Store) ClaimDue(ctx context.Context, from feed.Origin, now time.Time, limit int, lease time.Duration) ([]feed.Feed, error) {
	if limit <= 0 {
		return nil, nil
	}
	var out []feed.Feed
	own := flag(bool(from))
	err := s.together(ctx, "claim due feeds", func(ctx context.Context, tx *sql.Tx) (err error) {
		out, err = s.claim(ctx, tx, now.Add(lease), limit,
			"own = $2 AND next_at <= $3 AND held_until <= $4", own, ms(now), ms(now))
		if err != nil || len(out) == limit {
			return err
		}
		// What a clock that ran ahead has left takes a look at every feed, and is
		// therefore looked for when there is nothing else to do.
		more, err := s.claim(ctx, tx, now.Add(lease), limit-len(out), `
			own = $2 AND (next_at <= $3 OR polled_at > $4 OR next_at > $5) AND (held_until <= $6 OR held_until > $7)`,
			own, ms(now), ms(now.Add(feed.MaxAhead)), ms(now.Add(feed.MaxWait)), ms(now), ms(now.Add(feed.MaxLease)))
		out = append(out, more...)
		return err
	})
	// RETURNING promises no order.
	slices.SortFunc(out, func(a, b feed.Feed) int {
		return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.ID, b.ID))
	})
	return out, err
}

// Hold implements feed.Store.
func (s *Store) Hold(ctx context.Context, id feed.ID, now time.Time, lease time.Duration) (feed.Feed, error) {
	var f feed.Feed
	err := s.write(ctx, "hold feed", func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			UPDATE feeds SET held_until = $2
			WHERE id = $1 AND wanted = 1 AND state NOT IN ('quarantined', 'gone') AND parsing IS NULL
				AND (held_until <= $3 OR held_until > $4)
			RETURNING `+feedColumns, int64(id), ms(now.Add(lease)), ms(now), ms(now.Add(feed.MaxLease)))
		held, err := collect(rows, err, scanFeed)
		if err == nil && len(held) == 0 {
			err = feed.ErrHeld
		}
		if err != nil {
			return err
		}
		f = held[0]
		return nil
	})
	return f, err
}

// PolledElsewhere implements feed.Store.
func (s *Store) PolledElsewhere(ctx context.Context, id feed.ID, address string) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM feeds WHERE id <> $1 AND wanted = 1 AND (url = $2 OR moved_to = $2)
		AND (own = 0 OR own = (SELECT f.own FROM feeds f WHERE f.id = $1))`, int64(id), storable(address)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look up feed address: %w", err)
	}
	return n > 0, nil
}

// claim holds up to limit wanted feeds that a condition chooses, whose
// placeholders begin at $2, and returns them.
func (s *Store) claim(ctx context.Context, tx querier, until time.Time, limit int, condition string, args ...any) ([]feed.Feed, error) {
	last := "$" + strconv.Itoa(2+len(args))
	rows, err := tx.QueryContext(ctx, `
		UPDATE feeds SET held_until = $1 WHERE id IN (
			SELECT id FROM feeds
			WHERE wanted = 1 AND state NOT IN ('quarantined', 'gone') AND parsing IS NULL AND `+condition+`
			ORDER BY next_at, id LIMIT `+last+` `+s.db.SkipLocked()+`)
		RETURNING `+feedColumns, append(append([]any{ms(until)}, args...), limit)...)
	return collect(rows, err, scanFeed)
}

// ReleaseFeeds ends every hold on a feed and returns how many there were. It is
// for the only process of a database, before its first ClaimDue: holds that a
// former run left would otherwise last until their lease ends.
func (s *Store) ReleaseFeeds(ctx context.Context) (int, error) {
	var n int64
	err := s.write(ctx, "release feeds", func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE feeds SET held_until = 0 WHERE held_until <> 0")
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return int(n), err
}

// MarkParsing implements feed.Store. It returns [archive.ErrNotFound] for an unknown
// feed.
func (s *Store) MarkParsing(ctx context.Context, id feed.ID, bodyHash string) error {
	return s.together(ctx, "mark parsing", func(ctx context.Context, tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, "UPDATE feeds SET parsing = $2 WHERE id = $1", int64(id), bodyHash))
	})
}

// crashHold is how long a feed is held that was found to have ended a process,
// for the finder to quarantine it.
const crashHold = time.Minute

// FindCrashed implements feed.Store. The count of a feed begins anew once a
// body of it was parsed and its poll saved.
func (s *Store) FindCrashed(ctx context.Context, now time.Time) (map[feed.ID]int, error) {
	found := make(map[feed.ID]int)
	err := s.write(ctx, "find crashed feeds", func(ctx context.Context, tx *sql.Tx) error {
		clear(found)
		rows, err := tx.QueryContext(ctx, `
			UPDATE feeds SET crashes = crashes + 1, parsing = NULL, held_until = $2
			WHERE parsing IS NOT NULL AND (held_until <= $1 OR held_until > $3) RETURNING id, crashes`,
			ms(now), s.crashHold(now), ms(now.Add(feed.MaxLease)))
		_, err = collect(rows, err, func(s scanner) (id feed.ID, err error) {
			var n int
			err = s.Scan(&id, &n)
			found[id] = n
			return id, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// crashHold is how long others leave a feed alone that this process found; 0
// where there are no others.
func (s *Store) crashHold(now time.Time) int64 {
	if s.Sole() {
		return 0
	}
	return ms(now.Add(crashHold))
}

// SetState implements feed.Store. Leaving quarantine forgets the crashes. It
// returns [archive.ErrNotFound] for an unknown feed.
func (s *Store) SetState(ctx context.Context, id feed.ID, st feed.State, reason string, now time.Time) error {
	return s.write(ctx, "set feed state", func(ctx context.Context, tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `
			UPDATE feeds SET reason = $3, since_at = CASE WHEN state = $2 THEN since_at ELSE $4 END,
				crashes = CASE WHEN $2 = 'quarantined' THEN crashes ELSE 0 END, state = $2
			WHERE id = $1`, int64(id), string(st), storable(reason), ms(now)))
	})
}

// ReadmitFeed lets a feed be polled at once that is gone, quarantined or backing
// off, as if it were new; its validators and what is known of its tempo stay. It
// returns [archive.ErrNotFound] when the feed is unknown, no longer wanted, or in no such
// state.
func (s *Store) ReadmitFeed(ctx context.Context, id feed.ID, now time.Time) error {
	return s.write(ctx, "readmit feed", func(ctx context.Context, tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `
			UPDATE feeds SET state = $2, reason = '', since_at = $4, crashes = 0, failures = 0, next_at = $4, next_reason = $3
			WHERE id = $1 AND wanted = 1 AND state IN ('gone', 'quarantined', 'failing')`,
			int64(id), string(feed.New), string(feed.DueNew), ms(now)))
	})
}

// FeedStatus returns the feeds that are polled now, by address.
func (s *Store) FeedStatus(ctx context.Context) ([]feed.Feed, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+feedColumns+" FROM feeds WHERE wanted = 1 ORDER BY url")
	out, err := collect(rows, err, scanFeed)
	if err != nil {
		return nil, fmt.Errorf("read feed status: %w", err)
	}
	return out, nil
}

// saveFeeds records feeds after their polls and releases them. What
// configuration owns (address, source, interval) stays as it is. When one is
// unknown, it returns [archive.ErrNotFound].
func saveFeeds(ctx context.Context, tx querier, feeds []feed.Feed) error {
	return chunk(len(feeds), func(from, to int) error {
		var args []any
		for _, f := range feeds[from:to] {
			args = append(append(args, int64(f.ID)), factsOf(f)...)
		}
		res, err := tx.ExecContext(ctx, saveFeedsText(to-from, args), args...)
		if err != nil {
			return fmt.Errorf("save feeds: %w", err)
		}
		n, err := res.RowsAffected()
		switch {
		case err != nil:
			return fmt.Errorf("save feeds: %w", err)
		case n < int64(to-from) && to-from == 1:
			return fmt.Errorf("feed %d: %w", feeds[from].ID, archive.ErrNotFound)
		case n < int64(to-from):
			return fmt.Errorf("one of %d feeds: %w", to-from, archive.ErrNotFound)
		}
		return nil
	})
}

// saveFeedsText is the statement for so many feeds. The first row names the
// types, which a server cannot see from placeholders.
func saveFeedsText(rows int, args []any) string {
	cols := len(args) / rows
	var values strings.Builder
	for i := range rows * cols {
		switch {
		case i == 0:
		case i%cols == 0:
			values.WriteString("), (")
		default:
			values.WriteString(", ")
		}
		if i >= cols {
			fmt.Fprintf(&values, "$%d", i+1)
			continue
		}
		kind := "bigint"
		if _, ok := args[i].(string); ok {
			kind = "text"
		}
		fmt.Fprintf(&values, "CAST($%d AS %s)", i+1, kind)
	}
	var facts strings.Builder
	for i := 2; i <= cols; i++ {
		if i > 2 {
			facts.WriteString(", ")
		}
		fmt.Fprintf(&facts, "v.column%d", i)
	}
	return "UPDATE feeds SET (" + feedFacts + ") = (" + facts.String() + `), held_until = 0,
		crashes = CASE WHEN parsing IS NULL THEN crashes ELSE 0 END, parsing = NULL
		FROM (VALUES (` + values.String() + ")) v WHERE feeds.id = v.column1"
}

// one turns a change of no row into [archive.ErrNotFound].
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = archive.ErrNotFound
	}
	return err
}
