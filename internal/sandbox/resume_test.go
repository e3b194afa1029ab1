package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	dg "github.com/bwmarrin/discordgo"
	"github.com/coder/websocket"

	"github.com/attache-bot/attache/internal/sandbox"
)

func TestResume(t *testing.T) {
	t.Parallel()
	t.Run("missed events are replayed", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.ready()
		b.DropGateway()
		c.closed()
		b.must(b.WaitOffline(b.ctx))
		added := b.channel("new", sandbox.Text)
		again := b.hello()
		again.send(c.resume())
		if f := again.want(0, "CHANNEL_CREATE"); f.Seq != 3 || !strings.Contains(string(f.Data), added) {
			t.Errorf("replayed seq %d: %s", f.Seq, f.Data)
		}
		again.want(0, "RESUMED")
	})
	t.Run("an unknown session gets op 9", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.hello()
		c.sid = "nobody"
		c.send(c.resume())
		c.want(9, "")
		c.send(b.identify(""))
		c.want(0, "READY")
	})
	t.Run("a goodbye with 1000 ends the session", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.ready()
		_ = c.ws.Close(websocket.StatusNormalClosure, "")
		b.must(b.WaitOffline(b.ctx))
		again := b.hello()
		again.send(c.resume())
		again.want(9, "")
	})
	t.Run("a sequence of the future closes with 4007", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.ready()
		b.DropGateway()
		c.seq = 99
		again := b.hello()
		again.send(c.resume())
		if code := again.closed(); code != 4007 {
			t.Errorf("closed with %d, want 4007", code)
		}
	})
	t.Run("too long away gets op 9", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{Limits: sandbox.Limits{ReplayEvents: 2}})
		c := b.ready()
		b.DropGateway()
		b.must(b.WaitOffline(b.ctx))
		for range 3 {
			b.channel("new", sandbox.Text)
		}
		again := b.hello()
		again.send(c.resume())
		if f := again.want(9, ""); string(f.Data) != "false" {
			t.Errorf("op 9 with %s", f.Data)
		}
	})
}

func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	fault := func(t *testing.T, f sandbox.GatewayFault) *bench {
		b := newBench(t, sandbox.Options{})
		f.Times = 1
		b.AddGatewayFault(f)
		return b
	}
	t.Run("op 7 instead of READY", func(t *testing.T) {
		t.Parallel()
		b := fault(t, sandbox.GatewayFault{At: sandbox.AtIdentify, Do: sandbox.GatewayReconnect})
		c := b.hello()
		c.send(b.identify(""))
		c.want(7, "")
		b.ready()
	})
	t.Run("a close after READY", func(t *testing.T) {
		t.Parallel()
		b := fault(t, sandbox.GatewayFault{At: sandbox.AtReady, Do: sandbox.GatewayClose, Code: 4002})
		c := b.hello()
		c.send(b.identify(""))
		c.want(0, "READY")
		if code := c.closed(); code != 4002 {
			t.Errorf("closed with %d", code)
		}
	})
	t.Run("op 9 that can be resumed", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.ready()
		b.Invalidate(true)
		if f := c.want(9, ""); string(f.Data) != "true" {
			t.Errorf("op 9 with %s", f.Data)
		}
		b.DropGateway()
		again := b.hello()
		again.send(c.resume())
		again.want(0, "RESUMED")
	})
	t.Run("no acknowledgement", func(t *testing.T) {
		t.Parallel()
		b := fault(t, sandbox.GatewayFault{At: sandbox.AtHeartbeat, Do: sandbox.GatewayNoAck})
		c := b.ready()
		c.send(`{"op":1,"d":1}`)
		b.AskHeartbeat()
		c.want(1, "") // and not 11
		c.send(`{"op":1,"d":1}`)
		c.want(11, "")
	})
	t.Run("a silent server", func(t *testing.T) {
		t.Parallel()
		b := fault(t, sandbox.GatewayFault{At: sandbox.AtConnect, Do: sandbox.GatewaySilent})
		c := b.dial("v=10")
		b.AskReconnect()
		ctx, cancel := context.WithCancel(b.ctx)
		cancel()
		if _, _, err := c.ws.Read(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("a silent server spoke: %v", err)
		}
	})
	t.Run("a refused connection", func(t *testing.T) {
		t.Parallel()
		b := fault(t, sandbox.GatewayFault{At: sandbox.AtConnect, Do: sandbox.GatewayRefuse})
		_, resp, err := websocket.Dial(b.ctx, "ws"+strings.TrimPrefix(b.URL(), "http")+"/gateway", nil)
		if err == nil || resp == nil || resp.StatusCode != 502 {
			t.Errorf("not refused: %v", err)
		}
		b.ready()
	})
	t.Run("an event of any kind", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		c := b.ready()
		b.must(b.Emit("SOMETHING_NEW", map[string]int{"x": 1}))
		if f := c.want(0, "SOMETHING_NEW"); string(f.Data) != `{"x":1}` {
			t.Errorf("data %s", f.Data)
		}
	})
}

func TestDiscordgoReconnects(t *testing.T) {
	t.Parallel()
	for name, disturb := range map[string]func(*sandbox.Server){
		"after a lost connection it resumes": func(s *sandbox.Server) { s.DropGateway() },
		"after op 7 it resumes":              func(s *sandbox.Server) { s.AskReconnect() },
		"after 4000 it resumes":              func(s *sandbox.Server) { s.CloseGateway(sandbox.CloseUnknownError) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sandbox.Options{})
			s := b.session()
			// discordgo's own reconnecting outlives Close; the test does it.
			down, resumed, created := make(chan struct{}, 4), make(chan struct{}, 4), make(chan string, 4)
			s.AddHandler(func(*dg.Session, *dg.Disconnect) { down <- struct{}{} })
			s.AddHandler(func(*dg.Session, *dg.Resumed) { resumed <- struct{}{} })
			s.AddHandler(func(_ *dg.Session, e *dg.ChannelCreate) { created <- e.Name })
			b.must(s.Open())
			t.Cleanup(func() { _ = s.Close() })
			disturb(b.Server)
			<-down
			b.must(s.Open())
			b.must(b.WaitSessions(b.ctx, func(_, resumes int) bool { return resumes == 1 }))
			b.channel("after", sandbox.Text)
			for told, name := false, ""; !told || name == ""; {
				select {
				case <-resumed:
					told = true
				case name = <-created:
				case <-down: // discordgo's reader of the old connection may close the new one
					b.must(s.Open())
				case <-b.ctx.Done():
					t.Fatalf("resumed %v, the channel made after it %q", told, name)
				}
				if name != "" && name != "after" {
					t.Errorf("got %s", name)
				}
			}
		})
	}
	t.Run("after op 9 it identifies", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		b.open()
		b.Invalidate(false)
		b.must(b.WaitSessions(b.ctx, func(identifies, _ int) bool { return identifies == 2 }))
		b.must(b.WaitOnline(b.ctx))
	})
	t.Run("a wrong token is told by close code", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		s := b.session()
		s.Identify.Token = "Bot wrong"
		s.Token = "Bot wrong"
		if err := s.Open(); err == nil || !strings.Contains(err.Error(), fmt.Sprint(sandbox.CloseAuthenticationFailed)) {
			t.Errorf("opened with %v", err)
		}
	})
}
