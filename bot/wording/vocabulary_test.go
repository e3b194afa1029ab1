package wording

import (
	"maps"
	"slices"
	"testing"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/topic"
)

// TestTopicsAndStagesHaveTheirNames holds the vocabularies against the built-in
// topics.
func TestTopicsAndStagesHaveTheirNames(t *testing.T) {
	t.Parallel()
	set, err := topic.Load(config.BuiltInTopics())
	if err != nil {
		t.Fatal(err)
	}
	want := map[ID]map[string]string{}
	for _, d := range set.Definitions() {
		want[ID("topic."+d.ID)] = d.Title
		want[ID("topic-about."+d.ID)] = map[string]string{"en": d.About}
		for _, s := range d.Stages {
			want[ID("stage."+s)] = nil
		}
	}
	for _, lang := range Languages() {
		have := builtIn().entries[lang]
		for _, id := range slices.Sorted(maps.Keys(want)) {
			m := have[id]
			if m == nil {
				t.Errorf("%s lacks %s", lang, id)
				continue
			}
			if title, ok := want[id][lang]; ok && title != m.Other {
				t.Errorf("%s in %s is %q, and in config/topics %q", id, lang, m.Other, title)
			}
		}
		for id := range have {
			if _, ok := want[id]; !ok && slices.Contains(vocabularies, area(id)) {
				t.Errorf("%s: there is no %s", lang, id)
			}
		}
	}
}
