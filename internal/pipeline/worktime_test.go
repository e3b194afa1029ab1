package pipeline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

// toil turns the clock for each report of the flood that is worked at, as if it
// were the most that a guild can make of one: so time here is work that was done,
// whatever the machine is.
type toil struct {
	pipeline.Topics
	r     *rig
	costs time.Duration
	// times counts those reports.
	times int
}

func (w *toil) work(title string) {
	if strings.HasPrefix(title, "Ceasefire agreed in V") {
		w.r.now = w.r.now.Add(w.costs)
		w.times++
	}
}

func (w *toil) Match(d topic.Doc) []topic.Match {
	w.work(d.Title)
	return w.Topics.Match(d)
}

// reading is toil with the claims of a report.
type reading struct{ *toil }

func (w reading) Extract(r report.Report) []claim.Claim {
	w.work(r.Title)
	return nil
}

// TestWhatCostsMuchKeepsNobodyElseWaiting has a guild bring reports of which each
// costs a quarter of a second, to be recognised or to be read. Another guild's news
// wait for less than a second of that work, wherever it is done.
func TestWhatCostsMuchKeepsNobodyElseWaiting(t *testing.T) {
	t.Parallel()
	const costs, reports = 240 * time.Millisecond, 12
	for _, c := range []struct {
		name string
		slow func(*flood, *toil)
	}{
		{"to be recognised", func(f *flood, w *toil) { f.r.topics = w }},
		{"to be read", func(f *flood, w *toil) { f.r.extractor = reading{w} }},
		{"both", func(f *flood, w *toil) { f.r.topics, f.r.extractor = w, reading{w} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFlood(t, 1, reports)
			w := &toil{Topics: f.r.topics, r: f.r, costs: costs}
			c.slow(f, w)
			f.run(t)
			waited := time.Duration(w.times) * costs
			if w.times == 0 || waited >= time.Second {
				t.Errorf("the news waited for %d reports of the flood, which is %v of work", w.times, waited)
			}
			if _, err := f.r.placerOver(f.Store).Place(t.Context()); err != nil {
				t.Fatal(err)
			}
			if left, err := f.Store.Unplaced(t.Context(), reports); err != nil || len(left) != 0 {
				t.Errorf("%d reports are left, %v", len(left), err)
			}
		})
	}
}

// TestASlowBatchStillGoesOn has every report cost more than a batch may, those that
// everybody sees too: each is placed, once.
func TestASlowBatchStillGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	w := &toil{Topics: r.topics, r: r, costs: time.Second}
	r.topics, r.extractor = w, reading{w}
	r.restart()
	o := feed.Outcome{Feed: r.feeds["wire"], Result: feed.Changed}
	for i := range 5 {
		o.Reports = append(o.Reports, r.told("wire", "Ceasefire agreed in "+village(i)+" after talks", ""))
	}
	_, err := r.store.SavePoll(t.Context(), o)
	must(t, err)
	r.place()
	if got := len(r.alerts()); got != len(o.Reports) {
		t.Errorf("%d alerts for %d reports", got, len(o.Reports))
	}
}
