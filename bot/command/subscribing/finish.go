package subscribing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// setupPlan is what is to be done so that a channel gets what was chosen.
type setupPlan struct {
	channel string
	// add and change are subscriptions as they shall be; end are topics that the
	// channel shall get no longer.
	add, change []subscription.Subscription
	end         []topic.ID
	// unrung is why the subscriptions that are added do not mention the role that
	// the others there mention, or nil.
	unrung error
}

// planSetup compares what a channel has with what was chosen. Topics that are not
// among the offered ones stay as they are, and so do those that somebody else has
// added since.
func planSetup(d setupDraft, q interaction.Request, has []subscription.Subscription, offered []desk.TopicInfo) setupPlan {
	p := setupPlan{channel: d.Channel.ID, unrung: mayExtend(d)}
	role := d.Role.ID
	if p.unrung != nil {
		role = ""
	}
	for _, s := range has {
		_, shown := desk.ByID(offered, s.Topic)
		chosen := slices.Contains(d.Topics, s.Topic)
		switch {
		case shown && !chosen && d.Had != nil && !slices.Contains(d.Had, s.Topic):
		case shown && !chosen:
			p.end = append(p.end, s.Topic)
		case d.Mentions && (s.Role != d.Role.ID || s.Mention != d.Mention):
			s.Role, s.Mention = d.Role.ID, d.Mention
			p.change = append(p.change, s)
		}
	}
	for _, t := range d.Topics {
		if slices.ContainsFunc(has, func(s subscription.Subscription) bool { return s.Topic == t }) {
			continue
		}
		if _, known := desk.ByID(offered, t); !known { // deleted meanwhile
			continue
		}
		p.add = append(p.add, subscription.Subscription{
			Guild: q.Guild, Channel: d.Channel.ID, Topic: t, Role: role, Mention: d.Mention, Updates: updates()[0].value,
			CreatedBy: q.User, Created: q.Now,
		})
	}
	return p
}

// mayExtend says why topics that are added do not mention the role of a draft, or
// nil where they may. A role that was chosen has been checked; one that others have
// set there before is not said to be one that everybody may mention.
func mayExtend(d setupDraft) error {
	if d.Role.Mentionable {
		return nil
	}
	return mayRing(subscription.Subscription{Role: d.Role.ID}, d.Channel)
}

// chosenSetup is what was chosen, and what the channel has. It refuses what nothing can
// be made of.
func (h *Handlers) chosenSetup(ctx context.Context, q interaction.Request) (d setupDraft, has []subscription.Subscription, err error) {
	if d, err = h.readSetup(ctx, q); err != nil {
		return d, nil, err
	}
	if d.Channel.ID == "" {
		return d, nil, interaction.Refuse(interaction.BadOption, "setup.finish-without-channel")
	}
	if has, err = h.subscribedIn(ctx, q.Guild, d.Channel.ID); err != nil {
		return d, nil, err
	}
	if len(d.Topics) == 0 && len(has) == 0 {
		return d, nil, interaction.Refuse(interaction.BadOption, "setup.finish-without-topics")
	}
	return d, has, nil
}

