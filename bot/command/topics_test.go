package command_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/topic"
)

// offered returns the ids of the choices of an answer.
func offered(s sent) []string {
	var out []string
	choices, _ := s.body["data"].(object)["choices"].([]any)
	for _, c := range choices {
		out = append(out, c.(object)["value"].(string))
	}
	return out
}

func TestTopicsAreFoundByWhatPeopleType(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range []struct {
		name, typed string
		want        []string
	}{
		{"nothing yet: all, in order", "", []string{"ceasefire", "military-strike", "peace-talks", "sanctions", "trade-dispute"}},
		{"the title's beginning", "ceas", []string{"ceasefire"}},
		{"capitals and spaces", "  CEASE", []string{"ceasefire"}},
		{"the id", "trade-dispute", []string{"trade-dispute"}},
		{"a later word of the title", "strike", []string{"military-strike"}},
		{"another word for it", "truce", []string{"ceasefire"}},
		{"the beginning of another word", "embarg", []string{"sanctions"}},
		{"a word within another name", "hostilities", []string{"ceasefire"}},
		{"words in any order", "strike military", []string{"military-strike"}},
		{"a title before another word for a topic", "tr", []string{"trade-dispute", "ceasefire"}},
		{"the description", "retaliation", []string{"trade-dispute"}},
		{"a letter missing", "ceasefre", []string{"ceasefire"}},
		{"a letter too many", "sanctionns", []string{"sanctions"}},
		{"a wrong letter", "armistyce", []string{"ceasefire"}},
		{"letters that changed places", "tariffs", []string{"trade-dispute"}},
		{"two slips are another word", "saanctionns", nil},
		{"a short word with a slip is another word", "trce", nil},
		{"nothing like it", "football", nil},
		{"signs", "!?*", nil},
		{"hostile text", "<@1>\u202e[x](y)", nil},
		{"very long text", strings.Repeat("ceasefire ", 1000), []string{"ceasefire"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, offered(b.do(t, typing("subscribe", "topic", c.typed)))); diff != "" {
				t.Errorf("choices for %q differ (-want +got):\n%s", c.typed, diff)
			}
		})
	}
}

func TestOnlyAClearTopicIsTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for typed, want := range map[string]string{
		"ceasefire": "about **Ceasefire**", "CEASEFIRE": "about **Ceasefire**", "Peace Talks": "about **Peace talks**", "Trade war": "about **Trade dispute**",
		"cease": "Did you mean Ceasefire?", "t": "Did you mean Trade dispute, Peace talks or Ceasefire?", "sanction": "Did you mean Sanctions?", "war": "Did you mean Trade dispute?",
	} {
		if s := b.do(t, use("recent", about(typed))); !strings.Contains(s.text(), want) {
			t.Errorf("%q: %s", typed, s.text())
		}
	}
}

// TestChoicesFitWhateverTheCatalogueHolds draws catalogues of odd topics.
func TestChoicesFitWhateverTheCatalogueHolds(t *testing.T) {
	t.Parallel()
	known := sources(t)
	rapid.Check(t, func(rt *rapid.T) {
		var topics catalogue
		for i := range rapid.IntRange(0, 60).Draw(rt, "topics") {
			topics = append(topics, desk.TopicInfo{
				ID: topic.ID(fmt.Sprintf("t%d%s", i, strings.Repeat("x", rapid.IntRange(0, 80).Draw(rt, "id")))), Title: rapid.String().Draw(rt, "title"),
				Description: rapid.String().Draw(rt, "description"), Aliases: rapid.SliceOfN(rapid.String(), 0, 3).Draw(rt, "aliases"),
			})
		}
		d := &discord{}
		r, err := command.New(nil, d, command.Options{Desk: desk.Options{Topics: topics, Sources: known}, Interaction: atNow()})
		if err != nil {
			rt.Fatal(err)
		}
		typed := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.SampledFrom([]string{"t", "t1", "x"})).Draw(rt, "typed")
		s := answer(t, r, d, typing("subscribe", "topic", typed))
		choices, _ := s.body["data"].(object)["choices"].([]any)
		if len(choices) > 25 {
			rt.Errorf("%d choices", len(choices))
		}
		for _, c := range choices {
			for _, k := range []string{"name", "value"} {
				if n := utf8.RuneCountInString(c.(object)[k].(string)); n < 1 || n > 100 {
					rt.Errorf("%s of %d code points", k, n)
				}
			}
		}
		r.Wait()
	})
}
