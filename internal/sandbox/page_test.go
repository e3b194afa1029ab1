package sandbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	dg "github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/internal/sandbox"
)

// page asks the page's API.
func (b *bench) page(method, path, body string, header ...string) reply {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.ctx, method, b.URL()+path, strings.NewReader(body))
	b.must(err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	r, err := b.do(req)
	b.must(err)
	return r
}

// listener follows the page's events.
type listener struct {
	b      *bench
	r      *bufio.Reader
	lastID string
}

func (b *bench) listen(user, lastID string) *listener {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	b.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", b.URL()+"/sandbox/api/events?user="+user, nil)
	b.must(err)
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	b.must(err)
	b.t.Cleanup(func() {
		cancel()
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	})
	if ct := resp.Header.Get("Content-Type"); ct != "text/event-stream" {
		b.t.Fatalf("events come as %s", ct)
	}
	return &listener{b: b, r: bufio.NewReader(resp.Body)}
}

// next reads the next event of one of the names.
func (l *listener) next(names ...string) (string, map[string]any) {
	l.b.t.Helper()
	name := ""
	for {
		line, err := l.r.ReadString('\n')
		l.b.must(err)
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "id":
			l.lastID = value
		case "event":
			name = value
		case "data":
			if slices.Contains(names, name) {
				var data map[string]any
				l.b.must(json.Unmarshal([]byte(value), &data))
				return name, data
			}
		}
	}
}

func (l *listener) message(name string) map[string]any {
	l.b.t.Helper()
	_, data := l.next(name)
	m, _ := data["message"].(map[string]any)
	return m
}

func TestPageState(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	secret := b.channel("secret", sandbox.Text)
	b.must(b.SetChannelPermissions(secret, b.guild, 0, sandbox.ViewChannel))
	state := func(user string) (reply, map[string]any) {
		r := b.page("GET", "/sandbox/api/state?user="+user, "")
		guilds, _ := r.json["guilds"].([]any)
		g, _ := guilds[0].(map[string]any)
		return r, g
	}
	r, g := state("")
	me, _ := r.json["me"].(map[string]any)
	if me["id"] != b.ann || len(g["channels"].([]any)) != 3 || len(g["members"].([]any)) != 3 || len(r.json["commands"].([]any)) != 3 {
		t.Errorf("the owner sees %s", r.raw)
	}
	if bot, _ := r.json["bot"].(map[string]any); bot["online"] != false {
		t.Errorf("bot %v", bot)
	}
	r, g = state(b.ben)
	channels := g["channels"].([]any)
	first, _ := channels[0].(map[string]any)
	if len(channels) != 2 || first["permissions"] != sandbox.DefaultEveryone.String() {
		t.Errorf("another sees %s", r.raw)
	}
	if r := b.page("GET", "/sandbox/api/state?user=1", ""); r.status != 404 {
		t.Errorf("a stranger: %d", r.status)
	}
	if r := b.page("GET", "/sandbox/api/channels/"+secret+"/messages?user="+b.ben, ""); r.status != 404 {
		t.Errorf("a hidden channel: %d", r.status)
	}
}

func TestPageIsKeptFromOtherSites(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
	}{
		{"the page itself", "GET", "/", "", nil, 200},
		{"a rebound name", "GET", "/sandbox/api/state", "", []string{"Host", "evil.example"}, 421},
		{"a rebound name for the page", "GET", "/", "", []string{"Host", "evil.example:80"}, 421},
		{"localhost", "GET", "/sandbox/api/state", "", []string{"Host", "localhost:1"}, 200},
		{"another loopback address", "GET", "/sandbox/api/state", "", []string{"Host", "[::1]:5"}, 200},
		{"another origin", "POST", "/sandbox/api/interactions", `{}`, []string{"Origin", "http://evil.example"}, 403},
		{"another site", "POST", "/sandbox/api/interactions", `{}`, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another port", "POST", "/sandbox/api/interactions", `{}`, []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"no JSON", "POST", "/sandbox/api/interactions", `{}`, []string{"Content-Type", "text/plain"}, 415},
		{"nothing there", "GET", "/sandbox/api/nothing", "", nil, 404},
		{"a broken request", "POST", "/sandbox/api/interactions", `{`, nil, 400},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			own := &bench{Server: b.Server, t: t, ctx: b.ctx}
			r := own.page(tc.method, tc.path, tc.body, tc.header...)
			if r.status != tc.status {
				t.Errorf("answer %d, want %d: %s", r.status, tc.status, r.raw)
			}
			if r.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(r.header.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("headers %v", r.header)
			}
		})
	}
}

