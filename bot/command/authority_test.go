package command_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/subscription"
)

// TestNobodyChangesWhatIsNotTheirs tries every changing command without the
// right to it. The store must stay as it was.
func TestNobodyChangesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	dm := func(in object) {
		without("guild_id", "member")(in)
		in["user"] = object{"id": userID}
	}
	b := newBench(t)
	want := b.subscribed(t)
	for _, who := range []struct {
		name string
		edit func(object)
	}{
		{"a member without permissions", as(none)},
		{"a member who may only write", as(writer)},
		{"permissions that are no number", as("all")},
		{"permissions that overflow", as("99999999999999999999999")},
		{"negative permissions", as("-1")},
		{"permissions as a number", func(in object) { in["member"].(object)["permissions"] = 32 }},
		{"no permissions at all", func(in object) { delete(in["member"].(object), "permissions") }},
		{"a member without a user", func(in object) { delete(in["member"].(object), "user") }},
		{"no member", without("member")},
		{"a direct message", dm},
		{"a guild that is none", with("guild_id", "1' OR '1'='1")},
		{"an empty guild", with("guild_id", "")},
		{"permissions in an option", func(in object) {
			as(none)(in)
			option("permissions", 3, admin)(in)
		}},
		{"a forged custom id beside the command", func(in object) {
			as(none)(in)
			data(in)["custom_id"] = "m1:l:1:"
		}},
	} {
		for _, cmd := range []string{"subscribe", "unsubscribe"} {
			t.Run(cmd+" by "+who.name, func(t *testing.T) {
				for _, channel := range []func(object){func(object) {}, into(newsID)} {
					s := b.do(t, use(cmd, about("sanctions"), channel, who.edit))
					if strings.Contains(s.text(), "would get alerts") || strings.Contains(s.text(), "no more alerts") {
						t.Errorf("was let in: %s", s.text())
					}
				}
				b.unchanged(t, want)
			})
		}
		t.Run("choices for "+who.name, func(t *testing.T) {
			if s := b.do(t, typing("unsubscribe", "topic", "", who.edit)); s.text() != "" {
				t.Errorf("was told what the guild has: %s", s.text())
			}
		})
	}
}

// TestForgedOptionsChangeNothing lets a manager send what Discord's client would
// not.
func TestForgedOptionsChangeNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	want := b.subscribed(t)
	for _, c := range []struct {
		name  string
		edits []func(object)
	}{
		{"a channel of another guild", []func(object){into(foreignCh, with("guild_id", foreignID))}},
		{"a channel that Discord did not resolve", []func(object){option("channel", 7, foreignCh)}},
		{"a channel resolved under another id", []func(object){option("channel", 7, foreignCh), resolve("channels", foreignCh, object{"id": newsID, "type": 0, "permissions": admin, "app_permissions": admin})}},
		{"a channel resolved to nothing", []func(object){option("channel", 7, foreignCh), func(in object) {
			data(in)["resolved"] = object{"channels": object{foreignCh: nil}}
		}}},
		{"a channel id that is none", []func(object){option("channel", 7, "200' --")}},
		{"a channel as a number", []func(object){option("channel", 7, 200000000000000001)}},
		{"a channel as text", []func(object){option("channel", 3, newsID)}},
		{"a channel that the store knows in another guild", []func(object){into(foreignCh, without("guild_id"))}},
		{"a category", []func(object){into(newsID, with("type", 4))}},
		{"a direct message's channel", []func(object){into(newsID, with("type", 1))}},
		{"a kind of channel that does not exist yet", []func(object){into(newsID, with("type", 999))}},
		{"a channel closed to the member", []func(object){into(newsID, with("permissions", none))}},
		{"a channel without the member's permissions", []func(object){into(newsID, without("permissions"))}},
		{"a role that Discord did not resolve", []func(object){option("role", 8, deskRole)}},
		{"everyone as a role", []func(object){mentioning(guildID, true)}},
		{"a role id that is none", []func(object){option("role", 8, "@everyone"), resolve("roles", "@everyone", object{"id": "@everyone", "mentionable": true})}},
		{"a role as a user", []func(object){option("role", 6, userID)}},
		{"a topic as a number", []func(object){func(in object) { data(in)["options"] = []object{{"name": "topic", "type": 4, "value": 1}} }}},
		{"a topic as a list", []func(object){func(in object) {
			data(in)["options"] = []object{{"name": "topic", "type": 3, "value": []string{"sanctions"}}}
		}}},
		{"a topic that is too long", []func(object){func(in object) {
			data(in)["options"] = []object{{"name": "topic", "type": 3, "value": strings.Repeat("sanctions ", 50)}}
		}}},
		{"an unknown topic", []func(object){func(in object) {
			data(in)["options"] = []object{{"name": "topic", "type": 3, "value": "'; DROP TABLE subscriptions; --"}}
		}}},
		{"no topic", []func(object){func(in object) { delete(data(in), "options") }}},
		{"a user command of the same name", []func(object){func(in object) { data(in)["type"] = 2 }}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := use("subscribe", append([]func(object){about("sanctions")}, c.edits...)...)
			if s := b.do(t, in); strings.Contains(s.text(), "would get alerts") || s.text() == "" || strings.Contains(s.text(), "Something went wrong") {
				t.Errorf("answered: %q", s.text())
			}
			b.unchanged(t, want)
		})
	}
}

