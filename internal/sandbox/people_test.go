package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/sandbox"
)

// menus puts commands of the Apps menu beside a slash command of the same name.
func (b *bench) menus() {
	b.t.Helper()
	r := b.call("PUT", "/applications/"+b.BotID()+"/commands", `[
		{"name":"explain","description":"Slash"},{"name":"Explain this","type":3},{"name":"explain","type":2},
		{"name":"Mute story","type":3,"default_member_permissions":"32"}]`)
	if r.status != 200 {
		b.t.Fatalf("register commands: %d %s", r.status, r.raw)
	}
}

func TestCommandsOfTheAppsMenu(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.menus()
	c := b.ready()
	id := b.post(b.alerts, `{"content":"news","nonce":"n"}`).json["id"].(string)
	type data struct {
		Type     int    `json:"type"`
		Name     string `json:"name"`
		TargetID string `json:"target_id"`
		Resolved struct {
			Messages map[string]struct{ Content string }
			Users    map[string]struct{ ID string }
			Members  map[string]struct{ Permissions string }
		}
	}
	event := func(v sandbox.Invocation) (invoked, data) {
		i := b.invoke(c, v)
		var e struct{ Data data }
		b.must(json.Unmarshal([]byte(i.raw), &e))
		return i, e.Data
	}
	i, d := event(sandbox.Invocation{User: b.ben, Command: "Explain this", Target: id})
	if d.Type != 3 || d.TargetID != id || d.Resolved.Messages[id].Content != "news" || strings.Contains(i.raw, `"nonce"`) {
		t.Errorf("of a message: %s", i.raw)
	}
	b.answer(i, `{"type":4,"data":{"content":"It says"}}`)
	if m := b.outcome(i).Message; m.Type != 23 || m.InteractionMetadata["target_message_id"] != id || m.Interaction["name"] != "Explain this" {
		t.Errorf("the answer is of type %d with %v", m.Type, m.InteractionMetadata)
	}
	_, d = event(sandbox.Invocation{User: b.ben, Data: map[string]any{"type": 2, "name": "explain", "target_id": b.ann}})
	if d.Type != 2 || d.Resolved.Users[b.ann].ID != b.ann || d.Resolved.Members[b.ann].Permissions != sandbox.AllPermissions.String() {
		t.Errorf("of a user: %+v", d)
	}
	stranger := b.AddUser("Stranger")
	for _, tc := range []struct {
		why string
		v   sandbox.Invocation
	}{
		{"no such message", sandbox.Invocation{Data: map[string]any{"type": 3, "name": "Explain this", "target_id": "5"}}},
		{"no such member", sandbox.Invocation{Data: map[string]any{"type": 2, "name": "explain", "target_id": stranger}}},
		{"may not use", sandbox.Invocation{Command: "Mute story", Target: id}},
		{"no command", sandbox.Invocation{Command: "explain", Target: id}},
		{"no command", sandbox.Invocation{Data: map[string]any{"type": 3, "name": "Mute", "target_id": id}}},
	} {
		tc.v.User, tc.v.Channel = b.ben, b.alerts
		if _, err := b.Invoke(tc.v); err == nil || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("%+v: %v, want %s", tc.v, err, tc.why)
		}
	}
}

