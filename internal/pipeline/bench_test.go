package pipeline_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
)

// BenchmarkReplay sends the captured stream of twelve days through the pipeline
// as fast as it goes: polls are saved side by side, as many at once as the bot
// polls at most, while one placer places what they bring, with a channel on every
// topic. Reports arrive poll by poll. A busy bot polls an outlet every ten minutes
// and finds one or two new reports; one that was away, or whose feeds are asked
// rarely, finds what four hours brought, but no more than the 20 reports that a
// document holds.
//
// The floor writes the same rows in the same run without any decision, row by row,
// as many polls in one transaction as are saved side by side, and ratio is how
// much of its speed is reached; on a server, where each row costs a journey, it
// may be more than all of it. peak-MB is the most memory that the process held, the captured
// stream included.
func BenchmarkReplay(b *testing.B) {
	lines := readReplay(b, "replay-2023-06.jsonl.gz")
	topics := builtIn(b)
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, every := range []time.Duration{10 * time.Minute, 4 * time.Hour} {
			b.Run(fmt.Sprintf("engine=%s/every=%v", engine, every), func(b *testing.B) {
				dsn := func(name string) string { return filepath.Join(b.TempDir(), name) }
				if engine == "postgres" {
					server := storetest.Postgres(b)
					dsn = func(string) string { return server.Schema(b) }
				}
				var whole, floor time.Duration
				var polls int
				var peak float64
				for range b.N {
					r := newReplayOn(b, topics, nil, dsn("attache.db"))
					all := r.polls(b, lines, every)
					polls = len(all)
					sharedtest.ResetPeak()
					began := time.Now()
					r.stream(b, all)
					whole += time.Since(began)
					peak = max(peak, sharedtest.Peak())
					told, err := r.store.OpenStories(b.Context(), time.Time{})
					must(b, err)
					db := openFloor(b, engine, dsn("floor.db"))
					began = time.Now()
					writeFloor(b, db, all, told)
					floor += time.Since(began)
				}
				n := float64(len(lines) * b.N)
				b.ReportMetric(n/whole.Seconds(), "reports/s")
				b.ReportMetric(n/floor.Seconds(), "floor")
				b.ReportMetric(floor.Seconds()/whole.Seconds(), "ratio")
				b.ReportMetric(float64(len(lines))/float64(polls), "reports/poll")
				b.ReportMetric(peak, "peak-MB")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// savers is how many polls are saved at once: as many feeds are polled at once.
func savers() int { return config.Default().Poll.Concurrency }

// polls cuts the stream into what each poll of each feed brings, in the order of
// the polls.
func (r *replay) polls(b *testing.B, lines []line, every time.Duration) []feed.Outcome {
	b.Helper()
	const document = 20
	feeds := r.subscribeFeeds(b, lines)
	var out []feed.Outcome
	for len(lines) > 0 {
		end := published(b, lines[0]).Truncate(every).Add(every)
		n := 0
		for n < len(lines) && !published(b, lines[n]).After(end) {
			n++
		}
		parts := bySource(lines[:n])
		for _, src := range slices.Sorted(maps.Keys(parts)) {
			for part := range slices.Chunk(parts[src], document) {
				o := feed.Outcome{Feed: feeds[src], Result: feed.Changed}
				for _, l := range part {
					o.Reports = append(o.Reports, asReport(b, o.Feed, l, end))
				}
				out = append(out, o)
			}
		}
		lines = lines[n:]
	}
	return out
}

// stream saves the polls and places what they bring, as the bot does: both at
// the same time.
func (r *replay) stream(b *testing.B, polls []feed.Outcome) {
	b.Helper()
	ctx := b.Context()
	next := make(chan feed.Outcome)
	added := make(chan struct{}, 1)
	var saving, placing sync.WaitGroup
	for range savers() {
		saving.Go(func() {
			for o := range next {
				if _, err := r.store.SavePoll(ctx, o); err != nil {
					b.Error(err)
				}
				select {
				case added <- struct{}{}:
				default:
				}
			}
		})
	}
	placing.Go(func() {
		for range added {
			if _, err := r.placer.Place(ctx); err != nil {
				b.Error(err)
			}
		}
	})
	for _, o := range polls {
		r.clock.Store(o.Reports[0].Seen.UnixMilli())
		next <- o
	}
	close(next)
	saving.Wait()
	close(added)
	placing.Wait()
	_, err := r.placer.Place(ctx)
	must(b, err)
}

// floorSchema is that of both engines but for the key that counts up.
const floorSchema = `
	CREATE TABLE reports (id %s, feed BIGINT, source TEXT, title TEXT, description TEXT, link TEXT, language TEXT, published_at BIGINT, seen_at BIGINT, story BIGINT);
	CREATE TABLE report_keys (source TEXT, key TEXT, report BIGINT, PRIMARY KEY (source, key));
	CREATE TABLE stories (id BIGINT PRIMARY KEY, title TEXT, opened_at BIGINT, updated_at BIGINT, reports BIGINT);`

// openFloor opens an empty database beside the store's.
func openFloor(b *testing.B, engine, dsn string) *sql.DB {
	b.Helper()
	driver, key := "pgx", "BIGSERIAL PRIMARY KEY"
	if engine == "sqlite" {
		driver, key = "sqlite", "INTEGER PRIMARY KEY"
		params := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)"}, "_txlock": {"immediate"}}
		dsn = "file:" + dsn + "?" + params.Encode()
	}
	db, err := sql.Open(driver, dsn)
	must(b, err)
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(b.Context(), fmt.Sprintf(floorSchema, key))
	must(b, err)
	return db
}

// writeFloor writes reports, keys and stories, the polls that could be saved at
// once in a transaction each time.
func writeFloor(b *testing.B, db *sql.DB, polls []feed.Outcome, stories []story.Told) {
	b.Helper()
	ctx := b.Context()
	rounds := slices.Collect(slices.Chunk(polls, savers()))
	perRound := len(stories)/len(rounds) + 1
	for _, polls := range rounds {
		tx, err := db.BeginTx(ctx, nil)
		must(b, err)
		for _, o := range polls {
			floorPoll(ctx, b, tx, o)
		}
		n := min(perRound, len(stories))
		floorStories(ctx, b, tx, stories[:n])
		stories = stories[n:]
		must(b, tx.Commit())
	}
	must(b, db.Close())
}

func floorPoll(ctx context.Context, b *testing.B, tx *sql.Tx, o feed.Outcome) {
	b.Helper()
	for _, r := range o.Reports {
		var id int64
		must(b, tx.QueryRowContext(ctx, `
			INSERT INTO reports (feed, source, title, description, link, language, published_at, seen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
			r.Feed, string(r.Source), r.Title, r.Description, r.Link, r.Language, r.Published.UnixMilli(), r.Seen.UnixMilli()).Scan(&id))
		for _, k := range r.Keys {
			_, err := tx.ExecContext(ctx, "INSERT INTO report_keys VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", string(r.Source), string(k), id)
			must(b, err)
		}
	}
}

func floorStories(ctx context.Context, b *testing.B, tx *sql.Tx, stories []story.Told) {
	b.Helper()
	for _, s := range stories {
		_, err := tx.ExecContext(ctx, "INSERT INTO stories VALUES ($1, $2, $3, $4, $5)", int64(s.Story.ID), s.Story.Title, s.Story.Opened.UnixMilli(), s.Story.Updated.UnixMilli(), s.Story.Reports)
		must(b, err)
		for _, r := range s.Reports {
			_, err := tx.ExecContext(ctx, "UPDATE reports SET story = $1 WHERE id = $2", int64(s.Story.ID), int64(r.ID))
			must(b, err)
		}
	}
}
