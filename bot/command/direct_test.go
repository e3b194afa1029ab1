package command_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/story"
)

// directID is the channel of direct messages between the bot and the person.
const (
	directID    = "200000000000000021"
	otherPerson = "400000000000000009"
)

// privately moves an interaction into direct messages with the bot, as Discord
// sends those.
func privately(in object) {
	delete(in, "guild_id")
	delete(in, "member")
	delete(in, "guild_locale")
	in["user"], in["context"] = object{"id": userID, "username": "ana"}, 1
	in["channel_id"], in["channel"] = directID, object{"id": directID, "type": 1}
}

// directly are options that allow direct messages.
func directly() interaction.Options {
	o := atNow()
	o.Direct = true
	return o
}

// allowing is a bench whose operator allows direct messages.
func allowing(t *testing.T) bench {
	t.Helper()
	b := newBench(t)
	r, err := command.New(b.store, b.discord, command.Options{
		Desk:        desk.Options{Topics: topics, Sources: sources(t), Countries: states},
		Interaction: directly(),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Router = r
	return b
}

// TestDirectMessages asks for alerts in direct messages, and compares what people
// read with testdata/direct.txtar.
func TestDirectMessages(t *testing.T) {
	t.Parallel()
	b := allowing(t)
	s := newScript(t)
	own := guild.Personal(userID)
	s.say(b, scene{"help", use("help", privately)}, scene{"status", use("status", privately)}, scene{"no subscriptions", use("subscriptions", privately)},
		scene{"unsubscribe from what there is not", use("unsubscribe", about("ceasefire"), privately)})
	offered := answers(t, b.Router, b.discord, use("subscribe", about("ceasefire"), privately))[0]
	s.Files = append(s.Files, txtar.File{Name: "subscribe", Data: []byte(offered.text())})
	s.say(b,
		scene{"confirmed in a server by mistake", press(offered.labelled("Confirm"))},
		scene{"confirmed", press(offered.labelled("Confirm"), privately)},
		scene{"subscriptions", use("subscriptions", privately)},
		scene{"subscribe again", use("subscribe", about("ceasefire"), privately)},
		scene{"a subscription", choosing("a1:sub-card", []string{"1"}, privately)},
		scene{"end it?", press("a1:sub-end:1", privately)},
		scene{"a role", use("subscribe", about("sanctions"), option("role", 8, deskRole), privately)},
		scene{"a channel of a server", use("subscribe", about("sanctions"), into(newsID), privately)},
		scene{"a command that is for servers", use("digest", privately)},
		scene{"another one", use("setup", privately)},
	)
	subs, err := b.store.Subscriptions(t.Context(), own)
	if err != nil || len(subs) != 1 || subs[0].Channel != directID {
		t.Fatalf("the person has %+v, %v", subs, err)
	}
	b.unreachable(t, own)
	s.say(b, scene{"status when messages do not arrive", use("status", privately)},
		scene{"subscribe when they do again", use("subscribe", about("ceasefire"), privately)},
		scene{"what is kept", use("privacy", within("show"), privately)},
		scene{"what can be deleted", use("privacy", within("delete"), privately)},
		scene{"what is kept, asked in a server", use("privacy", within("show"), as(writer))},
		scene{"what can be deleted, asked in a server", use("privacy", within("delete"), as(writer))},
		scene{"the form that deletes a server", press("a1:privacy-server", privately)},
		scene{"that form, forged", submitted("a1:privacy-erase", "server", own, privately)},
		scene{"unsubscribe", use("unsubscribe", about("ceasefire"), privately)})
	b.confirm(t, answers(t, b.Router, b.discord, use("subscribe", about("ceasefire"), privately))[0], privately)
	s.say(b, scene{"subscribed again", use("subscriptions", privately)},
		scene{"a person is erased", press("a1:privacy-me", privately)},
		scene{"what is kept afterwards", use("privacy", within("show"), privately)},
		scene{"what can be deleted afterwards", use("privacy", within("delete"), privately)})
	if subs, err = b.store.Subscriptions(t.Context(), own); err != nil || len(subs) > 0 {
		t.Errorf("who was erased has %+v, %v", subs, err)
	}
	compare(t, "testdata/direct.txtar", &s.Archive)
}

// TestAlertsToAPersonComeInTheirLanguage asks for alerts in German, and then for
// others in English.
func TestAlertsToAPersonComeInTheirLanguage(t *testing.T) {
	t.Parallel()
	b := allowing(t)
	for _, c := range []struct{ topic, locale, confirm, want string }{
		{"ceasefire", "de", "Bestätigen", "de"},
		{"sanctions", "en-GB", "Confirm", "en"},
	} {
		in := []func(object){privately, with("locale", c.locale)}
		offered := answers(t, b.Router, b.discord, use("subscribe", append(in, about(c.topic))...))[0]
		answers(t, b.Router, b.discord, press(offered.labelled(c.confirm), in...))
		set, err := b.store.Settings(t.Context(), guild.Personal(userID))
		if err != nil || set.Language != c.want {
			t.Errorf("asked for in %s they come in %q, %v", c.locale, set.Language, err)
		}
	}
}

// TestWhatIsKeptOfDirectMessagesIsTold knows of a person nothing but the channel, as
// after alerts that ended long ago, and after erasing not even that.
func TestWhatIsKeptOfDirectMessagesIsTold(t *testing.T) {
	t.Parallel()
	b := allowing(t)
	own := guild.Personal(userID)
	if err := b.store.PutGuild(t.Context(), guild.Guild{ID: own, Joined: now}); err != nil {
		t.Fatal(err)
	}
	if err := b.store.NoteChannel(t.Context(), guild.Channel{Guild: own, ID: directID}); err != nil {
		t.Fatal(err)
	}
	for _, where := range []func(object){privately, as(reader)} {
		show, ask := b.do(t, use("privacy", within("show"), where)).text(), b.do(t, use("privacy", within("delete"), where))
		if !strings.Contains(show, "**About you, on all servers**\n• The number of the channel") || ask.labelled("Erase what concerns me") == "" {
			t.Errorf("%s\n%s", show, ask.text())
		}
	}
	b.do(t, press("a1:privacy-me"))
	for _, where := range []func(object){privately, as(reader)} {
		show, ask := b.do(t, use("privacy", within("show"), where)).text(), b.do(t, use("privacy", within("delete"), where))
		if !strings.Contains(show, "**About you, on all servers**\n• I keep nothing that names you.") || ask.labelled("Erase what concerns me") != "" {
			t.Errorf("after erasing: %s\n%s", show, ask.text())
		}
	}
}

// Whoever may not is refused, and nobody gets at what is another's.
func TestDirectMessagesLetNobodyIn(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(in object){
		"an account in place of a guild": func(in object) { privately(in); in["guild_id"] = guild.Personal(otherPerson) },
		"an account with a member": func(in object) {
			in["guild_id"] = guild.Personal(otherPerson)
			in["member"] = object{"user": object{"id": userID}, "permissions": admin}
		},
		"another's account as the person": func(in object) { privately(in); in["user"] = object{"id": guild.Personal(otherPerson)} },
		"a group":                         func(in object) { privately(in); in["context"] = 2 },
		"nobody":                          func(in object) { privately(in); delete(in, "user") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := allowing(t)
			answers(t, b.Router, b.discord, use("subscribe", about("ceasefire"), edit))
			for _, account := range []string{guild.Personal(otherPerson), guildID, ""} {
				if subs, err := b.store.Subscriptions(t.Context(), account); err != nil || len(subs) > 0 {
					t.Errorf("%q has %+v, %v", account, subs, err)
				}
			}
		})
	}
	t.Run("the operator does not allow it", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		got := answers(t, b.Router, b.discord, use("subscribe", about("ceasefire"), privately))
		if len(got) != 1 || got[0].text() != "I only work inside a server. Use this command in a channel there.\n" {
			t.Errorf("answered %+v", got)
		}
	})
	t.Run("a channel of direct messages in a server", func(t *testing.T) {
		t.Parallel()
		b := allowing(t)
		got := answers(t, b.Router, b.discord, use("subscribe", about("ceasefire"), into(directID, with("type", 1), without("guild_id"))))
		if got[0].labelled("Confirm") != "" {
			t.Errorf("it can be confirmed: %s", got[0].text())
		}
	})
}

