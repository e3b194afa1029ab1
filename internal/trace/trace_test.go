package trace_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/trace"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

// record is a report that opened a story and raised one alert, which arrived.
func record() trace.Record {
	return trace.Record{
		Report: report.Report{
			ID: 812, Feed: 3, Source: "example-wire", Title: "Russia and Ukraine agree to week-long truce",
			Link: "https://example.org/truce", Language: "en", Published: noon.Add(-2*time.Minute - 300*time.Millisecond), Seen: noon,
			Keys: []report.Key{"g:00112233", "l:44556677", "t:8899aabb"},
		},
		Feed: feed.Feed{
			ID: 3, URL: "https://example.org/rss", State: feed.OK, Next: noon.Add(12 * time.Minute), NextReason: feed.DueTempo,
		},
		Matches: []topic.Match{{
			Topic: "ceasefire", Score: 3, Stage: "agreed",
			Evidence: []topic.Evidence{{Field: topic.Title, Kind: topic.Strong, Text: "agree to week-long truce", Rule: "agree ..3 truce", Weight: 2.5}},
		}},
		Placed: noon.Add(180 * time.Millisecond), Reason: story.OpensNew,
		Story: &story.Story{ID: 812, Lead: 812, Title: "Russia and Ukraine agree to week-long truce", Reports: 1, Sources: 1, Testimony: story.Testimony{Bound: map[string]story.Stance{"RU": story.Silent}, Claimants: []string{"US"}}},
		Alerts: []trace.Alert{alerted(5, "100", 812, alert.Delivery{
			ID: 9, State: alert.Sent, Attempt: 1, Form: alert.Full, Message: "777", Created: noon.Add(180 * time.Millisecond),
			First: noon.Add(200 * time.Millisecond), Waits: noon, Settled: noon.Add(520 * time.Millisecond),
		})},
	}
}

func alerted(id alert.ID, channel string, by report.ID, ds ...alert.Delivery) trace.Alert {
	return trace.Alert{
		Alert:      alert.Alert{ID: id, Guild: "1", Channel: channel, Story: 812, Report: by, Planned: noon.Add(180 * time.Millisecond)},
		Deliveries: ds,
	}
}

