package command_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestQueriesAreCompletedByMeaning types queries and reads what is offered.
func TestQueriesAreCompletedByMeaning(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tellFor(t)
	got := newScript(t)
	for _, typed := range []string{"", "truce", "grain -ukra", `kyiv "frozen`, "country:ru", "source:", "(truce OR wire", "topic:sanc"} {
		got.say(b, scene{"search: " + typed, typing("search", "query", typed)})
	}
	got.say(b,
		scene{"a topic of their own", typingWithin("topic", "test", "query", "peace")},
		scene{"why not, nothing typed", typing("whynot", "link", "")},
		scene{"why not, a word of a title", typing("whynot", "link", "freezes")},
		scene{"countries of a subscription, in Ukrainian", typing("subscribe", "countries", "Україна, рос", with("locale", "uk"))},
		scene{"times, nothing typed", typingWithin("digest", "add", "at", "")},
		scene{"times, typed in part", typingWithin("digest", "add", "at", "8")},
		scene{"times, typed as people say them", typingWithin("quiet", "set", "from", "10 pm")},
		scene{"times, none", typingWithin("quiet", "set", "to", "noon")},
	)
	compare(t, "testdata/completions.txtar", &got.Archive)
}

// TestCompletionsFitDiscord types anything.
func TestCompletionsFitDiscord(t *testing.T) {
	t.Parallel()
	d := &discord{}
	r := newRouter(t, nil, d)
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"truce", "topic:", `"`, "(", "-", "country:u", "wire", " "}))
		typed := ""
		for range rapid.IntRange(0, 6).Draw(rt, "words") {
			typed += word.Draw(rt, "word")
		}
		s := answer(t, r, d, typing("search", "query", typed))
		choices, _ := s.body["data"].(object)["choices"].([]any)
		if len(choices) > 25 {
			rt.Errorf("%d choices", len(choices))
		}
		for _, c := range choices {
			name, value := c.(object)["name"].(string), c.(object)["value"].(string)
			if name == "" || value == "" || utf8.RuneCountInString(name) > 100 || utf8.RuneCountInString(value) > 78 {
				rt.Errorf("%q offers %q for %q", typed, value, name)
			}
		}
	})
}
