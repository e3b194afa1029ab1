package command_test

import (
	"encoding/json"
	"fmt"
	"testing"
)

// BenchmarkFirstAnswer is the time from an interaction's arrival to its answer,
// on a store with a thousand reports, without the network.
func BenchmarkFirstAnswer(b *testing.B) {
	bot := newBench(b)
	var all []told
	for i := range 1000 {
		all = append(all, told{"wire", fmt.Sprintf("Envoys meet in city number %d about the truce", i), fmt.Sprintf("https://wire.example/%d", i), "ceasefire", "", 1000 - i, nil})
	}
	bot.tell(b, all...)
	for name, in := range map[string]object{
		"recent": use("recent"), "search": use("search", asking("city truce")), "status": use("status"), "choices": typing("subscribe", "topic", "tru"),
		"recent in a country": use("recent", option("country", 3, "UA")), "story": use("story", option("story", 3, "s500")), "why": use("why", option("story", 3, "s500")),
		"trend": use("trend", about("ceasefire")), "choices of stories": typing("story", "story", "city truce"), "choices of countries": typing("recent", "country", "Ukr"),
	} {
		raw, err := json.Marshal(in)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bot.Handle(b.Context(), raw)
			}
		})
	}
}
