package command_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// choosing is press for a menu, with what was chosen in it.
func choosing(customID string, values []string, edits ...func(in object)) object {
	return press(customID, append([]func(object){func(in object) { data(in)["values"] = values }}, edits...)...)
}

// choosingChannel chooses a channel that is resolved as Discord does, changed by
// the edits.
func choosingChannel(customID, id string, edits ...func(object)) object {
	c := object{"id": id, "guild_id": guildID, "type": 0, "name": "news", "permissions": manager, "app_permissions": botFull}
	for _, e := range edits {
		e(c)
	}
	return choosing(customID, []string{id}, resolve("channels", id, c))
}

func choosingRole(customID, id string, mentionable bool) object {
	return choosing(customID, []string{id}, resolve("roles", id, object{"id": id, "name": "desk", "mentionable": mentionable, "permissions": "0"}))
}

// submitting is press for a form with one field.
func submitting(customID, field, value string) object {
	return press(customID, func(in object) {
		in["type"] = 5
		data(in)["components"] = []object{{"type": 1, "components": []object{{"type": 4, "custom_id": field, "value": value}}}}
	})
}

// registeredAs tells the router the ids that Discord gave to its commands.
func registeredAs(b bench, ids map[string]string) {
	var list []*discordgo.ApplicationCommand
	for name, id := range ids {
		list = append(list, &discordgo.ApplicationCommand{Name: name, ID: id})
	}
	b.Router.Registered(list)
}

// TestSetup walks through /setup in every way there is, and compares all that
// people read with testdata/setup.txtar.
func TestSetup(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	registeredAs(b, map[string]string{"setup": "700000000000000011", "recent": "700000000000000012", "unsubscribe": "700000000000000013"})
	got := newScript(t)
	got.say(b, setupScenes()...)
	b.Router = newRouter(t, full{b.store}, b.discord)
	got.say(b,
		scene{"too many topics", choosing("a1:setup-topics:6", []string{"sanctions", "ceasefire"})},
		scene{"finish in a full server", press("a1:setup-finish:7")},
	)
	compare(t, "testdata/setup.txtar", &got.Archive)
}

// setupScenes go through /setup, one after the other.
func setupScenes() []scene {
	return []scene{
		{"a button of a setup that there is not", press("a1:setup-finish:1")},
		{"begin where I may not post", use("setup", with("app_permissions", none))},
		{"finish without a channel", press("a1:setup-finish:1")},
		{"a sample without a channel", press("a1:setup-sample")},
		{"begin", use("setup")},
		{"finish without topics", press("a1:setup-finish:1")},
		{"a channel where I may not post", choosingChannel("a1:setup-channel:1", newsID, with("app_permissions", reader))},
		{"a channel", choosingChannel("a1:setup-channel:2", newsID)},
		{"topics", choosing("a1:setup-topics:3", []string{"ceasefire", "sanctions", "ceasefire", "no-topic"})},
		{"a role that may not be mentioned", choosingRole("a1:setup-role:4", closedRole, false)},
		{"everyone as the role", choosingRole("a1:setup-role:4", guildID, true)},
		{"a role", choosingRole("a1:setup-role:5", deskRole, true)},
		{"when to mention it", choosing("a1:setup-when:6", []string{"two-voices"})},
		{"the server's settings", press("a1:setup-server:7")},
		{"a language", choosing("a1:setup-language:8", []string{"fr"})},
		{"the language of Discord", choosing("a1:setup-language:8", []string{"auto"})},
		{"a time zone", choosing("a1:setup-zone:9", []string{"Europe/Kyiv"})},
		{"another time zone", press("a1:setup-other-zone:10")},
		{"a city", submitting("a1:setup-typed-zone:10", "city", "bogota")},
		{"a city that is none", submitting("a1:setup-typed-zone:10", "city", "Atlantis")},
		{"a city that may be several", submitting("a1:setup-typed-zone:10", "city", "america")},
		{"managers", choosingRole("a1:setup-managers:11", deskRole, true)},
		{"everyone as manager", choosingRole("a1:setup-managers:11", guildID, true)},
		{"managers by one who is a manager only by the role", choosing("a1:setup-managers:11", nil, as(writer), holding(deskRole))},
		{"back", press("a1:setup:12")},
		{"finish", press("a1:setup-finish:13")},
		{"change, with a channel that I cannot see into", use("setup", in(newsID), without("app_permissions"))},
		{"other topics", choosing("a1:setup-topics:1", []string{"sanctions"})},
		{"nobody to mention", choosing("a1:setup-role:2", nil)},
		{"finish the change", press("a1:setup-finish:3")},
		{"no topics", choosing("a1:setup-topics:4", nil)},
		{"finish with nothing left", press("a1:setup-finish:5")},
	}
}

