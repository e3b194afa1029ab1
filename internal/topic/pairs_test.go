package topic_test

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

// Headlines write a comma for "and" between those who do something together.
func TestACommaJoinsTheFirstPartiesOfATitle(t *testing.T) {
	t.Parallel()
	topics, err := topic.Parse("test.yaml", strings.NewReader("id: test-topic\ntitle: {en: Test, fr: Essai}\nstages: [ended]\n"+
		"lang: {en: {strong: ['{leader}|{country} and {leader}|{country}']}, fr: {strong: ['{leader} and {leader}']}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	shared, err := topic.Parse("_shared.yaml", strings.NewReader("sets: {en: {comma: [and]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := topic.Compile([]topic.File{topics, shared})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		doc  topic.Doc
		text string // of the evidence, "" when nothing holds
	}{
		{"at the beginning", topic.Doc{Title: "Biden, Modi agree on chips"}, "Biden, Modi"},
		{"with and", topic.Doc{Title: "Biden and Modi agree on chips"}, "Biden and Modi"},
		{"after a colon", topic.Doc{Title: "Live: Russia, China sign"}, "Russia, China"},
		{"the second and third of three", topic.Doc{Title: "Work, US, Japan, Philippines at sea"}, "US, Japan"},
		{"a place and its state", topic.Doc{Title: "Paris, France sees rain"}, ""},
		{"a place where someone is", topic.Doc{Title: "In Paris, Modi sees rain"}, ""},
		{"another mark", topic.Doc{Title: "Biden: Modi agrees"}, ""},
		{"a word between", topic.Doc{Title: "Biden, says Modi, agrees"}, ""},
		{"in the lead", topic.Doc{Title: "Rain", Lead: "Biden, Modi agree"}, ""},
		{"in a language that does not write so", topic.Doc{Title: "Biden, Modi : accord", Language: "fr"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.doc.Language == "" {
				tt.doc.Language = "en"
			}
			got := ""
			for _, v := range set.Explain(tt.doc) {
				got = v.Evidence[0].Text
			}
			if got != tt.text {
				t.Errorf("evidence %q, want %q", got, tt.text)
			}
		})
	}
}
