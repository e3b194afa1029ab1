package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/internal/ops"
	"github.com/attache-bot/attache/internal/sandbox"
)

// TestRefusedForGood ends Run with words that tell the operator what to do.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	tr := &transcript{}
	tr.Comment = []byte("What an operator reads when Discord refuses the bot for good. Rewritten with -update.\n\n")
	for _, c := range []struct {
		name string
		do   func(*newsroom)
	}{
		{"a wrong token", func(n *newsroom) {
			n.AddFault(sandbox.Fault{Do: sandbox.Answer, Status: http.StatusUnauthorized, Body: `{"message":"401: Unauthorized","code":0}`})
			n.launch()
		}},
		{"close code 4004 at the start", func(n *newsroom) {
			n.AddGatewayFault(sandbox.GatewayFault{At: sandbox.AtIdentify, Do: sandbox.GatewayClose, Code: sandbox.CloseAuthenticationFailed})
			n.launch()
		}},
		{"close code 4004 while it runs", func(n *newsroom) {
			n.start()
			n.CloseGateway(sandbox.CloseAuthenticationFailed)
		}},
		{"close code 4014", func(n *newsroom) {
			n.AddGatewayFault(sandbox.GatewayFault{At: sandbox.AtIdentify, Do: sandbox.GatewayClose, Code: sandbox.CloseDisallowedIntents})
			n.launch()
		}},
	} {
		n := prepare(t, sandbox.Limits{})
		c.do(n)
		err := n.wait()
		var fatal *gateway.FatalError
		if !errors.As(err, &fatal) {
			t.Fatalf("%s: Run returned %v", c.name, err)
		}
		tr.add(c.name, err.Error())
		if strings.Contains(n.log.String(), n.Token()) || strings.Contains(err.Error(), n.Token()) {
			t.Errorf("%s: the token is shown", c.name)
		}
	}
	tr.compare(t, "refused")
}

// TestADeletedChannelIsNamed deletes a subscribed channel: its alert waits,
// others go on, and people are told and can clear it away.
func TestADeletedChannelIsNamed(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.subscribe(options{"topic": "ceasefire", "channel": n.wire})
	n.must(n.DeleteChannel(n.wire))
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.alert(n.general, truces[0])
	n.tried(n.wire)
	tr := &transcript{}
	tr.Comment = []byte("What people read of a deleted channel. Rewritten with -update.\n\n")
	n.eventually("status", "1 alert in")
	n.eventually("status", "⚠️ #wire")
	tr.add("Robin: /status", n.say(n.robin, "status", nil)) // in one piece, after the block
	tr.add("Robin: /subscriptions", n.say(n.robin, "subscriptions", nil))
	mara := n.use(n.mara, n.general, "subscriptions", nil)
	tr.add("Mara: /subscriptions", n.text(mara))
	tr.add("Mara presses Remove deleted channels", n.text(n.pressed(n.mara, mara, "Remove deleted channels")))
	tr.add("Robin: /status afterwards", n.say(n.robin, "status", nil))
	tr.compare(t, "deleted")
	n.outlets.publish("example-wire", item{title: truces[1]})
	n.alert(n.general, truces[1])
}

// TestADeletedRoleIsMentionedNoMore deletes the role that alerts mention, once while the
// bot runs and once while it does not.
func TestADeletedRoleIsMentionedNoMore(t *testing.T) {
	t.Parallel()
	n := open(t)
	night, err := n.AddRole(n.guild, sandbox.Role{Name: "Night desk", Mentionable: true})
	n.must(err)
	n.subscribe(options{"topic": "ceasefire", "role": n.watchers})
	n.subscribe(options{"topic": "ceasefire", "channel": n.wire, "role": night})
	n.names[night] = "@Night"
	if got := n.say(n.robin, "subscriptions", nil); !strings.Contains(got, "@Watchers") || !strings.Contains(got, "@Night") {
		t.Fatalf("roles are not shown: %s", got)
	}
	unmentioned := func(role string) {
		t.Helper()
		for strings.Contains(n.say(n.robin, "subscriptions", nil), n.names[role]) {
			n.must(n.ctx.Err())
		}
	}
	n.must(n.DeleteRole(n.guild, n.watchers))
	unmentioned(n.watchers)
	n.must(n.stop())
	n.must(n.DeleteRole(n.guild, night))
	n.start()
	unmentioned(night)
	n.outlets.publish("example-wire", item{title: truces[0]})
	for _, channel := range []string{n.general, n.wire} {
		if m := n.alert(channel, truces[0]); strings.Contains(m.Content, "<@&") {
			t.Errorf("an alert mentions a role that is gone: %s", m.Content)
		}
	}
}

