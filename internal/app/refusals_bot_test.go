package app_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

// object is a JSON object.
type object = map[string]any

func command(name string, opts ...object) object {
	return object{"id": "1", "name": name, "type": 1, "options": opts}
}

func topicOption(value any) object { return object{"name": "topic", "type": 3, "value": value} }

// TestRefusals asks for what must not be had, much of it by requests that no
// client of Discord makes, and records what is answered.
func TestRefusals(t *testing.T) {
	t.Parallel()
	n := open(t)
	tr := &transcript{}
	tr.Comment = []byte("What the bot refuses, in its words. Rewritten with -update.\n\n")

	// What a client can send.
	say := func(what string, user, command string, o options) {
		t.Helper()
		tr.add(what, n.say(user, command, o))
	}
	say("a topic that does not exist", n.mara, "subscribe", options{"topic": "football"})
	say("a topic with a slip", n.mara, "subscribe", options{"topic": "sancions"})
	say("a hostile topic", n.mara, "subscribe", options{"topic": "<@&1> **x** @everyone `" + "\u202e"})
	say("@everyone as the role", n.mara, "subscribe", options{"topic": "ceasefire", "role": n.guild})
	say("a role that only some may mention", n.mara, "subscribe", options{"topic": "ceasefire", "role": n.staff})
	n.must(n.DenyBot(n.wire, sandbox.SendMessages|sandbox.EmbedLinks))
	say("a channel where the bot may not post", n.mara, "subscribe", options{"topic": "ceasefire", "channel": n.wire})
	n.must(n.DenyBot(n.wire, sandbox.SendMessagesInThreads))
	say("a thread where the bot may not post", n.mara, "subscribe", options{"topic": "ceasefire", "channel": n.thread})
	n.must(n.DenyBot(n.wire, 0))
	n.must(n.DenyBot(n.private, sandbox.ViewChannel))
	say("a channel that the bot does not see", n.mara, "subscribe", options{"topic": "ceasefire", "channel": n.private})
	n.must(n.DenyBot(n.private, 0))
	n.must(n.SetChannelPermissions(n.press, n.staff, 0, sandbox.SendMessages))
	say("a channel where the person may not post", n.mara, "subscribe", options{"topic": "ceasefire", "channel": n.press})
	n.must(n.UpdateChannel(n.thread, func(c *sandbox.Channel) { c.Thread.Archived, c.Thread.Locked = true, true }))
	say("a closed thread", n.mara, "subscribe", options{"topic": "ceasefire", "channel": n.thread})

	// What only a forger sends.
	forge := func(what string, change func(i object)) {
		t.Helper()
		tr.add("forged: "+what, n.forge(what, change))
	}
	channelOption := object{"name": "channel", "type": 7, "value": n.abroad}
	resolved := func(key, id string, v object) object { return object{key: object{id: v}} }
	everything := sandbox.AllPermissions
	forge("a reader subscribes", func(i object) {
		i["member"].(object)["permissions"] = sandbox.DefaultEveryone
		i["data"] = command("subscribe", topicOption("ceasefire"))
	})
	forge("permissions that are no number", func(i object) {
		i["member"].(object)["permissions"] = "everything"
		i["data"] = command("unsubscribe", topicOption("ceasefire"))
	})
	forge("in a direct message", func(i object) {
		delete(i, "guild_id")
		delete(i, "member")
		i["user"] = object{"id": n.mara}
		i["data"] = command("subscriptions")
	})
	forge("without a member", func(i object) { delete(i, "member"); i["data"] = command("status") })
	forge("a channel of another server", func(i object) {
		d := command("subscribe", topicOption("ceasefire"), channelOption)
		d["resolved"] = resolved("channels", n.abroad, object{"id": n.abroad, "type": 0, "guild_id": n.elsewhere, "permissions": everything, "app_permissions": everything})
		i["data"] = d
	})
	forge("a channel that nothing is known of", func(i object) {
		i["data"] = command("subscribe", topicOption("ceasefire"), channelOption)
	})
	forge("a forum", func(i object) {
		d := command("subscribe", topicOption("ceasefire"), object{"name": "channel", "type": 7, "value": n.forum})
		d["resolved"] = resolved("channels", n.forum, object{"id": n.forum, "type": 15, "guild_id": n.guild, "permissions": everything, "app_permissions": everything})
		i["data"] = d
	})
	forge("a voice channel", func(i object) {
		d := command("subscribe", topicOption("ceasefire"), object{"name": "channel", "type": 7, "value": n.talk})
		d["resolved"] = resolved("channels", n.talk, object{"id": n.talk, "type": 2, "guild_id": n.guild, "permissions": everything, "app_permissions": everything})
		i["data"] = d
	})
	forge("a role that nothing is known of", func(i object) {
		i["data"] = command("subscribe", topicOption("ceasefire"), object{"name": "role", "type": 8, "value": "123456789012345678"})
	})
	forge("a channel that is no id", func(i object) {
		i["data"] = command("subscribe", topicOption("ceasefire"), object{"name": "channel", "type": 7, "value": "../../users/@me"})
	})
	forge("a topic that is a number", func(i object) { i["data"] = command("subscribe", topicOption(7)) })
	forge("no topic", func(i object) { i["data"] = command("subscribe") })
	forge("a topic of 5,000 characters", func(i object) { i["data"] = command("subscribe", topicOption(strings.Repeat("x", 5000))) })
	forge("a command that does not exist", func(i object) { i["data"] = command("format-disk") })
	forge("options that are no list", func(i object) { i["data"] = object{"id": "1", "name": "help", "type": 1, "options": "x"} })
	press := func(id string) func(object) {
		return func(i object) { i["type"], i["data"] = 3, object{"custom_id": id, "component_type": 2} }
	}
	forge("a button that the bot never made", press("subscribe:ceasefire"))
	forge("a page that does not exist", press("m1:r:1:"))
	forge("a page of a topic that does not exist", press("m1:r:zz:football"))
	forge("a reader removes channels", func(i object) {
		press("m1:g:1:")(i)
		i["member"].(object)["permissions"] = sandbox.DefaultEveryone
	})
	forge("a form", func(i object) { i["type"], i["data"] = 5, object{"custom_id": "x", "components": []any{}} })
	tr.compare(t, "refusals")

	if got := n.say(n.robin, "subscriptions", nil); !strings.HasPrefix(got, "No channel of this server") {
		t.Errorf("something refused was done:\n%s", got)
	}
	for line := range strings.SplitSeq(n.log.String(), "\n") {
		if strings.Contains(line, "level=ERROR") && !strings.Contains(line, "answer") {
			t.Errorf("a refusal is no error of ours: %s", line)
		}
	}
}

