package command_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/text"
)

func TestActionIDsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clean := rapid.Map(rapid.String(), text.Clean)
		a := message.ActionID{
			Name: rapid.StringMatching(`[a-z]{1,12}`).Draw(t, "name"),
			Args: rapid.SliceOfN(clean, 0, 4).Draw(t, "args"),
		}
		id := a.String()
		got, ok := message.ParseActionID(id)
		if utf8.RuneCountInString(id) > message.MaxCustomID {
			if ok {
				t.Fatalf("%q is longer than Discord allows and was read", id)
			}
			return
		}
		if len(a.Args) == 0 {
			a.Args = nil
		}
		if !ok || !cmp.Equal(got, a) {
			t.Fatalf("%q came back as %v, %t", id, got, ok)
		}
	})
}

func TestForgedActionIDsAreRefused(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"", "a1", "a1:", "a0:mute:1", "a2:mute:1", "a1:%zz", "a1:mute:%3a", "a1:mute:%25%", "a1:mute: 1", "a1:mute:1\x00", "a1:mute:\u202e1",
		"A1:mute", "m1:mute:1", "a1:mute:" + strings.Repeat("x", 100),
	} {
		if got, ok := message.ParseActionID(id); ok {
			t.Errorf("%q was read as %v", id, got)
		}
	}
}

// echo answers with all that an action was given.
func echo(_ context.Context, q interaction.Request) (interaction.Reply, error) {
	written, err := q.Field("name", 20)
	if err != nil {
		return interaction.Reply{}, err
	}
	said := append([]string{q.Arg(0), q.Arg(1), q.Arg(-1), q.Arg(9), written}, q.Chosen()...)
	return interaction.Reply{Payload: message.Text(message.Markup(strings.Join(said, "|")))}, nil
}

func TestActions(t *testing.T) {
	t.Parallel()
	const id = "a1:echo:own-1:x%3Ay"
	asForm := func(value any) func(object) {
		return func(in object) {
			in["type"] = 5
			data(in)["components"] = []object{{"type": 1, "components": []object{{"type": 4, "custom_id": "name", "value": value}}}}
		}
	}
	chosen := func(values ...string) func(object) { return func(in object) { data(in)["values"] = values } }
	stranger := func(in object) {
		in["message"].(object)["flags"] = 0
		in["message"].(object)["interaction_metadata"].(object)["user"].(object)["id"] = "300000000000000099"
	}
	alert := func(in object) { in["message"] = object{"id": "800000000000000001"} }
	for _, c := range []struct {
		name string
		in   object
		typ  interaction.ResponseType
		want string
	}{
		{"a button changes what it stands in", press(id), interaction.UpdateNow, "own-1|x:y|||"},
		{"a button of another one's answer is answered aside", press(id, stranger), interaction.AnswerNow, "own-1|x:y|||"},
		{"a button under an alert is answered aside", press(id, alert), interaction.AnswerNow, "own-1|x:y|||"},
		{"a menu tells what was chosen", press(id, chosen("a", "b")), interaction.UpdateNow, "own-1|x:y||||a|b"},
		{"a form tells what was written", press(id, asForm(" envoys ")), interaction.UpdateNow, "own-1|x:y|||envoys"},
		{"a form that a command opened has no message", press(id, asForm("envoys"), without("message")), interaction.AnswerNow, "own-1|x:y|||envoys"},
		{"a label holds a field as a row does", press(id, func(in object) {
			in["type"] = 5
			data(in)["components"] = []object{{"type": 18, "component": object{"type": 4, "custom_id": "name", "value": "envoys"}}}
		}), interaction.UpdateNow, "own-1|x:y|||envoys"},
		{"a field that is no text is empty", press(id, asForm(7)), interaction.UpdateNow, "own-1|x:y|||"},
		{"a field that is too long is refused", press(id, asForm(strings.Repeat("x", 21))), interaction.AnswerNow, "The field name is too long: use at most 20 characters."},
		{"one for managers", press("a1:secret", as(none)), interaction.AnswerNow, "You need the permission Manage Server for this, or the role that manages me here. Ask a moderator to run it."},
		{"an unknown button", press("a1:gone"), interaction.AnswerNow, "This button no longer works, because I have been updated since. Run the command again."},
		{"an unknown form", press("a1:gone", asForm("x")), interaction.AnswerNow, "I don't know this form any more. Run the command again."},
		{"a form of an old release", press("form-3", asForm("x")), interaction.AnswerNow, "I don't know this form any more. Run the command again."},
		{"outside a guild", press(id, without("guild_id")), interaction.AnswerNow, "I only work inside a server. Use this command in a channel there."},
		{"one that answers aside", press("a1:aside:1"), interaction.AnswerNow, "1||||"},
		{"one that opens a form", press("a1:form"), interaction.OpenForm, "Topic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.Router.PutAction("echo", false, false, echo)
			b.Router.PutAction("aside", false, true, echo)
			b.Router.PutAction("secret", true, false, echo)
			b.Router.PutAction("form", false, false, func(context.Context, interaction.Request) (interaction.Reply, error) {
				return interaction.Reply{Form: &message.Form{CustomID: id, Title: "Topic", Fields: []message.Field{{ID: "name", Label: "Name", Required: true, Max: 50}}}}, nil
			})
			got := b.do(t, c.in)
			said := strings.TrimSpace(got.text())
			if got.typ == interaction.OpenForm {
				said, _ = got.body["data"].(object)["title"].(string)
			}
			if got.typ != c.typ || said != c.want {
				t.Errorf("answered type %d %q, want type %d %q", got.typ, said, c.typ, c.want)
			}
		})
	}
}

// TestARefusalAfterAPromiseLeavesTheMessage presses a button whose work takes
// long and is refused.
func TestARefusalAfterAPromiseLeavesTheMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &discord{}
		r := newRouter(t, nil, d)
		r.PutAction("slow", false, false, func(context.Context, interaction.Request) (interaction.Reply, error) {
			<-time.After(2 * time.Second)
			return interaction.Reply{}, &interaction.Error{Code: interaction.NotFound, Message: "That story is gone."}
		})
		r.PutAction("form", false, false, func(context.Context, interaction.Request) (interaction.Reply, error) {
			<-time.After(2 * time.Second)
			return interaction.Reply{Form: &message.Form{CustomID: "x", Title: "Topic"}}, nil
		})
		for id, want := range map[string]string{"a1:slow": "That story is gone.", "a1:form": "I was too slow to open the form. Try again."} {
			got := requests(t, r, d, press(id))
			if len(got) != 2 || got[0].typ != interaction.UpdateLater || !got[1].follow || strings.TrimSpace(got[1].text()) != want {
				t.Errorf("%s: answered %v", id, steps(time.Now(), got))
			}
		}
	})
}
