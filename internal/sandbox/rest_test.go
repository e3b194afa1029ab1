package sandbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

func TestMessageLife(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	r := b.post(b.alerts, `{"content":" hi ","embeds":[{"title":" A ","color":255,"fields":[{"name":"n","value":"v","inline":true}],"timestamp":"2026-01-29T10:00:00Z"}],
		"components":[{"type":1,"components":[{"type":2,"style":5,"label":"Open","url":"https://example.org"}]}],"nonce":7,"allowed_mentions":{"parse":[]}}`)
	b.expect(r, 200, 0)
	id, _ := r.json["id"].(string)
	path := "/channels/" + b.alerts + "/messages/" + id
	m := b.Messages(b.alerts)[0]
	if m.Content != "hi" || m.Embeds[0].Title != "A" || *m.Embeds[0].Color != 255 || m.EditedTimestamp != nil || r.json["nonce"] != 7.0 {
		t.Errorf("stored %+v, answered %s", m, r.raw)
	}
	b.expect(b.call("PATCH", path, `{"content":"changed"}`), 200, 0)
	m = b.Messages(b.alerts)[0]
	if m.Content != "changed" || m.Embeds[0].Title != "A" || m.EditedTimestamp == nil || len(m.Components) != 1 {
		t.Errorf("an edit of the content left %+v", m)
	}
	b.expect(b.call("PATCH", path, `{"content":"","embeds":[],"components":[]}`), 400, 50006)
	if r := b.call("GET", path, ""); r.status != 200 || r.json["nonce"] != nil {
		t.Errorf("read back: %d %s", r.status, r.raw)
	}
	if r := b.call("DELETE", path, ""); r.status != 204 || r.raw != "" {
		t.Errorf("deletion answered %d %s", r.status, r.raw)
	}
	b.expect(b.call("GET", path, ""), 404, 10008)
}

func TestListMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited()}})
	var ids []string
	for i := range 6 {
		r := b.post(b.alerts, fmt.Sprintf(`{"content":"%d"}`, i))
		ids = append(ids, r.json["id"].(string))
	}
	list := func(query string) string {
		r := b.call("GET", "/channels/"+b.alerts+"/messages?"+query, "")
		out := ""
		for i := range ids {
			if at := strings.Index(r.raw, `"id":"`+ids[i]+`","channel_id"`); at >= 0 {
				out += fmt.Sprint(i)
			}
		}
		return out
	}
	for query, want := range map[string]string{
		"": "012345", "limit=2": "45", "before=" + ids[3] + "&limit=2": "12", "after=" + ids[1] + "&limit=2": "23",
		"around=" + ids[2] + "&limit=3": "123", "after=0&limit=1": "0",
	} {
		if got := list(query); got != want {
			t.Errorf("%q lists %s, want %s", query, got, want)
		}
	}
	b.must(b.SetRolePermissions(b.guild, b.guild, sandbox.DefaultEveryone&^sandbox.ReadMessageHistory))
	b.must(b.SetBotPermissions(b.guild, sandbox.ViewChannel))
	if r := b.call("GET", "/channels/"+b.alerts+"/messages", ""); r.raw != "[]" {
		t.Errorf("without READ_MESSAGE_HISTORY: %s", r.raw)
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited()}})
	desk, err := b.AddRole(b.guild, sandbox.Role{Name: "desk", Mentionable: true})
	b.must(err)
	closed, err := b.AddRole(b.guild, sandbox.Role{Name: "closed"})
	b.must(err)
	text := fmt.Sprintf("<@%s> <@&%s> <@&%s> @everyone", b.ann, desk, closed)
	cases := []struct {
		name, allowed string
		users, roles  int
	}{
		{"by default all are parsed", ``, 1, 1},
		{"an empty parse notifies nobody", `,"allowed_mentions":{"parse":[]}`, 0, 0},
		{"a listed role alone", `,"allowed_mentions":{"parse":[],"roles":["` + desk + `"]}`, 0, 1},
		{"a role that nobody may mention", `,"allowed_mentions":{"parse":[],"roles":["` + closed + `"]}`, 0, 0},
	}
	for _, tc := range cases {
		r := b.post(b.alerts, `{"content":"`+text+`"`+tc.allowed+`}`)
		users, _ := r.json["mentions"].([]any)
		roles, _ := r.json["mention_roles"].([]any)
		if len(users) != tc.users || len(roles) != tc.roles || r.json["mention_everyone"] != false {
			t.Errorf("%s: %s", tc.name, r.raw)
		}
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	send := func(payload string, files ...string) reply {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		b.must(w.WriteField("payload_json", payload))
		for i, name := range files {
			h := textproto.MIMEHeader{}
			h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="files[%d]"; filename=%q`, i, name))
			h.Set("Content-Type", "application/octet-stream")
			p, err := w.CreatePart(h)
			b.must(err)
			_, err = p.Write([]byte("data of " + name))
			b.must(err)
		}
		b.must(w.Close())
		req, err := http.NewRequestWithContext(b.ctx, "POST", b.URL()+"/api/v10/channels/"+b.alerts+"/messages", &body)
		b.must(err)
		req.Header.Set("Content-Type", w.FormDataContentType())
		req.Header.Set("Authorization", "Bot "+b.Token())
		r, err := b.do(req)
		b.must(err)
		return r
	}
	b.expect(send(`{"embeds":[{"title":"trend","image":{"url":"attachment://trend.png"}}]}`, "trend.png", "page.html"), 200, 0)
	m := b.Messages(b.alerts)[0]
	if len(m.Attachments) != 1 || m.Attachments[0].Filename != "page.html" || !strings.HasPrefix(m.Embeds[0].Image.URL, b.URL()+"/attachments/") {
		t.Fatalf("stored %+v", m)
	}
	fetch := func(url string) reply {
		req, err := http.NewRequestWithContext(b.ctx, "GET", url, nil)
		b.must(err)
		r, err := b.do(req)
		b.must(err)
		return r
	}
	if r := fetch(m.Embeds[0].Image.URL); r.raw != "data of trend.png" || r.header.Get("Content-Type") != "image/png" {
		t.Errorf("the picture is %q of type %s", r.raw, r.header.Get("Content-Type"))
	}
	if r := fetch(m.Attachments[0].URL); !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") || r.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a page may show itself: %v", r.header)
	}
	edit := b.call("PATCH", "/channels/"+b.alerts+"/messages/"+m.ID, `{"attachments":[],"embeds":[],"content":"gone"}`)
	b.expect(edit, 200, 0)
	if m := b.Messages(b.alerts)[0]; len(m.Attachments) != 0 {
		t.Errorf("attachments stayed: %+v", m.Attachments)
	}
}

func TestThreadsAndForums(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited()}})
	id := b.post(b.alerts, `{"content":"start"}`).json["id"].(string)
	r := b.call("POST", "/channels/"+b.alerts+"/messages/"+id+"/threads", `{"name":"the pause","auto_archive_duration":60}`)
	if r.status != 201 || r.json["id"] != id || r.json["parent_id"] != b.alerts {
		t.Errorf("thread from a message: %d %s", r.status, r.raw)
	}
	b.expect(b.call("POST", "/channels/"+b.alerts+"/messages/"+id+"/threads", `{"name":"again"}`), 400, 160004)
	b.expect(b.post(id, `{"content":"inside"}`), 200, 0)
	b.must(b.UpdateChannel(id, func(c *sandbox.Channel) { c.Thread.Archived, c.Thread.Locked = true, true }))
	b.expect(b.post(id, `{"content":"too late"}`), 400, 50083)
	forum := b.channel("stories", sandbox.Forum)
	r = b.call("POST", "/channels/"+forum+"/threads", `{"name":"Sanctions","message":{"content":"first"}}`)
	post, _ := r.json["id"].(string)
	if r.status != 201 || len(b.Messages(post)) != 1 || b.Messages(post)[0].ID != post {
		t.Errorf("forum post: %d %s", r.status, r.raw)
	}
	b.expect(b.call("POST", "/channels/"+forum+"/threads", `{"name":"x"}`), 400, 50035)
	b.must(b.UpdateChannel(forum, func(c *sandbox.Channel) { c.Flags = 1 << 4 }))
	b.expect(b.call("POST", "/channels/"+forum+"/threads", `{"name":"x","message":{"content":"y"}}`), 400, 40067)
}

func TestCrosspost(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited(), Crossposts: 1}})
	news := b.channel("news", sandbox.Announcement)
	share := func() reply {
		id := b.post(news, `{"content":"x"}`).json["id"].(string)
		return b.call("POST", "/channels/"+news+"/messages/"+id+"/crosspost", "")
	}
	if r := share(); r.status != 200 || r.json["flags"] != 1.0 {
		t.Errorf("crosspost: %d %s", r.status, r.raw)
	}
	if r := share(); r.status != 429 || r.code() != 20022 || r.header.Get("Retry-After") == "" {
		t.Errorf("the second of the hour: %d %s", r.status, r.raw)
	}
}

func TestCommandsRegistration(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited(), CommandCreates: 3}})
	path := "/applications/" + b.BotID() + "/commands"
	put := func(body string) (ids, versions []string) {
		r := b.call("PUT", path, body)
		if r.status != 200 {
			t.Fatalf("PUT: %d %s", r.status, r.raw)
		}
		for _, part := range strings.Split(r.raw, `"id":"`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			ids = append(ids, id)
		}
		for _, part := range strings.Split(r.raw, `"version":"`)[1:] {
			v, _, _ := strings.Cut(part, `"`)
			versions = append(versions, v)
		}
		return ids, versions
	}
	one := `{"name":"ping","description":"Answers","default_member_permissions":"32"}`
	ids, versions := put(`[` + one + `,{"name":"help","description":"Helps"}]`)
	ids2, versions2 := put(`[{"name":"help","description":"Helps more"},` + one + `]`)
	if ids[0] != ids2[1] || ids[1] != ids2[0] || versions[0] != versions2[1] || versions[1] == versions2[0] {
		t.Errorf("ids %v became %v, versions %v became %v", ids, ids2, versions, versions2)
	}
	if names := b.CommandNames(); !slices.Equal(names, []string{"help", "ping"}) {
		t.Errorf("names %v", names)
	}
	b.expect(b.call("PUT", path, `[{"name":"Ping","description":"x"}]`), 400, 50035)
	b.expect(b.call("PUT", path, `[{"name":"a","description":"x"},{"name":"a","description":"x"}]`), 400, 50035)
	b.expect(b.call("PUT", path, `[{"name":"a","description":"x"},{"name":"b","description":"x"}]`), 400, 30034)
	if r := b.call("POST", path, `{"name":"third","description":"x","options":[{"type":3,"name":"o","description":"x","autocomplete":true}]}`); r.status != 201 {
		t.Errorf("POST of a new command: %d %s", r.status, r.raw)
	}
	b.expect(b.call("PATCH", path+"/"+ids[0], `{"description":"New"}`), 200, 0)
	if r := b.call("DELETE", path+"/"+ids[0], ""); r.status != 204 {
		t.Errorf("DELETE: %d %s", r.status, r.raw)
	}
	local := "/applications/" + b.BotID() + "/guilds/" + b.guild + "/commands"
	b.expect(b.call("PUT", local, `[]`), 200, 0)
}

