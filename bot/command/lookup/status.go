package lookup

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// countsOver is the time that /status counts over.
const countsOver = 24 * time.Hour

// maxTroubles is how many feeds in trouble /status names.
const maxTroubles = 10

// status tells how the feeds and the guild's alerts are.
func (h *Handlers) status(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	feeds, err := h.store.FeedsSeenBy(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("read feed status: %w", err)
	}
	counts, err := h.store.Counts(ctx, q.Guild, q.Now.Add(-countsOver))
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("read counts: %w", err)
	}
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	blocked, err := h.store.Blocked(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list blocked channels: %w", err)
	}
	unpublished, err := h.store.Unpublished(ctx, q.Guild, q.Now.Add(-countsOver))
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("count unpublished alerts: %w", err)
	}
	silent, err := h.quietLines(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines := slices.Concat(h.feedLines(feeds, counts, q), guildLines(q, subs, blocked, counts), silent)
	if unpublished > 0 {
		lines = append(lines, q.Say("place.hour-full", wording.Args{"count": unpublished}))
	}
	p, _ := message.Panel(q.Plain("status.title"), lines, "")
	return interaction.Reply{Payload: p}, nil
}

// feedLines tells how many feeds are read, and which are not.
func (h *Handlers) feedLines(feeds []feed.Feed, n archive.Counts, q interaction.Request) []message.Markup {
	in := q.Speaker
	if len(feeds) == 0 {
		return []message.Markup{in.Say("health.none")}
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
	lines := []message.Markup{in.Say("health.reading", wording.Args{"read": read, "all": len(feeds)})}
	if fresh > 0 {
		lines[0] = in.Say("health.reading-fresh", wording.Args{"read": read, "all": len(feeds), "fresh": fresh})
	}
	lines[0] += " " + brought(n, in)
	slices.SortStableFunc(troubled, func(a, b feed.Feed) int { return a.Since.Compare(b.Since) })
	for _, f := range troubled[:min(len(troubled), maxTroubles)] {
		lines = append(lines, h.troubleLine(f, q))
	}
	if more := len(troubled) - maxTroubles; more > 0 {
		lines = append(lines, in.Say("health.more", wording.Args{"count": more}))
	}
	return lines
}

// brought tells what feeds brought in a day. Reports that have just come are in no
// story yet.
func brought(n archive.Counts, in wording.Speaker) message.Markup {
	reports := in.Say("story.reports", wording.Args{"count": n.Reports})
	switch {
	case n.Reports == 0:
		return in.Say("health.brought-nothing")
	case n.Stories == 0:
		return in.Say("health.brought-unplaced", wording.Args{"reports": reports})
	}
	return in.Say("health.brought", wording.Args{"reports": reports, "stories": in.Say("health.stories", wording.Args{"count": n.Stories})})
}

// troubleLine tells of one feed that is not as it should be. It names the host alone: an
// address may hold a key.
func (h *Handlers) troubleLine(f feed.Feed, q interaction.Request) message.Markup {
	in := q.Speaker
	host := ""
	if u, err := url.Parse(f.URL); err == nil {
		host = u.Hostname()
	}
	name := host
	if s, ok := h.Sources.Get(f.Source); ok {
		name = s.Name
		if host != "" {
			name += " (" + host + ")"
		}
	}
	why := h.Explain(f.Reason, in)
	switch f.State {
	case feed.Quarantined:
		why = in.Plain("health.quarantined")
	case feed.Gone:
		why = in.Plain("health.taken-down")
	}
	line := in.Say("health.trouble", wording.Args{"feed": cmp.Or(name, in.Plain("health.a-feed")), "why": strings.TrimSuffix(why, ".")}) + desk.Began(f.Since, in)
	if f.State == feed.Failing {
		line = message.Join(" ", line, desk.Ahead(f.Next, q, "health.again", "health.again-now"))
	}
	return line
}

// quietLines tell which channels get nothing now, or at times, and that something is
// muted.
func (h *Handlers) quietLines(ctx context.Context, q interaction.Request) ([]message.Markup, error) {
	channels, err := h.store.QuietChannels(ctx, q.Guild)
	if err != nil {
		return nil, fmt.Errorf("list quiet channels: %w", err)
	}
	mutes, err := h.store.Mutes(ctx, q.Now, q.Guild)
	if err != nil {
		return nil, fmt.Errorf("list mutes: %w", err)
	}
	var lines []message.Markup
	for _, c := range channels {
		about := wording.Args{"channel": message.Channel(c.ID)}
		until, now := c.Hours.Hold(q.Now)
		switch {
		case c.Pause.Holds(q.Now):
			about["until"] = times.Until(c.Pause.Until, q.Speaker)
			lines = append(lines, q.Say("status.paused", about))
		case now:
			about["time"] = message.At(until)
			lines = append(lines, q.Say("status.quiet-now", about))
		case !c.Hours.IsZero():
			about["hours"] = times.Hours(c.Hours, q.Speaker)
			lines = append(lines, q.Say("status.quiet", about))
		}
	}
	if len(mutes) > 0 {
		lines = append(lines, q.Say("status.muted", wording.Args{"count": len(mutes)}))
	}
	return lines, nil
}

// guildLines tells how the guild's own alerts are.
func guildLines(q interaction.Request, subs []subscription.Subscription, blocked []guild.Channel, n archive.Counts) []message.Markup {
	if len(subs) == 0 {
		return []message.Markup{q.Say(desk.Addressed(q.Guild, "status.none", "status.none-direct"))}
	}
	used := map[string]bool{}
	for _, s := range subs {
		used[s.Channel] = true
	}
	line := q.Say(desk.Addressed(q.Guild, "status.server", "status.direct"), wording.Args{
		"subscriptions": q.Say("status.subscriptions", wording.Args{"count": len(subs)}), "channels": q.Say("status.channels", wording.Args{"count": len(used)}),
		"alerts": q.Say("status.alerts", wording.Args{"count": n.In(alert.Sent)}),
	})
	if n.In(alert.Dead) > 0 {
		line += " " + q.Say("status.refused", wording.Args{"count": n.In(alert.Dead)})
	}
	if n.Pending > 0 {
		line += " " + q.Say("status.waiting", wording.Args{"count": n.Pending, "when": message.When(n.OldestPending)})
	}
	lines := []message.Markup{line}
	for _, c := range blocked {
		if used[c.ID] {
			lines = append(lines, desk.BlockedLine(c, q.Speaker))
		}
	}
	return lines
}
