package command_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The guild of the tests, its people and places.
const (
	guildID    = "100000000000000001"
	foreignID  = "100000000000000002"
	newsID     = "200000000000000001"
	alertsID   = "200000000000000002"
	foreignCh  = "200000000000000009"
	deskRole   = "300000000000000001"
	closedRole = "300000000000000002"
	userID     = "400000000000000001"
	strangerID = "400000000000000002"
	appID      = "500000000000000001"
)

// Permissions as Discord writes them.
const (
	none     = "0"
	reader   = "1024"         // view channel
	writer   = "3072"         // view channel, send messages
	manager  = "3104"         // writer, manage server
	admin    = "8"            // administrator
	herald   = "134176"       // manager, mention everyone
	botFull  = "274877926400" // view, send, embed links, send in threads
	botTalks = "3072"         // view, send

	botThreads = "309237664768" // as botFull, open threads
)

var now = time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)

// object is a JSON object.
type object = map[string]any

// use makes a command interaction of a manager in #alerts, changed by the edits.
func use(name string, edits ...func(in object)) object {
	in := object{
		"id": "600000000000000001", "application_id": appID, "type": 2, "token": "token-of-the-interaction", "version": 1,
		"guild_id": guildID, "channel_id": alertsID, "context": 0,
		"channel":         object{"id": alertsID, "guild_id": guildID, "type": 0, "name": "alerts"},
		"member":          object{"user": object{"id": userID, "username": "ana"}, "permissions": manager},
		"app_permissions": botFull, "locale": "en-GB", "guild_locale": "en-US",
		"data": object{"id": "700000000000000001", "type": 1, "name": name},
	}
	for _, e := range edits {
		e(in)
	}
	return in
}

// typing is use for an option that is being typed.
func typing(name, option, typed string, edits ...func(in object)) object {
	in := use(name, edits...)
	in["type"] = 4
	in["data"].(object)["options"] = []object{{"name": option, "type": 3, "value": typed, "focused": true}}
	return in
}

// press makes the interaction of a button.
func press(customID string, edits ...func(in object)) object {
	in := use("")
	in["type"] = 3
	in["data"] = object{"component_type": 2, "custom_id": customID}
	in["message"] = object{
		"id": "800000000000000001", "flags": 64, "components": []object{{"type": 99}},
		"interaction_metadata": object{"id": "600000000000000000", "user": object{"id": userID}},
	}
	for _, e := range edits {
		e(in)
	}
	return in
}

func with(key string, value any) func(object) {
	return func(in object) { in[key] = value }
}

func without(keys ...string) func(object) {
	return func(in object) {
		for _, k := range keys {
			delete(in, k)
		}
	}
}

func as(permissions string) func(object) {
	return func(in object) { in["member"].(object)["permissions"] = permissions }
}

func data(in object) object { return in["data"].(object) }

func option(name string, kind int, value any) func(object) {
	return func(in object) {
		had, _ := data(in)["options"].([]object)
		data(in)["options"] = append(had, object{"name": name, "type": kind, "value": value})
	}
}

func about(topic string) func(object)  { return option("topic", 3, topic) }
func asking(query string) func(object) { return option("query", 3, query) }

func resolve(kind, id string, value object) func(object) {
	return func(in object) {
		res, ok := data(in)["resolved"].(object)
		if !ok {
			res = object{}
			data(in)["resolved"] = res
		}
		of, ok := res[kind].(object)
		if !ok {
			of = object{}
			res[kind] = of
		}
		of[id] = value
	}
}

// into picks a channel that is resolved as Discord does, changed by the edits.
func into(id string, edits ...func(object)) func(object) {
	c := object{"id": id, "guild_id": guildID, "type": 0, "name": "news", "permissions": manager, "app_permissions": botFull}
	for _, e := range edits {
		e(c)
	}
	return func(in object) {
		option("channel", 7, id)(in)
		resolve("channels", id, c)(in)
	}
}

// mentioning picks a role.
func mentioning(id string, mentionable bool) func(object) {
	return func(in object) {
		option("role", 8, id)(in)
		resolve("roles", id, object{"id": id, "name": "desk", "mentionable": mentionable, "permissions": "0"})(in)
	}
}

type catalogue []desk.TopicInfo

func (c catalogue) Topics() []desk.TopicInfo { return c }

var topics = catalogue{
	{ID: "ceasefire", Title: "Ceasefire", Description: "Truces and pauses of fighting", Aliases: []string{"truce", "armistice", "cessation of hostilities"}, Stages: []topic.Stage{"called-for", "agreed", "violated"}},
	{ID: "military-strike", Title: "Military strike", Description: "Attacks with weapons", Aliases: []string{"air strike", "bombing", "shelling"}},
	{ID: "peace-talks", Title: "Peace talks", Description: "Negotiation and mediation", Aliases: []string{"negotiations", "mediation"}},
	{ID: "sanctions", Title: "Sanctions", Description: "Embargoes, asset freezes, export controls", Aliases: []string{"embargo"}},
	{ID: "trade-dispute", Title: "Trade dispute", Description: "Tariffs and retaliation", Aliases: []string{"tariffs", "trade war"}},
}

// countries are three states, of which reports name those whose name or capital
// stands in their titles.
type countries []desk.Country

func (c countries) Countries() []desk.Country { return c }

func (c countries) Names(r report.Report, code string) bool {
	for _, s := range c {
		if s.Code == code {
			return slices.ContainsFunc(append(s.Aliases, s.Name), func(n string) bool { return strings.Contains(r.Title, n) })
		}
	}
	return false
}

var states = countries{
	{Code: "RU", Name: "Russia", Aliases: []string{"Moscow", "Putin"}},
	{Code: "UA", Name: "Ukraine", Aliases: []string{"Kyiv", "Україна"}},
	{Code: "US", Name: "United States", Aliases: []string{"Washington"}},
}

func sources(t testing.TB) *source.Catalogue {
	t.Helper()
	c, err := source.NewCatalogue([]source.Source{
		{ID: "wire", Name: "Example Wire", Country: "GB", Language: "en", Tier: source.Wire},
		{ID: "daily", Name: "The Daily", Country: "GB", Language: "en", Tier: source.National, Wires: []source.ID{"wire"}},
		{ID: "state", Name: "State Agency", Country: "RU", Language: "ru", Tier: source.Wire, StateControlled: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