// TestGuildsDoNotSeeEachOther asks from a second guild, by a manager of it.
func TestGuildsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	want := b.subscribed(t)
	foreign := func(in object) {
		in["guild_id"] = "100000000000000003"
		in["member"].(object)["permissions"] = admin
	}
	for _, in := range []object{
		use("subscriptions", foreign), use("status", foreign), press("m1:l:1:", foreign), press("m1:g:1:", foreign), typing("unsubscribe", "topic", "", foreign),
		use("unsubscribe", foreign, about("ceasefire")),
		use("unsubscribe", foreign, about("ceasefire"), into(alertsID, without("guild_id"))),
		use("unsubscribe", foreign, about("ceasefire"), into(alertsID)),
	} {
		if s := b.do(t, in); strings.Contains(s.text(), "no more alerts") || strings.Contains(s.text(), "Ceasefire = ") || strings.Contains(s.text(), "1 subscription") {
			t.Errorf("the other guild's alerts show: %s", s.text())
		}
	}
	b.unchanged(t, want)
}

// subscribed gives the guild one subscription and another guild a channel.
func (b bench) subscribed(t *testing.T) []subscription.Subscription {
	t.Helper()
	for _, s := range []subscription.Subscription{
		{Guild: guildID, Channel: alertsID, Topic: "ceasefire", CreatedBy: userID, Created: now},
		{Guild: foreignID, Channel: foreignCh, Topic: "ceasefire", CreatedBy: userID, Created: now},
	} {
		if _, err := b.store.Subscribe(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return b.everything(t)
}

func (b bench) everything(t *testing.T) []subscription.Subscription {
	t.Helper()
	var all []subscription.Subscription
	for _, g := range []string{guildID, foreignID, "100000000000000003"} {
		subs, err := b.store.Subscriptions(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, subs...)
	}
	return all
}

func (b bench) unchanged(t *testing.T, want []subscription.Subscription) {
	t.Helper()
	got := b.everything(t)
	if len(got) != len(want) {
		t.Fatalf("%d subscriptions, had %d: %v", len(got), len(want), got)
	}
	for i := range got {
		if !cmp.Equal(got[i], want[i]) {
			t.Errorf("subscription changed: %v, was %v", got[i], want[i])
		}
	}
}

func TestAnAdministratorNeedsNoOtherPermission(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.do(t, use("subscribe", about("ceasefire"), as(admin), with("app_permissions", admin)))
	if s = b.confirm(t, s, as(admin)); !strings.Contains(s.text(), "Done. From now on") {
		t.Errorf("answered: %s", s.text())
	}
}

func TestNothingIsToldOutsideAGuild(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, id := range []string{"", "0", "x", "1' OR '1'='1"} {
		for _, in := range []object{use("subscriptions"), use("status"), use("recent"), press("m1:l:1:")} {
			with("guild_id", id)(in)
			if s := b.do(t, in); !strings.Contains(s.text(), "I only work inside a server") {
				t.Errorf("guild %q is told: %s", id, s.text())
			}
		}
	}
}