// finishSetup does what was chosen and tells what was made.
func (h *Handlers) finishSetup(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, has, err := h.chosenSetup(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	offered, err := h.offeredTopics(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	all, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	plan := planSetup(d, q, has, offered)
	if err := h.prepare(ctx, q, d.Channel, plan, all); err != nil {
		return interaction.Reply{}, err
	}
	full, err := h.carryOut(ctx, q, &plan)
	if err != nil {
		return interaction.Reply{}, err
	}
	if _, err := h.unblock(ctx, q.Guild, d.Channel.ID); err != nil {
		return interaction.Reply{}, err
	}
	got, err := h.subscribedIn(ctx, q.Guild, d.Channel.ID)
	if err != nil {
		return interaction.Reply{}, err
	}
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	r := h.setupDone(q, d, plan, full, got, set, all)
	u := unfinish(d, plan, has, set)
	d.Before, d.Had, d.Topics = &set, topicsOf(got), topicsOf(got)
	if err := h.keepSetup(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	return h.withUndoneSetup(ctx, q, r, u)
}

// prepare checks that the channel takes alerts on all topics that are new to it,
// and notes how they get there.
func (h *Handlers) prepare(ctx context.Context, q interaction.Request, to interaction.Channel, p setupPlan, all []desk.TopicInfo) error {
	for _, s := range p.add {
		if i := slices.IndexFunc(all, func(t desk.TopicInfo) bool { return t.ID == s.Topic }); i >= 0 {
			if err := h.Takes(ctx, to, all[i]); err != nil {
				return err
			}
		}
	}
	return h.NoteChannel(ctx, q.Guild, to)
}

// carryOut does a plan, and reports whether the guild had no room for all of it;
// then only what was done is left of the plan.
func (h *Handlers) carryOut(ctx context.Context, q interaction.Request, p *setupPlan) (full bool, err error) {
	for _, t := range p.end {
		if err := h.store.Unsubscribe(ctx, q.Guild, p.channel, t); err != nil && !errors.Is(err, subscription.ErrNotFound) {
			return false, fmt.Errorf("unsubscribe: %w", err)
		}
	}
	for _, s := range p.change {
		if err := h.store.ChangeSubscription(ctx, s); err != nil && !errors.Is(err, subscription.ErrNotFound) {
			return false, fmt.Errorf("change a subscription: %w", err)
		}
	}
	add := p.add
	p.add = nil
	for _, s := range add {
		_, err := h.store.Subscribe(ctx, s)
		switch {
		case err == nil:
			p.add = append(p.add, s)
		case errors.Is(err, subscription.ErrExists), errors.Is(err, guild.ErrTopicNotFound): // somebody else was faster
		case errors.Is(err, subscription.ErrQuota):
			return true, nil
		case errors.Is(err, guild.ErrForeignChannel):
			return false, interaction.ErrForeign
		case desk.TooSoon(err) != nil: // what there is of the plan stays, and Finish goes on with the rest
			return false, desk.TooSoon(err)
		default:
			return false, fmt.Errorf("subscribe: %w", err)
		}
	}
	return false, nil
}

// setupDone tells what was made, and what is missing.
func (h *Handlers) setupDone(q interaction.Request, d setupDraft, plan setupPlan, full bool, has []subscription.Subscription, set guild.Settings, all []desk.TopicInfo) interaction.Reply {
	lines := []message.Markup{getsLine(q, d.Channel.ID, has, all)}
	if len(plan.end) > 0 {
		lines = append(lines, q.Say("setup.ended", wording.Args{"topics": topicNames(q, plan.end, all)}))
	}
	if full {
		lines = append(lines, q.Say("setup.full", wording.Args{"count": subscription.MaxPerGuild}))
	}
	lines = append(lines, mentionLine(q, d))
	if len(plan.add) > 0 && plan.unrung != nil {
		if note, err := desk.AsNote(q, plan.unrung); err == nil {
			lines = append(lines, note)
		}
	}
	lines = append(lines, serverLines(q, set)...)
	lines = append(lines, "")
	lines = append(lines, missingLines(q, d.Channel)...)
	lines = append(lines, q.Say("setup.next"))
	p, _ := message.Panel(q.Plain("setup.done-title"), lines, "")
	return interaction.Reply{Payload: p.WithStyled(discordgo.PrimaryButton, q.Plain("setup.sample-button"), message.Action(actSetupSample)).
		WithButton(q.Plain("setup.change-button"), message.Action(actSetup))}
}

// missingLines name the permissions that the bot does not need to post, but to do
// all that it can, with how they are given.
func missingLines(q interaction.Request, to interaction.Channel) []message.Markup {
	if to.App == nil {
		return []message.Markup{q.Say("setup.permissions-unknown")}
	}
	want := []desk.Needed{{Bit: discordgo.PermissionReadMessageHistory, Name: "permission.read-history"}, {Bit: discordgo.PermissionAttachFiles, Name: "permission.attach-files"}}
	if !to.Thread() {
		want = append(want, desk.Needed{Bit: discordgo.PermissionCreatePublicThreads, Name: "permission.create-threads"}, desk.Needed{Bit: discordgo.PermissionSendMessagesInThreads, Name: "permission.send-in-threads"})
	}
	missing := desk.Lacking(*to.App, want...)
	if len(missing) == 0 {
		return nil
	}
	return []message.Markup{q.Say("setup.permissions-missing", wording.Args{"permissions": missing})}
}

// sampleOfSetup posts a sample into the channel that was set up.
func (h *Handlers) sampleOfSetup(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.readSetup(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if d.Channel.ID == "" {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "setup.finish-without-channel")
	}
	return h.postSample(ctx, q, d.Channel)
}
