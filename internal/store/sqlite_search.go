package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/attache-bot/attache/internal/report"
)

// sqliteIndex finds reports by SQLite's full-text index,
// https://www.sqlite.org/fts5.html.
type sqliteIndex struct{}

// put replaces the searchable words of reports.
func (sqliteIndex) put(ctx context.Context, tx querier, reports []indexed) error {
	for _, r := range reports {
		if !r.fresh {
			if _, err := tx.ExecContext(ctx, "DELETE FROM report_words WHERE rowid = $1", int64(r.id)); err != nil {
				return fmt.Errorf("unindex report: %w", err)
			}
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO report_words (rowid, words) VALUES ($1, $2)", int64(r.id), strings.Join(r.words, " "))
		if err != nil {
			return fmt.Errorf("index report: %w", err)
		}
	}
	return nil
}

// search finds reports that hold every phrase, newest first.
func (sqliteIndex) search(ctx context.Context, db querier, f find) ([]report.ID, error) {
	rows, err := db.QueryContext(ctx,
		"SELECT rowid FROM report_words WHERE report_words MATCH $1 AND rowid < $2 AND "+seen(f.own)+" ORDER BY rowid DESC LIMIT $3",
		matchText(f.phrases), int64(f.before), f.limit)
	return collect(rows, err, scanOne[report.ID])
}

// rank orders them by BM25, which weighs how often the phrases occur, how rare
// they are and how long the report is.
func (sqliteIndex) rank(ctx context.Context, db querier, f find) ([]report.ID, error) {
	rows, err := db.QueryContext(ctx, `
		SELECT id FROM (
			SELECT rowid AS id, bm25(report_words) AS worse FROM report_words
			WHERE report_words MATCH $1 AND rowid < $2 AND `+seen(f.own)+` ORDER BY rowid DESC LIMIT $3)
		ORDER BY worse, id DESC LIMIT $4 OFFSET $5`, matchText(f.phrases), int64(f.before), f.among, f.limit, f.skip)
	return collect(rows, err, scanOne[report.ID])
}

// seen is the condition for words of reports that everybody sees, or that own
// feeds brought.
func seen(own []int64) string {
	in := "0"
	for _, id := range own {
		in += "," + strconv.FormatInt(id, 10)
	}
	return "(SELECT r.own_feed FROM reports r WHERE r.id = report_words.rowid) IN (" + in + ")"
}

// matchText asks for every phrase. Words hold no quotes (see reportWords), so
// the expression cannot be broken out of.
func matchText(phrases [][]string) string {
	terms := make([]string, len(phrases))
	for i, p := range phrases {
		terms[i] = `"` + strings.Join(p, " ") + `"`
	}
	return strings.Join(terms, " AND ")
}

func (sqliteIndex) drop(ctx context.Context, tx querier, reports []report.ID) error {
	err := inLists(reports, 1, func(in string, args []any) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM report_words WHERE rowid IN "+in, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("unindex reports: %w", err)
	}
	return nil
}
