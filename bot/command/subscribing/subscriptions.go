package subscribing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// subscriptions shows the first page of a guild's subscriptions.
func (h *Handlers) subscriptions(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	return h.subscriptionsPage(ctx, q, 0)
}

// subscriptionsPage shows subscriptions from the line after the first so many.
func (h *Handlers) subscriptionsPage(ctx context.Context, q interaction.Request, after int) (interaction.Reply, error) {
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	if len(subs) == 0 {
		return interaction.Reply{Payload: message.Text(q.Say(desk.Addressed(q.Guild, "subscribe.none", "subscribe.none-direct")))}, nil
	}
	blocked, err := h.store.Blocked(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list blocked channels: %w", err)
	}
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	subs = inOrder(subs, topics)
	// Subscriptions may have gone since the button was made.
	if after = max(after, 0); after >= len(subs) {
		after = 0
	}
	rest := subs[after:min(len(subs), after+message.MaxOptions)]
	manages := h.MayManage(ctx, q) == nil
	note := wording.ID("subscribe.list-note-reader")
	if manages {
		note = "subscribe.list-note"
	}
	p, shown := message.Panel(q.Plain("subscribe.list"), subscriptionLines(q, rest, after, blocked, topics), q.Say(note))
	menu := message.Menu{CustomID: message.Action(actCard), Hint: q.Plain("subscribe.pick-placeholder"), Min: 1}
	for i, s := range rest[:shown] {
		menu.Options = append(menu.Options, message.MenuOption{Label: strconv.Itoa(after+i+1) + ". " + message.Title(s.Topic, desk.Title(topics, s.Topic), q.Speaker), Value: idOf(s)})
	}
	p = desk.Cursor{List: desk.SubscriptionsList, After: int64(after)}.Turned(p.WithMenu(menu).WithRow(), int64(after+shown), after+shown < len(subs), q.Speaker)
	if slices.ContainsFunc(blocked, func(b guild.Channel) bool {
		return gone(b) && slices.ContainsFunc(subs, func(s subscription.Subscription) bool { return s.Channel == b.ID })
	}) && manages {
		p = p.WithButton(q.Plain("subscribe.remove-button"), desk.Cursor{List: desk.WithoutGone, After: 1}.String())
	}
	return interaction.Reply{Payload: p}, nil
}

// gone reports whether Discord says that a channel does not exist. Such a
// channel cannot be picked for /unsubscribe.
func gone(c guild.Channel) bool { return alert.Reason(c.Reason) == alert.ReasonNoChannel }

// removeGone ends the subscriptions of deleted channels and shows the others.
func (h *Handlers) removeGone(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if err := h.MayManage(ctx, q); err != nil {
		return interaction.Reply{}, err
	}
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	blocked, err := h.store.Blocked(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list blocked channels: %w", err)
	}
	for _, s := range subs {
		if !slices.ContainsFunc(blocked, func(b guild.Channel) bool { return b.ID == s.Channel && gone(b) }) {
			continue
		}
		err := h.store.Unsubscribe(ctx, q.Guild, s.Channel, s.Topic)
		if err != nil && !errors.Is(err, subscription.ErrNotFound) {
			return interaction.Reply{}, fmt.Errorf("unsubscribe deleted channel: %w", err)
		}
	}
	return h.subscriptionsPage(ctx, q, 0)
}

// inOrder puts subscriptions by channel and then in catalogue order.
func inOrder(subs []subscription.Subscription, topics []desk.TopicInfo) []subscription.Subscription {
	order := func(s subscription.Subscription) int {
		i := slices.IndexFunc(topics, func(t desk.TopicInfo) bool { return t.ID == s.Topic })
		if i < 0 {
			return len(topics)
		}
		return i
	}
	subs = slices.Clone(subs)
	slices.SortStableFunc(subs, func(a, b subscription.Subscription) int {
		return cmp.Or(cmp.Compare(len(a.Channel), len(b.Channel)), cmp.Compare(a.Channel, b.Channel), cmp.Compare(order(a), order(b)), cmp.Compare(a.Topic, b.Topic))
	})
	return subs
}

// subscriptionLines tell what each channel gets, a numbered line for each, and
// which channels get nothing at the moment. The first has the number after after.
func subscriptionLines(q interaction.Request, subs []subscription.Subscription, after int, blocked []guild.Channel, topics []desk.TopicInfo) []message.Markup {
	lines := make([]message.Markup, len(subs))
	for i, s := range subs {
		what := message.Format("**%s**%s", message.Title(s.Topic, desk.Title(topics, s.Topic), q.Speaker), inShort(q, s))
		if !guild.IsPersonal(s.Guild) {
			what = message.Format("%s: %s", message.Channel(s.Channel), what)
		}
		lines[i] = message.Format("**%d.** %s", after+i+1, what)
		last := i+1 == len(subs) || subs[i+1].Channel != s.Channel
		if b := slices.IndexFunc(blocked, func(c guild.Channel) bool { return c.ID == s.Channel }); b >= 0 && last {
			lines[i] += "\n" + desk.BlockedLine(blocked[b], q.Speaker)
		}
	}
	return lines
}

// inShort is what marks a subscription in a list; its card tells the rest.
func inShort(q interaction.Request, s subscription.Subscription) message.Markup {
	var out []message.Markup
	if s.Role != "" {
		out = append(out, message.Role(s.Role))
	}
	if s.FromSome() || len(s.Stages)+len(s.Standings)+len(s.Countries) > 0 {
		out = append(out, q.Say("subscribe.short-some"))
	}
	switch {
	case s.Way == subscription.Digest:
		out = append(out, q.Say("subscribe.short-digest"))
	case s.PerHour > 0:
		out = append(out, q.Say("subscribe.short-hour", wording.Args{"count": s.PerHour}))
	}
	if s.Silent {
		out = append(out, q.Say("subscribe.short-silent"))
	}
	if len(out) == 0 {
		return ""
	}
	return " · " + message.Join(" · ", out...)
}
