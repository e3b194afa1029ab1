package interaction_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
)

// object is a JSON object.
type object = map[string]any

// press makes the interaction of a button in an answer to its asker.
func press(customID string, edits ...func(in object)) object {
	in := object{
		"id": "600000000000000001", "application_id": "500000000000000001", "type": 3, "token": "token-of-the-interaction",
		"guild_id": "100000000000000001", "channel_id": "200000000000000002", "locale": "en-GB",
		"member": object{"user": object{"id": "400000000000000001"}, "permissions": "3104"},
		"data":   object{"component_type": 2, "custom_id": customID},
		"message": object{
			"id": "800000000000000001", "flags": 64, "components": []object{{"type": 99}},
			"interaction_metadata": object{"id": "600000000000000000", "user": object{"id": "400000000000000001"}},
		},
	}
	for _, e := range edits {
		e(in)
	}
	return in
}

// ask gives a router an interaction.
func ask(t *testing.T, r *interaction.Router, in object) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r.Handle(t.Context(), raw)
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

// acting is a router with actions that say what they were given.
func acting(t *testing.T, d *discord) *interaction.Router {
	return routerOf(t, d, interaction.Handlers{Actions: map[string]interaction.Action{
		"echo":   {Run: echo},
		"aside":  {Run: echo, Aside: true},
		"secret": {Run: echo, Manage: true},
		"form": {Run: func(context.Context, interaction.Request) (interaction.Reply, error) {
			return interaction.Reply{Form: &message.Form{
				CustomID: "a1:echo", Title: "Topic", Fields: []message.Field{{ID: "name", Label: "Name", Required: true, Max: 50}},
			}}, nil
		}},
	}})
}

func TestActions(t *testing.T) {
	t.Parallel()
	const id = "a1:echo:own-1:x%3Ay"
	asForm := func(value any) func(object) {
		return func(in object) {
			in["type"] = 5
			in["data"].(object)["components"] = []object{{"type": 1, "components": []object{{"type": 4, "custom_id": "name", "value": value}}}}
		}
	}
	chosen := func(values ...string) func(object) { return func(in object) { in["data"].(object)["values"] = values } }
	stranger := func(in object) {
		in["message"].(object)["flags"] = 0
		in["message"].(object)["interaction_metadata"].(object)["user"].(object)["id"] = "300000000000000099"
	}
	alert := func(in object) { in["message"] = object{"id": "800000000000000001"} }
	for _, c := range []struct {
		name string
		in   object
		want string
	}{
		{"a button changes what it stands in", press(id), "type 7: own-1|x:y|||"},
		{"a button of another one's answer is answered aside", press(id, stranger), "type 4: own-1|x:y|||"},
		{"a button under an alert is answered aside", press(id, alert), "type 4: own-1|x:y|||"},
		{"a menu tells what was chosen", press(id, chosen("a", "b")), "type 7: own-1|x:y||||a|b"},
		{"a form tells what was written", press(id, asForm(" envoys ")), "type 7: own-1|x:y|||envoys"},
		{"a form that a command opened has no message", press(id, asForm("envoys"), func(in object) { delete(in, "message") }), "type 4: own-1|x:y|||envoys"},
		{"a label holds a field as a row does", press(id, func(in object) {
			in["type"] = 5
			in["data"].(object)["components"] = []object{{"type": 18, "component": object{"type": 4, "custom_id": "name", "value": "envoys"}}}
		}), "type 7: own-1|x:y|||envoys"},
		{"a field that is no text is empty", press(id, asForm(7)), "type 7: own-1|x:y|||"},
		{"a field that is too long is refused", press(id, asForm(strings.Repeat("x", 21))), "type 4: The field name is too long: use at most 20 characters."},
		{"one for managers", press("a1:secret", func(in object) { in["member"].(object)["permissions"] = "0" }), "type 4: You need the permission Manage Server for this, or the role that manages me here. Ask a moderator to run it."},
		{"an unknown button", press("a1:gone"), "type 4: This button no longer works, because I have been updated since. Run the command again."},
		{"an unknown form", press("a1:gone", asForm("x")), "type 4: I don't know this form any more. Run the command again."},
		{"a form of an old release", press("form-3", asForm("x")), "type 4: I don't know this form any more. Run the command again."},
		{"outside a guild", press(id, func(in object) { delete(in, "guild_id") }), "type 4: I only work inside a server. Use this command in a channel there."},
		{"one that answers aside", press("a1:aside:1"), "type 4: 1||||"},
		{"one that opens a form", press("a1:form"), "type 9: Topic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := &discord{}
			ask(t, acting(t, d), c.in)
			if got := d.sent(); len(got) != 1 || got[0].What != c.want {
				t.Errorf("answered %v, want %q", got, c.want)
			}
		})
	}
}

// TestARefusalAfterAPromiseLeavesTheMessage presses a button whose work takes
// long and is refused.
func TestARefusalAfterAPromiseLeavesTheMessage(t *testing.T) {
	t.Parallel()
	slowly := func(r interaction.Reply, err error) interaction.Action {
		return interaction.Action{Run: func(context.Context, interaction.Request) (interaction.Reply, error) {
			<-time.After(2 * time.Second)
			return r, err
		}}
	}
	for id, want := range map[string]string{"a1:slow": "That story is gone.", "a1:form": "I was too slow to open the form. Try again."} {
		synctest.Test(t, func(t *testing.T) {
			d := &discord{}
			r := routerOf(t, d, interaction.Handlers{Actions: map[string]interaction.Action{
				"slow": slowly(interaction.Reply{}, &interaction.Error{Code: interaction.NotFound, Message: "That story is gone."}),
				"form": slowly(interaction.Reply{Form: &message.Form{CustomID: "x", Title: "Topic"}}, nil),
			}})
			ask(t, r, press(id))
			promised := []step{{1500 * time.Millisecond, "type 6"}, {2 * time.Second, "follow: " + want}}
			if diff := cmp.Diff(promised, d.sent()); diff != "" {
				t.Errorf("%s: answers differ (-want +got):\n%s", id, diff)
			}
		})
	}
}