func TestModalsAreHeldToWhatWasShown(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	c := b.ready()
	show := func(id string) {
		i := b.invoke(c, sandbox.Invocation{User: b.ben, Command: "help"})
		r := b.answer(i, `{"type":9,"data":{"custom_id":"`+id+`","title":"A topic","components":[
			{"type":10,"content":"Fill it in"},
			{"type":18,"label":"Name","component":{"type":4,"custom_id":"name","style":1,"min_length":3,"max_length":5}},
			{"type":18,"label":"Note","component":{"type":4,"custom_id":"note","style":2,"required":false}},
			{"type":18,"label":"Stage","component":{"type":3,"custom_id":"stage","options":[{"label":"Agreed","value":"agreed"}]}},
			{"type":18,"label":"Where","component":{"type":8,"custom_id":"where","max_values":2,"channel_types":[0]}}]}}`)
		if r.status != 204 {
			t.Fatalf("show: %d %s", r.status, r.raw)
		}
	}
	show("m")
	field := func(id string, key string, value any) map[string]any {
		return map[string]any{"type": 18, "component": map[string]any{"custom_id": id, key: value}}
	}
	fill := func(user, name, stage string, where ...any) sandbox.Invocation {
		return sandbox.Invocation{User: user, Channel: b.alerts, Type: sandbox.InvokeModal, Data: map[string]any{"custom_id": "m", "components": []any{
			field("name", "value", name), field("stage", "values", []any{stage}), field("where", "values", where),
		}}}
	}
	for _, tc := range []struct {
		name string
		v    sandbox.Invocation
		why  string
	}{
		{"another user", fill(b.ann, "abc", "agreed", b.alerts), "no such modal"},
		{"an empty field", fill(b.ben, "", "agreed", b.alerts), `"Name": this field is required`},
		{"too short", fill(b.ben, "ab", "agreed", b.alerts), "between 3 and 5"},
		{"too long", fill(b.ben, "abcdef", "agreed", b.alerts), "between 3 and 5"},
		{"no option", fill(b.ben, "abc", "denied", b.alerts), `"Stage": choose what the list offers`},
		{"no channel", fill(b.ben, "abc", "agreed", b.guild), `"Where": choose what`},
		{"nothing", fill(b.ben, "abc", "agreed"), `"Where": choose between 1 and 2`},
	} {
		if _, err := b.Invoke(tc.v); err == nil || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.why)
		}
	}
	i := b.invoke(c, fill(b.ben, "abc", "agreed", b.alerts))
	var e struct {
		Data struct {
			Components []any
			Resolved   struct {
				Channels map[string]struct{ Name string }
			}
		}
	}
	b.must(json.Unmarshal([]byte(i.raw), &e))
	want := []any{
		map[string]any{"type": 10.0, "id": 1.0},
		map[string]any{"type": 18.0, "id": 2.0, "component": map[string]any{"type": 4.0, "id": 3.0, "custom_id": "name", "value": "abc"}},
		map[string]any{"type": 18.0, "id": 4.0, "component": map[string]any{"type": 4.0, "id": 5.0, "custom_id": "note", "value": ""}},
		map[string]any{"type": 18.0, "id": 6.0, "component": map[string]any{"type": 3.0, "id": 7.0, "custom_id": "stage", "values": []any{"agreed"}}},
		map[string]any{"type": 18.0, "id": 8.0, "component": map[string]any{"type": 8.0, "id": 9.0, "custom_id": "where", "values": []any{b.alerts}}},
	}
	if diff := cmp.Diff(want, e.Data.Components); diff != "" || e.Data.Resolved.Channels[b.alerts].Name != "alerts" {
		t.Errorf("event (-want +got):\n%s%s", diff, i.raw)
	}
	b.answer(i, `{"type":4,"data":{"content":"thanks"}}`)
	if m := b.outcome(i).Message; fmt.Sprint(m.InteractionMetadata["triggering_interaction_metadata"].(map[string]any)["name"]) != "help" {
		t.Errorf("the answer comes of %v", m.InteractionMetadata)
	}
}

