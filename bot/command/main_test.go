package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
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

// sent is one request to Discord.
type sent struct {
	edit bool
	// follow says that it is a message after the first answer.
	follow bool
	typ    interaction.ResponseType
	body   object
	at     time.Time
}

// discord is the far side: it records what the router sends.
type discord struct {
	mu   sync.Mutex
	sent []sent
	fail error
}

func (d *discord) record(s sent, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	s.at = time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := json.Unmarshal(raw, &s.body); err != nil {
		return err
	}
	d.sent = append(d.sent, s)
	return d.fail
}

func (d *discord) Respond(_ context.Context, t interaction.Ticket, r interaction.Response) error {
	if t.ID == "" || t.Token == "" {
		return errors.New("ticket is incomplete")
	}
	return d.record(sent{typ: r.Type}, r)
}

func (d *discord) Edit(_ context.Context, _ interaction.Ticket, p message.Payload) error {
	return d.record(sent{edit: true}, p)
}

func (d *discord) Follow(_ context.Context, _ interaction.Ticket, p message.Payload) error {
	return d.record(sent{follow: true, edit: true}, p)
}

func (d *discord) all() []sent { return d.since(0) }

// count is how many requests there were, since those after so many.
func (d *discord) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.sent)
}

func (d *discord) since(n int) []sent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.sent[n:])
}

// taken returns what was sent and forgets it.
func (d *discord) taken() []sent {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.sent
	d.sent = nil
	return out
}

// answers runs one interaction and returns what was sent, as it is read in the
// end: on a busy machine an answer may be promised first.
func answers(t testing.TB, r *command.Router, d *discord, in object) []sent {
	t.Helper()
	return kept(requests(t, r, d, in))
}

// kept are the answers with a promise and what it came to as one answer.
func kept(got []sent) []sent {
	if len(got) == 2 && got[0].typ == interaction.UpdateLater && got[1].follow {
		typ := interaction.AnswerNow // a refusal beside the message
		return []sent{{typ: typ, body: object{"type": float64(typ), "data": maps.Clone(got[1].body)}, at: got[1].at}}
	}
	if len(got) != 2 || got[0].typ != interaction.AnswerLater && got[0].typ != interaction.UpdateLater || !got[1].edit || got[1].follow {
		return got
	}
	data := maps.Clone(got[1].body)
	if d, ok := got[0].body["data"].(object); ok {
		data["flags"] = d["flags"]
	}
	typ := interaction.AnswerNow
	if got[0].typ == interaction.UpdateLater {
		typ = interaction.UpdateNow
	}
	return []sent{{typ: typ, body: object{"type": float64(typ), "data": data}, at: got[1].at}}
}

// requests runs one interaction and returns what was sent.
func requests(t testing.TB, r *command.Router, d *discord, in object) []sent {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	before := d.count()
	r.Handle(t.Context(), raw)
	return d.since(before)
}

// answer is answers for what must be a single answer.
func answer(t testing.TB, r *command.Router, d *discord, in object) sent {
	t.Helper()
	got := answers(t, r, d, in)
	if len(got) != 1 {
		t.Fatalf("%d answers, want 1", len(got))
	}
	return got[0]
}

// text is all that a person reads in an answer.
func (s sent) text() string {
	b := s.body
	if d, ok := b["data"].(object); ok && !s.edit {
		b = d
	}
	out := ""
	if c, _ := b["content"].(string); c != "" {
		out += c + "\n"
	}
	embeds, _ := b["embeds"].([]any)
	for _, e := range embeds {
		e := e.(object)
		out += fmt.Sprintf("[%v]\n%v\n", e["title"], e["description"])
	}
	files, _ := b["attachments"].([]any)
	for _, f := range files {
		f := f.(object)
		out += fmt.Sprintf("{%v: %v}\n", f["filename"], f["description"])
	}
	if title, ok := b["title"].(string); ok {
		out += fmt.Sprintf("{form %s: %v}\n", title, b["custom_id"])
	}
	rows, _ := b["components"].([]any)
	for _, row := range rows {
		for _, c := range row.(object)["components"].([]any) {
			out += componentText(c.(object))
		}
	}
	choices, _ := b["choices"].([]any)
	for _, c := range choices {
		c := c.(object)
		out += fmt.Sprintf("%v = %v\n", c["name"], c["value"])
	}
	return out
}

// componentText is what a person reads of a button, a menu or a field. A menu's
// chosen options, or the ids chosen in it, have a star.
func componentText(c object) string {
	switch c["type"] {
	case float64(3), float64(5), float64(6), float64(7), float64(8):
		var all []string
		options, _ := c["options"].([]any)
		for _, o := range options {
			o := o.(object)
			name := o["label"].(string)
			if o["default"] == true {
				name = "*" + name
			}
			all = append(all, name)
		}
		chosen, _ := c["default_values"].([]any)
		for _, v := range chosen {
			all = append(all, fmt.Sprintf("*%v", v.(object)["id"]))
		}
		return fmt.Sprintf("[menu %v: %v] %s\n", c["placeholder"], c["custom_id"], strings.Join(all, "; "))
	case float64(4):
		return fmt.Sprintf("[field %v (%v)] %v\n", c["label"], c["placeholder"], c["value"])
	}
	return fmt.Sprintf("(%v: %v)\n", c["label"], c["custom_id"])
}

// button returns the custom id of an answer's button to the next page, or "".
func (s sent) button() string { return s.labelled("More") }

// labelled returns the custom id of the button with a label, or "".
func (s sent) labelled(label string) string {
	rows, _ := s.body["data"].(object)["components"].([]any)
	for _, row := range rows {
		for _, c := range row.(object)["components"].([]any) {
			if c.(object)["label"] == label {
				return c.(object)["custom_id"].(string)
			}
		}
	}
	return ""
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