// TestWords holds what operators read to files, one for each kind of report.
func TestWords(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*trace.Record){
		"alert": func(*trace.Record) {},
		"answer": func(r *trace.Record) {
			r.Story.Follows, r.Story.Answers = 700, 700
			r.Alerts = nil
			r.Quiet = []pipeline.Quiet{{Verdict: alert.Answered, Channels: 1, Named: []string{"100"}}}
		},
		"replied": func(r *trace.Record) {
			r.Alerts[0].Deliveries = append(r.Alerts[0].Deliveries, alert.Delivery{
				ID: 12, Kind: alert.Reply, State: alert.Pending, Reason: alert.ReasonRateLimited, Attempt: 1, Form: alert.Full,
				Created: noon.Add(time.Hour), First: noon.Add(time.Hour), Due: noon.Add(2 * time.Hour),
			})
		},
		"filtered": func(r *trace.Record) {
			r.Alerts = nil
			r.Quiet = []pipeline.Quiet{
				{Verdict: alert.OtherStage, Channels: 1, Named: []string{"100"}}, {Verdict: alert.OtherStanding, Channels: 1, Named: []string{"101"}},
			}
		},
		"told": func(r *trace.Record) {
			r.Report.ID, r.Reason = 813, story.NearTitle
			r.Story.Reports, r.Story.Sources = 2, 2
			r.Story.Turns = []story.Turn{
				{By: "US", Speaker: "Trump", Act: claim.Assert, About: "Putin", Reason: story.OthersClaim, Standing: story.Claimed, Report: 812, Source: "gazette", At: noon.Add(-time.Hour)},
				{By: "UA", Speaker: "Zelensky", Act: claim.Assert, Tone: claim.Welcome, Reason: story.NewWord, Standing: story.Claimed, Report: 812, Source: "gazette", At: noon.Add(-time.Hour)},
				{Topic: "ceasefire", Stage: "agreed", Reason: story.StageMoves, Standing: story.Claimed, Report: 813, Source: "example-wire", At: noon},
			}
			r.Others = []report.Report{{ID: 812, Source: "gazette", Title: "Truce agreed", Seen: noon.Add(-time.Hour)}}
			r.Quiet = []pipeline.Quiet{{Verdict: alert.Told, Channels: 70, Named: []string{"100", "101"}}}
		},
		"hushed":   func(r *trace.Record) { r.Report.Hush, r.Alerts = report.HushFirstImport, nil },
		"flood":    func(r *trace.Record) { r.Report.Hush, r.Alerts = report.HushFlood, nil },
		"no-topic": func(r *trace.Record) { r.Matches, r.Alerts = nil, nil },
		"denied": func(r *trace.Record) {
			r.Matches[0].Flags, r.Alerts = topic.Negated, nil
		},
		"nobody": func(r *trace.Record) { r.Alerts = nil },
		"old": func(r *trace.Record) {
			r.Alerts = nil
			r.Quiet = []pipeline.Quiet{{Verdict: alert.Old, Channels: 1, Named: []string{"100"}}}
		},
		"waits": func(r *trace.Record) {
			r.Story, r.Placed, r.Reason, r.Matches, r.Alerts = nil, time.Time{}, "", nil, nil
		},
		"early-release": func(r *trace.Record) {
			r.Placed, r.Alerts[0].Report = time.Time{}, 0
		},
		"undated-and-overdue": func(r *trace.Record) {
			r.Report.Published, r.Report.Overdue, r.Report.Language = time.Time{}, true, "und"
		},
		"troubles": func(r *trace.Record) {
			tried := noon.Add(time.Second)
			r.Alerts = []trace.Alert{
				alerted(1, "100", 812, alert.Delivery{ID: 1, State: alert.Pending, Reason: alert.ReasonRateLimited, Attempt: 2, Form: alert.Full, Created: noon, First: tried, Due: noon.Add(time.Minute)}),
				alerted(2, "101", 812, alert.Delivery{ID: 2, State: alert.Dead, Reason: alert.ReasonRefused, Attempt: 3, Failures: 3, Form: alert.Plain, Created: noon, First: tried, Settled: noon.Add(5 * time.Second)}),
				alerted(3, "102", 812, alert.Delivery{ID: 3, State: alert.Expired, Reason: alert.ReasonCatchUp, Form: alert.Full, Created: noon, Settled: noon.Add(26 * time.Hour)}),
				alerted(4, "103", 812, alert.Delivery{ID: 4, State: alert.Sending, Attempt: 1, Form: alert.Full, Created: noon, First: tried, Due: noon.Add(30 * time.Second)}),
				alerted(5, "104", 812, alert.Delivery{ID: 5, State: alert.Sent, Attempt: 2, Form: alert.Plain, Message: "8", Created: noon, First: tried, Waits: noon, Settled: noon.Add(2 * time.Minute)}),
			}
		},
		"hostile": func(r *trace.Record) {
			r.Report.Title = "\x1b[2J\u202etruce\nReport 1: forged"
			r.Report.Link, r.Feed.URL = "https://example.org/\x1b]0;x\a", "https://example.org/\r\nforged"
			r.Matches[0].Evidence[0].Text = "\x1b[31mtruce"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := record()
			change(&r)
			compare(t, name, trace.Of(r))
		})
	}
}

// TestEveryReasonHasWords fails when a reason would be shown as its name.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, reason := range []story.Reason{story.OpensNew, story.SameLink, story.SameText, story.NearTitle, story.SameParties, story.Alike + ": airport, dawn, port"} {
		r := record()
		r.Reason = reason
		var out bytes.Buffer
		if err := trace.Of(r).Text(&out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), ": "+string(reason)+"\n") {
			t.Errorf("%s is shown by its name:\n%s", reason, &out)
		}
	}
}

func compare(t *testing.T, name string, tr trace.Trace) {
	t.Helper()
	var words bytes.Buffer
	if err := tr.Text(&words); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexFunc(words.String(), func(r rune) bool { return r < ' ' && r != '\n' || r == 0x202e }); i >= 0 {
		t.Errorf("a control character at byte %d of\n%s", i, words.String())
	}
	machine, err := json.MarshalIndent(tr, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got := txtar.Format(&txtar.Archive{
		Comment: []byte("What attache trace says. Rewritten with -update.\n\n"),
		Files:   []txtar.File{{Name: "text", Data: words.Bytes()}, {Name: "json", Data: append(machine, '\n')}},
	})
	file := filepath.Join("testdata", name+".txtar")
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}