func TestDirectOffersWhatWorksThere(t *testing.T) {
	t.Parallel()
	for _, c := range command.Direct(command.Tree()) {
		direct := slices.Contains(*c.Contexts, discordgo.InteractionContextBotDM)
		if want := !slices.Contains([]string{"setup", "test", "digest", "topic", "mute", "feed", "quiet", "audit", "notices", "Why this alert?"}, c.Name); (c.Name == "subscribe" || c.Name == "privacy") && !direct || direct && !want {
			t.Errorf("%s in direct messages: %v", c.Name, direct)
		}
	}
}

// unreachable lets Discord refuse an alert for the person.
func (b bench) unreachable(t *testing.T, account string) {
	t.Helper()
	ctx := t.Context()
	all := b.poll(t, told{"wire", "A truce", "https://wire.example/dm", "ceasefire", "in-effect", 0, nil})
	st := story.Story{ID: 1, Lead: all[0].ID, Title: "A truce", Opened: now, Updated: now, Reports: 1, Sources: 1, Revision: 1}
	placed := pipeline.Placed{
		Placement: story.Placement{Report: all[0].ID, Opened: true, Reason: story.OpensNew, Story: st},
		Alerts:    []alert.Alert{{Guild: account, Channel: directID, Story: st.ID, Planned: now, Content: alert.Content{Headline: "A truce", Time: now}}},
	}
	if err := b.store.SavePlacements(ctx, now, []pipeline.Placed{placed}); err != nil {
		t.Fatal(err)
	}
	claimed, err := b.store.Claim(ctx, now, 10, time.Minute)
	if err != nil || len(claimed) != 1 || claimed[0].In != guild.Direct {
		t.Fatalf("claimed %+v: %v", claimed, err)
	}
	refusal := &alert.SendError{Reason: alert.ReasonUnreachable, Err: errors.New("refused")}
	if err := b.store.Settle(ctx, now, claimed[0], alert.Judge(now, claimed[0], "", refusal)); err != nil {
		t.Fatal(err)
	}
}
