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
// feeds give [ErrNotFound].
func (s *Store) SavePoll(ctx context.Context, o feed.Outcome) (added int, err error) {
	prepared := prepared(o)
	err = s.together(ctx, "save poll", func(ctx context.Context, tx *sql.Tx) error {
		reports := prepared
		p := poll{tx: tx, found: make(map[report.Key]known), touched: make(map[report.ID]bool), old: make(map[report.Key]time.Time)}
		if err := saveFeed(ctx, tx, o.Feed); err != nil {
			return fmt.Errorf("feed %d: %w", o.Feed.ID, err)
		}
		if len(reports) > 0 {
			// Sibling feeds bring the same reports, and sequence numbers must become
			// visible in their order.
			if err := s.inTurn(ctx, tx, "polls"); err != nil {
				return err
			}
		}
		for len(reports) > 0 { // runs of one source; mostly one
			n := sourceRun(reports)
			if err := p.save(ctx, reports[0].Source, reports[:n]); err != nil {
				return err
			}
			reports = reports[n:]
		}
		added = p.added
		if err := p.index(ctx); err != nil || added == 0 {
			return err
		}
		tell(ctx, NewsReports)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// prepared are the outcome's reports as they are stored.
func prepared(o feed.Outcome) []report.Report {
	out := make([]report.Report, len(o.Reports))
	for i, r := range o.Reports {
		r.Feed = int64(o.Feed.ID)
		if r.Source == "" {
			r.Source = o.Feed.Source
		}
		r.Title, r.Description, r.Body = storable(r.Title), storable(r.Description), storable(r.Body)
		r.Link, r.Language = storable(r.Link), storable(r.Language)
		out[i] = r
	}
	return out
}

func sourceRun(reports []report.Report) int {
	for i, r := range reports {
		if r.Source != reports[0].Source {
			return i
		}
	}
	return len(reports)
}

// poll is the saving of one document.
type poll struct {
	tx querier
	// found are the known keys of the source at hand.
	found map[report.Key]known
	// old are the keys of the source's deleted reports that this document lists,
	// with when they were listed last.
	old map[report.Key]time.Time
	// touched are the reports that this document has told of already.
	touched map[report.ID]bool
	added   int
	// fresh are the new reports of the source at hand, and keys the keys to save.
	fresh []report.Report
	keys  []keyed
	// oldKeys are the keys of deleted reports to save.
	oldKeys []any
	worded  []worded
}

// keyed is a key of a report.
type keyed struct {
	key      report.Key
	of       known
	position int
}

// worded is a report whose words are to be indexed.
type worded struct {
	report report.Report
	fresh  bool
}

func (p *poll) save(ctx context.Context, src source.ID, reports []report.Report) error {
	clear(p.found)
	clear(p.old)
	if err := lookUp(ctx, p.tx, src, reports, p.found); err != nil {
		return fmt.Errorf("look up reports: %w", err)
	}
	if err := lookUpOld(ctx, p.tx, src, reports, p.found, p.old); err != nil {
		return fmt.Errorf("look up deleted reports: %w", err)
	}
	p.keys, p.fresh, p.oldKeys = p.keys[:0], p.fresh[:0], p.oldKeys[:0]
	for _, r := range reports {
		if err := p.report(ctx, r); err != nil {
			return fmt.Errorf("report %q: %w", r.Title, err)
		}
	}
	if err := p.add(ctx); err != nil {
		return fmt.Errorf("save reports: %w", err)
	}
	args := make([]any, 0, 4*len(p.keys))
	for _, k := range p.keys {
		id := k.of.report
		if k.of.fresh > 0 {
			id = p.fresh[k.of.fresh-1].ID
		}
		args = append(args, string(src), string(k.key), int64(id), k.position)
	}
	err := insert{
		head: "INSERT INTO report_keys (source, key, report, position) VALUES",
		tail: "ON CONFLICT (source, key) DO NOTHING", cols: 4,
	}.exec(ctx, p.tx, args)
	if err != nil {
		return fmt.Errorf("save keys: %w", err)
	}
	if err := insertOldKeys.exec(ctx, p.tx, p.oldKeys); err != nil {
		return fmt.Errorf("save keys of deleted reports: %w", err)
	}
	return nil
}

func (p *poll) report(ctx context.Context, r report.Report) error {
	d := digest(r)
	k, ok := firstKnown(r, p.found)
	if !ok && anyOld(r, p.old) {
		p.recall(r)
		return nil
	}
	switch {
	case !ok:
		p.fresh = append(p.fresh, r)
		k = known{fresh: len(p.fresh), feed: r.Feed, digest: d}
	case k.fresh > 0: // the document has told of it already
	case k.digest != d && k.feed == r.Feed && !p.touched[k.report]:
		r.ID = k.report
		if err := p.reword(ctx, r, d); err != nil {
			return err
		}
	}
	if k.fresh == 0 {
		p.touched[k.report] = true
	}
	for i, key := range r.Keys {
		if _, ok := p.found[key]; !ok {
			p.found[key] = k
			p.keys = append(p.keys, keyed{key, k, i})
		}
	}
	return nil
}

// recall notes that a deleted report is still listed: it stays deleted, and
// known under all its keys.
func (p *poll) recall(r report.Report) {
	for _, key := range r.Keys {
		if listed, ok := p.old[key]; !ok || r.Seen.Sub(listed) >= listedStep {
			p.old[key] = r.Seen
			p.oldKeys = append(p.oldKeys, string(r.Source), string(key), ms(r.Seen))
		}
	}
}

// add saves the new reports. Rows get rising ids in the order of VALUES, but
// RETURNING promises no order.
func (p *poll) add(ctx context.Context) error {
	args := make([]any, 0, 12*len(p.fresh))
	for _, r := range p.fresh {
		args = append(args, r.Feed, string(r.Source), r.Language, ms(r.Published), ms(r.Seen), string(r.Hush), flag(r.Overdue),
			digest(r), r.Link, r.Title, r.Description, r.Body)
	}
	ids := make([]report.ID, 0, len(p.fresh))
	err := insert{
		head: "INSERT INTO reports (feed, source, language, published_at, seen_at, hush, overdue, digest, link, title, description, body) VALUES",
		tail: "RETURNING id", cols: 12,
	}.query(ctx, p.tx, args, func(s scanner) error {
		id, err := scanOne[report.ID](s)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for i, id := range ids {
		p.fresh[i].ID = id
		p.worded = append(p.worded, worded{p.fresh[i], true})
	}
	p.added += len(ids)
	return nil
}

func (p *poll) reword(ctx context.Context, r report.Report, d int64) error {
	_, err := p.tx.ExecContext(ctx, `
		UPDATE reports SET digest = $2, link = $3, title = $4, description = $5, body = $6, language = $7 WHERE id = $1`,
		int64(r.ID), d, r.Link, r.Title, r.Description, r.Body, r.Language)
	if err != nil {
		return err
	}
	p.worded = append(p.worded, worded{r, false})
	return nil
}

// index has the reports' words written at the end of the transaction.
func (p *poll) index(ctx context.Context) error {
	out := make([]indexed, len(p.worded))
	for i, w := range p.worded {
		out[i] = indexed{w.report.ID, reportWords(w.report), w.fresh}
	}
	return willIndex(ctx, out)
}
