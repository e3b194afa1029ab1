package sandbox_test

import (
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/attache-bot/attache/internal/sandbox"
)

func TestComponentsV2(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited()}})
	full := `{"flags":32768,"components":[{"type":17,"accent_color":255,"components":[
		{"type":9,"components":[{"type":10,"content":"one <@` + b.ann + `>"}],"accessory":{"type":11,"media":{"url":"https://example.org/a.png"},"description":"a map"}},
		{"type":14,"spacing":2},{"type":12,"items":[{"media":{"url":"https://example.org/b.png"}}]},
		{"type":1,"components":[{"type":2,"style":2,"custom_id":"c","emoji":{"name":"🔔"}}]}]},
		{"type":1,"components":[{"type":3,"custom_id":"s","placeholder":"Which","options":[{"label":"A","value":"a","description":"d","default":true,"emoji":{"name":"🔔"}}]}]}]}`
	t.Run("are stored with their defaults", func(t *testing.T) {
		t.Parallel()
		own := &bench{Server: b.Server, t: t, ctx: b.ctx}
		r := own.post(b.alerts, full)
		own.expect(r, 200, 0)
		for _, want := range []string{`"divider":true`, `"spacing":2`, `"accent_color":255`, `"spoiler":false`, `"id":1`, `"username":"ann_moreau"`} {
			if !strings.Contains(r.raw, want) {
				t.Errorf("no %s in %s", want, r.raw)
			}
		}
		path := "/channels/" + b.alerts + "/messages/" + r.json["id"].(string)
		own.expect(own.call("PATCH", path, `{"content":"x"}`), 400, 50035)
		own.expect(own.call("PATCH", path, `{"components":[{"type":10,"content":"two"}]}`), 200, 0)
	})
	for name, components := range map[string]string{
		"41 components":            strings.TrimSuffix(strings.Repeat(`{"type":10,"content":"x"},`, 41), ","),
		"4,001 characters":         `{"type":10,"content":"` + repeat(4000) + `"},{"type":10,"content":"x"}`,
		"a section alone":          `{"type":9,"components":[{"type":10,"content":"x"}]}`,
		"an empty container":       `{"type":17,"components":[]}`,
		"a button outside a row":   `{"type":2,"style":1,"label":"x","custom_id":"x"}`,
		"a container in another":   `{"type":17,"components":[{"type":17,"components":[{"type":10,"content":"x"}]}]}`,
		"a gallery without items":  `{"type":12,"items":[]}`,
		"a select beside a button": `{"type":1,"components":[{"type":8,"custom_id":"a"},{"type":2,"style":1,"label":"x","custom_id":"x"}]}`,
		"one option value twice":   `{"type":1,"components":[{"type":3,"custom_id":"a","options":[{"label":"A","value":"a"},{"label":"B","value":"a"}]}]}`,
	} {
		t.Run(name+" are refused", func(t *testing.T) {
			t.Parallel()
			own := &bench{Server: b.Server, t: t, ctx: b.ctx}
			own.expect(own.post(b.alerts, `{"flags":32768,"components":[`+components+`]}`), 400, 50035)
		})
	}
}

func TestEmbedsNeedTheirPermission(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.must(b.DenyBot(b.alerts, sandbox.EmbedLinks))
	b.expect(b.post(b.alerts, `{"embeds":[{"title":"x"}]}`), 403, 50013)
	if r := b.post(b.alerts, `{"content":"x","embeds":[{"title":"x"}]}`); r.status != 200 || !strings.Contains(r.raw, `"embeds":[]`) {
		t.Errorf("with words: %d %s", r.status, r.raw)
	}
	b.must(b.DenyBot(b.alerts, 0))
	b.expect(b.post(b.alerts, `{"embeds":[{"title":"x"}]}`), 200, 0)
}

func TestThreadWithoutMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	r := b.call("POST", "/channels/"+b.alerts+"/threads", `{"name":"side talk","type":11}`)
	id, _ := r.json["id"].(string)
	if r.status != 201 || r.json["type"] != 11.0 {
		t.Errorf("thread: %d %s", r.status, r.raw)
	}
	b.expect(b.call("POST", "/channels/"+id+"/threads", `{"name":"deeper","type":11}`), 400, 50024)
	b.expect(b.call("POST", "/channels/"+b.alerts+"/threads", `{"name":"","type":11}`), 400, 50035)
	b.must(b.DenyBot(b.alerts, sandbox.SendMessagesInThreads))
	b.expect(b.post(id, `{"content":"x"}`), 403, 50013)
}

func TestLargeRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{RequestBytes: 1000}})
	b.expect(b.post(b.alerts, `{"content":"x","padding":"`+strings.Repeat("x", 1000)+`"}`), 413, 40005)
}