func TestSelectsTakeWhatTheyOffer(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	c := b.ready()
	id := b.post(b.alerts, `{"content":"x","components":[
		{"type":1,"components":[{"type":3,"custom_id":"topic","max_values":2,"options":[{"label":"A","value":"a"},{"label":"B","value":"b"}]}]},
		{"type":1,"components":[{"type":5,"custom_id":"who"}]}]}`).json["id"].(string)
	press := func(custom string, values ...string) sandbox.Invocation {
		return sandbox.Invocation{User: b.ann, Channel: b.alerts, Type: sandbox.InvokeComponent, Message: id, CustomID: custom, Values: values}
	}
	for _, v := range []sandbox.Invocation{press("topic", "c"), press("topic"), press("topic", "a", "b", "a"), press("who", b.guild), press("who", b.ann, b.ben)} {
		if _, err := b.Invoke(v); err == nil || !strings.Contains(err.Error(), "choose") {
			t.Errorf("%v of %s: %v", v.Values, v.CustomID, err)
		}
	}
	if i := b.invoke(c, press("topic", "a", "b")); !strings.Contains(i.raw, `"values":["a","b"]`) {
		t.Errorf("event %s", i.raw)
	}
}

func TestPeopleWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	quiet := b.channel("quiet", sandbox.Text)
	b.must(b.SetChannelPermissions(quiet, b.guild, 0, sandbox.SendMessages))
	forum := b.channel("forum", sandbox.Forum)
	l := b.listen(b.ann, "")
	news := b.post(b.alerts, `{"content":"news"}`).json["id"].(string)
	l.message("message_create")
	say := func(channel, body string) reply {
		return b.page("POST", "/sandbox/api/channels/"+channel+"/messages", body)
	}
	r := say(b.alerts, `{"user":"`+b.ben+`","content":"@everyone look, <@`+b.ann+`>","reply_to":"`+news+`"}`)
	m := l.message("message_create")
	mentions, _ := m["mentions"].([]any)
	quoted, _ := m["referenced_message"].(map[string]any)
	if r.status != 201 || m["type"] != 19.0 || quoted["content"] != "news" || m["mention_everyone"] != false || len(mentions) != 2 {
		t.Errorf("%d: %v", r.status, m)
	}
	for why, r := range map[string]reply{
		"may not write":          say(quiet, `{"user":"`+b.ben+`","content":"x"}`),
		"no channel":             say("1", `{"user":"`+b.ben+`","content":"x"}`),
		"no messages":            say(forum, `{"user":"`+b.ben+`","content":"x"}`),
		"write 1 to 2000":        say(b.alerts, `{"user":"`+b.ben+`","content":" "}`),
		"no such message":        say(b.alerts, `{"user":"`+b.ben+`","content":"x","reply_to":"5"}`),
		"must be a JSON object":  say(b.alerts, `[`),
		"you may not write in t": say(b.alerts, `{"user":"`+b.AddUser("Stranger")+`","content":"x"}`),
	} {
		if r.status != 400 || !strings.Contains(r.raw, why) {
			t.Errorf("want %s: %d %s", why, r.status, r.raw)
		}
	}
}

func TestPagesBeginWhereTheStateEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	at := b.page("GET", "/sandbox/api/state", "").json["event"].(string)
	b.post(b.alerts, `{"content":"between"}`)
	l := b.listen(b.ann+"&after="+at, "")
	if m := l.message("message_create"); m["content"] != "between" {
		t.Errorf("after %s comes %v", at, m)
	}
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	r := b.call("PUT", "/applications/"+b.BotID()+"/commands", `[
		{"name":"anywhere","description":"x","default_member_permissions":"32"},{"name":"here","description":"x","contexts":[0]},{"name":"private","description":"x","contexts":[1]}]`)
	b.expect(r, 200, 0)
	c := b.ready()
	dm := b.call("POST", "/users/@me/channels", `{"recipient_id":"`+b.ben+`"}`).json["id"].(string)
	if again := b.call("POST", "/users/@me/channels", `{"recipient_id":"`+b.ben+`"}`).json["id"]; again != dm {
		t.Errorf("another channel for the same two: %v, %s", again, dm)
	}
	if ch := b.call("GET", "/channels/"+dm, ""); ch.json["guild_id"] != nil || ch.json["type"] != 1.0 || ch.json["name"] != nil {
		t.Errorf("the channel is %s", ch.raw)
	}
	l := b.listen(b.ben, "")
	b.post(dm, `{"content":"for you"}`)
	if m := l.message("message_create"); m["content"] != "for you" || m["channel_id"] != dm {
		t.Errorf("message %v", m)
	}
	state := b.page("GET", "/sandbox/api/state?user="+b.ben, "")
	if dms := state.json["dms"].([]any); len(dms) != 1 || dms[0].(map[string]any)["recipients"].([]any)[0].(map[string]any)["id"] != b.BotID() {
		t.Errorf("the state has %v", state.json["dms"])
	}
	if r := b.page("GET", "/sandbox/api/channels/"+dm+"/messages?user="+b.ann, ""); r.status != 404 {
		t.Errorf("somebody else reads %s", r.raw)
	}
	i := b.invoke(c, sandbox.Invocation{User: b.ben, Channel: dm, Command: "anywhere"})
	var e map[string]any
	b.must(json.Unmarshal([]byte(i.raw), &e))
	if e["context"] != 1.0 || e["guild_id"] != nil || e["member"] != nil || e["user"].(map[string]any)["id"] != b.ben {
		t.Errorf("event %s", i.raw)
	}
	b.answer(i, `{"type":4,"data":{"content":"done","flags":64}}`)
	if o := b.outcome(i); o.Message == nil || o.Message.ChannelID != dm {
		t.Errorf("outcome %+v", o)
	}
	for _, v := range []sandbox.Invocation{{Channel: dm, Command: "here"}, {Channel: b.alerts, Command: "private"}} {
		v.User = b.ben
		if _, err := b.Invoke(v); err == nil || !strings.Contains(err.Error(), "no command") {
			t.Errorf("%+v: %v", v, err)
		}
	}
	stranger := b.AddUser("Stranger")
	far, err := b.OpenDM(stranger)
	b.must(err)
	b.expect(b.post(far, `{"content":"x"}`), 403, 50007)
	b.expect(b.call("POST", "/users/@me/channels", `{"recipient_id":"5"}`), 400, 50033)
}

func TestPins(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	id := b.post(b.alerts, `{"content":"news"}`).json["id"].(string)
	path := "/channels/" + b.alerts + "/messages/pins"
	b.expect(b.call("PUT", path+"/"+id, ""), 403, 50013)
	page := func(user string, pinned bool) reply {
		return b.page("POST", "/sandbox/api/channels/"+b.alerts+"/pins", fmt.Sprintf(`{"user":%q,"message_id":%q,"pinned":%v}`, user, id, pinned))
	}
	if r := page(b.ben, true); r.status != 400 || !strings.Contains(r.raw, "may not pin") {
		t.Errorf("a member without the right: %d %s", r.status, r.raw)
	}
	l := b.listen(b.ben, "")
	if r := page(b.ann, true); r.status != 200 {
		t.Errorf("the owner: %d %s", r.status, r.raw)
	}
	if m := l.message("message_update"); m["pinned"] != true {
		t.Errorf("message %v", m)
	}
	if m := l.message("message_create"); m["type"] != 6.0 || m["message_reference"].(map[string]any)["message_id"] != id {
		t.Errorf("told as %v", m)
	}
	items := b.call("GET", path, "").json["items"].([]any)
	if len(items) != 1 || items[0].(map[string]any)["message"].(map[string]any)["id"] != id {
		t.Errorf("pins %v", items)
	}
	if r := b.page("GET", "/sandbox/api/channels/"+b.alerts+"/pins?user="+b.ben, ""); !strings.Contains(r.raw, id) {
		t.Errorf("the page's pins: %s", r.raw)
	}
	b.must(b.SetBotPermissions(b.guild, sandbox.DefaultBot|sandbox.PinMessages))
	b.expect(b.call("DELETE", path+"/"+id, ""), 204, 0)
	if items := b.call("GET", path, "").json["items"].([]any); len(items) != 0 {
		t.Errorf("pins after unpinning: %v", items)
	}
}
