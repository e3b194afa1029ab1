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

// actUndoSetup puts back what /setup has made and changed. It is part of custom ids
// that are out there.
const actUndoSetup = "undo-setup"

const deedSetup desk.Deed = "setup"

// unfinished is how a channel and the server were before something was set up.
type unfinished struct {
	Channel string
	// Were are subscriptions as they were, and None are topics that the channel did
	// not get.
	Were []subscription.Subscription
	None []topic.ID
	// Set are the server's settings, and Became what was made of them: what somebody
	// has changed since stays.
	Set, Became guild.Settings
}

// unfinish is what to put back of a plan that was carried out, for a channel that had
// what has says, in a server whose settings are what set says now.
func unfinish(d setupDraft, p setupPlan, has []subscription.Subscription, set guild.Settings) unfinished {
	u := unfinished{Channel: p.channel, Set: set, Became: set}
	if d.Before != nil {
		u.Set = *d.Before
	}
	for _, s := range has {
		changed := slices.ContainsFunc(p.change, func(c subscription.Subscription) bool { return c.Topic == s.Topic })
		if changed || slices.Contains(p.end, s.Topic) {
			u.Were = append(u.Were, s)
		}
	}
	for _, s := range p.add {
		u.None = append(u.None, s.Topic)
	}
	return u
}

// withUndoneSetup is an answer with a button that puts back how it was, if anything has
// become otherwise.
func (h *Handlers) withUndoneSetup(ctx context.Context, q interaction.Request, r interaction.Reply, u unfinished) (interaction.Reply, error) {
	if len(u.Were) == 0 && len(u.None) == 0 && u.Set == u.Became {
		return r, nil
	}
	return h.WithUndo(ctx, q, r.Payload, actUndoSetup, deedSetup, u)
}

// undoSetup puts back how a channel and the server were, and offers to undo that.
func (h *Handlers) undoSetup(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var u unfinished
	d, err := h.Undo(ctx, q, &u)
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case d != deedSetup:
		return interaction.Reply{}, desk.ErrUndo
	}
	was := unfinished{Channel: u.Channel}
	if err := h.putSubscriptions(ctx, q, u, &was); err != nil {
		return interaction.Reply{}, err
	}
	if was.Set, err = h.Settings(ctx, q.Guild); err != nil {
		return interaction.Reply{}, err
	}
	if err := h.change(ctx, q, u.settle(q)); err != nil {
		return interaction.Reply{}, err
	}
	all, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	has, err := h.subscribedIn(ctx, q.Guild, u.Channel)
	if err != nil {
		return interaction.Reply{}, err
	}
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	was.Became = set
	p, _ := message.Panel(q.Plain("setup.undone-title"), append([]message.Markup{getsLine(q, u.Channel, has, all)}, serverLines(q, set)...), "")
	return h.withUndoneSetup(ctx, q, interaction.Reply{Payload: p}, was)
}

// putSubscriptions gives the channel what it had, in the name of who asks where that
// had ended, and notes in was how it is now.
func (h *Handlers) putSubscriptions(ctx context.Context, q interaction.Request, u unfinished, was *unfinished) error {
	has, err := h.subscribedIn(ctx, q.Guild, u.Channel)
	if err != nil {
		return err
	}
	of := func(id topic.ID) int {
		return slices.IndexFunc(has, func(s subscription.Subscription) bool { return s.Topic == id })
	}
	for _, s := range u.Were {
		s.Guild, s.Channel = q.Guild, u.Channel
		if i := of(s.Topic); i >= 0 {
			was.Were = append(was.Were, has[i])
			s.ID = has[i].ID
			err = h.store.ChangeSubscription(ctx, s)
		} else {
			was.None = append(was.None, s.Topic)
			s.ID, s.CreatedBy, s.Created = 0, q.User, q.Now
			_, err = h.store.Subscribe(ctx, s)
		}
		// Somebody else was faster, or has deleted the topic since.
		if err != nil && !errors.Is(err, subscription.ErrExists) && !errors.Is(err, guild.ErrTopicNotFound) {
			return subscribeError(err, s, desk.TopicInfo{ID: s.Topic, Title: string(s.Topic)})
		}
	}
	for _, id := range u.None {
		i := of(id)
		if i < 0 {
			continue
		}
		was.Were = append(was.Were, has[i])
		if err := h.store.Unsubscribe(ctx, q.Guild, u.Channel, id); err != nil && !errors.Is(err, subscription.ErrNotFound) {
			return fmt.Errorf("unsubscribe: %w", err)
		}
	}
	return nil
}

// settle gives the server the settings that it had. The role that manages the bot only
// who manages the server may change, here as elsewhere.
func (u unfinished) settle(q interaction.Request) func(*guild.Settings) {
	return func(now *guild.Settings) {
		if now.Language == u.Became.Language {
			now.Language = u.Set.Language
		}
		if now.Zone == u.Became.Zone {
			now.Zone = u.Set.Zone
		}
		if now.ManagerRole == u.Became.ManagerRole && q.Permissions.Has(discordgo.PermissionManageGuild) {
			now.ManagerRole = u.Set.ManagerRole
		}
	}
}

// getsLine tells on which topics a channel gets alerts.
func getsLine(q interaction.Request, channel string, has []subscription.Subscription, all []desk.TopicInfo) message.Markup {
	where := message.Channel(channel)
	if len(has) == 0 {
		return q.Say("setup.gets-nothing", wording.Args{"channel": where})
	}
	ids := make([]topic.ID, len(has))
	for i, s := range has {
		ids[i] = s.Topic
	}
	return q.Say("setup.gets", wording.Args{"channel": where, "topics": topicNames(q, ids, all)})
}
