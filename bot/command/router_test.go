package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
)

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

// step is what was sent, and when after the interaction came.
type step struct {
	After time.Duration
	What  string
}

func steps(began time.Time, all []sent) []step {
	var out []step
	for _, s := range all {
		what := fmt.Sprintf("type %d", s.typ)
		if s.edit {
			what = "edit"
		}
		if said := strings.TrimSpace(s.text()); said != "" {
			what += ": " + said
		}
		out = append(out, step{s.at.Sub(began), what})
	}
	return out
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
		in      object
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
				r := newRouter(t, nil, d)
				r.Put("slow", c.handler)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.stop > 0 {
					time.AfterFunc(c.stop, cancel)
				}
				raw, err := json.Marshal(use("slow"))
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				r.Handle(ctx, raw)
				if diff := cmp.Diff(c.want, steps(began, d.all())); diff != "" {
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
		r := newRouter(t, nil, d)
		r.PutCompletion("slow", func(ctx context.Context) ([]interaction.Choice, error) {
			<-ctx.Done()
			return []interaction.Choice{{Name: "late", Value: "late"}}, ctx.Err()
		})
		began := time.Now()
		s := answer(t, r, d, typing("slow", "topic", "c"))
		if s.typ != interaction.Complete || s.text() != "" || time.Since(began) > 2500*time.Millisecond {
			t.Errorf("got type %d %q after %v", s.typ, s.text(), time.Since(began))
		}
		if _, ok := s.body["data"].(object)["choices"].([]any); !ok {
			t.Errorf("choices are not an array: %v", s.body)
		}
	})
}

func TestEveryFirstAnswerIsPrivateAndMentionsNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Put("fail", func(context.Context, interaction.Request) (interaction.Reply, error) {
		return interaction.Reply{}, errors.New("disk is full")
	})
	for _, s := range append(append(emptyServer(), liveServer()...), scene{"a fault", use("fail")}) {
		for _, got := range answers(t, b.Router, b.discord, s.in) {
			if got.typ != interaction.AnswerNow {
				continue
			}
			body := got.body["data"].(object)
			if flags, _ := body["flags"].(float64); flags != 64 {
				t.Errorf("%s: flags %v, want 64", s.name, body["flags"])
			}
			if diff := cmp.Diff(object{"parse": []any{}}, body["allowed_mentions"]); diff != "" {
				t.Errorf("%s: allowed_mentions: %s", s.name, diff)
			}
		}
	}
}

func TestAPromisedUpdateKeepsItsMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.do(t, press("m1:r:zz:"))
	if s.typ != interaction.UpdateNow {
		t.Errorf("a button's answer has type %d, want %d", s.typ, interaction.UpdateNow)
	}
	s = b.do(t, press("nonsense"))
	if s.typ != interaction.AnswerNow {
		t.Errorf("a refusal has type %d, want %d: the list must stay", s.typ, interaction.AnswerNow)
	}
}

func TestWhatIsNoInteractionIsDropped(t *testing.T) {
	t.Parallel()
	d := &discord{}
	r := newRouter(t, nil, d)
	for _, raw := range []string{"", "null", "[]", "{", `{"type":2}`, `{"id":"1","type":2}`, `{"id":"1","token":"x","type":1}`, `{"id":"1","token":"x","type":77}`, strings.Repeat(" ", 2<<20)} {
		r.Handle(t.Context(), []byte(raw))
	}
	if got := d.all(); len(got) != 0 {
		t.Errorf("%d answers to what asks for none", len(got))
	}
}

func TestTheTokenIsNeverLogged(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r, err := command.New(nil, &discord{fail: errors.New("no answer")}, command.Options{
		Topics: topics, Sources: sources(t), Interaction: interaction.Options{
			Logger: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Put("boom", func(context.Context, interaction.Request) (interaction.Reply, error) { panic("boom") })
	for _, in := range []object{use("boom"), use("nothing"), press("x"), use("boom", with("data", 7))} {
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		r.Handle(t.Context(), raw)
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
	good := command.Options{Topics: topics, Sources: sources(t), Interaction: atNow()}
	for name, edit := range map[string]func(*command.Options){
		"no topics":                              func(o *command.Options) { o.Topics = nil },
		"no logger":                              func(o *command.Options) { o.Interaction.Logger = nil },
		"a promise that comes too late":          func(o *command.Options) { o.Interaction.DeferAfter = 3 * time.Second },
		"a negative promise":                     func(o *command.Options) { o.Interaction.DeferAfter = -1 },
		"a limit below the promise":              func(o *command.Options) { o.Interaction.Limit = time.Second },
		"a limit beyond the interaction's token": func(o *command.Options) { o.Interaction.Limit = 15 * time.Minute },
	} {
		o := good
		edit(&o)
		if _, err := command.New(nil, &discord{}, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := command.New(nil, &discord{}, good); err != nil {
		t.Error(err)
	}
}
