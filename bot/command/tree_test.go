package command_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command"
)

// nameForm is Discord's, without the letters of other alphabets
// (https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming).
var nameForm = regexp.MustCompile(`^[-_a-z0-9]{1,32}$`)

func TestTreeKeepsDiscordsLimits(t *testing.T) {
	t.Parallel()
	tree := command.Tree()
	if len(tree) > 100 {
		t.Errorf("%d commands", len(tree))
	}
	var names []string
	for _, c := range tree {
		t.Run(c.Name, func(t *testing.T) {
			if c.Type == discordgo.MessageApplicationCommand {
				longest(t, c.Name, c.Name, value(c.NameLocalizations), 32)
				if n := utf8.RuneCountInString(c.Name); n < 1 || n > 32 || c.Description != "" || len(c.Options) > 0 {
					t.Errorf("%q: %q, with %d options", c.Name, c.Description, len(c.Options))
				}
				return
			}
			if c.NameLocalizations != nil {
				t.Errorf("names of commands are the same in every language")
			}
			total := checkNames(t, c.Name, c.Description, value(c.DescriptionLocalizations))
			if c.Contexts == nil || !slices.Equal(*c.Contexts, []discordgo.InteractionContextType{0}) || c.IntegrationTypes == nil || !slices.Equal(*c.IntegrationTypes, []discordgo.ApplicationIntegrationType{0}) {
				t.Error("is not for guilds alone")
			}
			total += checkOptions(t, c.Options)
			if total > 8000 {
				t.Errorf("%d characters in all", total)
			}
		})
		names = append(names, c.Name)
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(tree) {
		t.Error("a name is there twice")
	}
}

func checkNames(t *testing.T, name, description string, elsewhere map[discordgo.Locale]string) int {
	t.Helper()
	if !nameForm.MatchString(name) {
		t.Errorf("%q: %q", name, description)
	}
	return longest(t, name, description, elsewhere, 100) + len(name)
}

// longest is the length of a text in the language where it is longest, which is
// what Discord counts. It must be there in every language that the bot speaks.
func longest(t *testing.T, name, english string, elsewhere map[discordgo.Locale]string, limit int) int {
	t.Helper()
	all := maps.Clone(elsewhere)
	if len(all) != 6 {
		t.Errorf("%s: %q is said in %d languages", name, english, 1+len(all))
		all = map[discordgo.Locale]string{}
	}
	all["en"] = english
	most := 0
	for locale, s := range all {
		n := utf8.RuneCountInString(s)
		if n < 1 || n > limit {
			t.Errorf("%s in %s: %d characters, not 1 to %d: %q", name, locale, n, limit, s)
		}
		most = max(most, n)
	}
	return most
}

func value[K comparable, V any](m *map[K]V) map[K]V {
	if m == nil {
		return nil
	}
	return *m
}

func checkOptions(t *testing.T, options []*discordgo.ApplicationCommandOption) (total int) {
	t.Helper()
	if len(options) > 25 {
		t.Errorf("%d options", len(options))
	}
	required := true
	for _, o := range options {
		total += checkNames(t, o.Name, o.Description, o.DescriptionLocalizations)
		for _, c := range o.Choices {
			total += longest(t, o.Name, c.Name, c.NameLocalizations, 100)
		}
		if o.Required && !required {
			t.Errorf("%s: required after optional", o.Name)
		}
		required = o.Required
		total += checkOptions(t, o.Options)
		if o.Autocomplete && len(o.Choices) > 0 {
			t.Errorf("%s: both autocomplete and choices", o.Name)
		}
	}
	return total
}

func TestEveryCommandOfTheTreeIsAnswered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tellFor(t)
	for _, c := range command.Tree() {
		if slices.ContainsFunc(c.Options, isSub) {
			continue
		}
		if s := b.do(t, use(c.Name, func(in object) { data(in)["type"] = c.Type })); strings.Contains(s.text(), "I don't know this command") || s.text() == "" {
			t.Errorf("/%s: %s", c.Name, s.text())
		}
		for _, o := range c.Options {
			typed := map[string]string{"topic": "cease", "country": "Russ", "since": "3", "source": "Wire", "story": ""}[o.Name]
			if s := b.do(t, typing(c.Name, o.Name, typed)); o.Autocomplete && c.Name != "unsubscribe" && s.text() == "" {
				t.Errorf("/%s %s offers nothing", c.Name, o.Name)
			}
		}
	}
}

func isSub(o *discordgo.ApplicationCommandOption) bool {
	return o.Type == discordgo.ApplicationCommandOptionSubCommand
}

