package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
)

// scripted is Discord that answers as it is told, and then as the last time.
type scripted struct {
	mu      sync.Mutex
	answers []func() (*http.Response, error)
	asked   int
}

func (d *scripted) RoundTrip(*http.Request) (*http.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	return d.answers[min(d.asked, len(d.answers))-1]()
}

// What Discord answers.
func answering(status int, body string, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		return said(status, body, append(headers, "Content-Type: application/json")...), nil
	}
}

func cut() (*http.Response, error) { return nil, errors.New("connection reset") }

// TestAnswersAreTriedAgain has Discord fail at answers to interactions in every way:
// each is tried again while it is of use, and where it cannot come twice.
func TestAnswersAreTriedAgain(t *testing.T) {
	t.Parallel()
	taken, message200 := answering(204, ""), answering(200, `{"id":"7"}`)
	broken, answered := answering(500, ""), answering(400, `{"code":40060,"message":"Interaction has already been acknowledged."}`)
	soon := answering(429, `{"retry_after":0.4,"message":"You are being rate limited."}`, "X-RateLimit-Scope: user")
	late := answering(429, `{"retry_after":5,"message":"You are being rate limited."}`, "X-RateLimit-Scope: user")
	ticket := interaction.Ticket{Application: "500000000000000001", ID: "600000000000000001", Token: "a-token"}
	p := message.Text("done")
	respond := func(ctx context.Context, r responder) error {
		return r.Respond(ctx, ticket, interaction.Response{Type: interaction.AnswerNow, Data: p})
	}
	edit := func(ctx context.Context, r responder) error { return r.Edit(ctx, ticket, p.Edit()) }
	follow := func(ctx context.Context, r responder) error { return r.Follow(ctx, ticket, p) }
	for name, c := range map[string]struct {
		do      func(context.Context, responder) error
		answers []func() (*http.Response, error)
		tries   int
		fails   bool
	}{
		"a first answer that Discord fails at":                 {respond, []func() (*http.Response, error){broken, taken}, 2, false},
		"one that it took although it failed":                  {respond, []func() (*http.Response, error){broken, answered}, 2, false},
		"one whose connection is cut twice":                    {respond, []func() (*http.Response, error){cut, cut, taken}, 3, false},
		"one that is limited for a moment":                     {respond, []func() (*http.Response, error){soon, taken}, 2, false},
		"one that is limited for longer than it is waited for": {respond, []func() (*http.Response, error){late, taken}, 1, true},
		"one that fails until nobody waits any more":           {respond, []func() (*http.Response, error){broken}, 5, true},
		"one that comes too late":                              {respond, []func() (*http.Response, error){answering(404, `{"code":10062,"message":"Unknown interaction"}`), taken}, 1, true},
		"one that somebody else has given":                     {respond, []func() (*http.Response, error){answered, taken}, 1, true},
		"one that breaks a rule":                               {respond, []func() (*http.Response, error){answering(400, `{"code":50035,"message":"Invalid Form Body"}`), taken}, 1, true},
		"a promised answer that Discord fails at":              {edit, []func() (*http.Response, error){broken, cut, message200}, 3, false},
		"one after the 15 minutes of its token":                {edit, []func() (*http.Response, error){answering(401, `{"code":50027,"message":"Invalid Webhook Token"}`), message200}, 1, true},
		"one whose message is gone":                            {edit, []func() (*http.Response, error){answering(404, `{"code":10008,"message":"Unknown Message"}`), message200}, 1, true},
		"one more message that is limited":                     {follow, []func() (*http.Response, error){soon, message200}, 2, false},
		"one more message that may have arrived":               {follow, []func() (*http.Response, error){broken, message200}, 1, true},
		"one more message whose connection is cut":             {follow, []func() (*http.Response, error){cut, message200}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &scripted{answers: c.answers}
				tr, err := rest.New(rest.Options{BaseURL: "http://discord.example/api/v10", Next: d, Logger: slog.New(slog.DiscardHandler)})
				must(t, err)
				client, err := rest.NewClient(tr, "token")
				must(t, err)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				began := time.Now()
				err = c.do(ctx, responder{client})
				if d.asked != c.tries || (err != nil) != c.fails {
					t.Errorf("%d tries, %v; want %d, and failing %v", d.asked, err, c.tries, c.fails)
				}
				if took := time.Since(began); took > firstAnswerFor {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}
