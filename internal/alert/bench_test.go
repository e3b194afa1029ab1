package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// BenchmarkDecide decides for a report that so many channels want, of outlets of two
// tiers, and whose story many outlets have told; they were told it, or are to be now.
// The time for each channel should stay the same.
func BenchmarkDecide(b *testing.B) {
	for _, told := range []bool{true, false} {
		for _, channels := range []int{100, 1_000, 10_000} {
			b.Run(fmt.Sprintf("told=%v/channels=%d", told, channels), func(b *testing.B) {
				c := alert.Case{Matches: []topic.Match{{Topic: "ceasefire"}}, Opened: noon, MaxAge: 6 * time.Hour}
				c.Outlet = source.Source{Tier: source.Wire}
				c.Report.Published = noon
				for range 256 {
					c.Tellers = append(c.Tellers, alert.Teller{Outlet: c.Outlet, At: noon.Add(-time.Hour)})
				}
				for i := range channels {
					id := fmt.Sprint(1_000_000 + i)
					c.Wanting = append(c.Wanting, subscription.Subscription{
						Guild: "1", Channel: id, Topic: "ceasefire", Tiers: []source.Tier{source.Wire, source.National},
					})
					if told {
						c.Told = append(c.Told, id)
					}
				}
				for b.Loop() {
					alert.Decide(noon, c)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*channels), "ns/channel")
			})
		}
	}
}
