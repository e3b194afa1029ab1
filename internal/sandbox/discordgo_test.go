package sandbox_test

import (
	"testing"

	dg "github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/internal/sandbox"
)

func TestDiscordgoSession(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	s := b.session()
	ready, guilds := make(chan *dg.Ready, 1), make(chan *dg.GuildCreate, 1)
	s.AddHandler(func(_ *dg.Session, e *dg.Ready) { ready <- e })
	s.AddHandler(func(_ *dg.Session, e *dg.GuildCreate) { guilds <- e })
	s.AddHandler(func(s *dg.Session, e *dg.InteractionCreate) {
		answer := &dg.InteractionResponse{Type: dg.InteractionResponseChannelMessageWithSource, Data: &dg.InteractionResponseData{Content: "pong"}}
		if err := s.InteractionRespond(e.Interaction, answer); err != nil {
			t.Errorf("respond: %v", err)
		}
	})
	b.must(s.Open())
	defer func() { _ = s.Close() }()
	if e := <-ready; e.User.ID != b.BotID() || len(e.Guilds) != 1 || e.Guilds[0].ID != b.guild {
		t.Errorf("READY names user %s and guilds %v", e.User.ID, e.Guilds)
	}
	if e := <-guilds; e.ID != b.guild || len(e.Channels) != 2 || e.Channels[0].ID != b.alerts {
		t.Errorf("GUILD_CREATE is of %s with channels %v", e.ID, e.Channels)
	}
	cmds, err := s.ApplicationCommandBulkOverwrite(b.BotID(), "", []*dg.ApplicationCommand{{Name: "ping", Description: "Answers"}})
	b.must(err)
	if len(cmds) != 1 || cmds[0].Name != "ping" || cmds[0].ID == "" {
		t.Errorf("commands %v", cmds)
	}
	m, err := s.ChannelMessageSend(b.alerts, "hello")
	b.must(err)
	if got := b.Messages(b.alerts); len(got) != 1 || got[0].ID != m.ID || got[0].Content != "hello" {
		t.Errorf("messages %v", got)
	}
	out, err := b.Interact(b.ctx, sandbox.Invocation{User: b.ann, Channel: b.alerts, Command: "ping"})
	b.must(err)
	if out.State != sandbox.Answered || out.Message.Content != "pong" {
		t.Errorf("outcome %+v", out)
	}
}
