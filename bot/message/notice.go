package message

import (
	"net/url"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
)

// notice tells moderators of a trouble in one line.
func notice(n alert.NoticeContent, in wording.Speaker) string {
	args := wording.Args{"channel": Channel(n.Subject), "feed": feedName(n.Name), "since": When(n.Since), "why": BlockedWhy(alert.Reason(n.Reason), in)}
	id := wording.ID("notice.blocked")
	switch {
	case n.Mended && n.Kind == guild.FeedFails:
		id = "notice.feed-mended"
	case n.Mended:
		id = "notice.mended"
	case n.Kind == guild.FeedFails:
		id = "notice.feed"
	case n.Kind == guild.RoleGone:
		id = "notice.role-gone"
	case n.Kind == guild.ContentRefused:
		id = "notice.refused"
	}
	return string(in.Say(id, args))
}

// BlockedWhy says why a channel takes nothing, and what to do.
func BlockedWhy(r alert.Reason, in wording.Speaker) Markup {
	switch r {
	case alert.ReasonNoAccess:
		return in.Say("notice.no-access")
	case alert.ReasonNoChannel:
		return in.Say("notice.no-channel")
	case alert.ReasonTagRequired:
		return in.Say("notice.no-tag")
	}
	return in.Say("notice.wrong-channel")
}

// feedName is what a feed calls itself, or its host: an address may hold a key.
func feedName(name string) string {
	if u, err := url.Parse(name); err == nil && u.Host != "" {
		return u.Hostname()
	}
	return name
}
