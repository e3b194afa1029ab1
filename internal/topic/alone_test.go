package topic_test

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

// One pattern of the lead that nothing else supports weighs less.
func TestAlonePatternOfTheLeadWeighsLess(t *testing.T) {
	t.Parallel()
	file, err := topic.Parse("test.yaml", strings.NewReader(
		"id: test-topic\ntitle: {en: Test}\nstages: [ended]\nlang: {en: {alone: -0.25, strong: [truce, armistice], weak: [lull], veto: [armistice day]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := topic.Compile([]topic.File{file})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		doc   topic.Doc
		alone bool
	}{
		{"in the lead only", topic.Doc{Title: "News", Lead: "The truce was told to all."}, true},
		{"twice the same", topic.Doc{Title: "News", Lead: "The truce is a truce."}, true},
		{"beside a weak one", topic.Doc{Title: "News of a lull", Lead: "The truce was told to all."}, true},
		{"beside a vetoed one", topic.Doc{Title: "Armistice Day", Lead: "The truce was told to all."}, true},
		{"beside another", topic.Doc{Title: "News", Lead: "The truce is an armistice."}, false},
		{"in the title", topic.Doc{Title: "Truce", Lead: "All were told."}, false},
		{"in both", topic.Doc{Title: "Truce", Lead: "The truce was told to all."}, false},
		{"a weak one", topic.Doc{Title: "News", Lead: "The lull was told to all."}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.doc.Language = "en"
			got := false
			for _, e := range set.Explain(tt.doc)[0].Evidence {
				got = got || e.Kind == topic.Lonely && e.Weight == -0.25
			}
			if got != tt.alone {
				t.Errorf("alone: %v, want %v", got, tt.alone)
			}
		})
	}
}
