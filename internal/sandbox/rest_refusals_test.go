package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

func repeat(n int) string { return strings.Repeat("ж", n) }

func TestRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited(), Global: -1}})
	forum, category := b.channel("forum", sandbox.Forum), b.channel("section", sandbox.Category)
	mute := b.channel("mute", sandbox.Text)
	b.must(b.DenyBot(mute, sandbox.SendMessages))
	person, err := b.Post(b.alerts, b.ann, "mine")
	b.must(err)
	msgs := "/channels/" + b.alerts + "/messages"
	cases := []struct {
		name, method, path, body string
		status, code             int
	}{
		{"an unknown path", "GET", "/nonsense", "", 404, 0},
		{"another method", "PUT", "/gateway", "", 405, 0},
		{"an unknown channel", "POST", "/channels/1/messages", `{"content":"x"}`, 404, 10003},
		{"an unknown guild", "GET", "/guilds/1", "", 404, 10004},
		{"an unknown message", "GET", msgs + "/1", "", 404, 10008},
		{"another application", "GET", "/applications/1/commands", "", 404, 10002},
		{"an unknown command", "GET", "/applications/" + b.BotID() + "/commands/1", "", 404, 10063},
		{"a channel that is hidden", "POST", "/channels/" + b.hidden + "/messages", `{"content":"x"}`, 403, 50001},
		{"a channel that is read-only", "POST", "/channels/" + mute + "/messages", `{"content":"x"}`, 403, 50013},
		{"a forum", "POST", "/channels/" + forum + "/messages", `{"content":"x"}`, 400, 50008},
		{"a category", "POST", "/channels/" + category + "/messages", `{"content":"x"}`, 400, 50008},
		{"another's message", "PATCH", msgs + "/" + person, `{"content":"x"}`, 403, 50005},
		{"another's message to delete", "DELETE", msgs + "/" + person, "", 403, 50013},
		{"crosspost outside announcements", "POST", msgs + "/" + person + "/crosspost", "", 400, 50024},
		{"nothing to show", "POST", msgs, `{"content":"  "}`, 400, 50006},
		{"not JSON", "POST", msgs, `{"content":`, 400, 50109},
		{"an unknown webhook", "POST", "/webhooks/" + b.BotID() + "/token", `{"content":"x"}`, 404, 10015},
		{"an unknown interaction", "POST", "/interactions/1/x/callback", `{"type":5}`, 404, 10062},
		{"an id that is none", "GET", "/channels/abc", "", 400, 50035},
		{"a limit that is too high", "GET", msgs + "?limit=101", "", 400, 50035},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			own := &bench{Server: b.Server, t: t, ctx: b.ctx}
			own.expect(own.call(tc.method, tc.path, tc.body), tc.status, tc.code)
		})
	}
	t.Run("a wrong token", func(t *testing.T) {
		t.Parallel()
		req, err := http.NewRequestWithContext(b.ctx, "GET", b.URL()+"/api/v10/users/@me", nil)
		b.must(err)
		req.Header.Set("Authorization", "Bot wrong")
		r, err := b.do(req)
		b.must(err)
		b.expect(r, 401, 0)
	})
	t.Run("another version of the API", func(t *testing.T) {
		t.Parallel()
		req, err := http.NewRequestWithContext(b.ctx, "GET", b.URL()+"/api/v6/gateway", nil)
		b.must(err)
		r, err := b.do(req)
		b.must(err)
		b.expect(r, 400, 50041)
	})
}

// unlimited takes the limits off the routes that tests use much.
func unlimited() map[string]sandbox.Rate {
	out := map[string]sandbox.Rate{}
	for _, p := range []string{"/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}", "/channels/{channel_id}/threads", "/channels/{channel_id}/messages/{message_id}/crosspost"} {
		for _, m := range []string{"GET", "POST", "PATCH", "DELETE"} {
			out[m+" "+p] = sandbox.Rate{}
		}
	}
	for _, m := range []string{"PUT", "POST", "GET"} {
		out[m+" /applications/{application_id}/commands"] = sandbox.Rate{}
	}
	return out
}

func TestFormErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Limits: sandbox.Limits{Routes: unlimited(), Global: -1}})
	cases := []struct{ name, body, want string }{
		{"a long title", `{"embeds":[{"title":"` + repeat(257) + `"}]}`, `"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"`},
		{"a long field", `{"embeds":[{"title":"x","fields":[{"name":"a","value":"` + repeat(1025) + `"}]}]}`, `"fields":{"0":{"value"`},
		{"a field without a name", `{"embeds":[{"fields":[{"name":" ","value":"x"}]}]}`, `BASE_TYPE_REQUIRED`},
		{"26 fields", `{"embeds":[{"fields":[` + strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"b"},`, 26), ",") + `]}]}`, `"fields":{"_errors"`},
		{"11 embeds", `{"embeds":[` + strings.TrimSuffix(strings.Repeat(`{"title":"x"},`, 11), ",") + `]}`, `"embeds":{"_errors"`},
		{"6,001 characters", `{"embeds":[{"description":"` + repeat(4000) + `"},{"description":"` + repeat(2001) + `"}]}`, `MAX_EMBED_SIZE_EXCEEDED`},
		{"long content", `{"content":"` + repeat(2001) + `"}`, `"content":{"_errors"`},
		{"a foreign scheme", `{"embeds":[{"title":"x","url":"javascript:alert(1)"}]}`, `URL_TYPE_INVALID`},
		{"a colour out of range", `{"embeds":[{"title":"x","color":16777216}]}`, `NUMBER_TYPE_MAX`},
		{"a time that is none", `{"embeds":[{"title":"x","timestamp":"yesterday"}]}`, `DATE_TIME_TYPE_PARSE`},
		{"a long nonce", `{"content":"x","nonce":"` + repeat(26) + `"}`, `NONCE_TYPE_TOO_LONG`},
		{"mentions parsed and listed", `{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}}`, `MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE`},
		{"an answer to nothing", `{"content":"x","message_reference":{"message_id":"5"}}`, `REPLIES_UNKNOWN_MESSAGE`},
		{"a button without an id", `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"x"}]}]}`, `"custom_id"`},
		{"six buttons", `{"content":"x","components":[{"type":1,"components":[` + buttons(6) + `]}]}`, `"components":{"_errors"`},
		{"content beside components v2", `{"content":"x","flags":32768,"components":[{"type":10,"content":"x"}]}`, `LEGACY_FIELDS`},
		{"text for a list", `{"embeds":"x"}`, `LIST_TYPE_CONVERT`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			own := &bench{Server: b.Server, t: t, ctx: b.ctx}
			r := own.post(b.alerts, tc.body)
			own.expect(r, 400, 50035)
			if !strings.Contains(r.raw, tc.want) {
				t.Errorf("no %s in %s", tc.want, r.raw)
			}
		})
	}
}

func buttons(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(`{"type":2,"style":2,"label":"x","custom_id":"b%d"}`, i)
	}
	return strings.Join(out, ",")
}