func TestPageEvents(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	ann, ben := b.listen(b.ann, ""), b.listen(b.ben, "")
	c := b.ready()
	if _, d := ann.next("bot"); d["online"] != true {
		t.Errorf("bot %v", d)
	}
	b.post(b.alerts, `{"content":"news"}`)
	if m := ann.message("message_create"); m["content"] != "news" {
		t.Errorf("message %v", m)
	}
	r := b.page("POST", "/sandbox/api/interactions", `{"user":"`+b.ann+`","guild_id":"`+b.guild+`","channel_id":"`+b.alerts+`","type":2,
		"data":{"id":"1","name":"subscribe","type":1,"options":[{"name":"topic","type":3,"value":"ceasefire"}]}}`)
	if r.status != 202 || r.json["id"] == "" {
		t.Fatalf("interaction: %d %s", r.status, r.raw)
	}
	var i invoked
	b.must(json.Unmarshal(c.want(0, "INTERACTION_CREATE").Data, &i))
	b.answer(i, `{"type":4,"data":{"content":"only you","flags":64}}`)
	b.answer(i, `{"type":4,"data":{"content":"twice"}}`)
	m := ann.message("message_create")
	used, _ := m["interaction"].(map[string]any)
	if m["content"] != "only you" || m["flags"] != 64.0 || used["name"] != "subscribe" {
		t.Errorf("the answer is %v", m)
	}
	if _, d := ann.next("interaction"); d["id"] != r.json["id"] || d["state"] != "answered" {
		t.Errorf("the fate is %v", d)
	}
	b.post(b.alerts, `{"content":"more news"}`)
	ben.message("message_create")
	if m := ben.message("message_create"); m["content"] != "more news" {
		t.Errorf("another user sees %v", m)
	}
	list := b.page("GET", "/sandbox/api/channels/"+b.alerts+"/messages?user="+b.ben, "")
	if strings.Contains(list.raw, "only you") || strings.Index(list.raw, `"news"`) > strings.Index(list.raw, "more news") {
		t.Errorf("another user's list: %s", list.raw)
	}
	if list := b.page("GET", "/sandbox/api/channels/"+b.alerts+"/messages?limit=1", ""); strings.Count(list.raw, `"author"`) != 1 || !strings.Contains(list.raw, "more news") {
		t.Errorf("the newest: %s", list.raw)
	}
}

func TestPageCatchesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	l := b.listen(b.ann, "")
	b.post(b.alerts, `{"content":"one"}`)
	l.message("message_create")
	b.post(b.alerts, `{"content":"two"}`)
	if m := b.listen(b.ann, l.lastID).message("message_create"); m["content"] != "two" {
		t.Errorf("caught up with %v", m)
	}
	for _, id := range []string{"other-1", "nonsense", l.lastID + "99"} {
		b.listen(b.ann, id).next("reset")
	}
}

func TestPageSuggestions(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	s := b.session()
	s.AddHandler(func(s *dg.Session, e *dg.InteractionCreate) {
		if e.Type == dg.InteractionApplicationCommandAutocomplete {
			err := s.InteractionRespond(e.Interaction, &dg.InteractionResponse{Type: dg.InteractionApplicationCommandAutocompleteResult, Data: &dg.InteractionResponseData{
				Choices: []*dg.ApplicationCommandOptionChoice{{Name: "Ceasefire", Value: "ceasefire"}},
			}})
			if err != nil {
				t.Errorf("respond: %v", err)
			}
		}
	})
	b.must(s.Open())
	t.Cleanup(func() { _ = s.Close() })
	r := b.page("POST", "/sandbox/api/interactions", `{"user":"`+b.ann+`","guild_id":"`+b.guild+`","channel_id":"`+b.alerts+`","type":4,
		"data":{"name":"subscribe","type":1,"options":[{"name":"topic","type":3,"value":"cea","focused":true}]}}`)
	if r.status != 200 || r.raw != `{"choices":[{"name":"Ceasefire","value":"ceasefire"}]}` {
		t.Errorf("choices: %d %s", r.status, r.raw)
	}
}

func TestPageSuggestionsInVain(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{AnswerWithin: 1}})
	b.register()
	r := b.page("POST", "/sandbox/api/interactions", `{"user":"`+b.ann+`","channel_id":"`+b.alerts+`","type":4,
		"data":{"name":"subscribe","options":[{"name":"topic","type":3,"value":"","focused":true}]}}`)
	if r.status != 504 || r.json["message"] == "" {
		t.Errorf("without a bot: %d %s", r.status, r.raw)
	}
	r = b.page("POST", "/sandbox/api/interactions", `{"user":"`+b.ann+`","channel_id":"`+b.alerts+`","type":2,"data":{"name":"nothing"}}`)
	if r.status != 400 || !strings.Contains(r.raw, "no command") {
		t.Errorf("an unknown command: %d %s", r.status, r.raw)
	}
}
