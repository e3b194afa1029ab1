package interaction_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What people ask for in these tests.
const (
	from = `"id": "600000000000000001", "application_id": "500000000000000001", "token": "token-of-the-interaction",
		"guild_id": "100000000000000001", "channel_id": "200000000000000002",
		"member": {"user": {"id": "400000000000000001"}, "permissions": "3104"}, "locale": "en-GB"`
	slowCommand = `{"type": 2, "data": {"type": 1, "name": "slow"}, ` + from + `}`
	slowTyping  = `{"type": 4, "data": {"type": 1, "name": "slow", "options": [{"name": "topic", "type": 3, "value": "c", "focused": true}]}, ` + from + `}`
)

// step is what was sent, and when after the interaction came.
type step struct {
	After time.Duration
	What  string
}

// discord is the far side: it writes down what the router sends.
type discord struct {
	began time.Time
	fail  error

	mu    sync.Mutex
	steps []step
}

func (d *discord) note(kind string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	var read struct {
		Content string
		Data    struct {
			Content, Title string
			Choices        json.RawMessage
		}
	}
	if err := json.Unmarshal(raw, &read); err != nil {
		return err
	}
	for _, said := range []string{read.Content, read.Data.Content, read.Data.Title, string(read.Data.Choices)} {
		if said != "" {
			kind += ": " + said
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, step{time.Since(d.began), kind})
	return d.fail
}

func (d *discord) Respond(_ context.Context, t interaction.Ticket, r interaction.Response) error {
	if t.ID == "" || t.Token == "" {
		return errors.New("ticket is incomplete")
	}
	return d.note(fmt.Sprintf("type %d", r.Type), r)
}

func (d *discord) Edit(_ context.Context, _ interaction.Ticket, p message.Payload) error {
	return d.note("edit", p)
}

func (d *discord) Follow(_ context.Context, _ interaction.Ticket, p message.Payload) error {
	return d.note("follow", p)
}

func (d *discord) sent() []step {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.steps
}

// guilds have set nothing.
type guilds struct{}

func (guilds) Settings(context.Context, string) (guild.Settings, error) { return guild.Settings{}, nil }

// routerOf is a router with some handlers.
func routerOf(t *testing.T, d *discord, h interaction.Handlers, edits ...func(*interaction.Options)) *interaction.Router {
	t.Helper()
	o := interaction.Options{Logger: slog.New(slog.DiscardHandler), Reference: func() string { return "abcd1234" }}
	for _, e := range edits {
		e(&o)
	}
	d.began = time.Now()
	r, err := interaction.New(h, guilds{}, d, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// newRouter is a router with one command.
func newRouter(t *testing.T, d *discord, slow interaction.Command, edits ...func(*interaction.Options)) *interaction.Router {
	t.Helper()
	return routerOf(t, d, interaction.Handlers{Commands: map[string]interaction.Command{"slow": slow}}, edits...)
}

// saying is a handler that answers after a while, or when its context ends.
func saying(after time.Duration, words string) interaction.Handler {
	return func(ctx context.Context, _ interaction.Request) (interaction.Reply, error) {
		select {
		case <-time.After(after):
			return interaction.Reply{Payload: message.Text(message.Markup(words))}, nil
		case <-ctx.Done():
			return interaction.Reply{}, fmt.Errorf("wait: %w", ctx.Err())
		}
	}
}

func TestRouterAnswersInTime(t *testing.T) {
	t.Parallel()
	const (
		slow     = "That took too long, so I stopped waiting. It may still have been done: look before you try again."
		stopping = "I am being restarted. Try again in a minute."
		fault    = "Something went wrong here, not with you. Try again in a minute. If it keeps happening, tell whoever runs me this reference: abcd1234"
	)
	// These two do not listen to their context.
	deaf := func(context.Context, interaction.Request) (interaction.Reply, error) {
		<-time.After(time.Minute)
		return interaction.Reply{}, errors.New("too late")
	}
	failing := func(context.Context, interaction.Request) (interaction.Reply, error) {
		<-time.After(2 * time.Second)
		return interaction.Reply{}, errors.New("disk is full")
	}
	for _, c := range []struct {
		name    string
		handler interaction.Handler
		stop    time.Duration
		want    []step
	}{
		{name: "a quick handler is answered at once", handler: saying(0, "done"), want: []step{{0, "type 4: done"}}},
		{name: "just before the promise", handler: saying(1499*time.Millisecond, "done"), want: []step{{1499 * time.Millisecond, "type 4: done"}}},
		{name: "a slower one is promised and edited in", handler: saying(10*time.Second, "done"), want: []step{{1500 * time.Millisecond, "type 5"}, {10 * time.Second, "edit: done"}}},
		{name: "one beyond the limit is cut off", handler: saying(time.Hour, "done"), want: []step{{1500 * time.Millisecond, "type 5"}, {30 * time.Second, "edit: " + slow}}},
		{name: "so is one that does not listen", handler: deaf, want: []step{{1500 * time.Millisecond, "type 5"}, {30 * time.Second, "edit: " + slow}}},
		{name: "a shutdown is told", handler: saying(time.Hour, "done"), stop: time.Second, want: []step{{time.Second, "type 4: " + stopping}}},
		{name: "a shutdown is told after a promise", handler: saying(time.Hour, "done"), stop: 5 * time.Second, want: []step{{1500 * time.Millisecond, "type 5"}, {5 * time.Second, "edit: " + stopping}}},
		{name: "a panic is a fault of ours", handler: func(context.Context, interaction.Request) (interaction.Reply, error) { panic("nil map") }, want: []step{{0, "type 4: " + fault}}},
		{name: "an error after the promise is edited in", handler: failing, want: []step{{1500 * time.Millisecond, "type 5"}, {2 * time.Second, "edit: " + fault}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &discord{}
				r := newRouter(t, d, interaction.Command{Run: c.handler})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.stop > 0 {
					time.AfterFunc(c.stop, cancel)
				}
				r.Handle(ctx, []byte(slowCommand))
				if diff := cmp.Diff(c.want, d.sent()); diff != "" {
					t.Errorf("answers differ (-want +got):\n%s", diff)
				}
				r.Wait()
			})
		})
	}
}

func TestSlowChoicesLeavePeopleTyping(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &discord{}
		r := newRouter(t, d, interaction.Command{Complete: func(ctx context.Context, _ interaction.Request, _, _ string) ([]interaction.Choice, error) {
			<-ctx.Done()
			return []interaction.Choice{{Name: "late", Value: "late"}}, ctx.Err()
		}})
		r.Handle(t.Context(), []byte(slowTyping))
		if diff := cmp.Diff([]step{{2 * time.Second, "type 8: []"}}, d.sent()); diff != "" {
			t.Errorf("answers differ (-want +got):\n%s", diff)
		}
	})
}

