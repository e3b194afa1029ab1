package care

import (
	"context"
	"fmt"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/text"
)

// Keeps says how long things are kept, for those who ask. Zero times mean the
// defaults of package config.
type Keeps struct {
	// Messages is how long what was posted is kept, Changes who changed what, and
	// Left all of a guild that removed the bot.
	Messages, Changes, Left time.Duration
}

func (k Keeps) withDefaults() Keeps {
	for to, days := range map[*time.Duration]int{&k.Messages: 90, &k.Changes: 90, &k.Left: 30} {
		if *to <= 0 {
			*to = time.Duration(days) * 24 * time.Hour
		}
	}
	return k
}

// inDays is a time in whole days, at least one.
func inDays(d time.Duration) int { return max(int(d/(24*time.Hour)), 1) }

// The actions of /privacy.
const (
	actForgetMe = "privacy-me"
	// actEraseAsk opens the form that asks for the guild's name, actErase is that
	// form.
	actEraseAsk = "privacy-server"
	actErase    = "privacy-erase"

	fieldServer = "server"
)

func (h *Handlers) privacyActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actForgetMe: {Run: h.forgetMe},
		actEraseAsk: {Run: h.askErase},
		actErase:    {Run: h.erase},
	}
}

// PrivacyCommand is /privacy with its subcommands.
func PrivacyCommand() *discordgo.ApplicationCommand {
	return tree.Open(tree.CmdPrivacy, "tree.privacy",
		tree.Sub(tree.SubShow, "tree.privacy-show"),
		tree.Sub(tree.SubDelete, "tree.privacy-delete"))
}

