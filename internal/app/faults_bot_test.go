package app_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/sandbox"
)

const messagesRoute = "/channels/{channel_id}/messages"

// Headlines of different stories about a ceasefire.
var truces = []string{
	"Ceasefire takes effect along the Lebanese border",
	"Rival generals extend truce in Khartoum by three days",
	"Colombia and ELN guerrillas agree ceasefire in Catatumbo",
}

// TestDiscordFailsDuringAnAlert lets the first post of an alert go wrong:
// whatever Discord did with it, the channel has each alert once in the end, and
// in their order.
func TestDiscordFailsDuringAnAlert(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault sandbox.Fault
	}{
		{"500 and nothing posted", sandbox.Fault{Do: sandbox.Answer, Status: http.StatusInternalServerError}},
		{"500 three times after it was posted", sandbox.Fault{Do: sandbox.AnswerAfter, Status: http.StatusInternalServerError, Times: 3}},
		{"502 with a page of HTML after it was posted", sandbox.Fault{Do: sandbox.AnswerAfter, Status: http.StatusBadGateway, Body: "<html>"}},
		{"a success that makes no sense", sandbox.Fault{Do: sandbox.AnswerAfter, Status: http.StatusOK, Body: "{"}},
		{"the connection is cut", sandbox.Fault{Do: sandbox.Cut, Times: 2}},
		{"the connection is cut after it was posted", sandbox.Fault{Do: sandbox.CutAfter, Times: 2}},
		{"429 of the channel", sandbox.Fault{Do: sandbox.LimitUser, RetryAfter: time.Second}},
		{"429 of a shared resource", sandbox.Fault{Do: sandbox.LimitShared, RetryAfter: time.Second}},
		{"429 for everything", sandbox.Fault{Do: sandbox.LimitGlobal, RetryAfter: time.Second}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := open(t)
			n.subscribe(options{"topic": "ceasefire"})
			f := c.fault
			f.Method, f.Route, f.Channel, f.Times = http.MethodPost, messagesRoute, n.general, max(f.Times, 1)
			h := n.AddFault(f)
			for _, title := range truces {
				n.outlets.publish("example-wire", item{title: title})
			}
			n.must(h.Wait(n.ctx, f.Times))
			n.alert(n.general, truces[len(truces)-1])
			n.must(n.stop())
			if diff := cmp.Diff(truces, n.alerts(n.general)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAnEmbedThatDiscordRefusesArrivesAsText is for links and words that
// Discord's filters dislike.
func TestAnEmbedThatDiscordRefusesArrivesAsText(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.AddFault(sandbox.Fault{
		Method: http.MethodPost, Route: messagesRoute, Times: 1, Do: sandbox.Answer, Status: http.StatusBadRequest,
		Body: `{"message":"Links on this message have been blocked","code":240000}`,
	})
	n.outlets.publish("example-wire", item{title: truces[0], text: "Both sides reported calm."})
	m := n.alert(n.general, truces[0]+"\nBoth sides reported calm.\n**Ceasefire** (in effect) · Example Wire · news agency · GB\n<https://example-wire.example/example-wire-0>")
	if len(m.Embeds) != 0 {
		t.Errorf("%d embeds", len(m.Embeds))
	}
}

// TestTheGatewayFailsDuringAnAlert lets the connection to Discord end in every
// way while an alert is on its way; commands work again afterwards.
func TestTheGatewayFailsDuringAnAlert(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(*newsroom) int
		// fresh says that the bot must identify again instead of resuming.
		fresh bool
	}{
		{"the network breaks", func(n *newsroom) int { return n.DropGateway() }, false},
		{"op 7", func(n *newsroom) int { return n.AskReconnect() }, false},
		{"op 9, to be resumed", func(n *newsroom) int { return n.Invalidate(true) }, false},
		{"op 9, the session is over", func(n *newsroom) int { return n.Invalidate(false) }, true},
		{"close code 4000", func(n *newsroom) int { return n.CloseGateway(sandbox.CloseUnknownError) }, false},
		{"close code 4009", func(n *newsroom) int { return n.CloseGateway(sandbox.CloseSessionTimedOut) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := open(t)
			n.subscribe(options{"topic": "ceasefire"})
			identifies, resumes := n.GatewayCounts()
			slow := n.AddFault(sandbox.Fault{Method: http.MethodPost, Route: messagesRoute, Times: 1, Do: sandbox.Slow, Delay: 300 * time.Millisecond})
			n.outlets.publish("example-wire", item{title: truces[0]})
			n.must(slow.Wait(n.ctx, 1))
			if got := c.do(n); got != 1 {
				t.Fatalf("%d connections", got)
			}
			n.alert(n.general, truces[0])
			n.outlets.publish("example-wire", item{title: truces[1]})
			n.alert(n.general, truces[1])
			n.must(n.WaitSessions(n.ctx, func(i, r int) bool {
				if c.fresh {
					return i > identifies
				}
				return i == identifies && r > resumes
			}))
			n.must(n.WaitOnline(n.ctx))
			if got := n.say(n.robin, "subscriptions", nil); got == "" {
				t.Error("commands are not answered any more")
			}
			if diff := cmp.Diff(truces[:2], n.alerts(n.general)[:2]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPostsUnderWayAreFinished stops the bot while Discord takes its time with
// a post: it is waited for and recorded, and the next run does not repeat it.
func TestPostsUnderWayAreFinished(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.subscribe(options{"topic": "ceasefire", "channel": n.wire})
	slow := n.AddFault(sandbox.Fault{Method: http.MethodPost, Route: messagesRoute, Times: 2, Do: sandbox.Slow, Delay: 700 * time.Millisecond})
	for _, title := range truces {
		n.outlets.publish("example-wire", item{title: title})
	}
	n.must(slow.Wait(n.ctx, 2))
	n.must(n.stop())
	if diff := cmp.Diff(truces[:1], n.alerts(n.general)); diff != "" {
		t.Errorf("when it stopped: %s", diff)
	}
	n.must(n.WaitOffline(n.ctx))
	n.start()
	for _, channel := range []string{n.general, n.wire} {
		n.alert(channel, truces[2])
		if diff := cmp.Diff(truces, n.alerts(channel)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestARestartRepeatsNothing starts the bot again on the same database, once
// after a post whose answer it never got.
func TestARestartRepeatsNothing(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.publish("example-wire", item{title: truces[0]})
	n.alert(n.general, truces[0])
	n.restart()
	n.settled()
	cut := n.AddFault(sandbox.Fault{Method: http.MethodPost, Route: messagesRoute, Times: 1, Do: sandbox.CutAfter})
	n.outlets.publish("example-wire", item{title: truces[1]})
	n.must(cut.Wait(n.ctx, 1))
	n.restart()
	n.outlets.publish("example-wire", item{title: truces[2]})
	n.alert(n.general, truces[2])
	if diff := cmp.Diff(truces, n.alerts(n.general)); diff != "" {
		t.Error(diff)
	}
	puts := slices.DeleteFunc(n.Requests(), func(x sandbox.Exchange) bool {
		return x.Method != http.MethodPut || x.Route != "/applications/{application_id}/commands"
	})
	if len(puts) != 1 {
		t.Errorf("commands were sent %d times over three runs, want once", len(puts))
	}
}

// TestAlertsOfAnOutageArriveAfterIt keeps Discord's API away for a while.
func TestAlertsOfAnOutageArriveAfterIt(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	down := n.AddFault(sandbox.Fault{Do: sandbox.Answer, Status: http.StatusServiceUnavailable})
	n.DropGateway()
	for _, title := range truces {
		n.outlets.publish("example-wire", item{title: title})
	}
	n.must(down.Wait(n.ctx, 3))
	down.Remove()
	n.alert(n.general, truces[2])
	if diff := cmp.Diff(truces, n.alerts(n.general)); diff != "" {
		t.Error(diff)
	}
	n.must(n.WaitOnline(n.ctx))
}
