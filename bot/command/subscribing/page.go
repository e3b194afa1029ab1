package subscribing

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/topic"
)

// setupPage shows what is about to be set up, with a menu for each part.
func (h *Handlers) setupPage(ctx context.Context, q interaction.Request, d setupDraft, note message.Markup) (message.Payload, error) {
	offered, err := h.offeredTopics(ctx, q.Guild)
	if err != nil {
		return message.Payload{}, err
	}
	all, err := h.TopicsOf(ctx, q)
	if err != nil {
		return message.Payload{}, err
	}
	id := func(name string) string { return message.Action(name, strconv.Itoa(d.Shown)) }
	channels := message.Menu{
		Kind: message.ChannelMenu, CustomID: id(actSetupChannel), Hint: q.Plain("setup.channel-placeholder"), Min: 1,
		ChannelTypes: tree.ChannelOption("").ChannelTypes, Chosen: some(d.Channel.ID),
	}
	topics := message.Menu{CustomID: id(actSetupTopics), Hint: q.Plain("setup.topics-placeholder"), Max: message.MaxOptions}
	for _, t := range desk.Called(offered, q.Speaker) {
		topics.Options = append(topics.Options, message.MenuOption{
			Label: t.Title, Note: t.Description, Value: string(t.ID), Chosen: slices.Contains(d.Topics, t.ID),
		})
	}
	roles := message.Menu{Kind: message.RoleMenu, CustomID: id(actSetupRole), Hint: q.Plain("setup.role-placeholder"), Chosen: some(d.Role.ID)}
	when := message.Menu{CustomID: id(actSetupWhen), Hint: q.Plain("setup.when-placeholder"), Min: 1}
	for _, w := range thresholds() {
		when.Options = append(when.Options, message.MenuOption{Label: q.Plain(w.offered), Value: string(w.value), Chosen: w.value == d.Mention})
	}
	lines := []message.Markup{q.Say("setup.intro"), "", h.setupChannelLine(q, d), topicsLine(q, d, all), mentionLine(q, d)}
	if note != "" {
		lines = append(lines, "", q.Say("setup.not-yet", wording.Args{"why": note}))
	}
	p, _ := message.Panel(q.Plain("setup.title"), lines, "")
	return p.WithMenu(channels).WithMenu(topics).WithMenu(roles).WithMenu(when).
		WithStyled(discordgo.SuccessButton, q.Plain("setup.finish-button"), id(actSetupFinish)).
		WithButton(q.Plain("setup.server-button"), id(actSetupServer)), nil
}

func (h *Handlers) setupChannelLine(q interaction.Request, d setupDraft) message.Markup {
	if d.Channel.ID == "" {
		return q.Say("setup.no-channel")
	}
	return q.Say("setup.channel", wording.Args{"channel": message.Channel(d.Channel.ID)})
}

func topicsLine(q interaction.Request, d setupDraft, all []desk.TopicInfo) message.Markup {
	if len(d.Topics) == 0 {
		return q.Say("setup.no-topics")
	}
	return q.Say("setup.topics", wording.Args{"topics": topicNames(q, d.Topics, all)})
}

// maxNamedTopics is how many topics a sentence names.
const maxNamedTopics = 12

// topicNames are topics by their titles, as many as a sentence names.
func topicNames(q interaction.Request, ids []topic.ID, all []desk.TopicInfo) message.Markup {
	var names []string
	for _, id := range ids[:min(len(ids), maxNamedTopics)] {
		names = append(names, string(message.Format("**%s**", desk.Title(all, id))))
	}
	if more := len(ids) - len(names); more > 0 {
		names = append(names, string(q.Say("setup.more-topics", wording.Args{"count": more})))
	}
	return message.Markup(strings.Join(names, ", "))
}

func mentionLine(q interaction.Request, d setupDraft) message.Markup {
	if d.Role.ID == "" {
		return q.Say("setup.no-mention")
	}
	when, _ := wishOf(d.Mention, thresholds())
	return q.Say("setup.mention", wording.Args{"role": message.Role(d.Role.ID), "when": q.Say(when.offered)})
}

// some is a list of the id, if there is one.
func some(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
