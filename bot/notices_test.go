package bot

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/subscription"
)

// minutes lets the bot deliver and tell troubles, as it does each minute.
func (e *edge) minutes(n int) {
	e.t.Helper()
	for range n {
		e.deliver(time.Minute)
		_, err := alert.Notices{Store: e.store, Now: time.Now, Logger: slog.New(slog.NewTextHandler(e, nil))}.Tell(e.t.Context())
		must(e.t, err)
	}
}

func TestModeratorsAreToldOnceThatARoleIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 2, 0)
		ctx, g := t.Context(), e.guilds[0]
		system, err := e.AddChannel(g, "lobby", sandbox.Text)
		must(t, err)
		must(t, e.store.NoteSystemChannel(ctx, g, system))
		role, err := e.AddRole(g, sandbox.Role{Name: "Desk", Mentionable: true})
		must(t, err)
		for _, channel := range e.channels {
			_, err := e.store.Subscribe(ctx, subscription.Subscription{Guild: g, Channel: channel, Topic: "coup", Role: role, Created: time.Now()})
			must(t, err)
		}
		must(t, e.DeleteRole(g, role))
		b := quietBot(e.store)
		b.handle(ctx, gateway.Event{Data: gateway.RoleDelete{ID: role, GuildID: g}, Received: time.Now()}, always)
		b.busy.Wait()
		e.minutes(60)
		said := strings.Join(texts(e.Messages(system)), "\n")
		if strings.Count(said, "⚠️") != 2 || !strings.Contains(said, e.channels[0]) || !strings.Contains(said, e.channels[1]) || strings.Contains(said, role) {
			t.Errorf("moderators are told: %s", said)
		}
	})
}

func TestModeratorsAreToldOnceThatAChannelFailsAndOnceThatItIsMended(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t, 1, 0)
		ctx, desk := t.Context(), e.place(sandbox.Text, guild.Plain)
		system, err := e.AddChannel(e.guilds[0], "lobby", sandbox.Text)
		must(t, err)
		must(t, e.store.NoteSystemChannel(ctx, e.guilds[0], system))
		said := func() string { return strings.Join(texts(e.Messages(system)), "\n") }

		must(t, e.DenyBot(desk, sandbox.SendMessages))
		e.owe(1)
		e.minutes(4)
		if got := said(); got != "" {
			t.Errorf("told at once, though it may pass: %s", got)
		}
		e.minutes(60)
		if got := said(); strings.Count(got, "⚠️") != 1 || !strings.Contains(got, desk) || !strings.Contains(got, "Send Messages") {
			t.Errorf("moderators are told: %s", got)
		}
		// The permission comes back, and with the event the channel is tried again.
		must(t, e.DenyBot(desk, 0))
		must(t, e.store.UnblockGuild(ctx, e.guilds[0]))
		e.minutes(60)
		if got := said(); strings.Count(got, "⚠️") != 1 || strings.Count(got, "✅") != 1 {
			t.Errorf("moderators are told: %s", got)
		}
		if missing, repeated := e.told(1); missing+repeated != 0 {
			t.Errorf("%d alerts are missing, %d repeated", missing, repeated)
		}
	})
}
