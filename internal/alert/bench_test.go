package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// BenchmarkDecide decides for a report whose story so many channels were told:
// the time for each channel should stay the same.
func BenchmarkDecide(b *testing.B) {
	for _, channels := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint("channels=", channels), func(b *testing.B) {
			c := alert.Case{Matches: []topic.Match{{Topic: "ceasefire"}}, Opened: noon, MaxAge: 6 * time.Hour}
			for i := range channels {
				id := fmt.Sprint(1_000_000 + i)
				c.Wanting = append(c.Wanting, subscription.Subscription{Guild: "1", Channel: id, Topic: "ceasefire"})
				c.Told = append(c.Told, id)
			}
			for b.Loop() {
				alert.Decide(noon, c)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*channels), "ns/channel")
		})
	}
}
