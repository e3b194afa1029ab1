package wording

import (
	"regexp"
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/markup"
)

func TestCommandsInSentencesCanBeClicked(t *testing.T) {
	t.Parallel()
	var known Commands
	sp := In("en").Knowing(&known)
	for name, c := range map[string]struct {
		ids  map[string]string
		id   ID
		args Args
		want string
	}{
		"before Discord has told the ids": {nil, "digest.note", nil, "/digest add adds one, /digest remove ends one."},
		"subcommands":                     {map[string]string{"digest add": "7", "digest remove": "7"}, "digest.note", nil, "</digest add:7> adds one, </digest remove:7> ends one."},
		"a command with a word behind it": {map[string]string{"subscriptions": "9"}, "unsubscribe.none", Args{"channel": "c", "topic": "t"}, "c gets no alerts about **t**. </subscriptions:9> shows which channels do."},
		"what only leads to others":       {map[string]string{"digest list": "7"}, "digest.note", nil, "/digest add adds one, /digest remove ends one."},
		"an example to be typed":          {map[string]string{"search": "8"}, "lookup.no-words", nil, "Type at least one word to search for, e.g. `/search query:Hormuz tanker`"},
		"what somebody else wrote":        {map[string]string{"recent": "8"}, "list.quote", Args{"what": "use /recent now"}, "“use /recent now”"},
	} {
		known.Know(c.ids)
		if got := sp.Say(c.id, c.args); got != markup.Markup(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if got := sp.Plain(c.id, c.args); strings.Contains(got, "</") {
			t.Errorf("%s: where nothing can be clicked it says %q", name, got)
		}
		if got := Typed(string(sp.Say(c.id, c.args))); got != string(In("en").Say(c.id, c.args)) {
			t.Errorf("%s: as typed it is %q", name, got)
		}
	}
}

// TestEverySentenceNamesCommandsToBeClicked says what names a command, in every
// language, and finds the command's name in it with its id alone.
func TestEverySentenceNamesCommandsToBeClicked(t *testing.T) {
	t.Parallel()
	bare := regexp.MustCompile(`(^|[^\w/:.<])/[a-z]+`)
	seen := 0
	for _, lang := range Languages() {
		for id, m := range builtIn().entries[lang] {
			names := map[string]string{}
			for _, s := range forms(m) {
				for i, part := range strings.Split(s, "`") {
					for _, found := range commandAt.FindAllStringSubmatch(part, -1) {
						if i%2 == 0 {
							names[found[2]] = "1"
						}
					}
				}
			}
			var known Commands
			known.Know(names)
			args := Args{"count": 2}
			for _, a := range takes(m) {
				if a != "count" {
					args[a] = "x"
				}
			}
			said := In(lang).Knowing(&known).Say(id, args)
			for i, part := range strings.Split(string(said), "`") {
				if i%2 == 0 && bare.MatchString(part) {
					t.Errorf("%s of %s: nobody can click on the command in %q", id, lang, said)
				}
			}
			seen += strings.Count(string(said), "</")
		}
	}
	if seen < 400 {
		t.Errorf("only %d commands are named", seen)
	}
}
