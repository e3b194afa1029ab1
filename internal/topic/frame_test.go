package topic_test

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

func compileOne(t *testing.T, lang, rules string) *topic.Set {
	t.Helper()
	f, err := topic.Parse("test.yaml", strings.NewReader("id: test\ntitle: {en: Test}\nlang: {"+lang+": {"+rules+"}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := topic.Compile([]topic.File{f})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestFrames(t *testing.T) {
	t.Parallel()
	set := compileOne(t, "en", `strong: ["envoy* & recall*|expel* & {2}"]`)
	tests := []struct {
		name, title string
		want        bool
	}{
		{"in one order", "Paris recalls envoy from Baku", true},
		{"in another", "French envoy to Azerbaijan recalled", true},
		{"a part missing", "French envoy arrives in Azerbaijan", false},
		{"one party by two names", "Putin recalls envoy to Moscow", false},
		{"a name inside a longer one is not a second party", "Envoy recalled by North Korea", false},
		{"in another sentence", "Envoy speaks. Paris expels Azerbaijan's team", false},
		{"too far apart", "Envoy says one two three four five six seven eight nine ten eleven that Paris recalls Azeri", false},
		{"a word counts once", "Paris and Baku", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := len(set.Match(topic.Doc{Title: tt.title, Language: "en"})) > 0; got != tt.want {
				t.Errorf("%q: found %v", tt.title, got)
			}
		})
	}
}

func TestAFramesPartMayStandInAGap(t *testing.T) {
	t.Parallel()
	set := compileOne(t, "en", `strong: ["pyongyang ..4 missile & test*|pyongyang|missile"]`)
	for title, want := range map[string]bool{
		"Pyongyang tests new missile":      true,
		"Pyongyang shows missile in test":  true,
		"Pyongyang shows new missile":      false, // words of the first part count once
		"Pyongyang shows missile, missile": true,
	} {
		if got := len(set.Match(topic.Doc{Title: title, Language: "en"})) > 0; got != want {
			t.Errorf("%q: found %v", title, got)
		}
	}
}

func TestAnOccurrenceMayHaveToNameTwoParties(t *testing.T) {
	t.Parallel()
	set := compileOne(t, "en", `strong: ["{leader} ..3 in|visits {country} & {apart}"]`)
	for title, want := range map[string]bool{
		"Macron in Azerbaijan":            true,
		"Macron in France":                false,
		"Baku waits for Macron in France": false,
	} {
		if got := len(set.Match(topic.Doc{Title: title, Language: "en"})) > 0; got != want {
			t.Errorf("%q: found %v", title, got)
		}
	}
}

func TestFrameNamesItsWords(t *testing.T) {
	t.Parallel()
	set := compileOne(t, "en", `strong: ["envoy* & recall* & {2}"]`)
	m := set.Match(topic.Doc{Title: "Paris recalls envoy from Baku", Language: "en"})
	if len(m) != 1 {
		t.Fatal("no match")
	}
	var words []string
	for _, e := range m[0].Evidence {
		words = append(words, string(e.Kind)+" "+e.Text)
	}
	if got, want := strings.Join(words, ", "), "strong envoy, with recalls, with Paris, with Baku"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFramesOnlyFindOccurrences(t *testing.T) {
	t.Parallel()
	f, err := topic.Parse("test.yaml", strings.NewReader("id: test\ntitle: {en: Test}\nlang: {en: {strong: [truce], veto: [\"trade & war\"]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := topic.Compile([]topic.File{f}); err == nil || !strings.Contains(err.Error(), "& joins the parts") {
		t.Errorf("got %v", err)
	}
}

func TestFewParties(t *testing.T) {
	t.Parallel()
	set := compileOne(t, "en", `sides: {lone: -0.5, none: -1}, strong: {truce: 2}`)
	tests := []struct {
		title string
		want  float64
	}{
		{"Truce", 0},
		{"Truce near Kharkiv", 1.5},
		{"Truce in Moscow, Putin says", 1.5},
		{"Truce between Moscow and Kyiv", 2},
		{"Truce, with Wagner of Russia", 1.5},
		{"Truce, with Hamas and Israel", 2},
	}
	for _, tt := range tests {
		got := 0.0
		for _, m := range set.Match(topic.Doc{Title: tt.title, Language: "en"}) {
			got = m.Score
		}
		if got != tt.want {
			t.Errorf("%q: score %v, want %v", tt.title, got, tt.want)
		}
	}
}

func TestEndings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		lang, pattern, title string
		want                 bool
	}{
		{"uk", "перемир~", "Уряд оголосив перемир'я", true},
		{"uk", "перемир~", "Умови перемир’ям", true},
		{"ru", "удар~", "Россия нанесла удар", true},
		{"ru", "удар~", "удары", true},
		{"ru", "удар~", "ударами", true},
		{"ru", "удар~", "ударник труда получил премию", true}, // three letters more: a longer stem is the author's task
		{"ru", "удар~", "ударникам", false},
		{"en", "war~", "warrior", false},
		{"ar", "هدنة", "إعلان الهدنة في غزة", true},
		{"ar", "هدنة", "وبالهدنة", true},
		{"ar", "هُدْنَة", "للهدنة", true},
		{"ar", "وقف إطلاق النار", "لوقف إطلاق النار", true},
		{"ar", "قصف", "قصف", true},
		{"ar", "قصف", "تقصف", false},
	}
	for _, tt := range tests {
		set := compileOne(t, tt.lang, `strong: ["`+tt.pattern+`"]`)
		if got := len(set.Match(topic.Doc{Title: tt.title, Language: tt.lang})) > 0; got != tt.want {
			t.Errorf("%s in %q: found %v", tt.pattern, tt.title, got)
		}
	}
}
