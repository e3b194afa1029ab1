package sandbox_test

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/attache-bot/attache/internal/sandbox"
)

// frame is a payload of the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Type string          `json:"t"`
}

// client is a bare gateway client.
type client struct {
	b    *bench
	ws   *websocket.Conn
	zipd bool // some frame was compressed
	sid  string
	seq  int64
}

func (b *bench) dial(query string) *client {
	b.t.Helper()
	url := "ws" + strings.TrimPrefix(b.URL(), "http") + "/gateway?" + query
	ws, _, err := websocket.Dial(b.ctx, url, nil)
	b.must(err)
	ws.SetReadLimit(1 << 20)
	b.t.Cleanup(func() { _ = ws.CloseNow() })
	return &client{b: b, ws: ws}
}

// hello connects and takes the hello.
func (b *bench) hello() *client {
	b.t.Helper()
	c := b.dial("v=10&encoding=json")
	c.want(10, "")
	return c
}

func (c *client) send(text string) {
	c.b.t.Helper()
	c.b.must(c.ws.Write(c.b.ctx, websocket.MessageText, []byte(text)))
}

func (c *client) next() (frame, error) {
	var f frame
	kind, data, err := c.ws.Read(c.b.ctx)
	if err != nil {
		return f, err
	}
	if kind == websocket.MessageBinary {
		c.zipd = true
		z, err := zlib.NewReader(bytes.NewReader(data))
		c.b.must(err)
		data, err = io.ReadAll(z)
		c.b.must(err)
	}
	err = json.Unmarshal(data, &f)
	if f.Seq > 0 {
		c.seq = f.Seq
	}
	return f, err
}

// want takes the next frame, which must be of this kind.
func (c *client) want(op int, name string) frame {
	c.b.t.Helper()
	f, err := c.next()
	c.b.must(err)
	if f.Op != op || f.Type != name {
		c.b.t.Fatalf("op %d %s, want op %d %s: %s", f.Op, f.Type, op, name, f.Data)
	}
	if name == "READY" {
		var d struct {
			SessionID string `json:"session_id"`
		}
		c.b.must(json.Unmarshal(f.Data, &d))
		c.sid = d.SessionID
	}
	return f
}

// closed takes frames until the connection ends, and returns its close code.
func (c *client) closed() int {
	c.b.t.Helper()
	for {
		if _, err := c.next(); err != nil {
			if c.b.ctx.Err() != nil {
				c.b.t.Fatal("the connection is still open")
			}
			return int(websocket.CloseStatus(err))
		}
	}
}

func (b *bench) identify(rest string) string {
	return fmt.Sprintf(`{"op":2,"d":{"token":%q,"properties":{"os":"linux"},"intents":1%s}}`, b.Token(), rest)
}

func (c *client) resume() string {
	return fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":%d}}`, c.b.Token(), c.sid, c.seq)
}

// ready identifies and takes READY and GUILD_CREATE.
func (b *bench) ready() *client {
	b.t.Helper()
	c := b.hello()
	c.send(b.identify(""))
	c.want(0, "READY")
	c.want(0, "GUILD_CREATE")
	return c
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	t.Run("READY lists guilds as unavailable, GUILD_CREATE brings them", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.hello()
		c.send(b.identify(""))
		ready := c.want(0, "READY")
		for _, want := range []string{`"resume_gateway_url":"ws://127.0.0.1:`, `{"id":"` + b.guild + `","unavailable":true}`, `"v":10`} {
			if !strings.Contains(string(ready.Data), want) {
				t.Errorf("READY has no %s: %s", want, ready.Data)
			}
		}
		if create := c.want(0, "GUILD_CREATE"); create.Seq != 2 || !strings.Contains(string(create.Data), b.alerts) {
			t.Errorf("GUILD_CREATE with seq %d: %s", create.Seq, create.Data)
		}
	})
	t.Run("payloads are compressed when asked for", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.hello()
		c.send(b.identify(`,"compress":true`))
		c.want(0, "READY")
		c.want(0, "GUILD_CREATE")
		if !c.zipd {
			t.Error("no frame was compressed")
		}
	})
	t.Run("heartbeats are acknowledged", func(t *testing.T) {
		t.Parallel()
		c := newBench(t, sandbox.Options{}).ready()
		c.send(`{"op":1,"d":2}`)
		c.want(11, "")
	})
	t.Run("guilds go to their shard", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		second := b.AddGuild("Relief Watch")
		got := map[string]int{}
		for shard := range 2 {
			c := b.hello()
			c.send(b.identify(fmt.Sprintf(`,"shard":[%d,2]`, shard)))
			c.want(0, "READY")
			c.send(`{"op":1,"d":1}`)
			for f, err := c.next(); f.Op != 11; f, err = c.next() {
				b.must(err)
				var g struct{ ID string }
				b.must(json.Unmarshal(f.Data, &g))
				got[g.ID]++
			}
		}
		if got[b.guild] != 1 || got[second] != 1 {
			t.Errorf("guilds came %v, want each once", got)
		}
	})
	t.Run("a second identify within the interval gets op 9", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{Limits: sandbox.Limits{IdentifyInterval: time.Hour}})
		b.ready()
		c := b.hello()
		c.send(b.identify(""))
		if f := c.want(9, ""); string(f.Data) != "false" {
			t.Errorf("op 9 with %s", f.Data)
		}
	})
}

func TestCloseCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{GatewayEvents: 3}})
	cases := []struct {
		name string
		send string
		code int
	}{
		{"a wrong token", `{"op":2,"d":{"token":"x","properties":{},"intents":1}}`, 4004},
		{"an unknown opcode", `{"op":99}`, 4001},
		{"not JSON", `hello`, 4002},
		{"a payload of over 4,096 bytes", `{"op":1,"d":"` + strings.Repeat("x", 4096) + `"}`, 4002},
		{"a presence before identify", `{"op":3,"d":{}}`, 4003},
		{"identify without properties", `{"op":2,"d":{"token":"` + b.Token() + `","intents":1}}`, 4002},
		{"a shard that is none", b.identify(`,"shard":[2,2]`), 4010},
		{"no intents", `{"op":2,"d":{"token":"` + b.Token() + `","properties":{}}}`, 4013},
		{"an unknown intent", b.identify(`,"intents":1073741824`), 4013},
		{"a privileged intent", b.identify(`,"intents":32768`), 4014},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			own := &bench{Server: b.Server, t: t, ctx: b.ctx}
			c := own.hello()
			c.send(tc.send)
			if code := c.closed(); code != tc.code {
				t.Errorf("closed with %d, want %d", code, tc.code)
			}
		})
	}
	t.Run("an unknown version", func(t *testing.T) {
		t.Parallel()
		own := &bench{Server: b.Server, t: t, ctx: b.ctx}
		if code := own.dial("v=7").closed(); code != 4012 {
			t.Errorf("closed with %d, want 4012", code)
		}
	})
	t.Run("too many events", func(t *testing.T) {
		t.Parallel()
		own := &bench{Server: b.Server, t: t, ctx: b.ctx}
		c := own.hello()
		for range 4 {
			c.send(`{"op":1,"d":null}`)
		}
		if code := c.closed(); code != 4008 {
			t.Errorf("closed with %d, want 4008", code)
		}
	})
	t.Run("identify twice", func(t *testing.T) {
		t.Parallel()
		own := &bench{Server: b.Server, t: t, ctx: b.ctx}
		c := own.ready()
		c.send(b.identify(""))
		if code := c.closed(); code != 4005 {
			t.Errorf("closed with %d, want 4005", code)
		}
	})
}

func TestTooManyGuildsNeedShards(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{GuildsPerShard: 1}})
	b.AddGuild("Another")
	c := b.hello()
	c.send(b.identify(""))
	if code := c.closed(); code != 4011 {
		t.Errorf("closed with %d, want 4011", code)
	}
}

func TestMissedHeartbeatsEndTheConnection(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{HeartbeatInterval: time.Millisecond}})
	if code := b.dial("v=10").closed(); code != 4009 {
		t.Errorf("closed with %d, want 4009", code)
	}
}

func TestGatewayEventsFollowIntents(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	plain, messages := b.ready(), b.hello()
	messages.send(b.identify(fmt.Sprintf(`,"intents":%d`, sandbox.IntentGuilds|sandbox.IntentGuildMessages)))
	messages.want(0, "READY")
	messages.want(0, "GUILD_CREATE")
	_, err := b.Post(b.alerts, b.ann, "good morning")
	b.must(err)
	b.post(b.alerts, `{"content":"from the bot"}`)
	added := b.channel("after", sandbox.Text)
	if f := messages.want(0, "MESSAGE_CREATE"); strings.Contains(string(f.Data), "good morning") {
		t.Errorf("a person's words come without MESSAGE_CONTENT: %s", f.Data)
	}
	if f := messages.want(0, "MESSAGE_CREATE"); !strings.Contains(string(f.Data), "from the bot") {
		t.Errorf("the bot's own words are missing: %s", f.Data)
	}
	if f := plain.want(0, "CHANNEL_CREATE"); !strings.Contains(string(f.Data), added) {
		t.Errorf("the session without message intents got %s", f.Data)
	}
}

func TestGuildEvents(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	c := b.ready()
	b.must(b.SetAvailable(b.guild, false))
	if f := c.want(0, "GUILD_DELETE"); !strings.Contains(string(f.Data), `"unavailable":true`) {
		t.Errorf("an outage looks like %s", f.Data)
	}
	b.must(b.SetAvailable(b.guild, true))
	c.want(0, "GUILD_CREATE")
	b.must(b.UpdateChannel(b.alerts, func(ch *sandbox.Channel) { ch.Name = "news" }))
	c.want(0, "CHANNEL_UPDATE")
	b.must(b.DeleteChannel(b.hidden)) // which the bot does not see
	b.must(b.DeleteChannel(b.alerts))
	if f := c.want(0, "CHANNEL_DELETE"); !strings.Contains(string(f.Data), b.alerts) {
		t.Errorf("deleted %s", f.Data)
	}
	b.must(b.RemoveBot(b.guild))
	if f := c.want(0, "GUILD_DELETE"); strings.Contains(string(f.Data), "unavailable") {
		t.Errorf("a removal looks like %s", f.Data)
	}
	b.expect(b.call("GET", "/guilds/"+b.guild, ""), 404, 10004)
}

func TestTooManyIdentifiesLoseTheToken(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{SessionStarts: 1}})
	b.ready()
	c := b.hello()
	c.send(b.identify(""))
	if code := c.closed(); code != 4004 {
		t.Errorf("closed with %d, want 4004", code)
	}
}

func TestGatewayBot(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Shards: 3, SessionStarts: 5}})
	b.ready()
	r := b.call("GET", "/gateway/bot", "")
	limit, _ := r.json["session_start_limit"].(map[string]any)
	if r.json["shards"] != 3.0 || limit["total"] != 5.0 || limit["remaining"] != 4.0 || limit["max_concurrency"] != 1.0 {
		t.Errorf("answer %s", r.raw)
	}
	if ids, resumes := b.GatewayCounts(); ids != 1 || resumes != 0 {
		t.Errorf("counted %d identifies and %d resumes", ids, resumes)
	}
}