// tried waits until the bot has tried to post in a channel.
func (n *newsroom) tried(channel string) {
	n.t.Helper()
	_, err := n.WaitRequest(n.ctx, func(x sandbox.Exchange) bool {
		return x.Method == http.MethodPost && x.Path == "/channels/"+channel+"/messages"
	})
	n.must(err)
}

// eventually asks until an answer holds a text: what follows a request of the
// bot's is recorded a moment after it.
func (n *newsroom) eventually(command, want string) string {
	n.t.Helper()
	for n.ctx.Err() == nil {
		if got := n.say(n.robin, command, nil); strings.Contains(got, want) {
			return got
		}
	}
	n.t.Fatalf("/%s never said %q:\n%s", command, want, n.say(n.robin, command, nil))
	return ""
}

// TestAPermissionComesBack takes the permission to post away and gives it back:
// the alert that waited arrives by itself.
func TestAPermissionComesBack(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire", "channel": n.wire})
	n.must(n.DenyBot(n.wire, sandbox.SendMessages))
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.tried(n.wire)
	got := n.eventually("status", "⚠️ #wire")
	if !strings.Contains(got, "Give me View Channel, Send Messages and Embed Links") {
		t.Errorf("what to do is not said:\n%s", got)
	}
	n.must(n.DenyBot(n.wire, 0))
	n.alert(n.wire, truces[0])
	n.outlets.publish("example-wire", item{title: truces[1]})
	n.alert(n.wire, truces[1])
	if diff := cmp.Diff(truces[:2], n.alerts(n.wire)); diff != "" {
		t.Error(diff)
	}
	if got := n.eventually("status", "2 alerts"); strings.Contains(got, "⚠️") {
		t.Errorf("the trouble is over:\n%s", got)
	}
}

// comeBack adds the bot to the guild again, and waits until that is recorded: only
// then does the bot ask whether to greet. Commands may be answered before.
func (n *newsroom) comeBack() {
	n.t.Helper()
	asked := func(lines string) int {
		return strings.Count(lines, `"guild is not greeted" component=bot guild=`+n.guild+" ")
	}
	n.must(n.log.wait(n.ctx, func(lines string) bool { return asked(lines) == 1 }))
	n.must(n.AddBot(n.guild))
	n.must(n.log.wait(n.ctx, func(lines string) bool { return asked(lines) == 2 }))
}

// TestLeavingAndComingBack removes the bot from a guild: it gets nothing while
// it is away, and what is new once it is back.
func TestLeavingAndComingBack(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.must(n.RemoveBot(n.guild))
	n.must(n.waitLog("removed from a guild"))
	// Events are handled in their order, so the removal is recorded by the time
	// that a later one is answered.
	n.forge("after the removal", func(i object) { i["guild_id"] = n.elsewhere })
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.outlets.waitReads(n.ctx, t, "example-wire", 3)
	n.comeBack()
	n.outlets.publish("example-wire", item{title: truces[1]})
	n.alert(n.general, truces[1])
	if diff := cmp.Diff(truces[1:2], n.alerts(n.general)); diff != "" {
		t.Error(diff)
	}
}

// TestARemovalWhileTheBotIsAway removes the bot from a guild while it does not
// run: the next session tells it, and it has everything when it comes back.
func TestARemovalWhileTheBotIsAway(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.must(n.stop())
	n.must(n.RemoveBot(n.guild))
	n.launch()
	n.must(n.waitLog("removed from a guild while away"))
	n.comeBack()
	n.eventually("subscriptions", "Ceasefire")
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.alert(n.general, truces[0])
}

// TestAnOutageOfAGuildIsNoFarewell lets a guild be unavailable for a while.
func TestAnOutageOfAGuildIsNoFarewell(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.must(n.SetAvailable(n.guild, false))
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.must(n.SetAvailable(n.guild, true))
	n.alert(n.general, truces[0])
	if strings.Contains(n.log.String(), "removed from a guild") {
		t.Error("an outage was taken for a removal")
	}
}