func TestWhatIsNoInteractionIsDropped(t *testing.T) {
	t.Parallel()
	d := &discord{}
	r := newRouter(t, d, interaction.Command{Run: saying(0, "done")})
	for _, raw := range []string{"", "null", "[]", "{", `{"type":2}`, `{"id":"1","type":2}`, `{"id":"1","token":"x","type":1}`, `{"id":"1","token":"x","type":77}`, strings.Repeat(" ", 2<<20)} {
		r.Handle(t.Context(), []byte(raw))
	}
	if got := d.sent(); len(got) != 0 {
		t.Errorf("%d answers to what asks for none", len(got))
	}
}

func TestTheTokenIsNeverLogged(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := newRouter(t, &discord{fail: errors.New("no answer")}, interaction.Command{
		Run: func(context.Context, interaction.Request) (interaction.Reply, error) { panic("boom") },
	}, func(o *interaction.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	for _, raw := range []string{
		slowCommand, strings.Replace(slowCommand, `"slow"`, `"nothing"`, 1), strings.Replace(slowCommand, `"slow"`, `7`, 1),
		`{"type": 3, "data": {"component_type": 2, "custom_id": "x"}, ` + from + `}`,
	} {
		r.Handle(t.Context(), []byte(raw))
	}
	r.Wait()
	ticket := interaction.Ticket{ID: "1", Token: "token-of-the-interaction"}
	fmt.Fprintf(&out, "%v %+v %#v %s", ticket, ticket, ticket, ticket)
	if strings.Contains(out.String(), "token-of-the-interaction") {
		t.Errorf("the token is in the log:\n%s", out.String())
	}
	if !strings.Contains(out.String(), "command failed") {
		t.Errorf("the fault is not in the log:\n%s", out.String())
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	good := interaction.Options{Logger: slog.New(slog.DiscardHandler)}
	for name, edit := range map[string]func(*interaction.Options){
		"no logger":                              func(o *interaction.Options) { o.Logger = nil },
		"a promise that comes too late":          func(o *interaction.Options) { o.DeferAfter = 3 * time.Second },
		"a negative promise":                     func(o *interaction.Options) { o.DeferAfter = -1 },
		"a limit below the promise":              func(o *interaction.Options) { o.Limit = time.Second },
		"a limit beyond the interaction's token": func(o *interaction.Options) { o.Limit = 15 * time.Minute },
	} {
		o := good
		edit(&o)
		if _, err := interaction.New(interaction.Handlers{}, guilds{}, &discord{}, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := interaction.New(interaction.Handlers{}, guilds{}, &discord{}, good); err != nil {
		t.Error(err)
	}
}
