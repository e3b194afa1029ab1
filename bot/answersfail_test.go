package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
)

// What becomes of a request on its way to the sandbox.
const (
	arrives    = "arrives"
	fails      = "500"
	failsTaken = "500, taken"
	breaks     = "cut"
	breaksIn   = "cut, taken"
	isLimited  = "429"
)

// line is the network between a bot and the sandbox. What happens to requests is told by
// the end of their paths, one after the other; "all" is what happens to every one.
type line struct {
	*sandbox.Server
	mu    sync.Mutex
	fates map[string][]string
}

func (l *line) next(path string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for end, fates := range l.fates {
		if !strings.HasSuffix(path, end) || len(fates) == 0 {
			continue
		}
		if rest, all := strings.CutPrefix(fates[0], "all "); all {
			return rest
		}
		l.fates[end] = fates[1:]
		return fates[0]
	}
	return arrives
}

// RoundTrip implements [http.RoundTripper].
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	serve := func() *http.Response {
		in := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)).WithContext(r.Context())
		in.Header = r.Header.Clone()
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, in)
		return w.Result()
	}
	switch fate := l.next(r.URL.Path); fate {
	case fails, failsTaken:
		if fate == failsTaken {
			_ = serve().Body.Close()
		}
		return said(500, "<html>"), nil
	case breaks, breaksIn:
		if fate == breaksIn {
			_ = serve().Body.Close()
		}
		return nil, errors.New("connection reset by peer")
	case isLimited:
		return said(429, `{"message":"You are being rate limited.","retry_after":0.3}`, "Content-Type: application/json", "X-RateLimit-Scope: user"), nil
	}
	return serve(), nil
}

// desktop is a person with a bot behind a line.
type desktop struct {
	*line
	router        *interaction.Router
	log           bytes.Buffer
	user, channel string
	// deeds counts how often the handler did what it does.
	deeds int
}

// plainGuilds have set nothing.
type plainGuilds struct{}

func (plainGuilds) Settings(context.Context, string) (guild.Settings, error) {
	return guild.Settings{}, nil
}

