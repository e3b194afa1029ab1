package subscribing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// The actions of /setup. Their first argument counts the pages shown, so that a
// menu whose choice was refused comes back empty.
const (
	actSetup         = "setup"
	actSetupChannel  = "setup-channel"
	actSetupTopics   = "setup-topics"
	actSetupRole     = "setup-role"
	actSetupWhen     = "setup-when"
	actSetupFinish   = "setup-finish"
	actSetupSample   = "setup-sample"
	actSetupServer   = "setup-server"
	actSetupLanguage = "setup-language"
	actSetupZone     = "setup-zone"
	actSetupOther    = "setup-other-zone"
	actSetupTyped    = "setup-typed-zone"
	actSetupManagers = "setup-managers"
)

// draftSetup is the kind of the drafts of /setup.
const draftSetup = "setup"

// setupDraft is what a member is about to set up. Channel and role are as Discord
// resolved them, so that they are checked without being asked for again.
type setupDraft struct {
	// Channel has no id while none is chosen. One that is can be posted in.
	Channel interaction.Channel
	Topics  []topic.ID
	// Had are those that the channel got when it was chosen, or last set up: what
	// others have added since stays. It is nil in a draft of an earlier release.
	Had []topic.ID
	// Role has no id when nobody is to be mentioned.
	Role    interaction.Role
	Mention subscription.Threshold
	// Mentions says that role or threshold were chosen here, so that topics which
	// the channel gets already are told by them too.
	Mentions bool
	// Shown counts the pages shown.
	Shown int
	// Before are the server's settings when it began, or when it was last finished; nil
	// in a draft of an earlier release.
	Before *guild.Settings
}

// setupActions are the buttons, menus and forms of /setup.
func (h *Handlers) setupActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actSetup:         {Manage: true, Run: h.inSetup(h.setupPage, stay)},
		actSetupChannel:  {Manage: true, Run: h.inSetup(h.setupPage, h.chooseChannel)},
		actSetupTopics:   {Manage: true, Run: h.inSetup(h.setupPage, h.chooseTopics)},
		actSetupRole:     {Manage: true, Run: h.inSetup(h.setupPage, h.chooseRole)},
		actSetupWhen:     {Manage: true, Run: h.inSetup(h.setupPage, chooseWhen)},
		actSetupFinish:   {Manage: true, Run: h.finishSetup},
		actUndoSetup:     {Manage: true, Run: h.undoSetup},
		actSetupSample:   {Manage: true, Aside: true, Run: h.sampleOfSetup},
		actSetupServer:   {Manage: true, Run: h.inSetup(h.serverPage, stay)},
		actSetupLanguage: {Manage: true, Run: h.inSetup(h.serverPage, h.chooseLanguage)},
		actSetupZone:     {Manage: true, Run: h.inSetup(h.serverPage, h.chooseZone)},
		actSetupOther:    {Manage: true, Run: openZoneForm},
		actSetupTyped:    {Manage: true, Run: h.inSetup(h.serverPage, h.typeZone)},
		actSetupManagers: {Manage: true, Run: h.inSetup(h.serverPage, h.chooseManagers)},
	}
}

// setup begins to set the bot up, or to change what was set up, from the channel
// where it is used.
func (h *Handlers) setup(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d := setupDraft{Mention: subscription.AnyReport}
	before, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	d.Before = &before
	if desk.CanReceive(q.Channel) == nil {
		if err := h.startFrom(ctx, q, &d, q.Channel); err != nil {
			return interaction.Reply{}, err
		}
	}
	return h.showSetup(ctx, q, d, h.setupPage, "")
}

// startFrom makes a channel the one that is set up. What it gets already is
// chosen; where it gets nothing, what was chosen stays, but for a role that was
// taken from another channel.
func (h *Handlers) startFrom(ctx context.Context, q interaction.Request, d *setupDraft, to interaction.Channel) error {
	d.Channel = to
	has, err := h.subscribedIn(ctx, q.Guild, to.ID)
	d.Had = topicsOf(has)
	switch {
	case err != nil:
		return err
	case len(has) == 0 && !d.Mentions:
		d.Role = interaction.Role{}
		return nil
	case len(has) == 0:
		return nil
	}
	d.Topics, d.Role, d.Mention, d.Mentions = slices.Clone(d.Had), interaction.Role{ID: has[0].Role}, has[0].Mention, false
	for _, s := range has {
		if s.Role != d.Role.ID || s.Mention != d.Mention {
			d.Role, d.Mention = interaction.Role{}, subscription.AnyReport
		}
	}
	return nil
}

// subscribedIn are the subscriptions of one channel.
func (h *Handlers) subscribedIn(ctx context.Context, guildID, channel string) ([]subscription.Subscription, error) {
	all, err := h.store.Subscriptions(ctx, guildID)
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	return slices.DeleteFunc(all, func(s subscription.Subscription) bool { return s.Channel != channel }), nil
}

// topicsOf are the topics of subscriptions; never nil.
func topicsOf(subs []subscription.Subscription) []topic.ID {
	out := make([]topic.ID, len(subs))
	for i, s := range subs {
		out[i] = s.Topic
	}
	return out
}