// TestAFirstImportPostsNothing subscribes before the bot has read anything.
func TestAFirstImportPostsNothing(t *testing.T) {
	t.Parallel()
	n := prepare(t, sandbox.Limits{})
	n.outlets.answer("example-wire", http.StatusServiceUnavailable, "")
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.start()
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.waitReads(n.ctx, t, "example-wire", 1)
	n.outlets.answer("example-wire", 0, "")
	n.outlets.waitReads(n.ctx, t, "example-wire", 3)
	n.outlets.publish("example-wire", item{title: truces[1]})
	n.alert(n.general, truces[1])
	if diff := cmp.Diff(truces[1:2], n.alerts(n.general)); diff != "" {
		t.Error(diff)
	}
	if got := n.say(n.robin, "recent", nil); !strings.Contains(got, truces[0]) {
		t.Errorf("what was imported can be looked up:\n%s", got)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	n := prepare(t, sandbox.Limits{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	n.must(err)
	n.cfg.Listen = l.Addr().String()
	n.must(l.Close())
	refuse := n.AddFault(sandbox.Fault{Method: http.MethodGet, Route: "/gateway/bot", Do: sandbox.Answer, Status: http.StatusBadGateway})
	n.launch()
	n.must(refuse.Wait(n.ctx, 1))
	var r ops.Readiness
	if status := n.askBot(ops.ReadyPath, &r); status != http.StatusServiceUnavailable || r.Ready || !strings.Contains(fmt.Sprint(r.Checks), "discord false") {
		t.Errorf("without Discord: %d %+v", status, r)
	}
	var h ops.Health
	if status := n.askBot(ops.HealthPath, &h); status != http.StatusOK || !h.OK {
		t.Errorf("a bot without Discord lives on: %d %+v", status, h)
	}
	refuse.Remove()
	n.must(n.WaitOnline(n.ctx))
	for r.Checks = nil; n.askBot(ops.ReadyPath, &r) != http.StatusOK && n.ctx.Err() == nil; r.Checks = nil { // READY was sent; it is recorded a moment later
	}
	if !strings.HasPrefix(r.Checks[0].State, "schema ") {
		t.Errorf("the store says %q", r.Checks[0].State)
	}
	r.Checks[0].State = ""
	want := ops.Readiness{Ready: true, Checks: []ops.Result{
		{Name: "store", OK: true}, {Name: "discord", OK: true, State: "ready"}, {Name: "feeds", OK: true, State: "polled"},
	}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("with Discord: %s", diff)
	}
}

// askBot asks the bot as operators do, until it listens.
func (n *newsroom) askBot(path string, out any) (status int) {
	n.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for n.ctx.Err() == nil {
		req, err := http.NewRequestWithContext(n.ctx, http.MethodGet, "http://"+n.cfg.Listen+path, nil)
		n.must(err)
		resp, err := client.Do(req)
		if err != nil {
			continue
		}
		body, err := io.ReadAll(resp.Body)
		n.must(errors.Join(err, resp.Body.Close()))
		if text, ok := out.(*string); ok {
			*text = string(body)
		} else {
			n.must(json.Unmarshal(body, out))
		}
		return resp.StatusCode
	}
	n.t.Fatal("the bot cannot be asked")
	return 0
}

// waitLog waits until the log holds a text.
func (n *newsroom) waitLog(want string) error {
	return n.log.wait(n.ctx, func(lines string) bool { return strings.Contains(lines, want) })
}

// TestEventsThatMakeNoSenseAreSurvived sends what Discord never should.
func TestEventsThatMakeNoSenseAreSurvived(t *testing.T) {
	t.Parallel()
	n := open(t)
	for _, e := range []struct {
		name string
		data any
	}{
		{"GUILD_CREATE", object{"id": 7}},
		{"GUILD_CREATE", object{"id": "", "name": nil}},
		{"GUILD_DELETE", object{"id": "../x"}},
		{"CHANNEL_UPDATE", object{"guild_id": "nobody's"}},
		{"INTERACTION_CREATE", nil},
		{"INTERACTION_CREATE", object{"id": "1"}},
		{"INTERACTION_CREATE", object{"id": "1", "token": "t", "type": 99}},
		{"INTERACTION_CREATE", object{"id": "1/../2", "token": "t/callback?x=", "type": 2, "data": object{"name": "help"}}},
		{"SOMETHING_NEW", object{"x": strings.Repeat("y", 100_000)}},
	} {
		n.must(n.Emit(e.name, e.data))
	}
	// discordgo would follow a nil pointer on this; the session is made anew.
	n.must(n.Emit("GUILD_CREATE", object{"id": "1", "channels": []any{nil}}))
	n.must(n.WaitSessions(n.ctx, func(identifies, _ int) bool { return identifies == 2 }))
	n.must(n.WaitOnline(n.ctx))
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.alert(n.general, truces[0])
	if strings.Contains(n.log.String(), "panic") {
		t.Errorf("panicked:\n%s", n.log)
	}
	if slices.ContainsFunc(n.Requests(), func(x sandbox.Exchange) bool { return strings.Contains(x.Path, "..") }) {
		t.Error("an id made a path")
	}
}