// newDesktop has a command "topics" that takes so long and ends so, and a button under
// its answer that takes long and refuses.
func newDesktop(t *testing.T, takes time.Duration, ends error) *desktop {
	t.Helper()
	d := &desktop{line: &line{}}
	var err error
	d.Server, err = sandbox.New(sandbox.Options{PublicURL: "http://discord.example", KeepRequests: -1, Limits: sandbox.Limits{TokenLife: 25 * time.Second}})
	must(t, err)
	t.Cleanup(d.Server.Close)
	g := d.AddGuild("Newsroom")
	d.user = d.AddUser("Mara")
	must(t, d.AddMember(g, d.user))
	d.channel, err = d.AddChannel(g, "news", sandbox.Text)
	must(t, err)
	tr, err := rest.New(rest.Options{BaseURL: "http://discord.example/api/v10", Next: d.line, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	client, err := rest.NewClient(tr, d.Token())
	must(t, err)
	must(t, client.Do(t.Context(), http.MethodPut, "/applications/"+d.BotID()+"/commands", []map[string]any{{"name": "topics", "description": "Topics", "type": 1}}, nil))
	run := func(context.Context, interaction.Request) (interaction.Reply, error) {
		d.deeds++
		<-time.After(takes)
		return interaction.Reply{Payload: message.Text("It is done.").WithButton("More", message.Action("more"))}, ends
	}
	refuse := func(context.Context, interaction.Request) (interaction.Reply, error) {
		d.deeds++
		<-time.After(2 * time.Second)
		return interaction.Reply{}, interaction.ErrButton
	}
	d.router, err = interaction.New(interaction.Handlers{
		Commands: map[string]interaction.Command{"topics": {Run: run}}, Actions: map[string]interaction.Action{"more": {Run: refuse}},
	}, plainGuilds{}, responder{client}, interaction.Options{Logger: slog.New(slog.NewTextHandler(&d.log, nil)), Reference: func() string { return "abcd1234" }})
	must(t, err)
	return d
}

// act does what a person does and returns what they see in the end.
func (d *desktop) act(t *testing.T, v sandbox.Invocation) sandbox.Outcome {
	t.Helper()
	v.User, v.Channel = d.user, d.channel
	id, event, err := d.InvokeUnheard(v)
	must(t, err)
	d.router.Handle(t.Context(), event)
	d.router.Wait()
	<-time.After(5 * time.Second) // of virtual time: by then Discord has given up
	out, ok := d.Outcome(id)
	if !ok {
		t.Fatal("the interaction is gone")
	}
	return out
}

// TestAnAnswerThatDiscordFailsAtArrives has Discord, the network and the store fail at
// every step of an answer: the person has one where one is possible, nothing is done or
// told twice, and what cannot be told is logged once.
func TestAnAnswerThatDiscordFailsAtArrives(t *testing.T) {
	t.Parallel()
	const callback, original = "/callback", "/@original"
	const done, fault = "It is done.", "Something went wrong here, not with you."
	for _, c := range []struct {
		name  string
		takes time.Duration
		ends  error
		fates map[string][]string
		state sandbox.State
		sees  string
		// logged is how many lines of the log are warnings or errors.
		logged int
	}{
		{name: "nothing fails", state: sandbox.Answered, sees: done},
		{name: "500 to the first answer", fates: map[string][]string{callback: {fails, fails}}, state: sandbox.Answered, sees: done},
		{name: "500 to one that is taken", fates: map[string][]string{callback: {failsTaken}}, state: sandbox.Answered, sees: done},
		{name: "a cut before it", fates: map[string][]string{callback: {breaks}}, state: sandbox.Answered, sees: done},
		{name: "a cut after it", fates: map[string][]string{callback: {breaksIn}}, state: sandbox.Answered, sees: done},
		{name: "429 to it", fates: map[string][]string{callback: {isLimited}}, state: sandbox.Answered, sees: done},
		{name: "500 to all of it", fates: map[string][]string{callback: {"all " + fails}}, state: sandbox.Failed, logged: 1},
		{name: "the promise and the answer fail once", takes: 5 * time.Second, fates: map[string][]string{callback: {fails}, original: {fails, breaks}}, state: sandbox.Answered, sees: done},
		{name: "they fail and are taken", takes: 5 * time.Second, fates: map[string][]string{callback: {breaksIn}, original: {failsTaken, isLimited}}, state: sandbox.Answered, sees: done},
		{name: "the promised answer never arrives", takes: 5 * time.Second, fates: map[string][]string{original: {"all " + breaks}}, state: sandbox.Deferred, logged: 1},
		{name: "the token is over", takes: 28 * time.Second, state: sandbox.Deferred, logged: 1},
		{name: "the store fails at once", ends: errors.New("disk is full"), state: sandbox.Answered, sees: fault, logged: 1},
		{name: "the store is slow and fails, and so does Discord", takes: 4 * time.Second, ends: errors.New("disk is full"), fates: map[string][]string{callback: {fails}, original: {breaks}}, state: sandbox.Answered, sees: fault, logged: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesktop(t, c.takes, c.ends)
				d.fates = c.fates
				out := d.act(t, sandbox.Invocation{Command: "topics"})
				seen := ""
				if out.Message != nil {
					seen = out.Message.Content
				}
				if out.State != c.state || !strings.HasPrefix(seen, c.sees) || (seen == "") != (c.sees == "") || len(out.Followups) > 0 {
					t.Errorf("%s %q, and %d more; want %s %q", out.State, seen, len(out.Followups), c.state, c.sees)
				}
				d.told(t, 1, c.logged)
			})
		})
	}
}

// TestARefusalThatDiscordFailsAtComesOnce presses a button whose work takes long and is
// refused: the refusal is one more message, which is never sent twice.
func TestARefusalThatDiscordFailsAtComesOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, fate     string
		follow, logged int
	}{
		{"nothing fails", arrives, 1, 0},
		{"500", fails, 0, 1},
		{"500 although it is taken", failsTaken, 1, 1},
		{"a cut after it", breaksIn, 1, 1},
		{"429", isLimited, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesktop(t, 0, nil)
				first := d.act(t, sandbox.Invocation{Command: "topics"})
				id, event, err := d.InvokeUnheard(sandbox.Invocation{User: d.user, Channel: d.channel, Type: sandbox.InvokeComponent, Message: first.Message.ID, CustomID: message.Action("more")})
				must(t, err)
				token := tokenIn(t, event)
				d.fates = map[string][]string{"/" + token: {c.fate}}
				d.router.Handle(t.Context(), event)
				d.router.Wait()
				out, _ := d.Outcome(id)
				if len(out.Followups) != c.follow || first.Message.Content != "It is done." {
					t.Errorf("%d messages follow %q, want %d", len(out.Followups), first.Message.Content, c.follow)
				}
				d.told(t, 2, c.logged)
			})
		})
	}
}

// told holds how often something was done, and how much of what went wrong is logged.
func (d *desktop) told(t *testing.T, deeds, logged int) {
	t.Helper()
	log := d.log.String()
	if n := strings.Count(log, "level=WARN") + strings.Count(log, "level=ERROR"); d.deeds != deeds || n != logged {
		t.Errorf("done %d times, want %d; %d lines of what went wrong, want %d:\n%s", d.deeds, deeds, n, logged, log)
	}
}

func tokenIn(t *testing.T, event json.RawMessage) string {
	t.Helper()
	var v struct{ Token string }
	must(t, json.Unmarshal(event, &v))
	return v.Token
}
