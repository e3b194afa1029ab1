package bot

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
)

// TestAnswersThatMakeNoSenseAreDoubt has Discord accept messages and answer with
// what is no message: none counts as posted, and none as refused, so that it is
// looked for before it is posted again; and what history says then is not believed
// either.
func TestAnswersThatMakeNoSenseAreDoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 1, 0)
		forum := e.place(sandbox.Forum, guild.Forum)
		for _, body := range []string{
			"", "null", "[]", "{}", "0", `{"id":null}`, `{"id":1}`, `{"id":"../../users/@me"}`, `{"id":""}`, `{"id":["1"]}`, `{"id":{}}`, "<!doctype html>",
			`{"id":"1"`, `{"id":"` + strings.Repeat("9", 64) + `"}`, strings.Repeat("[", 100_000), "\xff\xfe",
		} {
			e.setFate(func(_ int, r *http.Request) (*http.Response, bool, error) {
				if r.Method == http.MethodPost {
					return said(200, body, "Content-Type: application/json"), false, nil
				}
				return nil, true, nil
			})
			for _, m := range []alert.Message{
				{Guild: e.guilds[0], Channel: e.channels[0], Kind: alert.Post, Form: alert.Full, Nonce: "a", Content: alert.Content{Headline: "Truce"}},
				{Guild: e.guilds[0], Channel: forum, In: guild.Forum, Kind: alert.Post, Form: alert.Full, Nonce: "a", Content: alert.Content{Headline: "Truce"}},
			} {
				id, err := e.sender.Post(t.Context(), m)
				var se *alert.SendError
				if id != "" || !errors.As(err, &se) || !se.Doubt {
					t.Errorf("%.40q in %q: message %q, %v", body, m.In, id, err)
				}
			}
			e.setFate(func(_ int, r *http.Request) (*http.Response, bool, error) {
				if r.Method == http.MethodGet && !strings.HasSuffix(r.URL.Path, "/@me") {
					return said(200, `[{"id":"../../x","author":{"id":"`+e.BotID()+`"},"nonce":"a"}]`, "Content-Type: application/json"), false, nil
				}
				return nil, true, nil
			})
			m := alert.Message{Guild: e.guilds[0], Channel: e.channels[0], Kind: alert.Post, Form: alert.Full, Nonce: "a", Content: alert.Content{Headline: "Truce"}}
			if id, _ := e.sender.Find(t.Context(), m, time.Now()); id != "" {
				t.Errorf("%q is taken for a message", id)
			}
		}
	})
}
