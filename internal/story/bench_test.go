package story_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// headlines makes reports whose words are as uneven as those of news: a few are
// in every tenth title, most are rare. Most tell a deed of one of three parties.
func headlines(n int) []report.Report {
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same reports at every run
	deeds := []string{"Alba seizes", "Alba calls off", "Boria pulls its men out of", "Boria accuses", "Cora says", "Alba"}
	words := rand.NewZipf(rnd, 1.07, 12, 40_000)
	out := make([]report.Report, n)
	for i := range out {
		some := func(n int) string {
			var out strings.Builder
			for range n {
				fmt.Fprintf(&out, "%s ", spell(words.Uint64()))
			}
			return out.String()
		}
		title := deeds[rnd.IntN(len(deeds))] + " " + some(7+rnd.IntN(6))
		out[i] = report.Report{
			ID: report.ID(i + 1), Source: source.ID(fmt.Sprint("s", i%200)), Title: title, Description: some(20), Language: "en",
			Keys: report.Identify([]report.Raw{{Link: fmt.Sprintf("https://outlet%d.example/news/%d", i%200, i), Title: title}})[0],
		}
	}
	return out
}

// spell makes a word of a number, of unlike beginnings.
func spell(n uint64) string {
	const letters = "bcdfghjklmnprtvz"
	const vowels = "aeiou"
	out := []byte{}
	for n = n*2654435761%(1<<32) + 1; n > 0; n /= uint64(len(letters) * len(vowels)) {
		out = append(out, letters[n%16], vowels[n/16%5])
	}
	return string(out)
}

// BenchmarkPlace places one report among so many open stories, of which the
// oldest closes for each that opens.
func BenchmarkPlace(b *testing.B) {
	var smallest float64
	for _, open := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint("open=", open), func(b *testing.B) {
			rs := headlines(2*open + 20_000)
			x := story.NewIndex(func(_, title string) []string { return []string{title[:1]} })
			step := story.Window / time.Duration(open)
			for i := range rs {
				rs[i].Seen = start.Add(time.Duration(i) * step)
			}
			for _, r := range rs[:open] {
				x.Place(r, nil)
			}
			next := open
			b.ReportAllocs()
			for b.Loop() {
				r := rs[next%len(rs)]
				r.ID, r.Seen = report.ID(next+1), start.Add(time.Duration(next)*step)
				x.Place(r, nil)
				next++
			}
			each := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
			if smallest == 0 {
				smallest = each
			}
			b.ReportMetric(each/smallest, "x-smallest")
		})
	}
}