func TestReadOnlyRoutesKeepTheContract(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	thread, err := b.AddThread(b.alerts, "a thread")
	b.must(err)
	for _, path := range []string{
		"/gateway", "/gateway/bot", "/users/@me", "/users/@me/guilds", "/oauth2/applications/@me", "/applications/@me",
		"/guilds/" + b.guild, "/guilds/" + b.guild + "/channels", "/guilds/" + b.guild + "/roles", "/channels/" + b.alerts,
		"/channels/" + thread, "/users/@me/guilds/" + b.guild + "/member", "/guilds/" + b.guild + "/members/" + b.ann,
		"/applications/" + b.BotID() + "/commands",
	} {
		if r := b.call("GET", path, ""); r.status != 200 {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	if r := b.call("POST", "/channels/"+b.alerts+"/typing", ""); r.status != 204 {
		t.Errorf("typing: %d %s", r.status, r.raw)
	}
}

func TestObserveSeesRequests(t *testing.T) {
	t.Parallel()
	seen := make(chan sandbox.Exchange, 1)
	b := newBench(t, sandbox.Options{Observe: func(x sandbox.Exchange) { seen <- x }})
	b.call("GET", "/channels/"+b.alerts, "")
	x := <-seen
	if x.Version != 10 || x.Method != "GET" || x.Path != "/channels/"+b.alerts || x.Route != "/channels/{channel_id}" || x.Status != 200 || len(x.Answer) == 0 || x.Faulty {
		t.Errorf("exchange %+v", x)
	}
	got, err := b.WaitRequest(b.ctx, func(x sandbox.Exchange) bool { return x.Method == "GET" })
	if err != nil || got.Path != x.Path {
		t.Errorf("log %+v, %v", got, err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]sandbox.Options{
		"a token of two words": {Token: "a b"}, "a public address without a host": {PublicURL: "discord"},
		"a negative deadline": {Limits: sandbox.Limits{AnswerWithin: -1}},
	} {
		if _, err := sandbox.New(o); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	s, err := sandbox.New(sandbox.Options{Token: "Bot abc"})
	if err != nil || s.Token() != "abc" {
		t.Errorf("token %q, %v", s.Token(), err)
	}
	s.Close()
	s.Close()
	if err := s.Start(t.Context(), "127.0.0.1:0"); err == nil {
		t.Error("a closed sandbox starts")
	}
	if err := errors.Join(s.AddMember("1", "2"), s.DeleteChannel("3"), s.SetOwner("1", "2")); err == nil {
		t.Error("changes of what does not exist are accepted")
	}
}
