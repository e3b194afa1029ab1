package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
)

// register puts the commands that these tests use.
func (b *bench) register() {
	b.t.Helper()
	r := b.call("PUT", "/applications/"+b.BotID()+"/commands", `[
		{"name":"subscribe","description":"Alerts","default_member_permissions":"32","options":[
			{"type":3,"name":"topic","description":"What","required":true,"autocomplete":true},
			{"type":7,"name":"channel","description":"Where","channel_types":[0,5]},
			{"type":4,"name":"count","description":"How many","min_value":1,"max_value":5},
			{"type":3,"name":"stage","description":"From","choices":[{"name":"Agreed","value":"agreed"}]}]},
		{"name":"topics","description":"Topics","options":[
			{"type":1,"name":"show","description":"One","options":[{"type":3,"name":"topic","description":"Which","required":true}]}]},
		{"name":"help","description":"Helps"}]`)
	if r.status != 200 {
		b.t.Fatalf("register commands: %d %s", r.status, r.raw)
	}
}

// invoked is an INTERACTION_CREATE.
type invoked struct {
	ID    string `json:"id"`
	Token string `json:"token"`
	raw   string
}

// invoke uses a command and takes the event of it.
func (b *bench) invoke(c *client, v sandbox.Invocation) invoked {
	b.t.Helper()
	if v.Channel == "" {
		v.Channel = b.alerts
	}
	id, err := b.Invoke(v)
	b.must(err)
	f := c.want(0, "INTERACTION_CREATE")
	i := invoked{raw: string(f.Data)}
	b.must(json.Unmarshal(f.Data, &i))
	if i.ID != id {
		b.t.Fatalf("the event is of %s, invoked was %s", i.ID, id)
	}
	return i
}

func (b *bench) answer(i invoked, body string) reply {
	b.t.Helper()
	return b.call("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", body)
}

func (b *bench) hook(i invoked) string { return "/webhooks/" + b.BotID() + "/" + i.Token }

func (b *bench) outcome(i invoked) sandbox.Outcome {
	b.t.Helper()
	o, err := b.WaitOutcome(b.ctx, i.ID)
	b.must(err)
	return o
}

func TestCommandEvent(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	b.must(b.SetLocale(b.ann, "uk"))
	c := b.ready()
	i := b.invoke(c, sandbox.Invocation{User: b.ann, Command: "subscribe", Options: map[string]any{"topic": "ceasefire", "channel": b.hidden, "count": 2}})
	var e struct {
		Type        int    `json:"type"`
		Version     int    `json:"version"`
		Application string `json:"application_id"`
		Guild       string `json:"guild_id"`
		Channel     struct{ ID string }
		AppPerms    string `json:"app_permissions"`
		Locale      string `json:"locale"`
		GuildLocale string `json:"guild_locale"`
		Context     *int   `json:"context"`
		Owners      map[string]string
		Member      struct {
			User        struct{ ID string }
			Permissions string
		}
		Data struct {
			Name    string
			Options []struct {
				Name  string
				Type  int
				Value any
			}
			Resolved struct {
				Channels map[string]struct {
					Name     string
					AppPerms string `json:"app_permissions"`
				}
			}
		}
	}
	b.must(json.Unmarshal([]byte(i.raw), &e))
	if e.Type != 2 || e.Version != 1 || e.Application != b.BotID() || e.Guild != b.guild || e.Channel.ID != b.alerts || e.Context == nil {
		t.Errorf("event %s", i.raw)
	}
	if e.Member.User.ID != b.ann || e.Member.Permissions != sandbox.AllPermissions.String() || e.Locale != "uk" || e.GuildLocale != "en-US" {
		t.Errorf("the owner comes as %+v with locale %s", e.Member, e.Locale)
	}
	if r := e.Data.Resolved.Channels[b.hidden]; r.Name != "hidden" || r.AppPerms != "0" || e.AppPerms == "0" {
		t.Errorf("channel %+v, the bot's permissions here %s", r, e.AppPerms)
	}
	if len(e.Data.Options) != 3 || e.Data.Options[0].Type != 3 || e.Data.Options[1].Type != 7 || e.Data.Options[2].Value != 2.0 {
		t.Errorf("options %+v", e.Data.Options)
	}
}

