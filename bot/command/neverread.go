package command

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/feed"
)

// maxSiteFeeds is how many feeds of a site are told.
const maxSiteFeeds = 5

// neverRead says why there may be no report with a link: whether a feed of its
// site is read, and how that goes.
func (c *commands) neverRead(ctx context.Context, guildID, link string) (Reply, error) {
	at := site(link)
	if at == "" {
		return Reply{}, &Error{Code: BadOption, Message: "That link leads nowhere that I could read. Paste the whole address of a report."}
	}
	feeds, err := c.store.FeedStatus(ctx, guildID)
	if err != nil {
		return Reply{}, fmt.Errorf("read feed status: %w", err)
	}
	feeds = slices.DeleteFunc(feeds, func(f feed.Feed) bool { return site(f.URL) != at })
	if len(feeds) == 0 {
		return Reply{Payload: message.Text(message.Format(
			"I have read no report with this link, and read no feed of %s. /sources shows which outlets I read; whoever runs me can add one.", at))}, nil
	}
	lines := []message.Markup{message.Format("I have read no report with this link. I read %s of %s:", message.Count(len(feeds), "feed", "feeds"), at)}
	for _, f := range feeds[:min(len(feeds), maxSiteFeeds)] {
		if f.State != feed.OK && f.State != feed.New {
			lines = append(lines, c.troubleLine(f))
			continue
		}
		line := message.Format("• %s is well", c.sourceName(f.Source))
		if when := message.When(f.Newest); when != "" {
			line += message.Format(", its newest report is from %s", when)
		}
		lines = append(lines, line)
	}
	lines = append(lines, "", "The feed may not list this report, not yet, or under another link. /search with words of its headline finds it then.")
	p, _ := message.Panel("No report with this link", lines, "")
	return Reply{Payload: p}, nil
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
