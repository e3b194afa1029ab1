package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command"
)

// uses are all commands that somebody can type, with their subcommands.
func uses() []string {
	var out []string
	for _, c := range command.Tree() {
		if c.Type > discordgo.ChatApplicationCommand {
			continue
		}
		var subs []string
		for _, o := range c.Options {
			if o.Type == discordgo.ApplicationCommandOptionSubCommand {
				subs = append(subs, c.Name+" "+o.Name)
			}
		}
		if len(subs) == 0 {
			subs = []string{c.Name}
		}
		out = append(out, subs...)
	}
	return out
}

// registerAll tells the router ids of all commands.
func registerAll(b bench) {
	ids := map[string]string{}
	for _, c := range command.Tree() {
		ids[c.Name] = "700000000000000019"
	}
	registeredAs(b, ids)
}

var (
	bareCommand = regexp.MustCompile(`(?:^|[^\w/:.<])/([a-z]+(?: [a-z]+)?)`)
	toClick     = regexp.MustCompile(`</[^>]*>`)
)

// typedIn are the commands that a text names outside examples.
func typedIn(s string) []string {
	var out []string
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			continue
		}
		for _, m := range bareCommand.FindAllStringSubmatch(part, -1) {
			for _, u := range uses() {
				if m[1] == u || strings.HasPrefix(m[1], u+" ") {
					out = append(out, u)
				}
			}
		}
	}
	return out
}

// markedUp are the keys of what Discord shows with markup
// (https://discord.com/developers/docs/resources/message#embed-object): of an
// embed's field that is the value.
var markedUp = []string{"content", "description", "value"}

// checkClickable fails where an answer names a command that cannot be clicked
// though Discord has told its id, or writes one to be clicked where Discord shows
// no markup.
func checkClickable(t *testing.T, name string, v any) {
	t.Helper()
	var walk func(key string, v any, embed bool)
	walk = func(key string, v any, embed bool) {
		switch v := v.(type) {
		case object:
			for k, w := range v {
				walk(k, w, embed || k == "embeds")
			}
		case []any:
			for _, w := range v {
				walk(key, w, embed)
			}
		case string:
			shown := key == "content" || embed && slices.Contains(markedUp, key)
			if !shown && toClick.MatchString(v) {
				t.Errorf("%s: a command to be clicked stands in %s, which has no markup: %q", name, key, v)
			}
			if typed := typedIn(v); shown && len(typed) > 0 {
				t.Errorf("%s: nobody can click on %v in %q", name, typed, v)
			}
		}
	}
	walk("", v, false)
}

// TestSentencesNameCommandsThatThereAre reads what the catalogues tell people to
// type, in every language.
func TestSentencesNameCommandsThatThereAre(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../wording/catalogue/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	named := regexp.MustCompile(`(?:^|[^\w/:.<])/([a-z]+)(?: ([a-z]+))?`)
	known := uses()
	seen := 0
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var entries map[string]any
		if err := toml.Unmarshal(raw, &entries); err != nil {
			t.Fatal(err)
		}
		for key, entry := range entries {
			for _, s := range texts(entry) {
				for _, m := range named.FindAllStringSubmatch(s, -1) {
					seen++
					if !slices.Contains(known, m[1]) && !slices.Contains(known, m[1]+" "+m[2]) {
						t.Errorf("%s: %s names /%s %s, which nobody can type: %q", filepath.Base(f), key, m[1], m[2], s)
					}
				}
			}
		}
	}
	if seen < 400 {
		t.Errorf("only %d commands are named", seen)
	}
}
