package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// subscriptions shows the first page of a guild's subscriptions.
func (c *commands) subscriptions(ctx context.Context, q Request) (Reply, error) {
	return c.subscriptionsPage(ctx, q, 0)
}

// subscriptionsPage shows subscriptions from the line after the first so many.
func (c *commands) subscriptionsPage(ctx context.Context, q Request, after int) (Reply, error) {
	subs, err := c.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	if len(subs) == 0 {
		return Reply{Payload: message.Text("No channel of this server gets alerts yet. /subscribe sends a topic to a channel.")}, nil
	}
	blocked, err := c.store.Blocked(ctx, q.Guild)
	if err != nil {
		return Reply{}, fmt.Errorf("list blocked channels: %w", err)
	}
	topics, err := c.known(ctx, q.Guild)
	if err != nil {
		return Reply{}, err
	}
	lines := subscriptionLines(subs, blocked, topics)
	// Subscriptions may have gone since the button was made.
	rest := lines[min(max(after, 0), len(lines)):]
	if len(rest) == 0 {
		rest, after = lines, 0
	}
	p, shown := message.Panel("Subscriptions", rest, "/subscribe adds one, /unsubscribe ends one.")
	p = Cursor{List: SubscriptionsList, After: int64(after)}.turned(p, int64(after+shown), shown < len(rest))
	if slices.ContainsFunc(blocked, func(b guild.Channel) bool {
		return gone(b) && slices.ContainsFunc(subs, func(s subscription.Subscription) bool { return s.Channel == b.ID })
	}) && c.mayManage(ctx, q) == nil {
		p = p.WithButton("Remove deleted channels", Cursor{List: WithoutGone, After: 1}.String())
	}
	return Reply{Payload: p}, nil
}

// gone reports whether Discord says that a channel does not exist. Such a
// channel cannot be picked for /unsubscribe.
func gone(c guild.Channel) bool { return alert.Reason(c.Reason) == alert.ReasonNoChannel }

// removeGone ends the subscriptions of deleted channels and shows the others.
func (c *commands) removeGone(ctx context.Context, q Request) (Reply, error) {
	if err := c.mayManage(ctx, q); err != nil {
		return Reply{}, err
	}
	subs, err := c.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	blocked, err := c.store.Blocked(ctx, q.Guild)
	if err != nil {
		return Reply{}, fmt.Errorf("list blocked channels: %w", err)
	}
	for _, s := range subs {
		if !slices.ContainsFunc(blocked, func(b guild.Channel) bool { return b.ID == s.Channel && gone(b) }) {
			continue
		}
		err := c.store.Unsubscribe(ctx, q.Guild, s.Channel, s.Topic)
		if err != nil && !errors.Is(err, subscription.ErrNotFound) {
			return Reply{}, fmt.Errorf("unsubscribe deleted channel: %w", err)
		}
	}
	return c.subscriptionsPage(ctx, q, 0)
}

// maxLineTopics is how many topics stand on one line, so that a line fits on a
// page however long their titles are.
const maxLineTopics = 8

// subscriptionLines tells what each channel gets, by channel and then in
// catalogue order.
func subscriptionLines(subs []subscription.Subscription, blocked []guild.Channel, topics []TopicInfo) []message.Markup {
	order := func(s subscription.Subscription) int {
		i := slices.IndexFunc(topics, func(t TopicInfo) bool { return t.ID == s.Topic })
		if i < 0 {
			return len(topics)
		}
		return i
	}
	subs = slices.Clone(subs)
	slices.SortStableFunc(subs, func(a, b subscription.Subscription) int {
		return cmp.Or(cmp.Compare(len(a.Channel), len(b.Channel)), cmp.Compare(a.Channel, b.Channel), cmp.Compare(order(a), order(b)), cmp.Compare(a.Topic, b.Topic))
	})
	var lines []message.Markup
	for len(subs) > 0 {
		id := subs[0].Channel
		n := slices.IndexFunc(subs, func(s subscription.Subscription) bool { return s.Channel != id })
		if n < 0 {
			n = len(subs)
		}
		for some := range slices.Chunk(subs[:n], maxLineTopics) {
			parts := make([]string, len(some))
			for i, s := range some {
				parts[i] = string(subscriptionWords(s, title(topics, s.Topic)))
			}
			lines = append(lines, message.Format("%s: %s", message.Channel(id), message.Markup(strings.Join(parts, ", "))))
		}
		if i := slices.IndexFunc(blocked, func(c guild.Channel) bool { return c.ID == id }); i >= 0 {
			lines = append(lines, blockedLine(blocked[i]))
		}
		subs = subs[n:]
	}
	return lines
}

// subscriptionWords are "**Ceasefire** at the stages agreed (mentions @desk once
// the parties have confirmed it; edits only)".
func subscriptionWords(s subscription.Subscription, title string) message.Markup {
	out := message.Format("**%s**%s", title, limits(s))
	var more []string
	if s.Role != "" {
		more = append(more, string(message.Format("mentions %s", message.Role(s.Role))))
		if when, ok := wishOf(s.Mention, thresholds()); ok && s.Mention != subscription.AnyReport {
			more[0] += " " + when.said
		}
	}
	switch s.Updates {
	case subscription.Edit:
		more = append(more, "edits only")
	case subscription.Thread:
		more = append(more, "answers in a thread")
	}
	if s.Unpublished {
		more = append(more, "not published")
	}
	if len(more) > 0 {
		out += message.Markup(" (" + strings.Join(more, "; ") + ")")
	}
	return out
}

// blockedWords tell why a channel gets nothing, and what to do.
var blockedWords = map[alert.Reason]string{
	alert.ReasonNoAccess:     "I may not post there. Give me View Channel, Send Messages and Embed Links in it, and what waits will follow",
	alert.ReasonNoChannel:    "the channel was deleted. /subscriptions can remove it",
	alert.ReasonTagRequired:  "it takes only posts with a tag, and none of its tags is called like a topic. Add such tags in the forum's settings, and what waits will follow",
	alert.ReasonWrongChannel: "it takes no messages of mine. Unlock it, or subscribe another channel",
}

// blockedLine tells that a channel's alerts wait.
func blockedLine(c guild.Channel) message.Markup {
	why, ok := blockedWords[alert.Reason(c.Reason)]
	if !ok {
		why = strings.ReplaceAll(c.Reason, "-", " ")
	}
	return message.Format("⚠️ %s gets nothing now: %s.%s", message.Channel(c.ID), why, began(c.Blocked))
}
