package pipeline_test

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/story"
)

// BenchmarkReplay sends the captured stream through the pipeline and, in the
// same run, writes the same rows without any decision, one transaction a poll:
// the least that keeping them costs. It prints both and their ratio.
func BenchmarkReplay(b *testing.B) {
	lines := readReplay(b, "replay-2023-06.jsonl.gz")
	topics := builtIn(b)
	var whole, floor time.Duration
	for b.Loop() {
		r := newReplay(b, topics)
		began := time.Now()
		r.run(b, lines)
		whole += time.Since(began)
		told, err := r.store.OpenStories(b.Context(), time.Time{})
		must(b, err)
		began = time.Now()
		writeFloor(b, r.rounds, told)
		floor += time.Since(began)
	}
	n := float64(len(lines) * b.N)
	b.ReportMetric(n/whole.Seconds(), "reports/s")
	b.ReportMetric(n/floor.Seconds(), "floor-reports/s")
	b.ReportMetric(whole.Seconds()/floor.Seconds(), "x-floor")
	b.ReportMetric(0, "ns/op")
}

const floorSchema = `
	CREATE TABLE reports (id INTEGER PRIMARY KEY, feed, source, title, description, link, language, published_at, seen_at, story);
	CREATE TABLE report_keys (source, key, report, PRIMARY KEY (source, key)) WITHOUT ROWID;
	CREATE TABLE stories (id INTEGER PRIMARY KEY, title, opened_at, updated_at, reports);`

// writeFloor writes reports, keys and stories: a transaction for each poll, and
// one for the stories of a round.
func writeFloor(b *testing.B, rounds [][]feed.Outcome, stories []story.Told) {
	b.Helper()
	ctx := b.Context()
	params := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)"}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?"+params.Encode())
	must(b, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, floorSchema)
	must(b, err)
	perRound := len(stories)/len(rounds) + 1
	for _, polls := range rounds {
		for _, o := range polls {
			floorPoll(ctx, b, db, o)
		}
		n := min(perRound, len(stories))
		floorStories(ctx, b, db, stories[:n])
		stories = stories[n:]
	}
}

func floorPoll(ctx context.Context, b *testing.B, db *sql.DB, o feed.Outcome) {
	b.Helper()
	tx, err := db.BeginTx(ctx, nil)
	must(b, err)
	report, err := tx.PrepareContext(ctx, "INSERT INTO reports (feed, source, title, description, link, language, published_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
	must(b, err)
	defer report.Close()
	key, err := tx.PrepareContext(ctx, "INSERT OR IGNORE INTO report_keys VALUES (?, ?, ?)")
	must(b, err)
	defer key.Close()
	for _, r := range o.Reports {
		res, err := report.ExecContext(ctx, r.Feed, string(r.Source), r.Title, r.Description, r.Link, r.Language, r.Published.UnixMilli(), r.Seen.UnixMilli())
		must(b, err)
		id, err := res.LastInsertId()
		must(b, err)
		for _, k := range r.Keys {
			_, err := key.ExecContext(ctx, string(r.Source), string(k), id)
			must(b, err)
		}
	}
	must(b, tx.Commit())
}

func floorStories(ctx context.Context, b *testing.B, db *sql.DB, stories []story.Told) {
	b.Helper()
	tx, err := db.BeginTx(ctx, nil)
	must(b, err)
	for _, s := range stories {
		_, err := tx.ExecContext(ctx, "INSERT INTO stories VALUES (?, ?, ?, ?, ?)", int64(s.Story.ID), s.Story.Title, s.Story.Opened.UnixMilli(), s.Story.Updated.UnixMilli(), s.Story.Reports)
		must(b, err)
		for _, r := range s.Reports {
			_, err := tx.ExecContext(ctx, "UPDATE reports SET story = ? WHERE id = ?", int64(s.Story.ID), int64(r.ID))
			must(b, err)
		}
	}
	must(b, tx.Commit())
}
