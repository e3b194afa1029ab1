package text_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/text"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want []string // joined by a space they are the text
	}{
		{"plain", []string{"He left.", "She stayed!", "Why?", "Nobody knows"}},
		{"titles and initials", []string{"Gen. Mark A. Milley met Mr. Wallace in St. Petersburg.", "They spoke."}},
		{"acronyms inside", []string{"The U.S. Senate voted.", "It passed."}},
		{"acronyms at the end", []string{"He flew to the U.S.", "The talks failed."}},
		{"numbers", []string{"Resolution No. 5 got 3.5 million votes.", "No.", "Yes."}},
		{"quotes close after the mark", []string{"“We agreed.”", "He left.", "\"Never!\" she said."}},
		{"ellipses go on in lower case", []string{"Well... perhaps.", "Wait…", "Then go."}},
		{"German dates", []string{"Am 5. Mai begann z.B. die Waffenruhe.", "Sie hielt."}},
		{"Russian", []string{"В 2022 г. Россия начала войну.", "Переговоры прошли в ООН.", "Они провалились."}},
		{"Ukrainian", []string{"Загинули 5 тис. людей.", "Перемир’я триває?"}},
		{"French", []string{"M. Macron a parlé.", "« C'est fini. »", "Oui."}},
		{"Spanish", []string{"El Sr. Sánchez habló.", "¿Qué dijo?", "Nada."}},
		{"Polish", []string{"Płk. Nowak przybył 3 maja.", "Gen. Kowalski nie."}},
		{"Arabic", []string{"بدأت الهدنة.", "هل تصمد؟", "نعم."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := ""
			for i, w := range tt.want {
				if i > 0 {
					s += " "
				}
				s += w
			}
			var got []string
			for _, sp := range text.Sentences(s) {
				got = append(got, s[sp.Start:sp.End])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSentencesEndAtLineBreaks(t *testing.T) {
	t.Parallel()
	if got := len(text.Sentences("a headline\na lead\r\n\nrest")); got != 3 {
		t.Errorf("got %d sentences, want 3", got)
	}
}

func FuzzSentences(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, sp := range text.Sentences(s) {
			if sp.Start < at || sp.End <= sp.Start || sp.End > len(s) {
				t.Fatalf("Sentences(%q): bad span %+v", s, sp)
			}
			at = sp.End
		}
	})
}