func TestEverySubcommandOfTheTreeIsAnswered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range command.Tree() {
		for _, sub := range c.Options {
			if !isSub(sub) {
				continue
			}
			if s := b.do(t, use(c.Name, within(sub.Name))); strings.Contains(s.text(), "I don't know this command") || s.text() == "" {
				t.Errorf("/%s %s: %s", c.Name, sub.Name, s.text())
			}
		}
	}
}

func TestOnlyManagersAreOfferedWhatChanges(t *testing.T) {
	t.Parallel()
	for _, c := range command.Tree() {
		changes := slices.Contains([]string{
			"setup", "test", "subscribe", "unsubscribe", "topic", "digest", "audit", "notices", "mute", "pause", "resume", "quiet", "feedback", "feed",
		}, c.Name)
		if changes != (c.DefaultMemberPermissions != nil && *c.DefaultMemberPermissions == discordgo.PermissionManageGuild) {
			t.Errorf("/%s: default_member_permissions %v", c.Name, c.DefaultMemberPermissions)
		}
	}
}

// answered is the tree as Discord gives it back: with what it fills in.
func answered(t *testing.T) []*discordgo.ApplicationCommand {
	t.Helper()
	raw, err := json.Marshal(command.Tree())
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		c["id"], c["application_id"], c["version"], c["dm_permission"], c["nsfw"] = "1", appID, "2", false, false
		if c["name_localizations"] == nil {
			c["name_localizations"] = map[string]string{}
		}
		for _, o := range asList(c["options"]) {
			o := o.(map[string]any)
			for _, k := range []string{"choices", "options", "channel_types"} {
				if asList(o[k]) == nil {
					delete(o, k)
				}
			}
			if o["required"] == false {
				delete(o, "required")
			}
		}
		if asList(c["options"]) == nil {
			delete(c, "options")
		}
	}
	slices.Reverse(all)
	raw, err = json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var out []*discordgo.ApplicationCommand
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}

func TestChanged(t *testing.T) {
	t.Parallel()
	find := func(all []*discordgo.ApplicationCommand, name string) *discordgo.ApplicationCommand {
		return all[slices.IndexFunc(all, func(c *discordgo.ApplicationCommand) bool { return c.Name == name })]
	}
	if command.Changed(answered(t), command.Tree()) {
		t.Error("what Discord fills in counts as a change")
	}
	for name, edit := range map[string]func(have []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand{
		"Discord has none": func([]*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { return nil },
		"one is missing":   func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { return h[1:] },
		"one is no longer ours": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			return append(h, &discordgo.ApplicationCommand{Name: "old", Description: "Old"})
		},
		"another description": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			h[0].Description = "Other"
			return h
		},
		"a translation": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			h[0].NameLocalizations = &map[discordgo.Locale]string{"uk": "x"}
			return h
		},
		"open to everybody": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			find(h, "subscribe").DefaultMemberPermissions = nil
			return h
		},
		"closed to everybody": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			find(h, "help").DefaultMemberPermissions = new(int64)
			return h
		},
		"allowed in messages": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			h[0].Contexts = &[]discordgo.InteractionContextType{0, 1}
			return h
		},
		"an option less": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			o := find(h, "subscribe")
			o.Options = o.Options[:2]
			return h
		},
		"options in other order": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			slices.Reverse(find(h, "subscribe").Options)
			return h
		},
		"an option not required": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			find(h, "search").Options[0].Required = false
			return h
		},
		"another length": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			find(h, "search").Options[0].MaxLength = 5
			return h
		},
		"fewer kinds of channel": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			find(h, "unsubscribe").Options[1].ChannelTypes = nil
			return h
		},
		"no autocomplete": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			find(h, "recent").Options[0].Autocomplete = false
			return h
		},
		"a choice": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
			find(h, "search").Options[0].Choices = []*discordgo.ApplicationCommandOptionChoice{{Name: "a", Value: "a"}}
			return h
		},
		"a null among them": func(h []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand { h[0] = nil; return h },
	} {
		if !command.Changed(edit(answered(t)), command.Tree()) {
			t.Errorf("%s: not noticed", name)
		}
	}
}

func TestChangedComparesNumbersOfChoices(t *testing.T) {
	t.Parallel()
	with := func(v any) []*discordgo.ApplicationCommand {
		return []*discordgo.ApplicationCommand{{Name: "a", Options: []*discordgo.ApplicationCommandOption{{Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "x", Value: v}}}}}}
	}
	if command.Changed(with(float64(3)), with(3)) {
		t.Error("3 differs from what JSON made of it")
	}
	if !command.Changed(with(float64(3)), with(4)) {
		t.Error("3 is the same as 4")
	}
}
