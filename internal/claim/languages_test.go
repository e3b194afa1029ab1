package claim_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// TestMainClaimOfAHeadline reads the headlines of testdata/languages, one
// file a language and one headline a line behind its act and speaker, and holds
// what they say. Each file has at least 25 headlines with a claim and 8 without.
func TestMainClaimOfAHeadline(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, lang := range []string{"de", "en", "es", "fr", "ru", "uk"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join("testdata", "languages", lang+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			with, without := 0, 0
			for line := range strings.Lines(string(raw)) {
				parts := strings.SplitN(strings.TrimSpace(line), " | ", 3)
				if len(parts) != 3 {
					t.Fatalf("%q is not act | speaker | headline", line)
				}
				want := said{strings.TrimSpace(parts[1]), claim.Act(parts[0])}
				if want.Act == claim.None {
					without++
				} else {
					with++
				}
				if got := mainOf(x, report.Report{Title: parts[2], Language: lang}); got != want {
					t.Errorf("%s\n got %q %s, want %q %s", parts[2], got.Speaker, got.Act, want.Speaker, want.Act)
				}
			}
			if with < 25 || without < 8 {
				t.Errorf("%d headlines with a claim and %d without; want 25 and 8", with, without)
			}
		})
	}
}

// TestWhoIsBoundInOtherLanguages holds whose party a speaker is, whom he binds,
// and what he is quoted with.
func TestWhoIsBoundInOtherLanguages(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ lang, title, lead, side, party, quote string }{
		{"uk", "Трамп заявив, що Путін погодився на перемир'я", "", "US", "RU", ""},
		{"uk", "Путін погодився на паузу в атаках – Трамп", "", "US", "RU", ""},
		{"uk", "Удари триватимуть", "«Ми готові до переговорів», — заявив речник Кремля Дмитро Пєсков.", "RU", "", "Ми готові до переговорів"},
		{"uk", "МЗС Польщі звинуватило Мінськ у провокаціях", "", "PL", "BY", ""},
		{"ru", "Путин согласился на паузу в ударах, заявил Трамп", "", "US", "RU", ""},
		{"ru", "По словам Макрона, Путин согласился на паузу", "", "FR", "RU", ""},
		{"ru", "Встреча прошла", "«Мы ждем ответа», – сказал представитель МИД Китая.", "CN", "", "Мы ждем ответа"},
		{"fr", "Trump affirme que Poutine a accepté une trêve", "", "US", "RU", ""},
		{"fr", "Poutine a accepté une trêve, selon Trump", "", "US", "RU", ""},
		{"fr", "Frappes sur Kiev", "« Nous ne céderons pas », a déclaré le président ukrainien Volodymyr Zelensky.", "UA", "", "Nous ne céderons pas"},
		{"de", "Trump sagt, Putin habe einer Waffenruhe zugestimmt", "", "US", "RU", ""},
		{"de", "Putin hat einer Waffenruhe zugestimmt, sagt Trump", "", "US", "RU", ""},
		{"de", "Angriff auf Kiew", "„Wir geben nicht auf“, sagte Präsident Wolodymyr Selenskyj in der Nacht.", "UA", "", "Wir geben nicht auf"},
		{"es", "Trump asegura que Putin aceptó una tregua", "", "US", "RU", ""},
		{"es", "Putin aceptó una tregua, según Trump", "", "US", "RU", ""},
		{"es", "Ataque contra Kiev", "«No nos rendiremos», dijo el presidente ucraniano Volodímir Zelenski.", "UA", "", "No nos rendiremos"},
	} {
		got, ok := claim.Main(x.Extract(report.Report{Title: c.title, Description: c.lead, Language: c.lang}))
		if !ok || got.Side != c.side || strings.Join(got.Parties, " ") != c.party || got.Quote != c.quote {
			t.Errorf("%s: %s %s\n got side %q, parties %q, quote %q; want %q, %q, %q", c.lang, c.title, c.lead, got.Side, got.Parties, got.Quote, c.side, c.party, c.quote)
		}
	}
}

// TestPronounsSpeakForWhomTheyStand: "a-t-il dit" and "сказав він" are whoever
// spoke before.
func TestPronounsSpeakForWhomTheyStand(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ lang, lead, speaker string }{
		{"uk", "Макрон заявив, що війська готові. Він закликав союзників до єдності.", "Макрон"},
		{"ru", "Макрон заявил, что войска готовы. Он призвал союзников к единству.", "Макрон"},
		{"fr", "Le président Macron a annoncé un envoi de chars. « C'est un devoir », a-t-il déclaré. Il a appelé à l'unité.", "Macron"},
		{"de", "Präsident Macron kündigte Hilfe an. Er forderte die Verbündeten zur Einigkeit auf.", "Macron"},
		{"es", "Macron anunció más ayuda. Él pidió unidad a los aliados.", "Macron"},
	} {
		claims := x.Extract(report.Report{Title: "", Description: c.lead, Language: c.lang})
		if len(claims) < 2 {
			t.Errorf("%s: %d claims in %s", c.lang, len(claims), c.lead)
		}
		for _, got := range claims {
			if got.Speaker != c.speaker {
				t.Errorf("%s: %s: got %q for %q, want %q", c.lang, c.lead, got.Speaker, got.Cue, c.speaker)
			}
		}
	}
}

// BenchmarkExtractLanguages reads each language's headlines as one report with
// four of them as its description, beside what cutting it into tokens costs.
func BenchmarkExtractLanguages(b *testing.B) {
	x := extractor(b)
	for _, lang := range []string{"de", "es", "fr", "ru", "uk"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "languages", lang+".txt"))
		if err != nil {
			b.Fatal(err)
		}
		var titles []string
		for line := range bytes.Lines(raw) {
			titles = append(titles, strings.TrimSpace(strings.SplitN(string(line), " | ", 3)[2]))
		}
		var reports []report.Report
		for i := 0; i+5 <= len(titles); i += 5 {
			reports = append(reports, report.Report{Title: titles[i], Description: strings.Join(titles[i+1:i+5], ". "), Language: lang})
		}
		b.Run(lang, func(b *testing.B) { againstTokens(b, x, reports) })
	}
}

// againstTokens reports what reading the claims of a report costs beside cutting
// it into tokens, measured in the same run.
func againstTokens(b *testing.B, x *claim.Extractor, reports []report.Report) {
	b.Helper()
	b.ReportAllocs()
	var whole, floor time.Duration
	n := 0
	for b.Loop() {
		r := reports[n%len(reports)]
		began := time.Now()
		text.Tokens(r.Title)
		text.Tokens(r.Description)
		cut := time.Now()
		x.Extract(r)
		floor += cut.Sub(began)
		whole += time.Since(cut)
		n++
	}
	b.ReportMetric(float64(whole.Microseconds())/float64(n), "µs/report")
	b.ReportMetric(float64(floor.Microseconds())/float64(n), "floor-µs")
	b.ReportMetric(float64(whole)/float64(floor), "ratio")
}
