package summary_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/summary"
)

func TestLead(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 80) + "."
	for _, c := range []struct{ name, title, description, body, want string }{
		{
			"takes the first sentences", "Pause in attacks",
			"President Trump said Russia would hold fire for a week. The Kremlin has not confirmed it. Kyiv expects it to be carried out. A fourth sentence is left out.", "",
			"President Trump said Russia would hold fire for a week. The Kremlin has not confirmed it. Kyiv expects it to be carried out.",
		},
		{"passes over what the title says", "Russia agrees to pause attacks on Kyiv for a week", "Russia agrees to pause attacks on Kyiv for a week. Moscow has not commented.", "", "Moscow has not commented."},
		{"does not open with a sentence that leans on another", "A pause", "But it failed before long. Both sides blamed each other for that.", "", "Both sides blamed each other for that."},
		{"passes over half a quotation", "A pause", "\"We will see what happens, the president said. His spokesman declined to comment on it.", "", ""},
		{"passes over an endless sentence", "A pause", long + " The talks go on in Abu Dhabi on Sunday.", "", "The talks go on in Abu Dhabi on Sunday."},
		{"takes the body where the description says nothing", "A pause", "Read on.", "The two sides meet again in Abu Dhabi on Sunday.", "The two sides meet again in Abu Dhabi on Sunday."},
		{"says nothing where there is nothing", "A pause", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := summary.Lead(report.Report{Title: c.title, Description: c.description, Body: c.body}); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestLeadOnlyQuotes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.StringOf(rapid.RuneFrom([]rune("abc DEF. ,\"“”\n!?é戦"))).Draw(t, "description")
		got := summary.Lead(report.Report{Title: "A title", Description: d})
		if utf8.RuneCountInString(got) > 640 {
			t.Fatalf("%d code points", utf8.RuneCountInString(got))
		}
		for _, s := range strings.SplitAfter(got, ". ") {
			if s := strings.TrimSuffix(strings.TrimSpace(s), "…"); !strings.Contains(strings.Join(strings.Fields(d), " "), strings.Join(strings.Fields(s), " ")) {
				t.Fatalf("%q is not in the report", s)
			}
		}
	})
}
