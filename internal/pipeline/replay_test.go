package pipeline_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// line is one report of a captured stream.
type line struct {
	Title, Description, Link, Source, Published, Language string
}

// TestReplay sends twelve days of real reports through topics, stories and the
// ledger, with a channel for every topic. ATTACHE_REPLAY_OUT names a file for
// the alerts, to be read.
func TestReplay(t *testing.T) {
	if raceEnabled {
		t.Skip("SQLite is twenty times slower under the race detector: .ci/run has a step without it")
	}
	lines := readReplay(t, "replay-2023-06.jsonl.gz")
	topics, err := topic.Load(config.BuiltInTopics())
	must(t, err)
	actors, err := gazetteer.Load()
	must(t, err)
	claims, err := claim.New(actors)
	must(t, err)
	r := newReplayOn(t, topics, claims, storetest.SQLite(t))
	began := time.Now()
	r.run(t, lines)
	took := time.Since(began)
	t.Logf("%d reports in %v: %.0f a second", len(lines), took.Round(time.Millisecond), float64(len(lines))/took.Seconds())
	r.check(t, topics)
}

// replay is the pipeline between a captured stream and the ledger.
type replay struct {
	store  *store.Store
	placer *pipeline.Placer
	// clock is the time, in milliseconds since 1970.
	clock atomic.Int64
}

func newReplayOn(t testing.TB, topics *topic.Set, claims pipeline.Claims, dsn string) *replay {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.Migrate(ctx))
	must(t, s.PutGuild(ctx, guild.Guild{ID: "1", Name: "Newsroom", Joined: time.Unix(1, 0)}))
	for i, d := range topics.Definitions() {
		_, err := s.Subscribe(ctx, subscription.Subscription{Guild: "1", Channel: strconv.Itoa(100 + i), Topic: d.ID, CreatedBy: "2", Created: time.Unix(1, 0)})
		must(t, err)
	}
	r := &replay{store: s}
	none, err := source.NewCatalogue(nil)
	must(t, err)
	r.placer, err = pipeline.New(s, topics, none, pipeline.Options{
		Claims: claims, Batch: 200, MaxAge: 6 * time.Hour, Now: func() time.Time { return time.UnixMilli(r.clock.Load()).UTC() }, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	return r
}

// step is how much of the stream one round of polls brings.
const step = 10 * time.Minute

func (r *replay) run(t testing.TB, lines []line) {
	t.Helper()
	ctx := t.Context()
	feeds := r.subscribeFeeds(t, lines)
	for len(lines) > 0 {
		end := published(t, lines[0]).Truncate(step).Add(step)
		n := 0
		for n < len(lines) && !published(t, lines[n]).After(end) {
			n++
		}
		r.clock.Store(end.UnixMilli())
		parts := bySource(lines[:n])
		for _, src := range slices.Sorted(maps.Keys(parts)) {
			f := feeds[src]
			o := feed.Outcome{Feed: f, Result: feed.Changed}
			for _, l := range parts[src] {
				o.Reports = append(o.Reports, asReport(t, f, l, end))
			}
			_, err := r.store.SavePoll(ctx, o)
			must(t, err)
		}
		_, err := r.placer.Place(ctx)
		must(t, err)
		lines = lines[n:]
	}
}

func (r *replay) subscribeFeeds(t testing.TB, lines []line) map[string]feed.Feed {
	t.Helper()
	var all []feed.Feed
	for _, src := range slices.Sorted(maps.Keys(bySource(lines))) {
		all = append(all, feed.Feed{URL: src, Source: source.ID("s" + strconv.Itoa(len(all))), Every: time.Hour})
	}
	must(t, r.store.SyncFeeds(t.Context(), time.Unix(1, 0), all))
	claimed, err := r.store.ClaimDue(t.Context(), feed.Catalogue, time.Unix(2, 0), len(all), time.Hour)
	must(t, err)
	out := map[string]feed.Feed{}
	for _, f := range claimed {
		out[f.URL] = f
	}
	return out
}

// check holds the replay to what must be true of any stream, and prints what
// was told.
func (r *replay) check(t *testing.T, topics *topic.Set) {
	t.Helper()
	ds, err := r.store.Deliveries(t.Context(), store.DeliveryQuery{})
	must(t, err)
	seen, replies := map[string]bool{}, 0
	count := map[topic.ID]int{}
	var out strings.Builder
	for _, d := range ds {
		if d.Kind == alert.Reply {
			replies++
			fmt.Fprintf(&out, "reply\t%+v\t%s\n", d.Content.Timeline, d.Content.Headline)
			continue
		}
		key := fmt.Sprint(d.Channel, "/", d.Content.Story)
		if seen[key] || d.State != alert.Pending {
			t.Errorf("channel %s has story %d twice, or a delivery in state %s", d.Channel, d.Content.Story, d.State)
		}
		seen[key] = true
		for _, x := range d.Content.Topics {
			count[x.ID]++
			fmt.Fprintf(&out, "%s\t%s\t%s\t%s\n", x.ID, x.Stage, d.Content.Headline, d.Content.Told())
		}
	}
	for _, d := range topics.Definitions() {
		t.Logf("%-22s %5d alerts", d.ID, count[d.ID])
		if count[d.ID] == 0 {
			t.Errorf("no alert for %s in twelve days", d.ID)
		}
	}
	t.Logf("%d replies to %d alerts", replies, len(seen))
	if name := os.Getenv("ATTACHE_REPLAY_OUT"); name != "" {
		must(t, os.WriteFile(name, []byte(out.String()), 0o600))
	}
}

func asReport(t testing.TB, f feed.Feed, l line, seen time.Time) report.Report {
	t.Helper()
	title, description := text.Clean(l.Title), text.CleanLines(l.Description)
	return report.Report{
		Feed: int64(f.ID), Source: f.Source, Title: title, Description: description, Link: l.Link, Language: l.Language,
		Published: published(t, l), Seen: seen,
		Keys: report.Identify([]report.Raw{{Link: l.Link, Title: title, Description: description}})[0],
	}
}

func bySource(lines []line) map[string][]line {
	out := map[string][]line{}
	for _, l := range lines {
		out[l.Source] = append(out[l.Source], l)
	}
	return out
}

func published(t testing.TB, l line) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05-07:00", strings.Replace(l.Published, " ", "T", 1))
	must(t, err)
	return at.UTC()
}

func readReplay(t testing.TB, name string) []line {
	t.Helper()
	f, err := os.Open(sharedtest.Path(t, "data", name))
	must(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	must(t, err)
	var out []line
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l line
		must(t, json.Unmarshal(sc.Bytes(), &l))
		out = append(out, l)
	}
	must(t, sc.Err())
	slices.SortStableFunc(out, func(a, b line) int { return published(t, a).Compare(published(t, b)) })
	return out
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