func TestLocalisationsAreListedOnDemand(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	path := "/applications/" + b.BotID() + "/commands"
	b.call("PUT", path, `[{"name":"help","description":"x","name_localizations":{"uk":"довідка"},"options":[{"type":3,"name":"o","description":"x","name_localizations":{"uk":"п"}}]}]`)
	if r := b.call("GET", path, ""); strings.Contains(r.raw, "localizations") || !strings.Contains(r.raw, `"name":"o"`) {
		t.Errorf("by default: %s", r.raw)
	}
	if r := b.call("GET", path+"?with_localizations=true", ""); strings.Count(r.raw, "name_localizations") != 2 {
		t.Errorf("on demand: %s", r.raw)
	}
	var c struct{ Name string }
	b.must(json.Unmarshal(b.Commands("")[0], &c))
	b.must(b.WaitCommands(b.ctx, "help"))
	if c.Name != "help" || len(b.Commands(b.guild)) != 0 {
		t.Errorf("commands %s and %s", b.Commands(""), b.Commands(b.guild))
	}
}

func TestZlibStream(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	c := b.dial("v=10&encoding=json&compress=zlib-stream")
	r, w := io.Pipe()
	t.Cleanup(func() { _ = r.Close() })
	go func() {
		for {
			kind, data, err := c.ws.Read(b.ctx)
			if err != nil || kind != websocket.MessageBinary {
				_ = w.CloseWithError(fmt.Errorf("frame of kind %v: %w", kind, err))
				return
			}
			if _, err := w.Write(data); err != nil {
				return
			}
		}
	}()
	z, err := zlib.NewReader(r)
	b.must(err)
	d := json.NewDecoder(z)
	var f frame
	b.must(d.Decode(&f))
	c.send(b.identify(""))
	b.must(d.Decode(&f))
	if f.Type != "READY" {
		t.Errorf("got op %d %s", f.Op, f.Type)
	}
	_ = c.ws.CloseNow()
}

func TestTheBotLeavesAndReturns(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	c := b.ready()
	b.must(b.RemoveBot(b.guild))
	c.want(0, "GUILD_DELETE")
	b.expect(b.post(b.alerts, `{"content":"x"}`), 403, 50001)
	if _, err := b.Invoke(sandbox.Invocation{User: b.ann, Channel: b.alerts, Command: "help"}); err == nil {
		t.Error("commands of an absent bot can be used")
	}
	b.must(b.AddBot(b.guild))
	c.want(0, "GUILD_CREATE")
	b.expect(b.post(b.alerts, `{"content":"x"}`), 200, 0)
}

func TestSessionsAreListed(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.ready()
	if list := b.Sessions(); len(list) != 1 || !list[0].Connected || list[0].Version != 10 || list[0].Seq != 2 || list[0].Shard != [2]int{0, 1} {
		t.Errorf("sessions %+v", list)
	}
	b.DropGateway()
	b.must(b.WaitOffline(b.ctx))
	if list := b.Sessions(); len(list) != 1 || list[0].Connected {
		t.Errorf("sessions %+v", list)
	}
}

func TestWaitMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	go func() {
		for range 3 {
			_, _ = b.Post(b.alerts, b.ann, "x")
		}
	}()
	list, err := b.WaitMessages(b.ctx, b.alerts, func(m []*sandbox.Message) bool { return len(m) == 3 })
	if err != nil || len(list) != 3 {
		t.Errorf("%d messages, %v", len(list), err)
	}
	b.Close()
	if _, err := b.WaitMessages(b.ctx, b.alerts, func([]*sandbox.Message) bool { return false }); err == nil {
		t.Error("waits for a closed sandbox")
	}
}

func TestResolvedOptions(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.call("PUT", "/applications/"+b.BotID()+"/commands", `[{"name":"who","description":"x","options":[
		{"type":6,"name":"user","description":"x"},{"type":8,"name":"role","description":"x"},{"type":9,"name":"any","description":"x"},
		{"type":5,"name":"yes","description":"x"},{"type":10,"name":"share","description":"x"}]}]`)
	role, err := b.AddRole(b.guild, sandbox.Role{Name: "desk"})
	b.must(err)
	c := b.ready()
	i := b.invoke(c, sandbox.Invocation{User: b.ben, Command: "who", Options: map[string]any{"user": b.ann, "role": role, "any": b.ben, "yes": true, "share": 0.5}})
	for _, want := range []string{`"users":{`, `"members":{`, `"roles":{"` + role, `"value":0.5`, `"value":true`} {
		if !strings.Contains(i.raw, want) {
			t.Errorf("no %s in %s", want, i.raw)
		}
	}
	for option, value := range map[string]any{"user": role, "role": b.ann, "any": b.alerts, "yes": "yes", "share": "much"} {
		if _, err := b.Invoke(sandbox.Invocation{User: b.ben, Channel: b.alerts, Command: "who", Options: map[string]any{option: value}}); err == nil {
			t.Errorf("option %s takes %v", option, value)
		}
	}
}
