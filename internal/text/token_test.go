package text_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/text"
)

var kindMarks = map[text.Kind]string{text.Number: "#", text.Symbol: "$", text.Clause: "/", text.Quote: "\"", text.Stop: "."}

func folds(s string) []string {
	var out []string
	for _, tok := range text.Tokens(s) {
		out = append(out, kindMarks[tok.Kind]+tok.Fold)
	}
	return out
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string
	}{
		{"hyphens part words", "A cease-fire in Israel-Hamas war", []string{"a", "cease", "fire", "in", "israel", "hamas", "war"}},
		{"a joining en dash parts words", "Israel–Hamas", []string{"israel", "hamas"}},
		{"spaced dashes part clauses", "Truce - what now – or — then", []string{"truce", "/-", "what", "now", "/–", "or", "/—", "then"}},
		{"dotted acronyms are one word", "U.S. and U.N.'s, U.K. or U.S-led", []string{"u.s.", "and", "u.n.", "/,", "u.k.", "or", "u.s.", "led"}},
		{"possessives fold away", "Ukraine's Putin’s allies' don't", []string{"ukraine", "putin", "allies", "\"'", "don't"}},
		{"elisions part", "L'accord d’État qu'il n'y a aujourd'hui", []string{"l", "accord", "d", "état", "qu", "il", "n", "y", "a", "aujourd'hui"}},
		{"Irish names stay", "O'Brien at o'clock", []string{"o'brien", "at", "o'clock"}},
		{"numbers keep their marks", "1,000 or 3.5% of $20bn, 14", []string{"#1,000", "or", "#3.5", "$%", "of", "$$", "#20bn", "/,", "#14"}},
		{"sentences end", "He left. Gen. Smith stays! OK", []string{"he", "left", "..", "gen", "smith", "stays", ".!", "ok"}},
		{"quotes are tokens", `'Peace' “now”`, []string{`"'`, "peace", `"'`, `"“`, "now", `"”`}},
		{"weapons part", "F-16s and S-400", []string{"f", "#16s", "and", "s", "#400"}},
		{"ellipses end clauses", "well... so…", []string{"well", "/...", "so", "/…"}},
		{"Ukrainian apostrophes unify", "Перемир’я Ёлка", []string{"перемир'я", "елка"}},
		{"Arabic folds", "وَقْفُ إطلاق النـار", []string{"وقف", "اطلاق", "النار"}},
		{"nothing", " … ", []string{"/…"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, folds(tt.in)); diff != "" {
				t.Errorf("Tokens(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestTokensKeepCase(t *testing.T) {
	t.Parallel()
	got := text.Tokens("US tells us")
	if got[0].Text != "US" || got[0].Fold != "us" || got[2].Text != "us" {
		t.Errorf("got %+v", got)
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, tok := range text.Tokens(s) {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(s) || s[tok.Start:tok.End] != tok.Text {
				t.Fatalf("Tokens(%q): bad place %+v", s, tok)
			}
			if utf8.ValidString(s) && !utf8.ValidString(tok.Fold) {
				t.Fatalf("Tokens(%q): bad fold %+v", s, tok)
			}
			at = tok.End
		}
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"case", "TRUCE Été ЁЛКА", "truce été елка"},
		{"marks", "“it’s” – «no»", `"it's" - "no"`},
		{"compatibility forms", "ﬁre Ⅳ ｆｕｌｌ", "fire iv full"},
		{"Turkish capital I", "İstanbul", "istanbul"},
		{"Arabic", "إطلاق النَّارِ هـدنة مستشفى", "اطلاق النار هدنه مستشفي"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := text.Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := text.Fold(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Fold(%q) = %q is not valid UTF-8", s, got)
		}
		if again := text.Fold(got); again != got {
			t.Fatalf("Fold(%q) = %q, again %q", s, got, again)
		}
	})
}

const sample = "Trump says Putin agreed to week-long pause in attacks on Kyiv amid extreme cold. The Kremlin's spokesman declined to comment, and U.S. officials said talks in Abu Dhabi go on."

func BenchmarkTokens(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(sample)))
	var buf []text.Token
	for b.Loop() {
		buf = text.AppendTokens(buf[:0], sample)
	}
}

func BenchmarkClean(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.Clean(sample)
	}
}

func BenchmarkSentences(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.Sentences(sample)
	}
}

func BenchmarkLanguage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.Language(sample, "")
	}
}
