package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

func TestLanguagesAreChosenInThePage(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	b.register()
	c := b.ready()
	for _, tc := range []struct {
		name, body string
		status     int
	}{
		{"one's own", `{"user":"` + b.ben + `","locale":"uk"}`, http.StatusOK},
		{"the server's, by its owner", `{"user":"` + b.ann + `","guild_id":"` + b.guild + `","locale":"de"}`, http.StatusOK},
		{"the server's, by a member", `{"user":"` + b.ben + `","guild_id":"` + b.guild + `","locale":"fr"}`, http.StatusBadRequest},
		{"of another server", `{"user":"` + b.ann + `","guild_id":"1","locale":"fr"}`, http.StatusBadRequest},
		{"of nobody", `{"user":"1","locale":"fr"}`, http.StatusBadRequest},
		{"that Discord does not have", `{"user":"` + b.ann + `","locale":"tlh"}`, http.StatusBadRequest},
	} {
		if r := b.page("POST", "/sandbox/api/locale", tc.body); r.status != tc.status {
			t.Errorf("%s: status %d: %s", tc.name, r.status, r.raw)
		}
	}
	c.want(0, "GUILD_UPDATE")
	i := b.invoke(c, sandbox.Invocation{User: b.ben, Command: "help"})
	var e struct {
		Locale      string `json:"locale"`
		GuildLocale string `json:"guild_locale"`
	}
	b.must(json.Unmarshal([]byte(i.raw), &e))
	if e.Locale != "uk" || e.GuildLocale != "de" {
		t.Errorf("the command comes in %s from a server in %s", e.Locale, e.GuildLocale)
	}
}

func TestFilesOfOptions(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{FileBytes: 100}})
	b.call("POST", "/applications/"+b.BotID()+"/commands", `{"name":"read","description":"Reads","options":[{"type":11,"name":"file","description":"A file","required":true}]}`)
	c := b.ready()
	path := "/sandbox/api/channels/" + b.alerts + "/files?name=list.opml&user="
	r := b.page("POST", path+b.ann, "<opml/>", "Content-Type", "application/octet-stream")
	var file struct{ ID, Filename string }
	b.must(json.Unmarshal([]byte(r.raw), &file))
	if r.status != http.StatusCreated || file.Filename != "list.opml" {
		t.Fatalf("status %d: %s", r.status, r.raw)
	}
	use := func(user string) error {
		_, err := b.Invoke(sandbox.Invocation{User: user, Channel: b.alerts, Command: "read", Options: map[string]any{"file": file.ID}})
		return err
	}
	if use(b.ben) == nil {
		t.Error("another's file can be used")
	}
	i := b.invoke(c, sandbox.Invocation{User: b.ann, Command: "read", Options: map[string]any{"file": file.ID}})
	var e struct {
		Data struct {
			Resolved struct {
				Attachments map[string]struct {
					URL  string
					Size int
				}
			}
		}
	}
	b.must(json.Unmarshal([]byte(i.raw), &e))
	got := e.Data.Resolved.Attachments[file.ID]
	if r := b.page("GET", strings.TrimPrefix(got.URL, b.URL()), ""); got.Size != 7 || r.raw != "<opml/>" {
		t.Errorf("the option names %+v, which holds %q", got, r.raw)
	}
	for name, tc := range map[string]struct {
		path, kind, body string
		status           int
	}{
		"too large":     {path + b.ann, "application/octet-stream", strings.Repeat("x", 101), http.StatusRequestEntityTooLarge},
		"as a form":     {path + b.ann, "text/plain", "x", http.StatusUnsupportedMediaType},
		"by nobody":     {path + "1", "application/octet-stream", "x", http.StatusNotFound},
		"in no channel": {"/sandbox/api/channels/1/files?user=" + b.ann, "application/octet-stream", "x", http.StatusNotFound},
	} {
		if r := b.page("POST", tc.path, tc.body, "Content-Type", tc.kind); r.status != tc.status {
			t.Errorf("%s: status %d: %s", name, r.status, r.raw)
		}
	}
}
