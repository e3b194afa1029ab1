package summary_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/summary"
	"github.com/attache-bot/attache/internal/text"
)

// pieces are what the texts of properties are made of: words and marks on which
// decisions hang, and what is broken.
var pieces = []string{
	"Norway", "Putin", "he", "she", "said", "denied", "accused", "the", "move", "Mr", "ships", "left", "Oslo", "on", "Monday", "by", "who",
	".", ". ", "! ", "? ", "…", "...", ",", ":", " — ", "(AP)", "(", ")", "[", "]", `"`, "“", "”", "„", "«", "»", "'", "’", "\n", " ", "  ",
	"2023", "U.S.", "é", "戦", "ß", "\xff", "\xe2\x80", "KYIV, Ukraine (AP) — ", "Read more", "allegedly", "prisoners.On Wednesday", "он", "сказал",
}

// anyText is a text of pieces with blanks between some of them.
func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces") {
			b.WriteString(p)
			if rapid.IntRange(0, 3).Draw(t, "blank") > 0 {
				b.WriteByte(' ')
			}
		}
		return b.String()
	})
}

// sound fails when what a summary promises of any input does not hold.
func sound(fail func(string, ...any), got []summary.Sentence, reports []report.Report) {
	if len(got) > summary.MaxSentences {
		fail("%d sentences", len(got))
	}
	size := 0
	for _, s := range got {
		size += utf8.RuneCountInString(s.Text) + 1
		r := reports[s.Report-1]
		if !strings.Contains(r.Description, s.Text) && !strings.Contains(r.Body, s.Text) {
			fail("%q is not in its report", s.Text)
		}
		if s.Link != r.Link || s.Source != r.Source || r.Language != reports[got[0].Report-1].Language {
			fail("%q has the link or language of another report", s.Text)
		}
		if strings.Count(s.Text, `"`)%2 == 1 && !strings.Contains(s.Text, "„") || strings.TrimSpace(s.Text) != s.Text || s.Text == "" {
			fail("%q is no whole sentence", s.Text)
		}
	}
	if size > summary.MaxRunes {
		fail("%d code points", size)
	}
}

func TestASummaryIsSoundWhateverItIsMadeOf(t *testing.T) {
	t.Parallel()
	m := maker(t)
	rapid.Check(t, func(t *rapid.T) {
		reports := make([]report.Report, rapid.IntRange(0, 12).Draw(t, "reports"))
		for i := range reports {
			r := told(rapid.SampledFrom([]string{"en", "de", "fr", "ru", "zh", "und", ""}).Draw(t, "language"), [2]string{"", anyText().Draw(t, "description")})[0]
			r.ID, r.Body = report.ID(i+1), anyText().Draw(t, "body")
			reports[i] = r
		}
		headline := anyText().Draw(t, "headline")
		got := m.Story(headline, reports, "en")
		sound(t.Fatalf, got, reports)
		again := m.Story(headline, reports, "en")
		if summary.Text(got) != summary.Text(again) {
			t.Fatalf("two summaries of one story: %q and %q", summary.Text(got), summary.Text(again))
		}
	})
}

func FuzzStory(f *testing.F) {
	m := maker(f)
	for _, s := range []string{
		"Trump says Russia agreed to pause attacks", "KYIV (AP) — Norway sent ships.On Monday they left. \"We go,\" he said.",
		"“Half a quotation, \"and another” one. (Jane Doe/Reuters)", "Read more…", "\xff\xfe. \xe2\x80", "„Wir gehen“, sagte er. Doch Oslo bleibt.",
	} {
		f.Add("Norway sends ships", s, "The Kremlin denied it. "+s, "en")
	}
	f.Fuzz(func(t *testing.T, headline, description, body, language string) {
		reports := told(language, [2]string{headline, description}, [2]string{"", body})
		reports[1].Body = description
		sound(t.Fatalf, m.Story(headline, reports, "en"), reports)
	})
}

// BenchmarkStory is the summary of one report with an article's text, and of a
// story of ten, with reading the claims of every sentence that could be taken. The
// floor is cutting the same texts into sentences and tokens.
func BenchmarkStory(b *testing.B) {
	m := maker(b)
	articles := corpus(b, "articles-dev.jsonl.gz", everything)
	for _, n := range []int{1, 10} {
		b.Run(fmt.Sprintf("reports=%d", n), func(b *testing.B) {
			i, floor := 0, time.Duration(0)
			for b.Loop() {
				some := articles[i%(len(articles)-n):][:n]
				m.Story(some[0].Title, some, "en")
				b.StopTimer()
				began := time.Now()
				for _, r := range some {
					for _, s := range text.Sentences(r.Body) {
						text.Tokens(r.Body[s.Start:s.End])
					}
				}
				floor += time.Since(began)
				b.StartTimer()
				i++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n)/1e6, "ms/report")
			b.ReportMetric(float64(floor.Nanoseconds())/float64(b.N*n)/1e6, "floor")
			b.ReportMetric(float64(b.Elapsed())/float64(floor), "ratio")
		})
	}
}