// privacy tells what is kept about who asks and about the guild, and for how long.
// In direct messages there is nobody but who asks.
func (h *Handlers) privacy(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	k, alone, err := h.kept(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines := append([]message.Markup{q.Say("privacy.you")}, h.personLines(q, k, alone)...)
	direct := guild.IsPersonal(q.Guild)
	if !direct {
		lines = append(lines, "", q.Say("privacy.server"))
		lines = h.item(lines, q, "privacy.wishes", k.Subscriptions+k.Digests+k.Topics, 0)
	}
	lines = h.item(lines, q, "privacy.messages", k.Messages, h.keeps.Messages)
	if direct {
		lines = append(lines, "", q.Say("privacy.never-direct"))
	} else {
		lines = h.item(lines, q, "privacy.notes", k.Notes, h.keeps.Changes)
		lines = append(lines, "• "+q.Say("privacy.left", wording.Args{"count": inDays(h.keeps.Left)}), "", q.Say("privacy.never"))
	}
	p, _ := message.Panel(q.Plain("privacy.title"), lines, q.Say("privacy.delete"))
	return interaction.Reply{Payload: p}, nil
}

// item is lines with one more for what there is of a kind, kept for a time.
func (h *Handlers) item(lines []message.Markup, q interaction.Request, id wording.ID, n int, keep time.Duration) []message.Markup {
	if n == 0 {
		return lines
	}
	return append(lines, "• "+q.Say(id, wording.Args{"count": n, "days": q.Say("privacy.days", wording.Args{"count": inDays(keep)})}))
}

// personLines tell what is kept about who asks, by kinds.
func (h *Handlers) personLines(q interaction.Request, k, alone guild.Kept) []message.Markup {
	var lines []message.Markup
	if ofPerson(k, alone) == 0 {
		lines = append(lines, "• "+q.Say("privacy.nothing"))
	}
	lines = h.item(lines, q, "privacy.made", k.Made, 0)
	lines = h.item(lines, q, "privacy.changes", k.Changes, h.keeps.Changes)
	lines = h.item(lines, q, "privacy.drafts", k.Drafts, 0)
	lines = h.item(lines, q, "privacy.feedback", k.Complaints, 0)
	if alone.Channels > 0 {
		lines = append(lines, "• "+q.Say("privacy.channel"))
	}
	if !guild.IsPersonal(q.Guild) {
		lines = h.item(lines, q, "privacy.direct", alone.Messages, h.keeps.Messages)
	}
	return lines
}

// kept counts what is kept for the guild and who asks, and what of direct messages
// with them alone.
func (h *Handlers) kept(ctx context.Context, q interaction.Request) (k, alone guild.Kept, err error) {
	if k, err = h.store.Kept(ctx, q.Guild, q.User); err == nil {
		alone = k
		if !guild.IsPersonal(q.Guild) {
			alone, err = h.store.Kept(ctx, guild.Personal(q.User), q.User)
		}
	}
	if err != nil {
		return k, alone, fmt.Errorf("count what is kept: %w", err)
	}
	return k, alone, nil
}

// ofPerson is how much of what is kept goes when who asks is erased: with what was
// posted in direct messages and the number of their channel.
func ofPerson(k, alone guild.Kept) int {
	return k.Made + k.Changes + k.Drafts + k.Complaints + alone.Messages + alone.Channels
}

// mayErase reports whether who asks may delete all of the guild. Direct messages
// are no guild: who is erased takes what is theirs along.
func mayErase(q interaction.Request) bool {
	return !guild.IsPersonal(q.Guild) && q.Permissions.Has(discordgo.PermissionManageGuild)
}

// askPrivacy asks what to delete. Nothing is deleted before a button is pressed.
func (h *Handlers) askPrivacy(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	k, alone, err := h.kept(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	n := ofPerson(k, alone)
	said := q.Say("privacy.nothing")
	switch {
	case n > 0 && guild.IsPersonal(q.Guild):
		said = q.Say("privacy.ask-direct")
	case n > 0:
		lines := append([]message.Markup{q.Say("privacy.ask")}, h.personLines(q, k, alone)...)
		said = message.Join("\n", append(lines, q.Say("privacy.ask-after"))...)
		if alone.Messages+alone.Channels+alone.Subscriptions > 0 {
			said += " " + q.Say("privacy.ask-alone")
		}
	}
	manages := mayErase(q)
	if manages {
		said = message.Join("\n\n", said, q.Say("privacy.ask-server"))
	}
	p := message.Text(said)
	if n > 0 {
		p = p.WithStyled(discordgo.DangerButton, q.Plain("privacy.me-button"), message.Action(actForgetMe))
	}
	if manages {
		p = p.WithStyled(discordgo.DangerButton, q.Plain("privacy.server-button"), message.Action(actEraseAsk))
	}
	return interaction.Reply{Payload: p}, nil
}

// forgetMe erases who presses the button, everywhere.
func (h *Handlers) forgetMe(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if err := h.store.ForgetPerson(ctx, q.User); err != nil {
		return interaction.Reply{}, fmt.Errorf("forget person: %w", err)
	}
	return interaction.Reply{Payload: message.Text(q.Say("privacy.forgotten"))}, nil
}

// serverName is what must be typed before everything of a guild is deleted.
func (h *Handlers) serverName(ctx context.Context, q interaction.Request) (string, error) {
	name, err := h.store.GuildName(ctx, q.Guild)
	if err != nil {
		return "", fmt.Errorf("read the guild's name: %w", err)
	}
	if name = text.Cut(text.Clean(name), interaction.MaxChoice); name == "" {
		name = q.Guild
	}
	return name, nil
}

// askErase opens the form in which the guild's name is typed. Only who may manage
// the guild gets it: the role that manages the bot is not enough.
func (h *Handlers) askErase(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if !mayErase(q) {
		return interaction.Reply{}, errErase
	}
	name, err := h.serverName(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return interaction.Reply{Form: &message.Form{
		CustomID: message.Action(actErase), Title: q.Plain("privacy.erase-form"),
		Fields: []message.Field{{ID: fieldServer, Label: q.Plain("privacy.name-label"), Hint: name, Required: true, Max: interaction.MaxChoice}},
	}}, nil
}

var errErase = interaction.Refuse(interaction.Denied, "privacy.denied")

// erase deletes all of the guild once its name was typed.
func (h *Handlers) erase(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if !mayErase(q) {
		return interaction.Reply{}, errErase
	}
	name, err := h.serverName(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	typed, err := q.Field(fieldServer, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	if text.Fold(typed) != text.Fold(name) {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "privacy.other-name", wording.Args{"name": name})
	}
	if err := h.store.EraseGuild(ctx, q.Guild, q.Now); err != nil {
		return interaction.Reply{}, fmt.Errorf("erase guild: %w", err)
	}
	return interaction.Reply{Payload: message.Text(q.Say("privacy.erased", wording.Args{"count": inDays(h.keeps.Changes)}))}, nil
}
