package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/attache-bot/attache/internal/text"
)

func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain text stays", "Russia says truce holds", "Russia says truce holds"},
		{"white space collapses", "  a\t b\r\n c\u00a0\u2003d  ", "a b c d"},
		{"controls go", "a\x00b\x1b[31mc\u0085d\u009be", "ab[31mc de"},
		{"direction overrides go", "Kyiv \u202Elanoitan\u202C \u2066x\u2069\u200F\u061C", "Kyiv lanoitan x"},
		{"zero width goes", "cease\u200Bfire\uFEFF tru\u200Dce\u2060", "ceasefire truce"},
		{"soft hyphens go", "cease\u00ADfire", "ceasefire"},
		{"tags go", "flag\U000E0067\U000E007F", "flag"},
		{"Hangul fillers go", "a\u3164\u115Fb\uFFA0", "ab"},
		{"emoji keep their joiners", "👩\u200D🚀 ok ❤\uFE0F 1\uFE0F\u20E3", "👩\u200D🚀 ok ❤\uFE0F 1\uFE0F\u20E3"},
		{"skin tones keep their joiners", "👩🏽\u200D🚀", "👩🏽\u200D🚀"},
		{"a lone variation selector goes", "a\uFE0Fb", "ab"},
		{"marks are capped behind a composed base", "z\u0323\u0324\u0325\u0326x", "ẓ\u0324\u0325x"},
		{"marks without a base go", "\u0301a", "a"},
		{"composes", "e\u0301\u200Bte\u0301", "été"},
		{"composes across what was dropped", "e\u200B\u0301", "é"},
		{"bad bytes are marked", "a\xffb\xed\xa0\x80", "a\uFFFDb\uFFFD\uFFFD\uFFFD"},
		{"private use and non-characters go", "a\uE000b\uFFFEc", "abc"},
		{"other scripts stay", "Перемир’я 停火 وقف إطلاق النار", "Перемир’я 停火 وقف إطلاق النار"},
		{"empty stays empty", " \t\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := text.Clean(tt.in); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanLinesKeepsParagraphs(t *testing.T) {
	t.Parallel()
	got := text.CleanLines(" one \r\n\r\n two\u2028three\u200B\n \n")
	if want := "one\ntwo\nthree"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := text.Clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) = %q is not valid UTF-8", s, got)
		}
		if !norm.NFC.IsNormalString(got) {
			t.Fatalf("Clean(%q) = %q is not NFC", s, got)
		}
		if again := text.Clean(got); again != got {
			t.Fatalf("Clean(%q) = %q, again %q", s, got, again)
		}
		if strings.ContainsAny(got, "\n\r\t\x00\u202e\u200b\ufeff") || strings.Contains(got, "  ") {
			t.Fatalf("Clean(%q) = %q keeps what it must drop", s, got)
		}
		lines := text.CleanLines(s)
		if again := text.CleanLines(lines); again != lines {
			t.Fatalf("CleanLines(%q) = %q, again %q", s, lines, again)
		}
	})
}

// hostile seeds the fuzz targets.
var hostile = []string{
	"", " ", "Rail strike: U.S. says 3.5% “no”…", "a\xff\xfe", "e\u0301\u0302\u0303\u0304", "👩\u200D🚀", "1\uFE0F\u20E3",
	"l'accord d'État qu'il", "Zelenskyy's don't ’s 's", "cease-fire — truce – 2022–2023", "U.S.'s U.K", "A.B.C.D", ".5 ... .",
	"وَقْفُ إِطْلَاقِ النَّارِ", "Перемир’я", "İI", "ﬁﬂ", "\u1100\u1161\u0301\u11a8", "No. 5 Mr. J. Smith", "x\u0344\u0345", "\u0f73\u0f71",
}

// What is hidden makes a text go the long way, and must be all that it does.
func TestOrdinaryTextGoesTheShortWayUnharmed(t *testing.T) {
	t.Parallel()
	for r := rune(' '); r <= 0xFFFF; r++ {
		s := "a" + string(r) + "b"
		if short, long := text.Clean(s), text.Clean("\u200B"+s); short != long {
			t.Errorf("%U: %q, the long way %q", r, short, long)
		}
	}
}
