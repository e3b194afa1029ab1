package metrics_test

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"go.uber.org/goleak"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/metrics"
	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "rewrite the golden file")

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

// house is everything that metrics ask, in a state of the test's choice.
type house struct {
	feeds   []feed.Feed
	backlog alert.Backlog
	err     error
}

func (h *house) FeedStatus(context.Context) ([]feed.Feed, error)   { return h.feeds, h.err }
func (h *house) Backlog(context.Context) (alert.Backlog, error)    { return h.backlog, h.err }
func (h *house) Size(context.Context) (data, log int64, err error) { return 5000, 1000, h.err }
func (h *house) Failures() (reads, writes int64)                   { return 2, 3 }

func (h *house) Gateway() gateway.Status {
	return gateway.Status{Shards: []gateway.ShardStatus{
		{Shard: 0, State: gateway.ReadyState, Latency: 50 * time.Millisecond, Identified: 1, Resumed: 4},
		{Shard: 1, State: gateway.Waiting, Reason: "the network is down", Dropped: 7},
	}, ShardCount: 2, Identifies: 998, IdentifyLimit: 1000}
}

func (h *house) REST() rest.Stats {
	return rest.Stats{GlobalLeft: 44, Invalid: 12, Held: 5, Refused: 6, PausedUntil: noon.Add(9 * time.Second), Limited: map[rest.Scope]int64{rest.ScopeUser: 3, rest.ScopeGlobal: 1}}
}

func newMetrics(h *house) *metrics.Metrics {
	return metrics.New(metrics.Options{
		Version: "v1.2.3", Commit: "abc", Now: func() time.Time { return noon }, Logger: slog.New(slog.DiscardHandler),
		Sources: metrics.Sources{
			Store: h, Discord: h, Loops: func() map[string]float64 { return map[string]float64{"poll": 1.5} },
			Hubs: func() map[string]int64 { return map[string]int64{"pushed": 3, "unsigned": 1} },
		},
	})
}

// lived are metrics of a bot to which everything happened once.
func lived() *metrics.Metrics {
	m := newMetrics(&house{
		feeds: []feed.Feed{
			{ID: 1, URL: "https://example.org/feed?key=secret", Source: "bbc", State: feed.OK, Succeeded: noon.Add(-time.Minute), Newest: noon.Add(-time.Hour)},
			{ID: 2, URL: "https://example.net/rss", Source: "nyt", State: feed.Failing, Reason: "timeout"},
			{ID: 3, URL: "https://diary.example/feed", Source: source.Own(3, "Diary"), Own: true, Title: "Diary", State: feed.OK, Succeeded: noon, Newest: noon},
			{ID: 4, URL: "https://notes.example/feed", Source: source.Own(4, "Notes"), Own: true, Title: "Notes", State: feed.Failing},
		},
		backlog: alert.Backlog{Waiting: 3, Blocked: 1, Oldest: noon.Add(-5 * time.Second)},
	})
	m.Polled(feed.Outcome{Result: feed.Changed, Took: 300 * time.Millisecond})
	m.Polled(feed.Outcome{Result: "timeout", Took: 20 * time.Second})
	m.Polled(feed.Outcome{Result: feed.Postponed})
	m.Added(2)
	m.Placed(report.Report{Published: noon.Add(-2 * time.Minute), Seen: noon}, pipeline.Placed{
		Placement: story.Placement{Reason: story.OpensNew, Matches: []topic.Match{{Topic: "ceasefire"}, {Topic: "summit"}}},
		Alerts:    []alert.Alert{{Channel: "1"}, {Channel: "2"}},
		Quiet:     []pipeline.Quiet{{Verdict: alert.Told, Channels: 70}},
	})
	m.Placed(report.Report{Published: noon.Add(-24 * time.Hour), Seen: noon, Hush: report.HushFirstImport}, pipeline.Placed{Placement: story.Placement{Reason: story.SameLink}})
	m.Settled(alert.Delivery{Kind: alert.Post, Waits: noon.Add(-800 * time.Millisecond)}, alert.Settlement{State: alert.Sent})
	m.Settled(alert.Delivery{Kind: alert.CatchUp, Waits: noon.Add(-time.Hour)}, alert.Settlement{State: alert.Sent})
	m.Settled(alert.Delivery{Kind: alert.Post, Waits: noon}, alert.Settlement{State: alert.Pending, Reason: alert.ReasonRateLimited})
	m.Folded(4)
	m.Published(alert.Publication{}, alert.PublishSettlement{Outcome: alert.Unpublished, Reason: string(alert.HourFull)})
	m.Phrased(phrase.Settlement{Reason: phrase.Accepted, Text: "text"})
	m.Phrased(phrase.Settlement{Reason: phrase.NewWord})
	m.Answered("POST /channels/{channel_id}/messages", 200, 120*time.Millisecond)
	m.Answered("GET /gateway/bot", 0, time.Second)
	m.Deleted("reports", 10)
	m.Upkept(nil)
	m.Upkept(errors.New("no"))
	return m
}

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// own are the lines about ourselves: those of Go and of the process differ.
func own(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, "attache_") {
			out = append(out, line)
		}
	}
	return regexp.MustCompile(`go_version="[^"]*"`).ReplaceAllString(strings.Join(out, ""), `go_version="…"`)
}

