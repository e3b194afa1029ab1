package command_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
)

// deed is one thing that can be done with the tree: a command with or without
// options, an option that is being typed, a button, a form.
type deed struct {
	name string
	// managed says that Discord offers it to managers only.
	managed bool
	// choices says that it asks for choices, and gets them or nothing.
	choices bool
	make    func() object
}

// actions are all that the tree knows, made from the tree itself, so that a new
// command is among them from its first day. Texts are what is typed, some that
// mean something where none is given.
func actions(r *command.Router, texts ...string) []deed {
	var out []deed
	if len(texts) == 0 {
		texts = []string{"ceasefire", "envoys", "own-1", "1", "1' OR '1'='1"}
	}
	for _, c := range command.Tree() {
		kind := max(c.Type, discordgo.ChatApplicationCommand)
		managed := c.DefaultMemberPermissions != nil
		leaves := []*discordgo.ApplicationCommandOption{{Options: c.Options}}
		if len(c.Options) > 0 && isSub(c.Options[0]) {
			leaves = c.Options
		}
		for _, leaf := range leaves {
			name := strings.TrimSpace(c.Name + " " + leaf.Name)
			// made puts options into the command, or into its subcommand.
			made := func(options []object, edits ...func(object)) object {
				if leaf.Name != "" {
					options = []object{{"name": leaf.Name, "type": 1, "options": options}}
				}
				in := use(c.Name, edits...)
				data(in)["type"], data(in)["options"] = kind, options
				if kind == discordgo.MessageApplicationCommand {
					data(in)["target_id"] = "800000000000000001"
				}
				return in
			}
			out = append(out, deed{name: name, managed: managed, make: func() object { return made(nil) }})
			for _, text := range texts {
				out = append(out, deed{name: name + " with " + text, managed: managed, make: func() object { return made(filled(leaf.Options, text), resolved) }})
			}
			for _, o := range leaf.Options {
				if o.Autocomplete {
					out = append(out, deed{name: name + ", typing " + o.Name, managed: managed, choices: true, make: func() object {
						in := made([]object{{"name": o.Name, "type": 3, "value": "", "focused": true}})
						in["type"] = 4
						return in
					}})
					out = append(out, deed{name: name + ", typing " + texts[0] + " as " + o.Name, managed: managed, choices: true, make: func() object {
						in := made([]object{{"name": o.Name, "type": 3, "value": texts[0], "focused": true}})
						in["type"] = 4
						return in
					}})
				}
			}
		}
	}
	return append(out, pressed(r)...)
}

// pressed are buttons of every list that there may be, and every action as a
// button, a menu and a form.
func pressed(r *command.Router) []deed {
	var out []deed
	add := func(id string) {
		out = append(out,
			deed{name: "the button " + id, make: func() object { return press(id) }},
			deed{name: "the menu " + id, make: func() object {
				return press(id, resolved, func(in object) { data(in)["values"] = []string{alertsID} })
			}},
			deed{name: "the form " + id, make: func() object {
				in := press(id)
				in["type"] = 5
				data(in)["components"] = []object{{"type": 1, "components": []object{{"type": 4, "custom_id": "name", "value": "envoys"}}}}
				return in
			}})
	}
	for _, name := range r.Actions() {
		for _, args := range [][]string{nil, {"1"}, {"own-1"}, {alertsID, "ceasefire"}, {"1", "yes", alertsID}} {
			add(message.ActionID{Name: name, Args: args}.String())
		}
	}
	for list := 'a'; list <= 'z'; list++ {
		for _, text := range []string{"", "ceasefire", "own-1", "envoys"} {
			add(fmt.Sprintf("m1:%c:1:%s", list, text))
		}
	}
	return out
}

// filled gives every option a value that its kind takes.
func filled(options []*discordgo.ApplicationCommandOption, text string) []object {
	var out []object
	for _, o := range options {
		var value any = text
		switch {
		case len(o.Choices) > 0:
			value = o.Choices[0].Value
		case o.Type == discordgo.ApplicationCommandOptionChannel:
			value = alertsID
		case o.Type == discordgo.ApplicationCommandOptionRole:
			value = deskRole
		case o.Type == discordgo.ApplicationCommandOptionUser:
			value = userID
		case o.Type == discordgo.ApplicationCommandOptionBoolean:
			value = true
		case o.Type == discordgo.ApplicationCommandOptionInteger:
			value = 1
		}
		out = append(out, object{"name": o.Name, "type": o.Type, "value": value})
	}
	return out
}

// resolved tells of channel and role what a forger would like them to be.
func resolved(in object) {
	resolve("channels", alertsID, object{"id": alertsID, "guild_id": guildID, "type": 0, "name": "alerts", "permissions": admin, "app_permissions": admin})(in)
	resolve("roles", deskRole, object{"id": deskRole, "name": "desk", "mentionable": true, "permissions": "0"})(in)
}

// secrets are what nobody but the guild's own members may read.
var secrets = []string{"Zanzibar", "<#" + alertsID + ">"}

