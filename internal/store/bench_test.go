package store_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// vocabulary is as uneven as language is: word n is about n times rarer than
// the first.
func vocabulary() func(r *rand.Rand, words int) string {
	z := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.1, 2, 20_000)
	return func(_ *rand.Rand, words int) string {
		var b strings.Builder
		for range words {
			fmt.Fprintf(&b, "word%d ", z.Uint64())
		}
		return b.String()
	}
}

// batch is a document of n new reports of 40 words.
func batch(f feed.Feed, round, n int, text func(*rand.Rand, int) string) feed.Outcome {
	o := document(f, round, n)
	for i := range o.Reports {
		o.Reports[i].Title = text(nil, 10)
		o.Reports[i].Description = text(nil, 30)
	}
	return o
}

// openAll decides that each report opens a story with one topic for every third.
func openAll(reports []report.Report) []pipeline.Placed {
	out := make([]pipeline.Placed, len(reports))
	for i, r := range reports {
		st := story.Story{
			ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Language: r.Language,
			Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1,
		}
		p := story.Placement{Report: r.ID, Opened: true, Reason: story.OpensNew}
		if i%3 == 0 {
			st.Topics = []story.TopicStage{{Topic: "ceasefire", Stage: "agreed"}}
			p.Matches = []topic.Match{{Topic: "ceasefire", Score: 3, Evidence: []topic.Evidence{{Text: "truce", Rule: "truce"}}}}
		}
		p.Story = st
		out[i] = pipeline.Placed{Placement: p}
	}
	return out
}

// BenchmarkReports is the way of a report into its story: one poll and one
// placing transaction for each batch.
func BenchmarkReports(b *testing.B) {
	for _, size := range []int{1, 20, 100} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			s := openSQLite(b)
			f := oneFeed(b, s)
			text := vocabulary()
			ctx := b.Context()
			round := 0
			b.ReportAllocs()
			for n := 0; n < b.N; n += size {
				b.StopTimer()
				o := batch(f, round, size, text)
				round++
				b.StartTimer()
				if _, err := s.SavePoll(ctx, o); err != nil {
					b.Fatal(err)
				}
				unplaced, err := s.Unplaced(ctx, size)
				if err != nil {
					b.Fatal(err)
				}
				if err := s.SavePlacements(ctx, now(), openAll(unplaced)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}

// BenchmarkKnownDocument polls a document of 100 reports that are all known.
func BenchmarkKnownDocument(b *testing.B) {
	s := openSQLite(b)
	o := batch(oneFeed(b, s), 0, 100, vocabulary())
	for b.Loop() {
		if _, err := s.SavePoll(b.Context(), o); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDelivery claims and settles deliveries of 200 channels, as many at a
// time as a deliverer has free.
func BenchmarkDelivery(b *testing.B) {
	for _, size := range []int{1, 8} {
		b.Run(fmt.Sprintf("claim=%d", size), func(b *testing.B) {
			s := openSQLite(b)
			ctx := b.Context()
			queueUp(b, s, 200, b.N/200+1)
			b.ResetTimer()
			for n := 0; n < b.N; {
				ds, err := s.Claim(ctx, now(), min(size, b.N-n), time.Minute)
				if err != nil || len(ds) == 0 {
					b.Fatalf("claimed %d, error %v", len(ds), err)
				}
				for _, d := range ds {
					if err := s.Settle(ctx, now(), d, alert.Settlement{State: alert.Sent, Message: "1"}); err != nil {
						b.Fatal(err)
					}
				}
				n += len(ds)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
		})
	}
}

// queueUp stores stories with an alert of each for every channel.
func queueUp(b *testing.B, s *store.Store, channels, stories int) {
	b.Helper()
	f := oneFeed(b, s)
	text := vocabulary()
	for n := 0; n < stories; n += 20 {
		placed := planned(b, s, batch(f, n, min(20, stories-n), text), channels)
		if err := s.SavePlacements(b.Context(), now(), placed); err != nil {
			b.Fatal(err)
		}
	}
}

// planned saves a document and decides that each of its stories is told to
// every channel.
func planned(b *testing.B, s *store.Store, o feed.Outcome, channels int) []pipeline.Placed {
	b.Helper()
	if _, err := s.SavePoll(b.Context(), o); err != nil {
		b.Fatal(err)
	}
	reports, err := s.Unplaced(b.Context(), len(o.Reports))
	if err != nil {
		b.Fatal(err)
	}
	placed := openAll(reports)
	for i := range placed {
		st := placed[i].Placement.Story
		for c := range channels {
			placed[i].Alerts = append(placed[i].Alerts, alert.Alert{
				Guild: "g", Channel: fmt.Sprint("c", c), Story: st.ID, Planned: now(),
				Content: alert.Content{Story: st.ID, Headline: st.Title, Summary: st.Title, Time: now()},
			})
		}
	}
	return placed
}

// BenchmarkPlan stores one story with alerts for 1,000 channels.
func BenchmarkPlan(b *testing.B) {
	s := openSQLite(b)
	f := oneFeed(b, s)
	text := vocabulary()
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		placed := planned(b, s, batch(f, n, 1, text), 1000)
		b.StartTimer()
		if err := s.SavePlacements(b.Context(), now(), placed); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "alerts/s")
}

// BenchmarkFoldLate looks for late deliveries among 10,000 open ones that are
// on time, as every sweep does.
func BenchmarkFoldLate(b *testing.B) {
	s := openSQLite(b)
	queueUp(b, s, 200, 50)
	b.ResetTimer()
	for b.Loop() {
		if _, err := s.FoldLate(b.Context(), now(), alert.DefaultLatePolicy()); err != nil {
			b.Fatal(err)
		}
	}
}
