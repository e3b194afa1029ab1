package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// TestBatchesAndRestartsChangeNothing places one stream in two ways: report by
// report, and cut at random into polls, batches and runs.
func TestBatchesAndRestartsChangeNothing(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("SQLite is twenty times slower under the race detector, and placing is serial: run without it")
	}
	topics := builtIn(t)
	rapid.Check(t, func(rt *rapid.T) {
		plain, cut := newRig(t, topics), newRig(t, topics)
		cut.batch = rapid.IntRange(1, 5).Draw(rt, "batch")
		cut.restart()
		for _, r := range []*rig{plain, cut} {
			r.subscribe("10", "ceasefire", "")
			r.subscribe("10", "treaty", "")
			r.subscribe("11", "ceasefire", "7")
		}
		waiting := time.Duration(0)
		for range rapid.IntRange(1, 12).Draw(rt, "reports") {
			pause := rapid.SampledFrom([]time.Duration{0, time.Minute, 5 * time.Hour, 50 * time.Hour, story.Window}).Draw(rt, "pause")
			waiting += pause
			if waiting > time.Hour { // what waits longer is told later, or not at all
				cut.place()
				waiting = 0
			}
			plain.now, cut.now = plain.now.Add(pause), cut.now.Add(pause)
			x := drawReport(rt, plain)
			plain.bring(x)
			plain.place()
			cut.bring(x)
			if rapid.Bool().Draw(rt, "restart") {
				cut.restart()
			}
			if rapid.Bool().Draw(rt, "place") {
				cut.place()
				waiting = 0
			}
		}
		cut.place()
		if diff := cmp.Diff(plain.stories(), cut.stories()); diff != "" {
			rt.Fatalf("stories differ: %s", diff)
		}
		if diff := cmp.Diff(told(plain), told(cut)); diff != "" {
			rt.Fatalf("alerts differ: %s", diff)
		}
	})
}

// told is what the channels are told, whenever that was decided.
func told(r *rig) []string {
	var out []string
	for _, d := range r.alerts() {
		out = append(out, fmt.Sprint(d.Channel, d.Roles, d.Content))
	}
	return out
}

func drawReport(t *rapid.T, r *rig) report.Report {
	src := source.ID(rapid.SampledFrom([]string{"wire", "post", "state"}).Draw(t, "source"))
	title, description := truce(rapid.IntRange(1, 2).Draw(t, "region"))
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 1:
		title += ", officials say"
	case 2:
		title, description = "Bakery wins prize for its sourdough bread again", "The jury praised the crust."
	case 3:
		description = "Told in other words."
	}
	// An outlet that tells the same again has the same link again: what a known
	// report gains in keys is another matter.
	x := r.told(src, title, description)
	x.Link += fmt.Sprintf("/%x", description)
	x.Keys = report.Identify([]report.Raw{{Link: x.Link, Title: title, Description: description}})[0]
	if rapid.IntRange(0, 4).Draw(t, "hushed") == 0 {
		x.Hush = report.HushFlood
	}
	if rapid.IntRange(0, 4).Draw(t, "late") == 0 {
		x.Published = x.Seen.Add(-10 * time.Hour)
	}
	return x
}