// furnished is a guild with a subscription, a topic of its own, and what can be ended
// by a button.
func furnished(t *testing.T) bench {
	t.Helper()
	b := newBench(t)
	b.subscribed(t)
	b.tellFor(t)
	if _, err := b.store.CreateTopic(t.Context(), guild.Topic{Guild: guildID, Name: "Zanzibar envoys", Query: "zanzibar envoy*", CreatedBy: userID, Created: now}); err != nil {
		t.Fatal(err)
	}
	b.do(t, use("mute", within("topic", "topic", "sanctions")))
	b.do(t, use("pause"))
	b.do(t, use("quiet", within("set", "from", "22:00", "to", "7:00")))
	b.do(t, use("digest", within("add", "at", "8:00")))
	return b
}

// state is all that commands can change in some guilds.
func (b bench) state(t *testing.T, guilds ...string) string {
	t.Helper()
	out := ""
	for _, g := range guilds {
		subs, err := b.store.Subscriptions(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		own, err := b.store.OwnTopics(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		mutes, err := b.store.Mutes(t.Context(), now, g)
		quiet, err2 := b.store.QuietChannels(t.Context(), g)
		digests, err3 := b.store.Digests(t.Context(), g)
		set, err4 := b.store.Settings(t.Context(), g)
		feeds, err5 := b.store.GuildFeeds(t.Context(), g)
		if err := errors.Join(err, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintln(g, subs, own, mutes, quiet, digests, set, feeds)
	}
	return out
}

// TestManagersAreToldWhatStrangersAreNot is the control: at home the same actions
// do tell.
func TestManagersAreToldWhatStrangersAreNot(t *testing.T) {
	t.Parallel()
	b := furnished(t)
	told := ""
	for _, a := range actions(b.Router) {
		if !strings.HasPrefix(a.name, "topic delete") && !strings.HasPrefix(a.name, "unsubscribe") {
			told += b.do(t, a.make()).text()
		}
	}
	for _, s := range secrets {
		if !strings.Contains(told, s) {
			t.Errorf("nothing tells of %s, so that it shows nothing", s)
		}
	}
}

// TestStrangersGetNothing does everything that the tree knows in the place of
// people who may not: the answer is a refusal, tells nothing of the guild, and
// nothing changes.
func TestStrangersGetNothing(t *testing.T) {
	t.Parallel()
	const (
		noGuild  = "I only work inside a server"
		noManage = "You need the permission Manage Server"
	)
	for _, who := range []struct {
		name string
		edit func(object)
		// managed and open are what all answers to commands begin with; empty for
		// any answer.
		managed, open string
		// theirs says that they are at home in the guild, and may read what is not
		// for managers.
		theirs bool
	}{
		{"in a direct message", func(in object) {
			without("guild_id", "member")(in)
			in["user"] = object{"id": userID}
		}, noGuild, noGuild, false},
		{"without a member", without("member"), noGuild, noGuild, false},
		{"in a guild that is none", with("guild_id", "1' OR '1'='1"), noGuild, noGuild, false},
		{"without permissions", as(none), noManage, "", true},
		{"with the permission to write", as(writer), noManage, "", true},
		{"with permissions that overflow", as("99999999999999999999999"), noManage, "", true},
		{"with negative permissions", as("-1"), noManage, "", true},
		{"as a manager of another guild", func(in object) {
			with("guild_id", foreignID)(in)
			with("channel_id", foreignCh)(in)
			in["channel"] = object{"id": foreignCh, "guild_id": foreignID, "type": 0, "name": "abroad"}
			as(admin)(in)
		}, "", "", false},
	} {
		t.Run(who.name, func(t *testing.T) {
			t.Parallel()
			b := furnished(t)
			all := actions(b.Router)
			guilds := []string{guildID, foreignID}
			if who.managed == "" { // they may do in their own what they like
				guilds = guilds[:1]
			}
			before := b.state(t, guilds...)
			for i, a := range all {
				in := a.make()
				in["member"].(object)["user"] = object{"id": strangerID} // what is theirs they may erase
				who.edit(in)
				got := b.do(t, in).text()
				want := who.open
				if a.managed {
					want = who.managed
				}
				switch {
				case a.choices && want != "" && got != "":
					t.Errorf("%s is offered %q", a.name, got)
				case !a.choices && in["type"] == 2 && !strings.HasPrefix(got, want):
					t.Errorf("%s is answered %q, want %q", a.name, got, want)
				case !a.choices && (got == "" || strings.Contains(got, "Something went wrong")):
					t.Errorf("%s is answered %q, which tells nobody what to do", a.name, got)
				case !a.choices && in["type"] != 2 && !who.theirs && who.open != "" && !strings.HasPrefix(got, who.open) && !strings.Contains(got, "Run the command again"):
					t.Errorf("%s is answered %q", a.name, got)
				}
				for _, s := range secrets {
					if !who.theirs && strings.Contains(got, s) {
						t.Errorf("%s is told %s: %q", a.name, s, got)
					}
				}
				if i%25 > 0 && i < len(all)-1 { // looking each time takes long
					continue
				}
				if diff := cmp.Diff(before, b.state(t, guilds...)); diff != "" {
					t.Fatalf("%s, or one of the 25 before, changed something: %s", a.name, diff)
				}
			}
			t.Logf("%d actions", len(all))
			if len(all) < 250 {
				t.Errorf("only %d actions", len(all))
			}
		})
	}
}
