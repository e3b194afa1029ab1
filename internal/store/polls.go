package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// SavePoll implements feed.Store. New reports get their sequence in the order
// given. An item that shares a key with an earlier one of the document is the
// same report and is not kept.
//
// A known report takes the new text only from the feed that brought it first,
// since sibling feeds of a source word one report differently and would rewrite
// each other for ever; it gains the item's other keys from any feed. Unknown
// feeds give [archive.ErrNotFound].
func (s *Store) SavePoll(ctx context.Context, o feed.Outcome) (added int, err error) {
	w := &saving{feed: o.Feed, reports: prepared(o)}
	alone := func(ctx context.Context, tx *sql.Tx) error { return s.savePolls(ctx, tx, []*saving{w}) }
	if err := s.join(&errand{ctx: ctx, op: "save poll", do: alone, poll: w}); err != nil {
		return 0, err
	}
	return w.added, nil
}

// saving is a poll's outcome on its way into the store.
type saving struct {
	feed    feed.Feed
	reports []report.Report
	// added is how many of the reports were new.
	added int
}

// savePolls saves outcomes in their order, a statement for each table rather
// than for each outcome: on a server, every statement costs a journey.
func (s *Store) savePolls(ctx context.Context, tx *sql.Tx, polls []*saving) error {
	for len(polls) > 0 {
		n := distinctFeeds(polls)
		if err := s.saveRun(ctx, tx, polls[:n]); err != nil {
			return err
		}
		polls = polls[n:]
	}
	return nil
}

// distinctFeeds is how many of the first outcomes are of different feeds.
func distinctFeeds(polls []*saving) int {
	seen := make(map[feed.ID]bool, len(polls))
	for i, w := range polls {
		if seen[w.feed.ID] {
			return i
		}
		seen[w.feed.ID] = true
	}
	return len(polls)
}

// saveRun saves outcomes of different feeds.
func (s *Store) saveRun(ctx context.Context, tx *sql.Tx, polls []*saving) error {
	feeds := make([]feed.Feed, len(polls))
	var reports []report.Report
	for i, w := range polls {
		feeds[i], w.added = w.feed, 0
		reports = append(reports, w.reports...)
	}
	if err := saveFeeds(ctx, tx, feeds); err != nil {
		return err
	}
	if len(reports) == 0 {
		return nil
	}
	// Sibling feeds bring the same reports, and sequence numbers must become
	// visible in their order.
	if err := s.inTurn(ctx, tx, "polls"); err != nil {
		return err
	}
	b := batch{tx: tx, found: make(map[sourceKey]known), touched: make(map[report.ID]bool), old: make(map[sourceKey]time.Time)}
	if err := b.lookUp(ctx, reports); err != nil {
		return err
	}
	for _, w := range polls {
		before := len(b.fresh)
		for _, r := range w.reports {
			if err := b.report(ctx, r); err != nil {
				return fmt.Errorf("report %q: %w", r.Title, err)
			}
		}
		w.added = len(b.fresh) - before
	}
	if err := b.save(ctx); err != nil {
		return err
	}
	if len(b.fresh) > 0 {
		tell(ctx, NewsReports)
	}
	return nil
}

// prepared are the outcome's reports as they are stored.
func prepared(o feed.Outcome) []report.Report {
	out := make([]report.Report, len(o.Reports))
	for i, r := range o.Reports {
		r.Feed, r.OwnFeed = int64(o.Feed.ID), ownFeed(o.Feed)
		if r.Source == "" {
			r.Source = o.Feed.Source
		}
		r.Title, r.Description, r.Body = storable(r.Title), storable(r.Description), storable(r.Body)
		r.Link, r.Language = storable(r.Link), storable(r.Language)
		out[i] = r
	}
	return out
}

// batch is the saving of documents that come together.
type batch struct {
	tx querier
	// found are the known keys among those of the documents.
	found map[sourceKey]known
	// old are the keys of deleted reports that the documents list, with when they
	// were listed last.
	old map[sourceKey]time.Time
	// touched are the stored reports that the documents have told of already.
	touched map[report.ID]bool
	// fresh are the new reports, and keys the keys to save.
	fresh []report.Report
	keys  []keyed
	// oldKeys are the keys of deleted reports to save.
	oldKeys []any
	worded  []worded
}

// sourceKey is a key among those of its source.
type sourceKey struct {
	source source.ID
	key    report.Key
}

// keyed is a key of a report.
type keyed struct {
	key      sourceKey
	of       known
	position int
}

// worded is a report whose words are to be indexed.
type worded struct {
	report report.Report
	fresh  bool
}