// TestExposition holds every name, label and value to a file that people read.
func TestExposition(t *testing.T) {
	t.Parallel()
	got := own(scrape(t, lived()))
	file := filepath.Join("testdata", "metrics.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("rewrite with -update if this is meant:\n%s", diff)
	}
}

func TestNamesFollowTheConventions(t *testing.T) {
	t.Parallel()
	problems, err := promlint.New(strings.NewReader(scrape(t, lived()))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestNoAddressBecomesALabel(t *testing.T) {
	t.Parallel()
	text := scrape(t, lived())
	for _, secret := range []string{"secret", "example.org", "diary.example", "Diary", "Notes", "the network is down"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is told", secret)
		}
	}
}

// TestAStoreThatFailsCostsItsOwnMetricsOnly asks while the database is away.
func TestAStoreThatFailsCostsItsOwnMetricsOnly(t *testing.T) {
	t.Parallel()
	text := scrape(t, newMetrics(&house{err: errors.New("disk I/O error")}))
	for want, there := range map[string]bool{
		"attache_feeds{": false, "attache_deliveries_open{": false, "attache_store_size_bytes{": false,
		`attache_store_errors_total{operation="write"} 3`: true, "attache_gateway_shard_state{": true, "go_goroutines": true, "process_": true,
	} {
		if strings.Contains(text, want) != there {
			t.Errorf("%s: told %v, want %v", want, !there, there)
		}
	}
}

func TestTwoBotsCountApart(t *testing.T) {
	t.Parallel()
	a, b := newMetrics(&house{}), newMetrics(&house{})
	a.Added(5)
	if got := scrape(t, b); !strings.Contains(got, "attache_reports_stored_total 0") {
		t.Error("the second bot counts what the first one did")
	}
}

// BenchmarkEvent is the cost of counting what one report brings.
func BenchmarkEvent(b *testing.B) {
	m := newMetrics(&house{})
	r := report.Report{Published: noon.Add(-time.Minute), Seen: noon}
	p := pipeline.Placed{Placement: story.Placement{Reason: story.OpensNew, Matches: []topic.Match{{Topic: "ceasefire"}}}, Alerts: slices.Repeat([]alert.Alert{{}}, 1000)}
	d := alert.Delivery{Kind: alert.Post, Waits: noon}
	b.ReportAllocs()
	for b.Loop() {
		m.Placed(r, p)
		m.Settled(d, alert.Settlement{State: alert.Sent})
		m.Answered("POST /channels/{channel_id}/messages", 200, time.Millisecond)
	}
}

// BenchmarkScrape asks for the metrics of a thousand feeds.
func BenchmarkScrape(b *testing.B) {
	h := &house{}
	for i := range 1000 {
		h.feeds = append(h.feeds, feed.Feed{ID: feed.ID(i), Source: "s", State: feed.OK, Succeeded: noon, Newest: noon})
	}
	handler := newMetrics(h).Handler()
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		_, _ = io.Copy(io.Discard, w.Body)
	}
}
