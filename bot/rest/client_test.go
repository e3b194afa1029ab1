package rest

import (
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// call is what a server saw.
type call struct {
	Method, Path, Auth, Agent, Type, Body string
}

// record serves one answer over real HTTP and keeps the last call.
func record(t *testing.T, reply string) (*Client, *call) {
	t.Helper()
	var got call
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = call{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("User-Agent"), r.Header.Get("Content-Type"), string(body)}
		_, _ = io.WriteString(w, reply)
	}))
	c := newClient(t, nil, func(o *Options) { o.Next, o.BaseURL = nil, srv.URL })
	t.Cleanup(func() {
		c.CloseIdleConnections()
		srv.Close()
	})
	return c, &got
}

const testAgent = "DiscordBot (https://attache.example, 1.0)"

func TestCallsOverHTTP(t *testing.T) {
	t.Parallel()
	payload := map[string]any{"content": "hi"}
	tests := []struct {
		name string
		call func(t *testing.T, c *Client) (any, error)
		want call
	}{
		{
			"a message carries nonce, enforcement and no default mentions",
			func(t *testing.T, c *Client) (any, error) {
				return c.CreateMessage(t.Context(), "12", payload, nil, "n-1")
			},
			call{"POST", "/api/v10/channels/12/messages", "Bot token", testAgent, "application/json", `{"allowed_mentions":{"parse":[]},"content":"hi","enforce_nonce":true,"nonce":"n-1"}`},
		},
		{
			"an edit carries no nonce",
			func(t *testing.T, c *Client) (any, error) {
				return c.EditMessage(t.Context(), "12", "34", payload, nil)
			},
			call{"PATCH", "/api/v10/channels/12/messages/34", "Bot token", testAgent, "application/json", `{"allowed_mentions":{"parse":[]},"content":"hi"}`},
		},
		{
			"an interaction's answer carries no token of the bot",
			func(t *testing.T, c *Client) (any, error) {
				return Message{"7", "8", "n"}, c.AnswerInteraction(t.Context(), "5", "tok", payload, nil)
			},
			call{"POST", "/api/v10/interactions/5/tok/callback", "", testAgent, "application/json", `{"content":"hi"}`},
		},
		{
			"nor does its edit",
			func(t *testing.T, c *Client) (any, error) {
				return c.EditAnswer(t.Context(), "5", "tok", payload, nil)
			},
			call{"PATCH", "/api/v10/webhooks/5/tok/messages/@original", "", testAgent, "application/json", `{"allowed_mentions":{"parse":[]},"content":"hi"}`},
		},
		{
			"nor does what follows it",
			func(t *testing.T, c *Client) (any, error) {
				return c.FollowAnswer(t.Context(), "5", "tok", payload, nil)
			},
			call{"POST", "/api/v10/webhooks/5/tok", "", testAgent, "application/json", `{"allowed_mentions":{"parse":[]},"content":"hi"}`},
		},
		{
			"a call without body has no content type",
			func(t *testing.T, c *Client) (any, error) {
				var m Message
				err := c.Do(t.Context(), "GET", "/channels/1/messages/7?a=b", nil, &m)
				return m, err
			},
			call{"GET", "/api/v10/channels/1/messages/7?a=b", "Bot token", testAgent, "", ""},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, got := record(t, `{"id":"7","channel_id":"8","nonce":"n","components":[{"type":99}]}`)
			m, err := tt.call(t, c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any(Message{"7", "8", "n"}), m); diff != "" {
				t.Errorf("wrong message (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("wrong call (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFilesGoBesideTheJSON(t *testing.T) {
	t.Parallel()
	c, got := record(t, `{"id":"7"}`)
	files := []File{{Name: "a\"\r\nb.png", ContentType: "image/png", Data: []byte{1, 2}}, {Name: "c.txt", Data: []byte("c")}}
	if _, err := c.CreateMessage(t.Context(), "12", map[string]int{"flags": 4}, files, "n"); err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(got.Type)
	if err != nil || kind != "multipart/form-data" {
		t.Fatalf("content type %q, %v", got.Type, err)
	}
	var parts []string
	r := multipart.NewReader(strings.NewReader(got.Body), params["boundary"])
	for {
		p, err := r.NextPart()
		if err != nil {
			break
		}
		data, _ := io.ReadAll(p)
		parts = append(parts, p.FormName()+"|"+p.FileName()+"|"+p.Header.Get("Content-Type")+"|"+string(data))
	}
	want := []string{
		`payload_json||application/json|{"allowed_mentions":{"parse":[]},"enforce_nonce":true,"flags":4,"nonce":"n"}`,
		"files[0]|a___b.png|image/png|\x01\x02",
		"files[1]|c.txt|application/octet-stream|c",
	}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Errorf("wrong parts (-want +got):\n%s", diff)
	}
}

func TestAllowedMentionsStayExplicit(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"missing", `{}`, `{"parse":[]}`},
		{"null", `{"allowed_mentions":null}`, `{"parse":[]}`},
		{"parse null, as discordgo sends it", `{"allowed_mentions":{"parse":null,"roles":["1"]}}`, `{"parse":[],"roles":["1"]}`},
		{"chosen", `{"allowed_mentions":{"parse":["roles"]}}`, `{"parse":["roles"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body, err := messageBody(json.RawMessage(tt.in), "")
			if err != nil || string(body["allowed_mentions"]) != tt.want {
				t.Errorf("got %s, %v, want %s", body["allowed_mentions"], err, tt.want)
			}
		})
	}
}

func TestNothingIsSentForBadArguments(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	ok := map[string]int{}
	calls := map[string]func(c *Client) error{
		"no nonce": func(c *Client) error { _, err := c.CreateMessage(ctx, "1", ok, nil, ""); return err },
		"a long nonce": func(c *Client) error {
			_, err := c.CreateMessage(ctx, "1", ok, nil, strings.Repeat("n", 26))
			return err
		},
		"an odd nonce": func(c *Client) error { _, err := c.CreateMessage(ctx, "1", ok, nil, "ä"); return err },
		"a path as id": func(c *Client) error { _, err := c.CreateMessage(ctx, "1/../2", ok, nil, "n"); return err },
		"no object":    func(c *Client) error { _, err := c.CreateMessage(ctx, "1", []int{1}, nil, "n"); return err },
		"null":         func(c *Client) error { _, err := c.EditMessage(ctx, "1", "2", nil, nil); return err },
		"odd mentions": func(c *Client) error {
			_, err := c.EditMessage(ctx, "1", "2", map[string]int{"allowed_mentions": 1}, nil)
			return err
		},
		"not JSON":         func(c *Client) error { return c.Do(ctx, "POST", "/x", func() {}, nil) },
		"a path as token":  func(c *Client) error { return c.AnswerInteraction(ctx, "1", "../../channels/2", ok, nil) },
		"dots as token":    func(c *Client) error { _, err := c.EditAnswer(ctx, "1", "..", ok, nil); return err },
		"a query as token": func(c *Client) error { return c.AnswerInteraction(ctx, "1", "a?b", ok, nil) },
		"eleven files":     func(c *Client) error { _, err := c.CreateMessage(ctx, "1", ok, make([]File, 11), "n"); return err },
		"a relative path":  func(c *Client) error { return c.Do(ctx, "GET", "gateway", nil, nil) },
	}
	for name, f := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := always(200, `{"id":"1"}`)
			err := f(newClient(t, next))
			if err == nil || next.count() != 0 || Ambiguous(err) {
				t.Errorf("error %v, sent %d, ambiguous %v", err, next.count(), Ambiguous(err))
			}
		})
	}
}

func TestMessageNonceMayBeANumber(t *testing.T) {
	t.Parallel()
	var m Message
	if err := json.Unmarshal([]byte(`{"id":"1","nonce":12}`), &m); err != nil || m.Nonce != "12" {
		t.Errorf("%+v, %v", m, err)
	}
}
