package care

import (
	"context"
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// AuditCommand is /audit.
func AuditCommand() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdAudit, "tree.audit",
		tree.Described("tree.audit-member", &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionUser, Name: tree.OptMember,
		}))
}

// audit shows who changed what in the guild, the newest first.
func (h *Handlers) audit(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	member, _, err := q.Snowflake(tree.OptMember, discordgo.ApplicationCommandOptionUser)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.auditPage(ctx, q, desk.Cursor{List: desk.AuditList, Text: member})
}

// auditLines is how many changes stand on a page.
const auditLines = 15

// auditPage shows the changes that come after the cursor's. A button grants
// nothing: who may not manage the guild is refused here too.
func (h *Handlers) auditPage(ctx context.Context, q interaction.Request, cur desk.Cursor) (interaction.Reply, error) {
	if err := h.MayManage(ctx, q); err != nil {
		return interaction.Reply{}, err
	}
	found, err := h.store.Changes(ctx, guild.ChangeQuery{Guild: q.Guild, User: cur.Text, Before: cur.After, Limit: auditLines + 1})
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list changes: %w", err)
	}
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	kept := wording.Args{"count": inDays(h.keeps.Changes)}
	if len(found) == 0 {
		return interaction.Reply{Payload: cur.Turned(message.Text(q.Say("audit.none", kept)), 0, false, q.Speaker)}, nil
	}
	page := found[:min(len(found), auditLines)]
	lines := make([]message.Markup, len(page))
	for i, ch := range page {
		lines[i] = changeLine(ch, topics, q.Speaker)
	}
	p, shown := message.Panel(q.Plain("audit.title"), lines, "-# "+q.Say("audit.kept", kept))
	return interaction.Reply{Payload: cur.Turned(p, page[shown-1].ID, shown < len(found), q.Speaker)}, nil
}

// changeLine tells one change: when, who, and what it is about.
func changeLine(ch guild.Change, topics []desk.TopicInfo, s wording.Speaker) message.Markup {
	who := message.User(ch.User)
	if who == "" {
		who = s.Say("audit.somebody")
	}
	line := message.Join(" ", message.When(ch.At), who) + ": " + actWords(ch.Act, s)
	about := []message.Markup{line}
	name := ch.Detail
	if t, ok := desk.ByID(topics, ch.Topic); ok {
		about = append(about, message.Format("**%s**", t.Title))
		if t.Title == name {
			name = ""
		}
	} else if ch.Topic != "" && name == "" {
		name = string(ch.Topic)
	}
	switch {
	case ch.Act == guild.ActSettings:
		about = append(about, settingWords(name, s))
	case name != "":
		about = append(about, message.Format("%s", name))
	}
	if ch.Channel != "" {
		about = append(about, message.Channel(ch.Channel))
	}
	return message.Join(" · ", about...)
}

// settingWords tell which setting has which value now, from the detail that the store
// notes: "time zone: Europe/Kyiv".
func settingWords(detail string, s wording.Speaker) message.Markup {
	what, to, _ := strings.Cut(detail, ": ")
	value := message.Format("%s", to)
	switch {
	case to == "none":
		value = s.Say("audit.set-usual")
	case what == guild.SettingManagers && message.Snowflake(to):
		value = message.Role(to)
	case what == guild.SettingNotices && message.Snowflake(to):
		value = message.Channel(to)
	}
	switch what {
	case guild.SettingLanguage:
		return s.Say("audit.set-language", wording.Args{"to": value})
	case guild.SettingZone:
		return s.Say("audit.set-zone", wording.Args{"to": value})
	case guild.SettingManagers:
		return s.Say("audit.set-managers", wording.Args{"to": value})
	case guild.SettingNotices:
		return s.Say("audit.set-notices", wording.Args{"to": value})
	}
	return message.Format("%s", detail)
}

// actWords say what was changed. One that this release does not know, because a
// later one noted it, is told by its name.
func actWords(a guild.Act, s wording.Speaker) message.Markup {
	switch a {
	case guild.ActSubscribe:
		return s.Say("audit.subscribe")
	case guild.ActUnsubscribe:
		return s.Say("audit.unsubscribe")
	case guild.ActSubscription:
		return s.Say("audit.subscription")
	case guild.ActTopicCreate:
		return s.Say("audit.topic-create")
	case guild.ActTopicChange:
		return s.Say("audit.topic-change")
	case guild.ActTopicDelete:
		return s.Say("audit.topic-delete")
	case guild.ActDigestAdd:
		return s.Say("audit.digest-add")
	case guild.ActDigestRemove:
		return s.Say("audit.digest-remove")
	case guild.ActSettings:
		return s.Say("audit.settings")
	case guild.ActFeedAdd:
		return s.Say("audit.feed-add")
	case guild.ActFeedRemove:
		return s.Say("audit.feed-remove")
	case guild.ActMute:
		return s.Say("audit.mute")
	case guild.ActUnmute:
		return s.Say("audit.unmute")
	case guild.ActPause:
		return s.Say("audit.pause")
	case guild.ActResume:
		return s.Say("audit.resume")
	case guild.ActQuiet:
		return s.Say("audit.quiet-hours")
	case guild.ActDelete:
		return s.Say("audit.delete-data")
	}
	return message.Format("%s", string(a))
}
