package store_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

var benchReports = flag.Int("reports", 100_000, "how many reports BenchmarkSearch searches")

// BenchmarkSearch asks a hundred thousand reports for ten, newest first and most
// relevant first, on both engines. The reports recombine the titles and
// descriptions of real ones. The questions are as varied as what people type:
// frequent words and rare ones, two words of one report, and phrases; the figure
// is their median, worst-ms the slowest kind's.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run("engine="+engine, func(b *testing.B) {
			var s *store.Store
			if engine == "postgres" {
				s = openAt(b, storetest.Postgres(b).Migrated(b))
			} else {
				s = openSQLite(b)
			}
			news := realNews(b)
			saveNews(b, s, news, *benchReports)
			asked := questions(news[:min(len(news), *benchReports)])
			for _, o := range []struct {
				name  string
				order archive.Order
			}{{"newest", archive.Newest}, {"relevant", archive.Relevant}} {
				b.Run("order="+o.name, func(b *testing.B) { benchmarkSearch(b, s, asked, o.order) })
			}
		})
	}
}

func benchmarkSearch(b *testing.B, s *store.Store, asked map[string][]string, order archive.Order) {
	b.Helper()
	var all []time.Duration
	var worst time.Duration
	for _, kind := range asked {
		var took []time.Duration
		for range b.N {
			for _, text := range kind {
				began := time.Now()
				found, err := s.Search(b.Context(), archive.Search{Text: text, Order: order, Limit: 10})
				took = append(took, time.Since(began))
				if err != nil || len(found) == 0 {
					b.Fatalf("search for %q: %d found, error %v", text, len(found), err)
				}
			}
		}
		worst = max(worst, median(took))
		all = append(all, took...)
	}
	b.ReportMetric(median(all).Seconds()*1e3, "ms")
	b.ReportMetric(worst.Seconds()*1e3, "worst-ms")
	b.ReportMetric(0, "ns/op")
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// realNews are the titles and descriptions of the captured stream.
func realNews(b *testing.B) (news [][2]string) {
	b.Helper()
	eachLine(b, "replay-2023-06.jsonl.gz", func(line []byte) {
		var l struct{ Title, Description string }
		if err := json.Unmarshal(line, &l); err != nil {
			b.Fatal(err)
		}
		news = append(news, [2]string{l.Title, l.Description})
	})
	return news
}

// saveNews saves n reports, each with the title of one and the descriptions of
// that and of any other.
func saveNews(b *testing.B, s *store.Store, news [][2]string, n int) {
	b.Helper()
	const poll = 500
	f := oneFeed(b, s)
	r := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same reports at every run
	for next := 0; next < n; {
		o := feed.Outcome{Feed: f, Result: feed.Changed}
		for range min(n-next, poll) {
			one, other := news[next%len(news)], news[r.IntN(len(news))]
			o.Reports = append(o.Reports, report.Report{
				Source: "wire", Keys: []report.Key{report.Key(fmt.Sprint("g:", next))},
				Title: one[0], Description: one[1] + " " + other[1], Language: "en", Seen: now(),
			})
			next++
		}
		if _, err := s.SavePoll(b.Context(), o); err != nil {
			b.Fatal(err)
		}
	}
}

// questions are searches of each kind, all of which find something.
func questions(news [][2]string) map[string][]string {
	const each = 25
	r := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // the same questions at every run
	count := map[string]int{}
	for _, n := range news {
		for _, w := range longWords(n[0]) {
			count[w]++
		}
	}
	words := make([]string, 0, len(count))
	for w := range count {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	out := map[string][]string{"frequent": words[:each]}
	for len(out["two"]) < each {
		title := longWords(news[r.IntN(len(news))][0])
		if len(title) < 4 {
			continue
		}
		out["rare"] = append(out["rare"], words[len(words)/2+r.IntN(len(words)/2)])
		out["two"] = append(out["two"], title[0]+" "+title[3])
		out["phrase"] = append(out["phrase"], phrase(news[r.IntN(len(news))][0]))
	}
	return out
}

// longWords are the words of a title that are plain and have some content.
func longWords(title string) []string {
	return slices.DeleteFunc(strings.Fields(strings.ToLower(title)), func(w string) bool {
		return len(w) < 5 || strings.ContainsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' })
	})
}

// phrase quotes the beginning of a title.
func phrase(title string) string {
	words := strings.Fields(strings.ReplaceAll(title, `"`, " "))
	return `"` + strings.Join(words[:min(3, len(words))], " ") + `"`
}
