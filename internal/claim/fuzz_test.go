package claim_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
)

// FuzzExtract holds what is true of the claims of any text in every language: they
// are bounded, and nothing is said or quoted that the report does not hold.
func FuzzExtract(f *testing.F) {
	f.Add("Trump says Putin agreed to pause", `"We know nothing", said Dmitry Peskov, the spokesman.`)
	f.Add("Kremlin: ‘no comment’ - UN", "He, who said (it), said he said.")
	f.Add("of of and says, says says: says", "According to according to the , , said")
	f.Add("'", "“'‘(says)")
	f.Add("Russia says Russia", "Will, says Russia. Russia, Russia will")
	f.Add("Він, який «заявив», що: – Трамп", "« Non », a-t-il dit. «Так», — заявив. Як, як, як повідомив")
	f.Add("Kreml weist .. zurück nicht zurück", "Wie der mitteilte zufolge, sagt, habe, hat nicht bestätigt habe")
	f.Add("Según según, dijo que que a", "Что, в в заявили в, после того, как в")
	x := extractor(f)
	f.Fuzz(func(t *testing.T, title, lead string) {
		for _, lang := range x.Languages() {
			holds(t, x, report.Report{Title: title, Description: lead, Language: lang})
		}
	})
}

// TestWhatHoldsOfAnyOrderOfWords reads the words of headlines in any order, which
// stands nearer to what the rules ask for than any text does.
func TestWhatHoldsOfAnyOrderOfWords(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, lang := range x.Languages() {
		raw, err := os.ReadFile(filepath.Join("testdata", "languages", lang+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		words := append(strings.Fields(string(raw)), ",", "–", ":", "“", "”", "'", "?", ".", ";", "Trump", "Kremlin")
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				some := rapid.SliceOfN(rapid.SampledFrom(words), 0, 14)
				holds(t, x, report.Report{Title: strings.Join(some.Draw(t, "title"), " "), Description: strings.Join(some.Draw(t, "lead"), " "), Language: lang})
			})
		})
	}
}

// failer is what a test and a drawn case have in common.
type failer interface {
	Errorf(format string, args ...any)
}

// holds checks what is true of the claims of any report.
func holds(t failer, x *claim.Extractor, r report.Report) {
	title, lead := r.Title, r.Description
	claims := x.Extract(r)
	if len(claims) > 8 {
		t.Errorf("%d claims", len(claims))
	}
	for _, c := range claims {
		field := title
		if c.Field == claim.Lead {
			field = lead
		}
		if c.Speaker == "" || !strings.Contains(title+"\n"+lead, c.Speaker) {
			t.Errorf("%s: speaker %q is not in the report", r.Language, c.Speaker)
		}
		if c.At < 0 || c.At > len(field) || !strings.HasPrefix(field[c.At:], c.Cue) {
			t.Errorf("%s: cue %q is not at %d of the %s", r.Language, c.Cue, c.At, c.Field)
		}
		for _, s := range []string{c.Quote, c.Party} {
			if !strings.Contains(title+"\n"+lead, s) {
				t.Errorf("%s: %q is not in the report", r.Language, s)
			}
		}
		if !slices.Contains(claim.Acts(), c.Act) {
			t.Errorf("%s: %q is no act", r.Language, c.Act)
		}
	}
}