func TestReadersAreOfferedNothingToManage(t *testing.T) {
	t.Parallel()
	n := open(t)
	for _, c := range []string{"subscribe", "unsubscribe"} {
		_, err := n.Invoke(sandbox.Invocation{User: n.robin, Channel: n.general, Command: c, Options: options{"topic": "ceasefire"}})
		if err == nil {
			t.Errorf("Discord shows /%s to somebody who cannot use it", c)
		}
	}
}

// TestASlowStoreIsAnsweredLater holds the database's lock, as a backup or a
// slow disk does: the person is told that the answer comes, and gets it.
func TestASlowStoreIsAnsweredLater(t *testing.T) {
	t.Parallel()
	n := open(t)
	db, err := sql.Open("sqlite", "file:"+n.cfg.Store.Path+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	n.must(err)
	t.Cleanup(func() { _ = db.Close() })
	lock, err := db.BeginTx(context.WithoutCancel(n.ctx), nil)
	n.must(err)
	id, err := n.Invoke(sandbox.Invocation{User: n.mara, Channel: n.general, Command: "subscribe", Options: options{"topic": "ceasefire"}})
	n.must(err)
	_, err = n.WaitRequest(n.ctx, func(x sandbox.Exchange) bool {
		return strings.HasPrefix(x.Path, "/interactions/"+id+"/") && x.Status < 300
	})
	n.must(err)
	if o, _ := n.Outcome(id); o.State != sandbox.Deferred || !o.Message.Ephemeral() {
		t.Errorf("the answer should be promised to Mara alone: %+v", o)
	}
	n.must(lock.Rollback())
	o, err := n.WaitOutcome(n.ctx, id)
	n.must(err)
	if got := n.text(o); o.State != sandbox.Answered || !strings.Contains(got, "#general would get alerts") {
		t.Errorf("state %s: %s", o.State, got)
	}
	if slices.ContainsFunc(n.Messages(n.general), func(m *sandbox.Message) bool { return !m.Ephemeral() }) {
		t.Error("everybody saw the answer")
	}
}