func TestInvokeRefusesWhatTheClientWould(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	secret := b.channel("secret", sandbox.Text)
	b.must(b.SetChannelPermissions(secret, b.guild, 0, sandbox.ViewChannel))
	quiet := b.channel("quiet", sandbox.Text)
	b.must(b.SetChannelPermissions(quiet, b.guild, 0, sandbox.UseApplicationCommands))
	topic := map[string]any{"topic": "x"}
	with := func(k string, v any) map[string]any { return map[string]any{"topic": "x", k: v} }
	cases := []struct {
		name string
		v    sandbox.Invocation
		why  string
	}{
		{"an unknown command", sandbox.Invocation{User: b.ann, Command: "nothing"}, "no command"},
		{"a missing option", sandbox.Invocation{User: b.ann, Command: "subscribe"}, "required"},
		{"an unknown option", sandbox.Invocation{User: b.ann, Command: "subscribe", Options: with("size", 1)}, "no option"},
		{"a number for a text", sandbox.Invocation{User: b.ann, Command: "subscribe", Options: map[string]any{"topic": 1}}, "text"},
		{"a number out of range", sandbox.Invocation{User: b.ann, Command: "subscribe", Options: with("count", 6)}, "at most 5"},
		{"no choice", sandbox.Invocation{User: b.ann, Command: "subscribe", Options: with("stage", "x")}, "choices"},
		{"no channel", sandbox.Invocation{User: b.ann, Command: "subscribe", Options: with("channel", "5")}, "exists"},
		{"no sub-command", sandbox.Invocation{User: b.ann, Command: "topics"}, "sub-command"},
		{"no permission", sandbox.Invocation{User: b.ben, Command: "subscribe", Options: topic}, "may not use"},
		{"a stranger", sandbox.Invocation{User: b.BotID(), Command: "help"}, "no member"},
		{"a hidden channel", sandbox.Invocation{User: b.ben, Channel: secret, Command: "help"}, "cannot see"},
		{"no commands here", sandbox.Invocation{User: b.ben, Channel: quiet, Command: "help"}, "may not use commands"},
		{"a button that is not there", sandbox.Invocation{User: b.ann, Type: sandbox.InvokeComponent, Message: "1", CustomID: "x"}, "no such message"},
		{"another type", sandbox.Invocation{User: b.ann, Type: 9}, "type 9"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.v.Channel == "" {
				tc.v.Channel = b.alerts
			}
			if _, err := b.Invoke(tc.v); err == nil || !strings.Contains(err.Error(), tc.why) {
				t.Errorf("refused with %v, want %q", err, tc.why)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited()}})
	b.register()
	c := b.ready()
	help := sandbox.Invocation{User: b.ben, Command: "help"}

	t.Run("a message", func(t *testing.T) {
		i := b.invoke(c, help)
		if r := b.answer(i, `{"type":4,"data":{"content":"hi"}}`); r.status != 204 {
			t.Errorf("callback: %d %s", r.status, r.raw)
		}
		o := b.outcome(i)
		if o.State != sandbox.Answered || o.Message.Content != "hi" || o.Message.Interaction["name"] != "help" || o.Callback != 4 {
			t.Errorf("outcome %+v", o)
		}
		b.expect(b.answer(i, `{"type":4,"data":{"content":"again"}}`), 400, 40060)
	})
	t.Run("a deferred message", func(t *testing.T) {
		i := b.invoke(c, help)
		b.answer(i, `{"type":5,"data":{"flags":64}}`)
		o, _ := b.Outcome(i.ID)
		if o.State != sandbox.Deferred || o.Message.Flags&sandbox.FlagLoading == 0 || !o.Message.Ephemeral() {
			t.Errorf("deferred: %+v", o)
		}
		b.expect(b.call("PATCH", b.hook(i)+"/messages/@original", `{"content":"done"}`), 200, 0)
		o = b.outcome(i)
		if o.State != sandbox.Answered || o.Message.Content != "done" || o.Message.Flags&sandbox.FlagLoading != 0 || !o.Message.Ephemeral() {
			t.Errorf("answered: %+v", o.Message)
		}
		b.expect(b.call("GET", b.hook(i)+"/messages/@original", ""), 200, 0)
		if list := b.call("GET", "/channels/"+b.alerts+"/messages", ""); strings.Contains(list.raw, o.Message.ID) {
			t.Error("an ephemeral message is in the channel's list")
		}
		if r := b.call("DELETE", b.hook(i)+"/messages/@original", ""); r.status != 204 {
			t.Errorf("delete: %d %s", r.status, r.raw)
		}
		b.expect(b.call("GET", b.hook(i)+"/messages/@original", ""), 404, 10008)
	})
	t.Run("a follow-up", func(t *testing.T) {
		i := b.invoke(c, help)
		b.expect(b.call("POST", b.hook(i), `{"content":"early"}`), 404, 10015)
		b.answer(i, `{"type":4,"data":{"content":"one"}}`)
		r := b.call("POST", b.hook(i)+"?wait=true", `{"content":"two"}`)
		b.expect(r, 200, 0)
		if o := b.outcome(i); len(o.Followups) != 1 || o.Followups[0].Content != "two" {
			t.Errorf("follow-ups %+v", o.Followups)
		}
		b.expect(b.call("PATCH", b.hook(i)+"/messages/"+r.json["id"].(string), `{"content":"three"}`), 200, 0)
	})
	t.Run("the message comes back on demand", func(t *testing.T) {
		i := b.invoke(c, help)
		r := b.call("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback?with_response=true", `{"type":4,"data":{"content":"hi"}}`)
		if r.status != 200 || !strings.Contains(r.raw, `"response_message_id"`) || !strings.Contains(r.raw, `"content":"hi"`) {
			t.Errorf("answer %d %s", r.status, r.raw)
		}
	})
	t.Run("what is wrong is refused and may be tried again", func(t *testing.T) {
		i := b.invoke(c, help)
		b.expect(b.answer(i, `{"type":8,"data":{"choices":[]}}`), 400, 50035)
		b.expect(b.answer(i, `{"type":4,"data":{}}`), 400, 50006)
		b.expect(b.answer(i, `{"type":4,"data":{"content":"`+repeat(2001)+`"}}`), 400, 50035)
		if r := b.answer(i, `{"type":4,"data":{"content":"right"}}`); r.status != 204 {
			t.Errorf("%d %s", r.status, r.raw)
		}
	})
	t.Run("a modal", func(t *testing.T) {
		i := b.invoke(c, help)
		b.answer(i, `{"type":9,"data":{"custom_id":"m","title":"Name it","components":[{"type":18,"label":"Name","component":{"type":4,"custom_id":"n","style":1}}]}}`)
		o := b.outcome(i)
		if o.State != sandbox.ShownModal || !strings.Contains(string(o.Modal), "Name it") {
			t.Errorf("outcome %+v", o)
		}
		i = b.invoke(c, sandbox.Invocation{User: b.ben, Type: sandbox.InvokeModal, Data: map[string]any{
			"custom_id": "m", "components": []any{map[string]any{"type": 18, "component": map[string]any{"type": 4, "custom_id": "n", "value": "x"}}},
		}})
		if !strings.Contains(i.raw, `"type":5`) || !strings.Contains(i.raw, `"value":"x"`) {
			t.Errorf("submitted %s", i.raw)
		}
		b.answer(i, `{"type":4,"data":{"content":"thanks"}}`)
	})
}

