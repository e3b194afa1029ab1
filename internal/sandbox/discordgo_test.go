package sandbox_test

import (
	"io"
	"net/http"
	"strings"
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

// What discordgo sends of its own making is within the contract, zero values
// included, and so is all that comes back.
func TestDiscordgoKeepsTheContract(t *testing.T) {
	t.Parallel()
	c := discord(t)
	if c == nil {
		t.Skip("Discord's OpenAPI file is not here: set ATTACHE_SHARED to test with it")
	}
	b := newBench(t, sandbox.Options{Observe: c.Watch(func(err error) { t.Error(err) })})
	news := b.channel("news", sandbox.Announcement)
	s := b.session()
	s.AddHandler(func(s *dg.Session, e *dg.InteractionCreate) {
		if err := useEverything(s, e.Interaction); err != nil {
			t.Errorf("answer: %v", err)
		}
	})
	b.must(s.Open())
	t.Cleanup(func() { _ = s.Close() })
	manage := int64(dg.PermissionManageGuild)
	_, err := s.ApplicationCommandBulkOverwrite(b.BotID(), "", []*dg.ApplicationCommand{{
		Name: "topics", Description: "Topics", DefaultMemberPermissions: &manage, Contexts: &[]dg.InteractionContextType{0},
		NameLocalizations: &map[dg.Locale]string{dg.Ukrainian: "теми"},
		Options: []*dg.ApplicationCommandOption{{Type: dg.ApplicationCommandOptionSubCommand, Name: "show", Description: "One", Options: []*dg.ApplicationCommandOption{
			{Type: dg.ApplicationCommandOptionString, Name: "topic", Description: "Which", Required: true, Autocomplete: true},
			{Type: dg.ApplicationCommandOptionChannel, Name: "in", Description: "Where", ChannelTypes: []dg.ChannelType{dg.ChannelTypeGuildText}},
		}}},
	}})
	b.must(err)
	m, err := s.ChannelMessageSendComplex(news, &dg.MessageSend{
		Embeds:          []*dg.MessageEmbed{{Title: "Pause", URL: "https://example.org/a", Color: 1, Fields: []*dg.MessageEmbedField{{Name: "Topics", Value: "Ceasefire"}}, Footer: &dg.MessageEmbedFooter{Text: "example.org"}}},
		Components:      []dg.MessageComponent{dg.ActionsRow{Components: []dg.MessageComponent{dg.Button{Label: "More", Style: dg.PrimaryButton, CustomID: "more"}, dg.Button{Label: "Open", Style: dg.LinkButton, URL: "https://example.org"}}}},
		AllowedMentions: &dg.MessageAllowedMentions{Parse: []dg.AllowedMentionType{}},
		Files:           []*dg.File{{Name: "trend.png", Reader: strings.NewReader("picture")}},
	})
	b.must(err)
	_, err = s.ChannelMessageCrosspost(news, m.ID)
	b.must(err)
	_, err = s.MessageThreadStartComplex(news, m.ID, &dg.ThreadStart{Name: "the pause", AutoArchiveDuration: 60})
	b.must(err)
	for _, v := range []sandbox.Invocation{
		{Command: "topics show", Options: map[string]any{"topic": "ceasefire", "in": b.alerts}},
		{Command: "topics show", Type: sandbox.InvokeSuggest, Focused: "topic", Options: map[string]any{"topic": "c"}},
		{Type: sandbox.InvokeComponent, Message: m.ID, CustomID: "more"},
	} {
		v.User, v.Channel = b.ann, news
		if o, err := b.Interact(b.ctx, v); err != nil || o.State != sandbox.Answered {
			t.Errorf("%+v: %+v, %v", v, o, err)
		}
	}
	_, err = s.ChannelMessages(news, 10, "", "", "")
	b.must(err)
	b.must(s.ChannelMessageDelete(news, m.ID))
}

// useEverything answers each kind of interaction with as much as fits.
func useEverything(s *dg.Session, i *dg.Interaction) error {
	switch i.Type {
	case dg.InteractionApplicationCommandAutocomplete:
		return s.InteractionRespond(i, &dg.InteractionResponse{Type: dg.InteractionApplicationCommandAutocompleteResult, Data: &dg.InteractionResponseData{
			Choices: []*dg.ApplicationCommandOptionChoice{{Name: "Ceasefire", Value: "ceasefire"}},
		}})
	case dg.InteractionMessageComponent:
		return s.InteractionRespond(i, &dg.InteractionResponse{Type: dg.InteractionResponseUpdateMessage, Data: &dg.InteractionResponseData{Content: "pressed"}})
	}
	err := s.InteractionRespond(i, &dg.InteractionResponse{Type: dg.InteractionResponseDeferredChannelMessageWithSource, Data: &dg.InteractionResponseData{Flags: dg.MessageFlagsEphemeral}})
	if err != nil {
		return err
	}
	text := "done"
	if _, err := s.InteractionResponseEdit(i, &dg.WebhookEdit{Content: &text}); err != nil {
		return err
	}
	_, err = s.FollowupMessageCreate(i, true, &dg.WebhookParams{Content: "and more", Flags: dg.MessageFlagsEphemeral})
	return err
}

func BenchmarkCreateMessage(b *testing.B) {
	s, err := sandbox.New(sandbox.Options{Limits: sandbox.Limits{Global: -1, Routes: unlimited()}})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Start(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	channel, err := s.AddChannel(s.AddGuild("Desk"), "alerts", sandbox.Text)
	if err != nil {
		b.Fatal(err)
	}
	url := s.URL() + "/api/v10/channels/" + channel + "/messages"
	for b.Loop() {
		req, err := http.NewRequestWithContext(b.Context(), "POST", url, strings.NewReader(`{"content":"x","embeds":[{"title":"t","description":"d"}]}`))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bot "+s.Token())
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}