// lookUp finds what is known of the reports.
func (b *batch) lookUp(ctx context.Context, reports []report.Report) error {
	if err := lookUp(ctx, b.tx, reports, b.found); err != nil {
		return fmt.Errorf("look up reports: %w", err)
	}
	if err := lookUpOld(ctx, b.tx, reports, b.found, b.old); err != nil {
		return fmt.Errorf("look up deleted reports: %w", err)
	}
	return nil
}

// save writes what the documents brought.
func (b *batch) save(ctx context.Context) error {
	if err := b.add(ctx); err != nil {
		return fmt.Errorf("save reports: %w", err)
	}
	args := make([]any, 0, 4*len(b.keys))
	for _, k := range b.keys {
		id := k.of.report
		if k.of.fresh > 0 {
			id = b.fresh[k.of.fresh-1].ID
		}
		args = append(args, string(k.key.source), string(k.key.key), int64(id), k.position)
	}
	err := insert{
		head: "INSERT INTO report_keys (source, key, report, position) VALUES",
		tail: "ON CONFLICT (source, key) DO NOTHING", cols: 4,
	}.exec(ctx, b.tx, args)
	if err != nil {
		return fmt.Errorf("save keys: %w", err)
	}
	if err := insertOldKeys.exec(ctx, b.tx, b.oldKeys); err != nil {
		return fmt.Errorf("save keys of deleted reports: %w", err)
	}
	return b.index(ctx)
}

func (b *batch) report(ctx context.Context, r report.Report) error {
	d := textHash(r)
	k, ok := firstKnown(r, b.found)
	if !ok && anyOld(r, b.old) {
		b.recall(r)
		return nil
	}
	switch {
	case !ok:
		b.fresh = append(b.fresh, r)
		k = known{fresh: len(b.fresh), feed: r.Feed, digest: d}
	case k.fresh > 0: // the document has told of it already
	case k.digest != d && k.feed == r.Feed && !b.touched[k.report]:
		r.ID = k.report
		if err := b.reword(ctx, r, d); err != nil {
			return err
		}
	}
	if k.fresh == 0 {
		b.touched[k.report] = true
	}
	for i, key := range r.Keys {
		at := sourceKey{r.Source, key}
		if _, ok := b.found[at]; !ok {
			b.found[at] = k
			b.keys = append(b.keys, keyed{at, k, i})
		}
	}
	return nil
}

// recall notes that a deleted report is still listed: it stays deleted, and
// known under all its keys.
func (b *batch) recall(r report.Report) {
	for _, key := range r.Keys {
		at := sourceKey{r.Source, key}
		if listed, ok := b.old[at]; !ok || r.Seen.Sub(listed) >= listedStep {
			b.old[at] = r.Seen
			b.oldKeys = append(b.oldKeys, string(r.Source), string(key), ms(r.Seen))
		}
	}
}

// add saves the new reports. Rows get rising ids in the order of VALUES, but
// RETURNING promises no order.
func (b *batch) add(ctx context.Context) error {
	args := make([]any, 0, 13*len(b.fresh))
	for _, r := range b.fresh {
		args = append(args, r.Feed, string(r.Source), r.Language, ms(r.Published), ms(r.Seen), string(r.Hush), flag(r.Overdue),
			textHash(r), r.Link, r.Title, r.Description, r.Body, r.OwnFeed)
	}
	ids := make([]report.ID, 0, len(b.fresh))
	err := insert{
		head: "INSERT INTO reports (feed, source, language, published_at, seen_at, hush, overdue, digest, link, title, description, body, own_feed) VALUES",
		tail: "RETURNING id", cols: 13,
	}.query(ctx, b.tx, args, func(s scanner) error {
		id, err := scanOne[report.ID](s)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for i, id := range ids {
		b.fresh[i].ID = id
		b.worded = append(b.worded, worded{b.fresh[i], true})
	}
	return nil
}

func (b *batch) reword(ctx context.Context, r report.Report, d int64) error {
	_, err := b.tx.ExecContext(ctx, `
		UPDATE reports SET digest = $2, link = $3, title = $4, description = $5, body = $6, language = $7 WHERE id = $1`,
		int64(r.ID), d, r.Link, r.Title, r.Description, r.Body, r.Language)
	if err != nil {
		return err
	}
	b.worded = append(b.worded, worded{r, false})
	return nil
}

// index has the reports' words written at the end of the transaction.
func (b *batch) index(ctx context.Context) error {
	out := make([]indexed, len(b.worded))
	for i, w := range b.worded {
		out[i] = indexed{w.report.ID, w.report.OwnFeed, reportWords(w.report), w.fresh}
	}
	return willIndex(ctx, out)
}
