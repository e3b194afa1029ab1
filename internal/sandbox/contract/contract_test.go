package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/sandbox/contract"
	"github.com/attache-bot/attache/internal/sharedtest"
)

func load(t testing.TB) *contract.Contract {
	t.Helper()
	c, err := contract.Load(sharedtest.Path(t, "discord", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	messages = "/api/v10/channels/80351110224678912/messages"
	message  = messages + "/80351110224678913"
	commands = "/api/v10/applications/80351110224678914/commands"
	callback = "/api/v10/interactions/80351110224678915/token/callback"
	original = "/api/v10/webhooks/80351110224678914/token/messages/@original"
)

func letters(n int) string { return strings.Repeat("ж", n) }

// many repeats a JSON value in a list.
func many(n int, value string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(value+",", n), ",") + "]"
}

func TestRequest(t *testing.T) {
	t.Parallel()
	c := load(t)
	button := func(id string) string { return `{"type":2,"style":1,"label":"x","custom_id":"` + id + `"}` }
	cases := []struct {
		name, method, path, body string
		wrong                    string // a part of the complaint; "" when correct
	}{
		{"a plain message", "POST", messages, `{"content":"hi","allowed_mentions":{"parse":[]}}`, ""},
		{"a message with nonce", "POST", messages, `{"content":"hi","nonce":"abc","enforce_nonce":true}`, ""},
		{"an embed at its limits", "POST", messages, `{"embeds":[{"title":"` + letters(256) + `","description":"` + letters(4096) + `"}]}`, ""},
		{"zero values of a library", "POST", messages, `{"content":"hi","tts":false,"sticker":null}`, ""},
		{"a title that is too long", "POST", messages, `{"embeds":[{"title":"` + letters(257) + `"}]}`, "maxLength"},
		{"content that is too long", "POST", messages, `{"content":"` + letters(2001) + `"}`, "maxLength"},
		{"a nonce that is too long", "POST", messages, `{"content":"x","nonce":"` + letters(26) + `"}`, "nonce"},
		{"enforce_nonce alone", "POST", messages, `{"content":"x","enforce_nonce":true}`, "enforce_nonce"},
		{"a key with a typo", "POST", messages, `{"content":"x","enforceNonce":true}`, "enforceNonce"},
		{"an empty message", "POST", messages, `{"allowed_mentions":{"parse":[]}}`, "empty"},
		{"too many embeds", "POST", messages, `{"embeds":` + many(11, `{"title":"x"}`) + `}`, "maxItems"},
		{"embeds of 6,001 characters", "POST", messages, `{"embeds":` + many(2, `{"description":"`+letters(3001)+`"}`) + `}`, "6002"},
		{"a colour that is none", "POST", messages, `{"embeds":[{"title":"x","color":16777216}]}`, "maximum"},
		{"an address that is none", "POST", messages, `{"embeds":[{"title":"x","url":"not a url"}]}`, "uri"},
		{"mentions parsed and listed", "POST", messages, `{"content":"x","allowed_mentions":{"parse":["roles"],"roles":["1"]}}`, "roles"},
		{"parse that is null", "POST", messages, `{"content":"x","allowed_mentions":{"parse":null}}`, ""},
		{"two rows of buttons", "POST", messages, `{"content":"x","components":[{"type":1,"components":[` + button("a") + `]}]}`, ""},
		{"one custom_id twice", "POST", messages, `{"content":"x","components":[{"type":1,"components":[` + button("a") + `,` + button("a") + `]}]}`, "twice"},
		{"text display without its flag", "POST", messages, `{"components":[{"type":10,"content":"x"}]}`, "IS_COMPONENTS_V2"},
		{"text display with its flag", "POST", messages, `{"flags":32768,"components":[{"type":10,"content":"x"}]}`, ""},
		{"content beside components v2", "POST", messages, `{"flags":32768,"content":"x","components":[{"type":10,"content":"x"}]}`, "forbids"},
		{"41 components", "POST", messages, `{"flags":32768,"components":` + many(41, `{"type":10,"content":"x"}`) + `}`, "components"},
		{"an edit of components v2", "PATCH", message, `{"components":[{"type":10,"content":"x"}]}`, ""},
		{"an edit that takes the buttons", "PATCH", message, `{"components":[]}`, ""},
		{"a path without a snowflake", "PATCH", messages + "/abc", `{"content":"x"}`, "message_id"},
		{"an unknown query", "GET", messages + "?limits=3", "", "limits"},
		{"a known query", "GET", messages + "?limit=3", "", ""},
		{"an operation that is none", "POST", "/api/v10/channels/1/nonsense", `{}`, "no operation"},
		{"a body where none belongs", "DELETE", message, `{"reason":"x"}`, "no body"},
		{"not JSON", "POST", messages, `{"content":`, "body"},
		{"a message as answer", "POST", callback, `{"type":4,"data":{"content":"x","flags":64}}`, ""},
		{"an answer without data", "POST", callback, `{"type":4}`, "type"},
		{"a deferral", "POST", callback, `{"type":5,"data":{"flags":64}}`, ""},
		{"a deferral with other flags", "POST", callback, `{"type":5,"data":{"flags":4}}`, "EPHEMERAL"},
		{"suggestions", "POST", callback, `{"type":8,"data":{"choices":[{"name":"a","value":"a"}]}}`, ""},
		{"26 suggestions", "POST", callback, `{"type":8,"data":{"choices":` + many(26, `{"name":"a","value":"a"}`) + `}}`, "type"},
		{"an edit of the answer", "PATCH", original, `{"content":"x","embeds":[]}`, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			expect(t, request(c, tc.method, tc.path, tc.body), tc.wrong)
		})
	}
}