// full is a store of a guild that has all subscriptions that it may have.
type full struct{ *store.Store }

func (full) Subscribe(context.Context, subscription.Subscription) (subscription.Subscription, error) {
	return subscription.Subscription{}, subscription.ErrQuota
}

// in uses a command in another channel.
func in(id string) func(object) {
	return func(in object) {
		in["channel_id"] = id
		in["channel"].(object)["id"] = id
	}
}

// TestSetupDoesWhatItSays looks at the store behind a setup.
func TestSetupDoesWhatItSays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	kept := subscription.Subscription{Guild: guildID, Channel: newsID, Topic: "peace-talks", Updates: subscription.Edit, CreatedBy: userID, Created: now}
	other := subscription.Subscription{Guild: guildID, Channel: alertsID, Topic: "sanctions", CreatedBy: userID, Created: now}
	for _, s := range []subscription.Subscription{kept, other} {
		if _, err := b.store.Subscribe(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	before := b.everything(t)
	for _, in := range []object{
		use("setup", in(newsID)), choosing("a1:setup-topics:1", []string{"peace-talks", "ceasefire"}),
		choosingRole("a1:setup-role:1", deskRole, true), choosing("a1:setup-when:1", []string{"confirmed"}),
	} {
		b.do(t, in)
		b.unchanged(t, before)
	}
	b.do(t, press("a1:setup-finish:1"))
	got := map[string]subscription.Subscription{}
	for _, s := range b.everything(t) {
		got[s.Channel+" "+string(s.Topic)] = s
	}
	for name, want := range map[string]subscription.Subscription{
		newsID + " peace-talks": {Role: deskRole, Mention: subscription.WhenConfirmed, Updates: subscription.Edit},
		newsID + " ceasefire":   {Role: deskRole, Mention: subscription.WhenConfirmed, Updates: subscription.Reply},
		alertsID + " sanctions": {Mention: subscription.AnyReport, Updates: subscription.Reply},
	} {
		if s := got[name]; s.Role != want.Role || s.Mention != want.Mention || s.Updates != want.Updates {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if len(got) != 3 {
		t.Errorf("%d subscriptions: %v", len(got), got)
	}
	b.do(t, press("a1:setup-finish:1"))
	if again := b.everything(t); len(again) != 3 {
		t.Errorf("pressed twice: %v", again)
	}
}

// TestARoleStaysInItsChannel takes the role that a channel's alerts mention along
// to no other channel, where nobody has checked that it may be mentioned.
func TestARoleStaysInItsChannel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := subscription.Subscription{Guild: guildID, Channel: alertsID, Topic: "ceasefire", Role: closedRole, CreatedBy: userID, Created: now}
	if _, err := b.store.Subscribe(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if s := b.do(t, use("setup")); !strings.Contains(s.text(), "**Mention**: <@&"+closedRole+">") {
		t.Errorf("answered: %s", s.text())
	}
	if s := b.do(t, choosingChannel("a1:setup-channel:1", newsID)); !strings.Contains(s.text(), "**Topics**: **Ceasefire**") || !strings.Contains(s.text(), "**Mention**: nobody") {
		t.Errorf("answered: %s", s.text())
	}
}

// TestSetupOutlivesARestart goes on with another router on the same store, and
// with nothing after an hour.
func TestSetupOutlivesARestart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do(t, use("setup"))
	b.do(t, choosing("a1:setup-topics:1", []string{"ceasefire"}))
	b.Router = newRouter(t, b.store, b.discord)
	if s := b.do(t, press("a1:setup-finish:2")); !strings.Contains(s.text(), "gets alerts on **Ceasefire**") {
		t.Errorf("answered: %s", s.text())
	}
	body, ok, err := b.store.Draft(t.Context(), guildID, userID, "setup", now)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	old := guild.Draft{Guild: guildID, User: userID, Kind: "setup", Body: body, Made: now.Add(-guild.DraftFor - time.Second)}
	if err := b.store.SaveDraft(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	if s := b.do(t, choosing("a1:setup-topics:3", nil)); !strings.Contains(s.text(), "more than an hour old") {
		t.Errorf("answered: %s", s.text())
	}
}

// TestADraftIsNobodyElses presses the buttons of another member's setup.
func TestADraftIsNobodyElses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do(t, use("setup"))
	b.do(t, choosing("a1:setup-topics:1", []string{"ceasefire"}))
	for name, edit := range map[string]func(object){
		"another manager":             func(in object) { in["member"].(object)["user"] = object{"id": "400000000000000009"} },
		"the same in another guild":   func(in object) { in["guild_id"] = foreignID },
		"the same without permission": as(writer),
	} {
		if s := b.do(t, press("a1:setup-finish:2", edit)); strings.Contains(s.text(), "gets alerts") {
			t.Errorf("%s: %s", name, s.text())
		}
	}
	b.unchanged(t, nil)
}

// posting is a far side for samples that fails as told.
type posting struct {
	err  error
	sent []alert.Message
}

func (p *posting) Post(_ context.Context, m alert.Message) (string, error) {
	p.sent = append(p.sent, m)
	return "1", p.err
}

// TestSamples posts samples that arrive, and that fail in every way, and compares
// all that people read with testdata/samples.txtar.
func TestSamples(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	far := &posting{}
	r, err := command.New(b.store, b.discord, command.Options{
		Desk: desk.Options{Topics: topics, Sources: sources(t)}, Poster: far, Interaction: atNow(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Wait)
	b.Router = r
	got := newScript(t)
	got.say(b, scene{"here", use("test")}, scene{"in another channel", use("test", into(newsID))},
		scene{"where I may not post", use("test", into(newsID, with("app_permissions", none)))},
		scene{"in a channel of another server", use("test", option("channel", 7, foreignCh))})
	for _, reason := range []alert.Reason{
		alert.ReasonNoAccess, alert.ReasonNoChannel, alert.ReasonWrongChannel, alert.ReasonRefused, alert.ReasonRateLimited,
		alert.ReasonUncertain, alert.ReasonUnavailable,
	} {
		far.err = &alert.SendError{Reason: reason, Err: errors.New("no")}
		got.say(b, scene{"refused: " + string(reason), use("test")})
	}
	far.err = &alert.SendError{Reason: alert.ReasonUnauthorized, Err: errors.New("no")}
	got.say(b, scene{"a fault of ours", use("test")})
	far.err = nil
	b.do(t, use("setup"))
	got.say(b, scene{"from a setup", press("a1:setup-sample")})
	sample := far.sent[0].Content
	got.Files = append(got.Files, txtar.File{Name: "the sample", Data: []byte(sample.Headline + "\n" + sample.Summary + "\n")})
	compare(t, "testdata/samples.txtar", &got.Archive)
	if to := []string{far.sent[0].Channel, far.sent[1].Channel}; to[0] != alertsID || to[1] != newsID {
		t.Errorf("posted to %v", to)
	}
	for _, m := range far.sent {
		if len(m.Roles) > 0 || !strings.HasPrefix(m.Content.Headline, "Sample: ") {
			t.Errorf("posted %+v", m)
		}
	}
}

// TestSamplesSpeakTheGuildsLanguage differs from what the asker is told.
func TestSamplesSpeakTheGuildsLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.store.SaveSettings(t.Context(), guildID, guild.Settings{Language: "de"}, now); err != nil {
		t.Fatal(err)
	}
	far := &posting{}
	r, err := command.New(b.store, b.discord, command.Options{Desk: desk.Options{Topics: topics, Sources: sources(t)}, Interaction: atNow(), Poster: far})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Wait)
	b.Router = r
	if s := b.do(t, use("test")); !strings.HasPrefix(s.text(), "I have posted a sample") || !strings.HasPrefix(far.sent[0].Content.Headline, "Beispiel: ") || far.sent[0].Language != "de" {
		t.Errorf("told %q of %+v", s.text(), far.sent)
	}
}

// TestSetupExtendsNoMentionThatItsUserMayNotMake has somebody add a topic where the
// alerts on another mention a role that only the bot may mention.
func TestSetupExtendsNoMentionThatItsUserMayNotMake(t *testing.T) {
	t.Parallel()
	for who, want := range map[string]string{manager: "", herald: closedRole} {
		b := newBench(t)
		s := subscription.Subscription{Guild: guildID, Channel: alertsID, Topic: "ceasefire", Role: closedRole, CreatedBy: userID, Created: now}
		if _, err := b.store.Subscribe(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		b.do(t, use("setup", as(who), with("app_permissions", "274878057472")))
		b.do(t, choosing("a1:setup-topics:1", []string{"ceasefire", "sanctions"}, as(who)))
		told := b.do(t, press("a1:setup-finish:1", as(who))).text()
		roles := map[topic.ID]string{}
		for _, s := range b.everything(t) {
			roles[s.Topic] = s.Role
		}
		if len(roles) != 2 || roles["ceasefire"] != closedRole || roles["sanctions"] != want {
			t.Errorf("with %s the topics mention %v; want %q for sanctions", who, roles, want)
		}
		if says := strings.Contains(told, "You may not mention <@&"+closedRole+">"); says != (want == "") {
			t.Errorf("with %s told: %s", who, told)
		}
	}
}
