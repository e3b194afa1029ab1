package topic_test

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

// What is told as a circumstance weighs less than what is told as news.
func TestCircumstancesWeighLess(t *testing.T) {
	t.Parallel()
	topics, err := topic.Parse("test.yaml", strings.NewReader("id: test-topic\ntitle: {en: Test}\nstages: [ended]\nlang: {en: {strong: [truce]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	shared, err := topic.Parse("_shared.yaml", strings.NewReader("sets: {en: {background: [amid, who, after, ahead of], earlier: [after]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := topic.Compile([]topic.File{topics, shared})
	if err != nil {
		t.Fatal(err)
	}
	score := func(d topic.Doc) float64 {
		d.Language = "en"
		return set.Explain(d)[0].Score
	}
	news := score(topic.Doc{Title: "News", Lead: "The truce was told to all."})
	tests := []struct {
		name string
		doc  topic.Doc
		less bool
	}{
		{"after the word", topic.Doc{Title: "News", Lead: "A minister resigned amid talk of a truce."}, true},
		{"after words in a row", topic.Doc{Title: "News", Lead: "A minister resigned ahead of the truce."}, true},
		{"in a relative clause", topic.Doc{Title: "News", Lead: "A minister, who made the truce, resigned."}, true},
		{"before the word", topic.Doc{Title: "News", Lead: "The truce holds amid fears."}, false},
		{"in the clause after", topic.Doc{Title: "News", Lead: "Amid fears, the truce holds."}, false},
		{"in the sentence after", topic.Doc{Title: "News", Lead: "He resigned amid fears. The truce holds."}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := score(tt.doc); (got < news) != tt.less || got > news {
				t.Errorf("score %.2f, that of plain news is %.2f; want less: %v", got, news, tt.less)
			}
		})
	}
	amid, after := score(topic.Doc{Title: "News", Lead: "He resigned amid the truce."}), score(topic.Doc{Title: "News", Lead: "He resigned after the truce."})
	if after >= amid {
		t.Errorf("what came before the news scores %.2f, a circumstance %.2f; want less", after, amid)
	}
	if amid, after := score(topic.Doc{Title: "Joy amid truce"}), score(topic.Doc{Title: "Joy after truce"}); after != amid {
		t.Errorf("in a title what came before scores %.2f, a circumstance %.2f; want the same", after, amid)
	}
	if whole, aside := score(topic.Doc{Title: "Truce holds"}), score(topic.Doc{Title: "Joy amid truce"}); aside >= whole {
		t.Errorf("in a title a circumstance scores %.2f, news %.2f; want less", aside, whole)
	}
}