func TestCommandRequest(t *testing.T) {
	t.Parallel()
	c := load(t)
	one := func(rest string) string { return `[{"name":"subscribe","description":"x"` + rest + `}]` }
	option := func(name, rest string) string {
		return `{"type":3,"name":"` + name + `","description":"x"` + rest + `}`
	}
	cases := []struct{ name, body, wrong string }{
		{"a command", one(""), ""},
		{"permissions as documented", one(`,"default_member_permissions":"32","contexts":[0],"integration_types":[0]`), ""},
		{"localised", one(`,"name_localizations":{"uk":"підписка"}`), ""},
		{"a name in capitals", `[{"name":"Subscribe","description":"x"}]`, "name"},
		{"a name with a space", `[{"name":"sub scribe","description":"x"}]`, "name"},
		{"no description", `[{"name":"subscribe"}]`, "description"},
		{"a locale that is none", one(`,"name_localizations":{"xx":"a"}`), "locale"},
		{"a localised name in capitals", one(`,"name_localizations":{"de":"Abo"}`), "de"},
		{"the same name twice", `[{"name":"a","description":"x"},{"name":"a","description":"y","type":1}]`, "twice"},
		{"one option twice", one(`,"options":[` + option("a", "") + `,` + option("a", "") + `]`), "twice"},
		{"required after optional", one(`,"options":[` + option("a", "") + `,` + option("b", `,"required":true`) + `]`), "required"},
		{"autocomplete with choices", one(`,"options":[` + option("a", `,"autocomplete":true,"choices":[{"name":"x","value":"x"}]`) + `]`), "autocomplete"},
		{"26 options", one(`,"options":[` + options(26) + `]`), "maxItems"},
		{"9,000 characters", one(`,"options":[` + bigOptions() + `]`), "8000"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			expect(t, request(c, "PUT", commands, tc.body), tc.wrong)
		})
	}
}

func options(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(`{"type":3,"name":"o%d","description":"x"}`, i)
	}
	return strings.Join(out, ",")
}

func bigOptions() string {
	choices := make([]string, 25)
	for i := range choices {
		choices[i] = fmt.Sprintf(`{"name":"%s%02d","value":"%02d"}`, letters(90), i, i)
	}
	out := make([]string, 4)
	for i := range out {
		out[i] = fmt.Sprintf(`{"type":3,"name":"o%d","description":"x","choices":[%s]}`, i, strings.Join(choices, ","))
	}
	return strings.Join(out, ",")
}

func request(c *contract.Contract, method, path, body string) error {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return c.Request(r, []byte(body))
}

func expect(t *testing.T, err error, wrong string) {
	t.Helper()
	switch {
	case wrong == "" && err != nil:
		t.Errorf("a correct request is refused: %v", err)
	case wrong != "" && err == nil:
		t.Error("a wrong request passes")
	case wrong != "" && !strings.Contains(err.Error(), wrong):
		t.Errorf("the complaint does not speak of %q: %v", wrong, err)
	}
}