func TestComponents(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	c := b.ready()
	id := b.post(b.alerts, `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"More","custom_id":"more"},{"type":2,"style":2,"label":"Off","custom_id":"off","disabled":true}]},
		{"type":1,"components":[{"type":8,"custom_id":"where"}]}]}`).json["id"].(string)
	press := sandbox.Invocation{User: b.ann, Type: sandbox.InvokeComponent, Message: id, CustomID: "more"}
	t.Run("a button's event carries its message", func(t *testing.T) {
		i := b.invoke(c, press)
		if !strings.Contains(i.raw, `"component_type":2`) || !strings.Contains(i.raw, `"message":{"id":"`+id) {
			t.Errorf("event %s", i.raw)
		}
		b.answer(i, `{"type":7,"data":{"content":"pressed","components":[]}}`)
		if o := b.outcome(i); o.Message.ID != id || o.Message.Content != "pressed" || len(b.Messages(b.alerts)) != 1 {
			t.Errorf("outcome %+v", o)
		}
	})
	b.must(b.DeleteMessage(b.alerts, id))
	id = b.post(b.alerts, `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"More","custom_id":"more"},{"type":2,"style":2,"label":"Off","custom_id":"off","disabled":true}]},
		{"type":1,"components":[{"type":8,"custom_id":"where"}]}]}`).json["id"].(string)
	press.Message = id
	t.Run("a deferred update changes the message", func(t *testing.T) {
		i := b.invoke(c, press)
		b.answer(i, `{"type":6}`)
		b.expect(b.call("PATCH", b.hook(i)+"/messages/@original", `{"content":"later"}`), 200, 0)
		if o := b.outcome(i); o.Message.ID != id || o.Message.Content != "later" {
			t.Errorf("outcome %+v", o)
		}
	})
	t.Run("a disabled button cannot be pressed", func(t *testing.T) {
		off := press
		off.CustomID, off.Channel = "off", b.alerts
		if _, err := b.Invoke(off); err == nil {
			t.Error("pressed")
		}
	})
	t.Run("a select resolves what it names", func(t *testing.T) {
		sel := press
		sel.CustomID, sel.Values = "where", []string{b.alerts}
		i := b.invoke(c, sel)
		if !strings.Contains(i.raw, `"resolved":{"channels":{"`+b.alerts) {
			t.Errorf("event %s", i.raw)
		}
		b.answer(i, `{"type":6}`)
	})
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	c := b.ready()
	i := b.invoke(c, sandbox.Invocation{User: b.ann, Type: sandbox.InvokeSuggest, Command: "subscribe", Options: map[string]any{"topic": "cea"}, Focused: "topic"})
	if !strings.Contains(i.raw, `"type":4`) || !strings.Contains(i.raw, `"focused":true`) {
		t.Errorf("event %s", i.raw)
	}
	b.expect(b.answer(i, `{"type":4,"data":{"content":"x"}}`), 400, 50035)
	b.answer(i, `{"type":8,"data":{"choices":[{"name":"Ceasefire","value":"ceasefire"}]}}`)
	if o := b.outcome(i); !slices.Equal(o.Choices, []sandbox.Choice{{Name: "Ceasefire", Value: "ceasefire"}}) {
		t.Errorf("choices %+v", o.Choices)
	}
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	virtual(t, sandbox.Options{}, func(s *sandbox.Server, channel string, call func(method, path, body string) *httptest.ResponseRecorder) {
		user := s.AddUser("Ann")
		guild := guildOf(t, channel, call)
		if err := s.AddMember(guild, user); err != nil {
			t.Fatal(err)
		}
		call("PUT", "/applications/"+s.BotID()+"/commands", `[{"name":"help","description":"x"}]`)
		id, err := s.Invoke(sandbox.Invocation{User: user, Channel: channel, Command: "help"})
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.WaitOutcome(context.Background(), id)
		if err != nil || o.State != sandbox.Failed || !strings.Contains(o.Reason, "did not respond") {
			t.Errorf("unanswered: %+v, %v", o, err)
		}
	})
}

