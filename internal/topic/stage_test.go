package topic_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

// What is denied, awaited or not commented on is not done, and its stage must not
// say so.
func TestStageOfWhatIsNotSettled(t *testing.T) {
	t.Parallel()
	set := load(t)
	for _, c := range []struct {
		title, lead string
		want        topic.Stage
	}{
		{"Rebels and army agree to a truce in the border towns", "", "agreed"},
		{"Minister says the rebels agreed to a truce; their leader has not confirmed it", "", "agreed"},
		{"Rebel leader denies that a truce was agreed with the army", "", ""},
		{"Army has not agreed to a truce with the rebels, its chief says", "", ""},
		{"Palace declines to comment on truce agreed by rebel envoys", "", ""},
		{"Palace asked about truce with rebels", "A spokesman could not say whether the army had agreed to the truce.", ""},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			for _, m := range set.Match(topic.Doc{Title: c.title, Lead: c.lead, Language: "en"}) {
				if m.Topic != "ceasefire" {
					continue
				}
				if m.Stage != c.want {
					t.Errorf("stage %q, want %q", m.Stage, c.want)
				}
				return
			}
			t.Error("no ceasefire recognised")
		})
	}
}
