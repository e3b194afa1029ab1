package topic_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/attache-bot/attache/internal/topic"
)

func folders(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

const peace = "id: peace\ntitle: {en: Peace}\nstages: [agreed]\nlang: {en: {strong: [truce]}}\n"

func TestAFolderAddsItsLanguage(t *testing.T) {
	t.Parallel()
	set, err := topic.Load(folders(map[string]string{
		"peace.yaml":          peace,
		"de/_shared.yaml":     "sets: {de: {lull: [Ruhe, Stille]}}\n",
		"de/peace.yaml":       "keywords: [Waffenruhe]\nstrong: [Waffenruhe, \"{lull} hält\"]\ntests: {wanted: [Stille hält], unwanted: [Waffenruhe]}\n",
		"drafts/peace.yaml":   "this is no topic\n",
		"de/older/peace.yaml": "nor is this\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]bool{"Waffenruhe beginnt": true, "Stille hält": true, "Krieg": false} {
		if got := len(set.Match(topic.Doc{Title: title, Language: "de"})) > 0; got != want {
			t.Errorf("%q: found %v", title, got)
		}
	}
	d, _ := set.Lookup("peace")
	if fails := set.Check(d); len(fails) != 1 || fails[0].File != "de/peace.yaml" || len(d.Keywords["de"]) != 1 {
		t.Errorf("failing examples: %v; want one of de/peace.yaml; keywords %v", fails, d.Keywords)
	}
}

func TestSharpSIsFoundAsDoubleS(t *testing.T) {
	t.Parallel()
	set, err := topic.Load(folders(map[string]string{
		"peace.yaml":    peace,
		"de/peace.yaml": "strong: [\"abschließ*|beschloß ..2 {deal}\"]\nsets: {deal: [großer Friede]}\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]bool{
		"Abschließender großer Friede": true, "Abschliessender grosser Friede": true, "BESCHLOSS GROSSER FRIEDE": true, "Abschlie grosser Friede": false,
	} {
		if got := len(set.Match(topic.Doc{Title: title, Language: "de"})) > 0; got != want {
			t.Errorf("%q: found %v", title, got)
		}
	}
}

func TestFaultsInAFolderNameTheirFile(t *testing.T) {
	t.Parallel()
	for want, file := range map[string][2]string{
		"de/war.yaml: de: no topic war; define it in war.yaml":                 {"de/war.yaml", "strong: [Krieg]\n"},
		`de/peace.yaml: de.stages[0]: stage "begun" is not in the list stages`: {"de/peace.yaml", "strong: [Ruhe]\nstages: [{stage: begun, cues: [jetzt]}]\n"},
		`de/peace.yaml: line 2: unknown key "strnog"; allowed are`:             {"de/peace.yaml", "keywords: [Ruhe]\nstrnog: [Ruhe]\n"},
		"de/peace.yaml: empty":     {"de/peace.yaml", ""},
		"de/peace.yaml:2: pattern": {"de/peace.yaml", "strong:\n  - \"{none} hält\"\n"},
	} {
		_, err := topic.Load(folders(map[string]string{"peace.yaml": peace, file[0]: file[1]}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
