package topic_test

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

func parseAll(t *testing.T, files map[string]string, order ...string) []topic.File {
	t.Helper()
	var out []topic.File
	for _, name := range order {
		f, err := topic.Parse(name, strings.NewReader(files[name]))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func TestLanguageFiles(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"peace.yaml":  "id: peace\ntitle: {en: Peace}\nstages: [agreed]\nlang: {en: {strong: [truce]}}\n",
		"own.yaml":    "id: peace\ntitle: {en: Peace}\nlang: {en: {strong: [truce]}}\n",
		"_de.yaml":    "topics:\n  de:\n    peace:\n      keywords: [Waffenruhe]\n      strong: [\"*ruhe\"]\n      tests: {wanted: [Waffenruhe hält], unwanted: [Krieg]}\n",
		"_other.yaml": "topics: {de: {war: {strong: [krieg]}}}\n",
		"_stage.yaml": "topics: {de: {peace: {strong: [krieg], stages: [{stage: begun, cues: [jetzt]}]}}}\n",
		"_key.yaml":   "topics: {de: {peace: {strnog: [krieg]}}}\n",
	}
	german := topic.Doc{Title: "Waffenruhe hält", Language: "de"}

	set, err := topic.Compile(parseAll(t, files, "peace.yaml", "_de.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Match(german)) != 1 {
		t.Error("the added language finds nothing")
	}
	d, _ := set.Lookup("peace")
	if fails := set.Check(d); len(fails) > 0 {
		t.Errorf("own examples: %v", fails)
	}
	if len(d.Keywords["de"]) != 1 || d.Tests["de"].Wanted[0].File != "_de.yaml" {
		t.Errorf("keywords %v, tests from %q", d.Keywords, d.Tests["de"].Wanted[0].File)
	}

	set, err = topic.Compile(parseAll(t, files, "peace.yaml", "_de.yaml", "own.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Match(german)) != 0 {
		t.Error("a topic that replaces another keeps the other's languages")
	}

	for name, want := range map[string]string{
		"_other.yaml": "_other.yaml: topics.de.war: no topic war; define it in war.yaml",
		"_stage.yaml": `_stage.yaml: topics.de.peace.stages[0]: stage "begun" is not in the list stages`,
	} {
		if _, err := topic.Compile(parseAll(t, files, "peace.yaml", name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	if _, err := topic.Parse("_key.yaml", strings.NewReader(files["_key.yaml"])); err == nil || !strings.Contains(err.Error(), `unknown key "strnog"; allowed are`) {
		t.Errorf("got %v", err)
	}
}

// every built-in language has rules and enough examples for every topic.
func TestBuiltInLanguagesAreWhole(t *testing.T) {
	t.Parallel()
	set := load(t)
	langs := map[string]int{}
	for _, d := range set.Definitions() {
		for lang := range d.Lang {
			langs[lang]++
			least := 8
			if lang == "en" {
				least = 25
			}
			if ex := d.Tests[lang]; len(ex.Wanted) < least || len(ex.Unwanted) < least {
				t.Errorf("%s in %s: %d wanted and %d unwanted examples, fewer than %d", d.ID, lang, len(ex.Wanted), len(ex.Unwanted), least)
			}
		}
	}
	for lang, n := range langs {
		if n != len(set.Definitions()) {
			t.Errorf("%s: rules for %d of %d topics", lang, n, len(set.Definitions()))
		}
	}
}
