package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
)

// options are what is typed behind a command.
type options map[string]any

// say uses a command in #general and returns the answer as people read it.
func (n *newsroom) say(user, command string, o options) string {
	n.t.Helper()
	return n.text(n.use(user, n.general, command, o))
}

// use uses a command.
func (n *newsroom) use(user, channel, command string, o options) sandbox.Outcome {
	n.t.Helper()
	out, err := n.Interact(n.ctx, sandbox.Invocation{User: user, Channel: channel, Command: command, Options: o})
	if err != nil {
		n.t.Fatalf("/%s: %v", command, err)
	}
	return out
}

// chosen uses a command in the menu of a message.
func (n *newsroom) chosen(user, channel, command, message string) sandbox.Outcome {
	n.t.Helper()
	out, err := n.Interact(n.ctx, sandbox.Invocation{User: user, Channel: channel, Command: command, Target: message})
	if err != nil {
		n.t.Fatalf("%s: %v", command, err)
	}
	return out
}

// edited is when a message was changed last, empty for never.
func edited(m *sandbox.Message) string {
	if m.EditedTimestamp == nil {
		return ""
	}
	return *m.EditedTimestamp
}

// pressed presses the button of an answer.
func (n *newsroom) pressed(user string, on sandbox.Outcome, label string) sandbox.Outcome {
	n.t.Helper()
	return n.acted(user, on, func(b button) bool { return b.Label == label })
}

// chose chooses in the menu of an answer, which stands there with a hint.
func (n *newsroom) chose(user string, on sandbox.Outcome, hint string, values ...string) sandbox.Outcome {
	n.t.Helper()
	return n.acted(user, on, func(b button) bool { return b.Placeholder == hint }, values...)
}

// acted uses the component of an answer.
func (n *newsroom) acted(user string, on sandbox.Outcome, which func(button) bool, values ...string) sandbox.Outcome {
	n.t.Helper()
	all := buttons(on.Message)
	i := slices.IndexFunc(all, which)
	if i < 0 {
		n.t.Fatalf("there is no such button or menu on %s", n.text(on))
	}
	before := edited(on.Message)
	out, err := n.Interact(n.ctx, sandbox.Invocation{
		Type: sandbox.InvokeComponent, User: user, Channel: on.Message.ChannelID, Message: on.Message.ID, CustomID: all[i].CustomID, Values: values,
	})
	n.must(err)
	if out.State == sandbox.Deferred { // a busy machine: the bot has promised to change the message first
		_, err := n.WaitMessages(n.ctx, on.Message.ChannelID, func(ms []*sandbox.Message) bool {
			i := slices.IndexFunc(ms, func(m *sandbox.Message) bool { return m.ID == on.Message.ID })
			return i >= 0 && edited(ms[i]) != before
		})
		n.must(err)
		out, _ = n.Outcome(out.ID)
	}
	return out
}

// typing returns what is offered while somebody types into an option.
func (n *newsroom) typing(user, command, option, typed string) string {
	n.t.Helper()
	out, err := n.Interact(n.ctx, sandbox.Invocation{
		Type: sandbox.InvokeSuggest, User: user, Channel: n.general, Command: command,
		Options: options{option: typed}, Focused: option,
	})
	n.must(err)
	var lines []string
	for _, c := range out.Choices {
		lines = append(lines, fmt.Sprintf("%s = %v", c.Name, c.Value))
	}
	return strings.Join(lines, "\n")
}

// forge sends an interaction that Discord's client would not let anybody make,
// and returns the answer.
func (n *newsroom) forge(name string, change func(i map[string]any)) string {
	n.t.Helper()
	n.forged++
	// An hour ahead of the sandbox's own ids, so that none of them is the same.
	id := strconv.FormatInt((time.Now().Add(time.Hour).UnixMilli()-1420070400000)<<22+n.forged, 10)
	i := map[string]any{
		"id": id, "application_id": n.BotID(), "type": 2, "token": "forged" + id, "version": 1,
		"guild_id": n.guild, "channel_id": n.general,
		"channel":         map[string]any{"id": n.general, "type": 0, "guild_id": n.guild, "permissions": sandbox.DefaultEveryone},
		"member":          map[string]any{"user": map[string]any{"id": n.mara}, "roles": []string{n.staff}, "permissions": sandbox.DefaultEveryone | sandbox.ManageGuild},
		"app_permissions": sandbox.DefaultBot,
		"data":            map[string]any{"id": "1", "name": "help", "type": 1},
	}
	change(i)
	n.must(n.Emit("INTERACTION_CREATE", i))
	x, err := n.WaitRequest(n.ctx, func(x sandbox.Exchange) bool {
		return strings.HasPrefix(x.Path, "/interactions/"+id+"/")
	})
	if err != nil {
		n.t.Fatalf("%s was not answered: %v", name, err)
	}
	var answer struct {
		Type int
		Data sandbox.Message
	}
	if err := json.Unmarshal(x.Body, &answer); err != nil {
		n.t.Fatalf("%s: %v", name, err)
	}
	if answer.Type == 5 || answer.Type == 6 { // a busy machine: the bot has promised an answer first
		x, err = n.WaitRequest(n.ctx, func(x sandbox.Exchange) bool {
			return strings.HasPrefix(x.Path, "/webhooks/"+n.BotID()+"/forged"+id+"/")
		})
		if err != nil {
			n.t.Fatalf("%s was promised an answer and got none: %v", name, err)
		}
		if answer.Type == 6 {
			answer.Data.Flags |= sandbox.FlagEphemeral // an edit keeps the flags of the list with the button
		}
		if err := json.Unmarshal(x.Body, &answer.Data); err != nil {
			n.t.Fatalf("%s: %v", name, err)
		}
	}
	return n.text(sandbox.Outcome{State: sandbox.Answered, Message: &answer.Data})
}

// alert waits for the message about a headline in a channel.
func (n *newsroom) alert(channel, headline string) *sandbox.Message {
	n.t.Helper()
	var found *sandbox.Message
	ms, err := n.WaitMessages(n.ctx, channel, func(ms []*sandbox.Message) bool {
		i := slices.Index(titles(ms), headline)
		if i >= 0 {
			found = ms[i]
		}
		return i >= 0
	})
	if err != nil {
		n.t.Fatalf("no alert %q in %s: %v; there are %q\n%s", headline, n.names[channel], err, titles(ms), n.log)
	}
	return found
}

// alerts are the headlines that stand in a channel.
func (n *newsroom) alerts(channel string) []string {
	return titles(slices.DeleteFunc(n.Messages(channel), func(m *sandbox.Message) bool { return m.Ephemeral() }))
}

// subscribe subscribes #general's guild and fails unless that is done.
func (n *newsroom) subscribe(o options) {
	n.t.Helper()
	out := n.pressed(n.mara, n.use(n.mara, n.general, "subscribe", o), "Confirm")
	if got := n.text(out); !strings.Contains(got, "Done. From now on") {
		n.t.Fatalf("/subscribe %v: %s", o, got)
	}
}
