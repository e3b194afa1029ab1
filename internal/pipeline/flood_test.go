package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
)

// flood is the store of a bot in which guild 2 floods: a feed of its own brings
// much that many channels of its want. Once the placer is at it, a report for a
// channel of guild 3 comes.
type flood struct {
	*store.Store
	r *rig
	// news is that report; late holds it until the flood is being placed.
	news report.Report
	late bool
	// reads counts what the placer has read, before is how many alerts it has saved
	// since the news were there, and took how long the news took to be claimed.
	reads, before int
	took          time.Duration
	came          time.Time
}

var errTold = errors.New("the news are told")

// Unplaced has the news come right after the placer has chosen other reports.
func (f *flood) Unplaced(ctx context.Context, limit int) ([]report.Report, error) {
	if f.late || f.reads > 0 {
		f.come()
	}
	out, err := f.Store.Unplaced(ctx, limit)
	f.reads++
	if !f.late && f.reads == 1 {
		f.come()
	}
	return out, err
}

func (f *flood) come() {
	if f.came.IsZero() {
		f.came = time.Now()
		f.r.bring(f.news)
	}
}

// SavePlacements ends the run once the news are on their way.
func (f *flood) SavePlacements(ctx context.Context, now time.Time, placed []pipeline.Placed) error {
	if err := f.Store.SavePlacements(ctx, now, placed); err != nil {
		return err
	}
	told := false
	for _, p := range placed {
		f.before += len(p.Alerts)
		told = told || slices.ContainsFunc(p.Alerts, func(a alert.Alert) bool { return a.Guild == "3" })
	}
	if !told {
		return nil
	}
	claimed, err := f.Claim(ctx, now.Add(time.Second), 8, time.Minute)
	if err != nil {
		return err
	}
	for _, d := range claimed {
		if d.Guild == "3" {
			f.took = time.Since(f.came)
			return errTold
		}
	}
	return fmt.Errorf("the news are not among the %d deliveries that come first", len(claimed))
}

// newFlood has guild 2 want a topic in so many channels, and bring so many reports
// that bear it.
func newFlood(tb testing.TB, channels, reports int) *flood {
	tb.Helper()
	r := newRig(tb, builtIn(tb))
	r.batch = 200
	spam := r.adds("2", "spam")
	for i := range channels {
		_, err := r.store.Subscribe(tb.Context(), subscription.Subscription{
			Guild: "2", Channel: fmt.Sprint("spam", i), Topic: "ceasefire", CreatedBy: "2", Created: noon.Add(-time.Duration(i/200) * 2 * time.Hour),
		})
		must(tb, err)
	}
	r.wants("3", "news", "ceasefire")
	if reports > 0 {
		o := feed.Outcome{Feed: r.feeds[spam], Result: feed.Changed}
		for i := range reports {
			o.Reports = append(o.Reports, r.told(spam, fmt.Sprintf("Ceasefire agreed in %s after talks", village(i)), ""))
		}
		_, err := r.store.SavePoll(tb.Context(), o)
		must(tb, err)
	}
	title, about := truce(1)
	return &flood{Store: r.store, r: r, news: r.told("wire", title, about), late: reports == 0}
}

// village makes names that no two stories share.
func village(n int) string {
	const letters = "bdfgklmnprst"
	out := ""
	for range 4 {
		out += string(letters[n%len(letters)]) + string("aeiou"[n%5])
		n = n/len(letters) + 7*n%len(letters)
	}
	return "V" + out + fmt.Sprint("ville ", n)
}

// run places until the news are claimed.
func (f *flood) run(tb testing.TB) {
	tb.Helper()
	if _, err := f.r.placerOver(f).Place(tb.Context()); !errors.Is(err, errTold) {
		tb.Fatalf("the news did not come: %v, after %d alerts and %d stories", err, f.before, len(f.r.stories()))
	}
}

// TestAFloodKeepsNobodyElseWaiting counts what goes before another guild's news:
// the end of the batch that was begun when they came, which is short, and no
// delivery of the flood.
func TestAFloodKeepsNobodyElseWaiting(t *testing.T) {
	t.Parallel()
	const channels, most = 60, 500
	f := newFlood(t, channels, 40)
	f.run(t)
	if f.reads != 2 {
		t.Errorf("the news were placed after %d batches, want 2", f.reads)
	}
	if f.before < channels || f.before >= 2*most+2*channels {
		t.Errorf("%d alerts were saved before the news were claimed, want at most two batches of %d", f.before, most)
	}
	if n, err := f.r.placerOver(f.Store).Place(t.Context()); err != nil || n == 0 {
		t.Errorf("the rest of the flood is placed later: %d, %v", n, err)
	}
	if left, err := f.Store.Unplaced(t.Context(), 10); err != nil || len(left) != 0 {
		t.Errorf("%d reports are left, %v", len(left), err)
	}
}

// BenchmarkFlood measures how long another guild's news take, from when they are
// read to when their delivery is claimed, while a guild floods with 1,000 reports
// to 450 channels; the floor is the same without the flood.
func BenchmarkFlood(b *testing.B) {
	var took, alone time.Duration
	for range b.N {
		quiet, f := newFlood(b, 0, 0), newFlood(b, subscription.MaxPerGuild, 1000)
		quiet.run(b)
		f.run(b)
		took, alone = took+f.took, alone+quiet.took
	}
	n := float64(b.N)
	b.ReportMetric(float64(took.Milliseconds())/n, "delay-ms")
	b.ReportMetric(float64(alone.Milliseconds())/n, "floor-ms")
	b.ReportMetric(float64(took)/float64(alone), "ratio")
	b.ReportMetric(0, "ns/op")
}
