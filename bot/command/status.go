package command

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// countsOver is the time that /status counts over.
const countsOver = 24 * time.Hour

// maxTroubles is how many feeds in trouble /status names.
const maxTroubles = 10

// status tells how the feeds and the guild's alerts are.
func (c *commands) status(ctx context.Context, q Request) (Reply, error) {
	feeds, err := c.store.FeedStatus(ctx, q.Guild)
	if err != nil {
		return Reply{}, fmt.Errorf("read feed status: %w", err)
	}
	counts, err := c.store.Counts(ctx, q.Guild, q.Now.Add(-countsOver))
	if err != nil {
		return Reply{}, fmt.Errorf("read counts: %w", err)
	}
	subs, err := c.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	blocked, err := c.store.Blocked(ctx, q.Guild)
	if err != nil {
		return Reply{}, fmt.Errorf("list blocked channels: %w", err)
	}
	unpublished, err := c.store.Unpublished(ctx, q.Guild, q.Now.Add(-countsOver))
	if err != nil {
		return Reply{}, fmt.Errorf("count unpublished alerts: %w", err)
	}
	lines := slices.Concat(c.feedLines(feeds, counts), guildLines(subs, blocked, counts))
	if unpublished > 0 {
		lines = append(lines, q.Say("place.hour-full", wording.Args{"count": unpublished}))
	}
	p, _ := message.Panel("Status", lines, "")
	return Reply{Payload: p}, nil
}

// feedLines tells how many feeds are read, and which are not.
func (c *commands) feedLines(feeds []feed.Feed, n Counts) []message.Markup {
	if len(feeds) == 0 {
		return []message.Markup{"**Feeds**: I have no feeds. Whoever runs me can add some."}
	}
	var troubled []feed.Feed
	fresh, read := 0, 0
	for _, f := range feeds {
		if f.State.Answers() {
			read++
		}
		switch f.State {
		case feed.OK:
		case feed.New:
			fresh++
		default:
			troubled = append(troubled, f)
		}
	}
	head := fmt.Sprintf("**Feeds**: reading %d of %d", read, len(feeds))
	if fresh > 0 {
		head += fmt.Sprintf(", %d not tried yet", fresh)
	}
	lines := []message.Markup{message.Format("%s. In the last 24 hours they brought %s in %s.", message.Markup(head),
		message.Count(n.Reports, "report", "reports"), message.Count(n.Stories, "story", "stories"))}
	slices.SortStableFunc(troubled, func(a, b feed.Feed) int { return a.Since.Compare(b.Since) })
	for _, f := range troubled[:min(len(troubled), maxTroubles)] {
		lines = append(lines, c.troubleLine(f))
	}
	if more := len(troubled) - maxTroubles; more > 0 {
		lines = append(lines, message.Format("… and %s.", message.Count(more, "more feed", "more feeds")))
	}
	return lines
}

// troubleLine tells of one feed that is not as it should be. It names the host alone: an
// address may hold a key.
func (c *commands) troubleLine(f feed.Feed) message.Markup {
	host := ""
	if u, err := url.Parse(f.URL); err == nil {
		host = u.Hostname()
	}
	name := host
	if s, ok := c.sources.Get(f.Source); ok {
		name = s.Name
		if host != "" {
			name += " (" + host + ")"
		}
	}
	why := c.explain(f.Reason)
	switch f.State {
	case feed.Quarantined:
		why = "set aside, because reading it made me crash; whoever runs me can release it"
	case feed.Gone:
		why = "its publisher took it down, so I no longer ask for it; whoever runs me can give me its new address"
	}
	again := message.Markup("")
	if when := message.When(f.Next); f.State == feed.Failing && when != "" {
		again = message.Format(" I ask again %s.", when)
	}
	return message.Format("⚠️ %s: %s.%s%s", cmp.Or(name, "a feed"), strings.TrimSuffix(why, "."), began(f.Since), again)
}

// began tells when a trouble began, "" when that is not known. Discord shows the
// time as "5 minutes ago".
func began(t time.Time) message.Markup {
	when := message.When(t)
	if when == "" {
		return ""
	}
	return message.Format(" It began %s.", when)
}

// explain gives a feed's trouble in words.
func (c *commands) explain(reason string) string {
	if w := cmp.Or(feed.ReasonText(reason), c.feedReason(reason)); w != "" {
		return w
	}
	return cmp.Or(strings.ReplaceAll(reason, "-", " "), "it cannot be read")
}

// guildLines tells how the guild's own alerts are.
func guildLines(subs []subscription.Subscription, blocked []guild.Channel, n Counts) []message.Markup {
	if len(subs) == 0 {
		return []message.Markup{"**This server**: no subscriptions yet. /subscribe sends a topic to a channel."}
	}
	used := map[string]bool{}
	for _, s := range subs {
		used[s.Channel] = true
	}
	line := message.Format("**This server**: %s in %s.", message.Count(len(subs), "subscription", "subscriptions"), message.Count(len(used), "channel", "channels"))
	line += message.Format(" %s in the last 24 hours.", message.Count(n.Sent, "alert", "alerts"))
	if n.Failed > 0 {
		line += message.Format(" Discord refused %s.", message.Count(n.Failed, "more", "more"))
	}
	if n.Pending > 0 {
		which := message.Markup("the oldest ")
		if n.Pending == 1 {
			which = ""
		}
		line += message.Format(" %s on the way, %sfrom %s.", message.Count(n.Pending, "is", "are"), which, message.When(n.OldestPending))
	}
	lines := []message.Markup{line}
	for _, c := range blocked {
		if used[c.ID] {
			lines = append(lines, blockedLine(c))
		}
	}
	return lines
}