type (
	// setupStep takes what was chosen into the draft, and returns a sentence about
	// what it could not take.
	setupStep func(ctx context.Context, q interaction.Request, d *setupDraft) (message.Markup, error)
	// setupShow shows the draft with such a sentence.
	setupShow func(ctx context.Context, q interaction.Request, d setupDraft, note message.Markup) (message.Payload, error)
)

func stay(context.Context, interaction.Request, *setupDraft) (message.Markup, error) { return "", nil }

// inSetup is a step from the member's draft to the next page.
func (h *Handlers) inSetup(show setupShow, step setupStep) interaction.Handler {
	return func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
		d, err := h.readSetup(ctx, q)
		if err != nil {
			return interaction.Reply{}, err
		}
		note, err := step(ctx, q, &d)
		if err != nil {
			return interaction.Reply{}, err
		}
		return h.showSetup(ctx, q, d, show, note)
	}
}

func (h *Handlers) readSetup(ctx context.Context, q interaction.Request) (setupDraft, error) {
	body, ok, err := h.store.Draft(ctx, q.Guild, q.User, draftSetup, q.Now)
	if err != nil {
		return setupDraft{}, fmt.Errorf("read the draft of a setup: %w", err)
	}
	var d setupDraft
	if !ok || json.Unmarshal([]byte(body), &d) != nil { // of another release, perhaps
		return setupDraft{}, interaction.Refuse(interaction.Stale, "setup.old")
	}
	return d, nil
}

// showSetup keeps the draft and shows it.
func (h *Handlers) showSetup(ctx context.Context, q interaction.Request, d setupDraft, show setupShow, note message.Markup) (interaction.Reply, error) {
	d.Shown++
	if err := h.keepSetup(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	p, err := show(ctx, q, d, note)
	return interaction.Reply{Payload: p}, err
}

func (h *Handlers) keepSetup(ctx context.Context, q interaction.Request, d setupDraft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode the draft of a setup: %w", err)
	}
	if err := h.store.SaveDraft(ctx, guild.Draft{Guild: q.Guild, User: q.User, Kind: draftSetup, Body: string(body), Made: q.Now}); err != nil {
		return fmt.Errorf("keep the draft of a setup: %w", err)
	}
	return nil
}

func (h *Handlers) chooseChannel(ctx context.Context, q interaction.Request, d *setupDraft) (message.Markup, error) {
	chosen, err := q.ChosenChannels()
	if err != nil || len(chosen) == 0 {
		return "", err
	}
	to := chosen[0]
	if note, err := desk.AsNote(q, desk.CanReceive(to)); note != "" || err != nil {
		d.Channel = interaction.Channel{}
		return note + " " + q.Say("setup.choose-again"), err
	}
	if err := h.startFrom(ctx, q, d, to); err != nil {
		return "", err
	}
	return h.recheckRole(q, d)
}

// recheckRole drops the role that cannot be mentioned in the channel.
func (h *Handlers) recheckRole(q interaction.Request, d *setupDraft) (message.Markup, error) {
	if d.Role.ID == "" || d.Channel.ID == "" || !d.Mentions {
		return "", nil
	}
	note, err := desk.AsNote(q, canMention(d.Role, d.Channel, q))
	if note != "" {
		d.Role = interaction.Role{}
	}
	return note, err
}

func (h *Handlers) chooseTopics(ctx context.Context, q interaction.Request, d *setupDraft) (message.Markup, error) {
	offered, err := h.offeredTopics(ctx, q.Guild)
	if err != nil {
		return "", err
	}
	// Topics that the menu has no room for stay as they are.
	d.Topics = slices.DeleteFunc(d.Topics, func(id topic.ID) bool {
		_, ok := desk.ByID(offered, id)
		return ok
	})
	for _, v := range q.Chosen() {
		if t, ok := desk.ByID(offered, topic.ID(v)); ok && !slices.Contains(d.Topics, t.ID) {
			d.Topics = append(d.Topics, t.ID)
		}
	}
	return "", nil
}

// offeredTopics are those that a menu has room for: the built-in ones, and as
// many of the guild's own.
func (h *Handlers) offeredTopics(ctx context.Context, guildID string) ([]desk.TopicInfo, error) {
	own, err := h.Own(ctx, guildID)
	if err != nil {
		return nil, err
	}
	all := h.Topics.Topics()
	all = all[:min(len(all), message.MaxOptions)]
	return slices.Concat(own[:min(len(own), message.MaxOptions-len(all))], all), nil
}

func (h *Handlers) chooseRole(_ context.Context, q interaction.Request, d *setupDraft) (message.Markup, error) {
	chosen, err := q.ChosenRoles()
	if err != nil {
		return "", err
	}
	d.Mentions, d.Role = true, interaction.Role{}
	if len(chosen) == 0 {
		return "", nil
	}
	d.Role = chosen[0]
	if d.Channel.ID == "" {
		return "", nil // it is checked when there is a channel
	}
	return h.recheckRole(q, d)
}

func chooseWhen(_ context.Context, q interaction.Request, d *setupDraft) (message.Markup, error) {
	for _, v := range q.Chosen() {
		if _, ok := wishOf(subscription.Threshold(v), thresholds()); ok {
			d.Mention, d.Mentions = subscription.Threshold(v), true
		}
	}
	return "", nil
}
