package command_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/subscription"
)

// draftToken is the token of every draft in a test: they are made at one time.
const draftToken = "ml0tzeo0"

// picking chooses in a menu.
func picking(id string, values ...string) object { return choosing(id, values) }

// filling submits a form with one field.
func filling(id, field, value string) object {
	return press(id, with("type", 5), func(in object) {
		data(in)["components"] = []object{{"type": 1, "components": []object{{"type": 4, "custom_id": field, "value": value}}}}
	})
}

// adjusted is the custom id of a menu of a draft.
func adjusted(page, wish string) string { return "a1:sub-set:" + draftToken + ":" + page + ":" + wish }

// TestSubscribing holds all that people read while they subscribe, adjust what they
// ask for, and change it later.
func TestSubscribing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tell(t,
		told{"state", "Moscow says a truce for Kyiv is near", "https://state.example/1", "ceasefire", "called-for", 600, nil},
		told{"daily", "Truce agreed in Ukraine", "https://daily.example/2", "ceasefire", "agreed", 300, nil},
		told{"wire", "Truce for Washington's envoys", "https://wire.example/3", "ceasefire", "agreed", 60, nil},
	)
	s := newScript(t)
	s.say(b, typed()...)
	s.preview(b, scene{"a preview", use("subscribe", about("ceasefire"), mentioning(deskRole, true))})
	s.say(b, adjusting()...)
	s.say(b, later()...)
	s.say(b, scene{"with a role", use("subscribe", about("ceasefire"), mentioning(deskRole, true))})
	subs, err := b.store.Subscriptions(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	mine := slices.IndexFunc(subs, func(s subscription.Subscription) bool { return s.Role == deskRole })
	s.say(b, scene{"move it to where the role may not be told", choosingChannel(fmt.Sprint("a1:sub-moved:", subs[mine].ID), otherID)})
	flood, err := command.New(b.store, b.discord, command.Options{
		Desk: desk.Options{Topics: topics, Sources: sources(t)}, Interaction: atNow(),
		Rehearser: rehearsed{Since: now.Add(-72 * time.Hour), Alerts: 40, Gathered: 9, Mentions: 1, Partly: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(flood.Wait)
	s.note("very much happened", answer(t, flood, b.discord, use("subscribe", about("peace-talks"), mentioning(deskRole, true))).text())
	calm, err := command.New(b.store, b.discord, command.Options{
		Desk: desk.Options{Topics: topics, Sources: sources(t)}, Interaction: atNow(), Rehearser: rehearsed{Alerts: 15},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(calm.Wait)
	s.note("some happened every day", answer(t, calm, b.discord, use("subscribe", about("peace-talks"))).text())
	compare(t, "testdata/subscribing.txtar", &s.Archive)
}

// rehearsed is what every rehearsal comes to.
type rehearsed alert.Rehearsal

func (r rehearsed) Rehearse(context.Context, time.Time, subscription.Subscription, []report.ID) (alert.Rehearsal, error) {
	return alert.Rehearsal(r), nil
}

// adjusting is what people do with the last draft, which is set in the end.
func adjusting() []scene {
	draft := func(action string, more ...string) object {
		return press(strings.Join(append([]string{"a1", action, draftToken}, more...), ":"))
	}
	return []scene{
		{"adjust which stories", draft("sub-adjust", "what")},
		{"only what is agreed or violated", picking(adjusted("what", "stages"), "violated", "agreed")},
		{"only once it is confirmed", picking(adjusted("what", "standings"), "confirmed")},
		{"any standing again", picking(adjusted("what", "standings"))},
		{"mention later", picking(adjusted("what", "mention"), "two-voices")},
		{"no role", picking(adjusted("what", "role"))},
		{"ask for countries", draft("sub-name")},
		{"countries", filling("a1:sub-named:"+draftToken, "countries", "Ukraine, Washington, Kyiv")},
		{"a country that is none", filling("a1:sub-named:"+draftToken, "countries", "Ukraine, Atlantis")},
		{"adjust whose reports", draft("sub-adjust", "who")},
		{"only wires and national outlets", picking(adjusted("who", "kinds"), "wire", "national")},
		{"only English", picking(adjusted("who", "languages"), "en")},
		{"no state media", picking(adjusted("who", "state"), "without")},
		{"adjust how", draft("sub-adjust", "how")},
		{"no more than two messages an hour", picking(adjusted("how", "per-hour"), "2")},
		{"silent", picking(adjusted("how", "silent"), "true")},
		{"edits only", picking(adjusted("how", "updates"), "edit")},
		{"a forged choice", picking(adjusted("how", "updates"), "shout")},
		{"a forged limit", picking(adjusted("how", "per-hour"), "-1")},
		{"a forged wish", picking(adjusted("how", "everything"), "1")},
		{"done", draft("sub-preview")},
		{"confirm it", draft("sub-confirm")},
		{"confirm it again", draft("sub-confirm")},
		{"cancel what is gone", draft("sub-cancel")},
	}
}

// typed are the options as people type them.
func typed() []scene {
	return []scene{
		{"countries while typing", typing("subscribe", "countries", "Ukraine, r")},
		{"languages while typing", typing("subscribe", "languages", "e")},
		{"kinds while typing", typing("subscribe", "kinds", "news agency, na")},
		{"a language that nobody writes in", use("subscribe", about("ceasefire"), option("languages", 3, "English, Klingon"))},
		{"a kind that is none", use("subscribe", about("ceasefire"), option("kinds", 3, "blogs"))},
		{"too many an hour", use("subscribe", about("ceasefire"), option("per-hour", 4, 61))},
		{"an hour in words", use("subscribe", about("ceasefire"), option("per-hour", 3, "two"))},
		{"all options at once", use("subscribe", about("sanctions"), into(newsID), option("countries", 3, "Russia, Ukraine"), option("languages", 3, "english, ru"),
			option("kinds", 3, "news agency"), option("state-media", 3, "without"), option("delivery", 3, "digest"), option("per-hour", 4, 2), option("silent", 5, true))},
	}
}

// later are the list and the cards of what was subscribed: 1 in #news, 2 here.
func later() []scene {
	card := func(action string, edits ...func(object)) object { return press("a1:"+action+":2", edits...) }
	moved := func(id string, edits ...func(object)) object {
		in := picking("a1:sub-moved:2", id)
		c := object{"id": id, "guild_id": guildID, "type": 0, "name": "x", "permissions": manager, "app_permissions": botFull}
		for _, e := range edits {
			e(c)
		}
		resolve("channels", id, c)(in)
		return in
	}
	return []scene{
		{"the list", use("subscriptions")},
		{"a card for a reader", press("a1:sub-card:1", as(reader))},
		{"a card", picking("a1:sub-card", "2")},
		{"a card that is gone", picking("a1:sub-card", "77")},
		{"a card that is none", picking("a1:sub-card", "x")},
		{"change it", card("sub-change")},
		{"in the digest", picking(adjusted("how", "delivery"), "digest")},
		{"what the change would do", press("a1:sub-preview:" + draftToken)},
		{"set the change", press("a1:sub-confirm:" + draftToken)},
		{"change it without the permission", card("sub-change", as(writer))},
		{"change it again", card("sub-change")},
		{"leave it as it is", press("a1:sub-cancel:" + draftToken)},
		{"move it", card("sub-move")},
		{"to a voice channel", moved(newsID, with("type", 2))},
		{"to another channel", moved(otherID)},
		{"end it", card("sub-end")},
		{"keep it", card("sub-card")},
		{"really end it", card("sub-ended")},
		{"end it twice", card("sub-ended")},
		{"back to the list", press("a1:sub-list")},
	}
}

// TestAMoveSaysThatAMentionMayNotRing moves a subscription that mentions a role:
// a menu of channels does not say whether everybody may mention it.
func TestAMoveSaysThatAMentionMayNotRing(t *testing.T) {
	t.Parallel()
	const mayPost, mayMentionToo = "19456", "150528" // without and with Mention Everyone
	const warning = "only if anyone may"
	for _, c := range []struct {
		name string
		role bool
		may  string
		warn bool
	}{
		{"the bot may mention only what everybody may", true, mayPost, true},
		{"the bot may mention every role", true, mayMentionToo, false},
		{"Discord does not say what the bot may", true, "", false},
		{"no role is mentioned", false, mayPost, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			asked := []func(object){about("ceasefire")}
			if c.role {
				asked = append(asked, mentioning(deskRole, true))
			}
			b.confirm(t, b.do(t, use("subscribe", asked...)))
			got := b.do(t, choosingChannel("a1:sub-moved:1", otherID, with("app_permissions", c.may), with("permissions", herald))).text()
			if strings.Contains(got, warning) != c.warn {
				t.Errorf("warns: %v, want %v, in\n%s", !c.warn, c.warn, got)
			}
			subs, err := b.store.Subscriptions(t.Context(), guildID)
			if err != nil || len(subs) != 1 || subs[0].Channel != otherID {
				t.Errorf("it was not moved: %+v, %v", subs, err)
			}
		})
	}
}

// TestNobodyMovesAMentionWhereTheyMayNotMention has a manager who may mention any
// role in one channel and not in the other, where the bot may.
func TestNobodyMovesAMentionWhereTheyMayNotMention(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.confirm(t, b.do(t, use("subscribe", about("ceasefire"), as(herald), mentioning(deskRole, false), with("app_permissions", "274878057472"))))
	before := b.everything(t)
	if len(before) != 1 || before[0].Role != deskRole {
		t.Fatalf("subscribed: %+v", before)
	}
	got := b.do(t, choosingChannel("a1:sub-moved:1", otherID, with("app_permissions", "150528"), with("permissions", manager))).text()
	if !strings.HasPrefix(got, "You may not mention <@&"+deskRole+"> in <#"+otherID+">.") {
		t.Errorf("told %q", got)
	}
	b.unchanged(t, before)
}

// TestAnAdministratorPicksAnyRoleFromAnyChannel changes a subscription of one channel
// from another: what an administrator may do they may do in both.
func TestAnAdministratorPicksAnyRoleFromAnyChannel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.confirm(t, b.do(t, use("subscribe", about("ceasefire"), into(newsID))))
	b.do(t, press("a1:sub-change:1", as(admin)))
	pick := choosingRole(adjusted("what", "role"), closedRole, false)
	for who, refused := range map[string]bool{manager: true, admin: false} {
		as(who)(pick)
		if got := b.do(t, pick).text(); strings.Contains(got, "You may not mention") != refused {
			t.Errorf("with %s: %s", who, got)
		}
	}
}

// preview plays a scene without confirming what it drafts.
func (s *script) preview(b bench, one scene) {
	s.t.Helper()
	s.note(one.name, b.do(s.t, one.in).text())
}

func TestADraftIsItsMembersAndTheLastOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	confirm := b.do(t, use("subscribe", about("ceasefire"))).labelled("Confirm")
	other := func(in object) { in["member"].(object)["user"] = object{"id": "400000000000000009"} }
	for name, in := range map[string]object{
		"another manager":                   press(confirm, other),
		"an older draft":                    press("a1:sub-confirm:older"),
		"another server":                    press(confirm, with("guild_id", foreignID)),
		"who may no longer manage the bot":  press(confirm, as(writer)),
		"who forges the channel of a draft": press("a1:sub-confirm:" + newsID),
	} {
		if s := b.do(t, in); strings.Contains(s.text(), "Done") {
			t.Errorf("%s: %s", name, s.text())
		}
	}
	if all, err := b.store.Subscriptions(t.Context(), guildID); err != nil || len(all) > 0 {
		t.Fatalf("%v, %v", all, err)
	}
	if s := b.do(t, press(confirm)); !strings.Contains(s.text(), "Done. From now on") {
		t.Errorf("its own member: %s", s.text())
	}
}

func TestADraftEndsAfterAnHour(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	confirm := b.do(t, use("subscribe", about("ceasefire"))).labelled("Confirm")
	later, err := command.New(b.store, b.discord, command.Options{
		Desk: desk.Options{Topics: topics, Sources: sources(t)}, Interaction: atTime(now.Add(time.Hour + time.Second)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(later.Wait)
	if s := answer(t, later, b.discord, press(confirm)); !strings.Contains(s.text(), "I no longer have this draft") {
		t.Errorf("confirmed after an hour: %s", s.text())
	}
}

func TestAChangeKeepsWhatItDoesNotName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	want, err := b.store.Subscribe(t.Context(), subscription.Subscription{
		Guild: guildID, Channel: alertsID, Topic: "ceasefire", Role: deskRole, Unpublished: true, Countries: []string{"UA"}, CreatedBy: "1", Created: now.Add(-time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.do(t, press("a1:sub-change:1"))
	b.do(t, picking(adjusted("how", "silent"), "true"))
	b.do(t, press("a1:sub-confirm:"+draftToken))
	want.Silent = true
	got, err := b.store.Subscriptions(t.Context(), guildID)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if g := got[0]; g.Role != want.Role || !g.Unpublished || len(g.Countries) != 1 || !g.Silent || !g.Created.Equal(want.Created) || g.CreatedBy != "1" {
		t.Errorf("got %+v, want %+v", g, want)
	}
}

func TestSubscribingSpeaksUkrainian(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	uk := with("locale", "uk")
	s := b.do(t, use("subscribe", about("ceasefire"), option("stages", 3, "agreed"), option("languages", 3, "англійська"), option("countries", 3, "Україна"), uk))
	for _, want := range []string{"Сповіщення: Припинення вогню", "лише на цих етапах", "лише про ці країни: Україна", "англійська", "Ще нічого не встановлено"} {
		if !strings.Contains(s.text(), want) {
			t.Errorf("%q is missing in %s", want, s.text())
		}
	}
	if s := b.do(t, press(s.labelled("Підтвердити"), uk)); !strings.Contains(s.text(), "Готово. Відтепер") {
		t.Error(s.text())
	}
}
