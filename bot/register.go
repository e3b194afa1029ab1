package bot

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
)

// Permissions are what the bot asks for when it is added to a guild: to see
// channels and post alerts with embeds in channels and threads, to find its own
// posts again after a lost answer, and to open threads and attach pictures.
const Permissions = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages |
	discordgo.PermissionEmbedLinks | discordgo.PermissionSendMessagesInThreads |
	discordgo.PermissionReadMessageHistory | discordgo.PermissionCreatePublicThreads |
	discordgo.PermissionAttachFiles

// Invite is the address by which somebody who manages a guild adds the bot.
func Invite(applicationID string) string {
	q := url.Values{
		"client_id": {applicationID}, "permissions": {strconv.FormatInt(Permissions, 10)},
		"scope": {"bot applications.commands"},
	}
	return "https://discord.com/oauth2/authorize?" + q.Encode()
}

// registerRetry is the pause before commands are registered again after a
// failure; it doubles up to an hour.
const registerRetry = 5 * time.Second

// register makes Discord's list of commands equal to ours, trying until it
// succeeds or ctx ends.
func (b *Bot) register(ctx context.Context, applicationID string) {
	for wait := registerRetry; ; wait = min(2*wait, time.Hour) {
		changed, err := b.putCommands(ctx, applicationID)
		if err == nil {
			b.registeredOnce.Do(func() { close(b.registered) })
			b.log.InfoContext(ctx, "commands are registered", "changed", changed)
			return
		}
		if ctx.Err() != nil {
			return
		}
		if hint, ok := rest.RetryAfter(err); ok {
			wait = max(wait, hint)
		}
		b.log.ErrorContext(ctx, "commands could not be registered; trying again", "in", wait, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// putCommands sends the commands if Discord has others.
func (b *Bot) putCommands(ctx context.Context, applicationID string) (changed bool, err error) {
	path := "/applications/" + applicationID + "/commands"
	var have []*discordgo.ApplicationCommand
	if err := b.rest.Do(ctx, http.MethodGet, path+"?with_localizations=true", nil, &have); err != nil {
		return false, fmt.Errorf("read commands: %w", err)
	}
	want := command.Tree()
	if b.o.Command.Interaction.Direct {
		want = command.Direct(want)
	}
	if !command.Changed(have, want) {
		b.router.Registered(have)
		return false, nil
	}
	if err := b.rest.Do(ctx, http.MethodPut, path, want, &have); err != nil {
		return false, fmt.Errorf("write commands: %w", err)
	}
	b.router.Registered(have)
	return true, nil
}

// files are those of a payload as they travel.
func files(p message.Payload) []rest.File {
	var out []rest.File
	for _, f := range p.Files {
		out = append(out, rest.File{Name: f.Name, ContentType: f.ContentType, Data: f.Data})
	}
	return out
}
