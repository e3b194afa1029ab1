package topic_test

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

func TestAPartAddsToItsTopic(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"peace.yaml":      "id: peace\ntitle: {en: Peace}\nlang: {en: {sets: {lull: [lull, calm]}, strong: [truce]}}\ntests: {en: {wanted: [Truce holds]}}\n",
		"peace.calm.yaml": "about: Calm.\nlang: {en: {strong: [\"{lull} holds\"], veto: [\"sea {lull}\"]}}\ntests: {en: {wanted: [Calm holds], unwanted: [Lull holds]}}\n",
		"own.yaml":        "id: peace\ntitle: {en: Peace}\nlang: {en: {strong: [truce]}}\n",
	}
	set, err := topic.Compile(parseAll(t, files, "peace.yaml", "peace.calm.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]bool{"Truce agreed": true, "Calm holds": true, "Sea calm holds": false} {
		if got := len(set.Match(topic.Doc{Title: title, Language: "en"})) > 0; got != want {
			t.Errorf("%q: found %v", title, got)
		}
	}
	d, _ := set.Lookup("peace")
	if len(d.Tests["en"].Wanted) != 2 {
		t.Errorf("wanted examples: %v", d.Tests["en"].Wanted)
	}
	if fails := set.Check(d); len(fails) != 1 || fails[0].File != "peace.calm.yaml" {
		t.Errorf("failing examples: %v; want the part's one", fails)
	}

	set, err = topic.Compile(parseAll(t, files, "peace.yaml", "peace.calm.yaml", "own.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Match(topic.Doc{Title: "Calm holds", Language: "en"})) != 0 {
		t.Error("a topic that replaces another keeps the other's parts")
	}
}

func TestFaultsOfAPartNameItsFile(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"peace.yaml":     "id: peace\ntitle: {en: Peace}\nlang: {en: {strong: [truce]}}\n",
		"war.all.yaml":   "lang: {en: {strong: [war]}}\n",
		"peace.de.yaml":  "lang: {de: {strong: [Ruhe]}}\n",
		"peace.set.yaml": "lang:\n  en:\n    strong:\n      - \"{none} holds\"\n",
	}
	for name, want := range map[string]string{
		"war.all.yaml":   "war.all.yaml: no topic war; define it in war.yaml",
		"peace.de.yaml":  "peace.de.yaml: lang.de: the topic has no rules in this language; begin them in peace.yaml",
		"peace.set.yaml": "peace.set.yaml:4: pattern",
	} {
		if _, err := topic.Compile(parseAll(t, files, "peace.yaml", name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	if _, err := topic.Parse("peace.key.yaml", strings.NewReader("lang: {en: {weak: [calm]}}\n")); err == nil || !strings.Contains(err.Error(), `unknown key "weak"; allowed are strong, veto`) {
		t.Errorf("got %v", err)
	}
}