func TestMultipartRequest(t *testing.T) {
	t.Parallel()
	c := load(t)
	send := func(t *testing.T, payload, part string) error {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		if err := w.WriteField("payload_json", payload); err != nil {
			t.Fatal(err)
		}
		f, err := w.CreateFormFile(part, "a.png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", messages, nil)
		r.Header.Set("Content-Type", w.FormDataContentType())
		return c.Request(r, b.Bytes())
	}
	t.Run("a file alone is a message", func(t *testing.T) {
		t.Parallel()
		expect(t, send(t, `{}`, "files[0]"), "")
	})
	t.Run("its JSON is checked", func(t *testing.T) {
		t.Parallel()
		expect(t, send(t, `{"contents":"x"}`, "files[0]"), "contents")
	})
	t.Run("an unknown part is refused", func(t *testing.T) {
		t.Parallel()
		expect(t, send(t, `{}`, "picture"), "picture")
	})
}

func TestResponse(t *testing.T) {
	t.Parallel()
	c := load(t)
	cases := []struct {
		name, method, path string
		status             int
		body, wrong        string
	}{
		{"a deletion has no body", "DELETE", message, 204, "", ""},
		{"a deletion with a body", "DELETE", message, 204, "{}", "empty"},
		{"an error", "POST", messages, 403, `{"message":"Missing Access","code":50001}`, ""},
		{"an error without a code", "POST", messages, 403, `{"message":"Missing Access"}`, "code"},
		{"nested form errors", "POST", messages, 400, `{"message":"Invalid Form Body","code":50035,"errors":{"embeds":{"0":{"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"x"}]}}}}`, ""},
		{"a 429", "POST", messages, 429, `{"message":"x","code":0,"retry_after":1.5,"global":false}`, ""},
		{"a 429 without a code", "GET", "/gateway/bot", 429, `{"message":"x","retry_after":1.5,"global":false}`, ""},
		{"a 429 without a message", "POST", messages, 429, `{"retry_after":1.5,"global":false}`, "message"},
		{"a 429 without retry_after", "POST", messages, 429, `{"message":"x","code":0,"global":false}`, "retry_after"},
		{"a message that is none", "POST", messages, 200, `{"id":"1"}`, "missing"},
		{"a status that Discord does not give", "POST", messages, 302, ``, "302"},
		{"a failure of Discord passes", "POST", messages, 500, `oops`, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			expect(t, c.Response(tc.method, tc.path, tc.status, []byte(tc.body)), tc.wrong)
		})
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	c := load(t)
	x := sandbox.Exchange{
		Method: "POST", Path: "/channels/1/messages", Route: "/channels/{channel_id}/messages", Body: []byte(`{}`), Status: 400,
		Header: map[string][]string{"Content-Type": {"application/json"}}, Answer: []byte(`{"message":"Cannot send an empty message","code":50006}`),
	}
	count := func(watch func(func(error)) func(sandbox.Exchange), x sandbox.Exchange) int {
		n := 0
		watch(func(error) { n++ })(x)
		return n
	}
	if n := count(c.Watch, x); n != 1 {
		t.Errorf("Watch reports %d times, want the empty request once", n)
	}
	if n := count(c.WatchAccepted, x); n != 0 {
		t.Errorf("WatchAccepted reports %d times, want none for a refused request", n)
	}
	x.Status, x.Answer = 200, []byte(`{"id":"1"}`)
	if n := count(c.WatchAccepted, x); n != 2 {
		t.Errorf("WatchAccepted reports %d times, want request and answer", n)
	}
	x.Faulty = true
	if n := count(c.WatchAccepted, x); n != 1 {
		t.Errorf("WatchAccepted reports %d times, want only the request of a faulty exchange", n)
	}
}

func TestLoadRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"not JSON": "x", "no paths": `{"components":{}}`, "a list": `[]`} {
		path := filepath.Join(t.TempDir(), "f.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := contract.Load(path); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
	if _, err := contract.Load(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing file: loaded")
	}
}

// FuzzRequest looks for bodies that panic.
func FuzzRequest(f *testing.F) {
	c := load(f)
	f.Add(messages, []byte(`{"content":"x"}`))
	f.Add(commands, []byte(`[{"name":"a","description":"b"}]`))
	f.Add(callback, []byte(`{"type":4,"data":{"components":[1,{"components":[[]]}]}}`))
	f.Fuzz(func(_ *testing.T, path string, body []byte) {
		if !json.Valid(body) || !strings.HasPrefix(path, "/api/") || strings.ContainsAny(path, " \n\x7f%?#") {
			return
		}
		r := httptest.NewRequest("POST", "/", nil)
		r.URL.Path = path
		r.Header.Set("Content-Type", "application/json")
		_ = c.Request(r, body)
	})
}
