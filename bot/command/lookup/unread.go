package lookup

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feed"
)

// maxSiteFeeds is how many feeds of a site are told.
const maxSiteFeeds = 5

// neverRead says why there may be no report with a link: whether a feed of its
// site is read, and how that goes.
func (h *Handlers) neverRead(ctx context.Context, q interaction.Request, link string) (interaction.Reply, error) {
	at := site(link)
	if at == "" {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "health.bad-link")
	}
	feeds, err := h.store.FeedsSeenBy(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("read feed status: %w", err)
	}
	feeds = slices.DeleteFunc(feeds, func(f feed.Feed) bool { return site(f.URL) != at })
	if len(feeds) == 0 {
		return interaction.Reply{Payload: message.Text(q.Say("health.no-feed", wording.Args{"site": at}))}, nil
	}
	lines := []message.Markup{q.Say("health.read-feeds", wording.Args{"count": len(feeds), "site": at})}
	for _, f := range feeds[:min(len(feeds), maxSiteFeeds)] {
		if f.State != feed.OK && f.State != feed.New {
			lines = append(lines, h.troubleLine(f, q))
			continue
		}
		line := q.Say("health.well", wording.Args{"outlet": h.SourceName(f.Source)})
		if when := message.When(f.Newest); when != "" {
			line = q.Say("health.well-newest", wording.Args{"outlet": h.SourceName(f.Source), "when": when})
		}
		lines = append(lines, "• "+line)
	}
	lines = append(lines, "", q.Say("health.not-listed"))
	p, _ := message.Panel(q.Plain("health.no-report"), lines, "")
	return interaction.Reply{Payload: p}, nil
}

// site is whose address one is: "bbc.co.uk" for feeds.bbc.co.uk; "" for none.
func site(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if at, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return at
	}
	return host
}