// guildOf finds a channel's guild through the API.
func guildOf(t *testing.T, channel string, call func(method, path, body string) *httptest.ResponseRecorder) string {
	t.Helper()
	var c struct {
		Guild string `json:"guild_id"`
	}
	if err := json.Unmarshal(call("GET", "/channels/"+channel, "").Body.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	return c.Guild
}

func TestLateAnswers(t *testing.T) {
	t.Parallel()
	clock := newClock()
	b := newBench(t, sandbox.Options{Now: clock.now})
	b.register()
	c := b.ready()
	help := sandbox.Invocation{User: b.ben, Command: "help"}
	late, good := b.invoke(c, help), b.invoke(c, help)
	b.answer(good, `{"type":5}`)
	clock.add(3 * time.Second)
	b.expect(b.answer(late, `{"type":4,"data":{"content":"x"}}`), 404, 10062)
	clock.add(11 * time.Minute)
	b.expect(b.call("PATCH", b.hook(good)+"/messages/@original", `{"content":"in time"}`), 200, 0)
	clock.add(2 * time.Minute)
	b.expect(b.call("PATCH", b.hook(good)+"/messages/@original", `{"content":"still"}`), 200, 0)
	clock.add(2 * time.Minute)
	b.expect(b.call("PATCH", b.hook(good)+"/messages/@original", `{"content":"too late"}`), 401, 50027)
}
