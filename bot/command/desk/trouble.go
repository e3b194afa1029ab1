package desk

import (
	"cmp"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
)

// Explain gives a feed's trouble in words.
func (d *Desk) Explain(reason string, in wording.Speaker) string {
	if w := cmp.Or(feed.ReasonText(reason), d.feedReason(reason)); w != "" {
		return in.Name("feed-reason", reason, w)
	}
	return cmp.Or(strings.ReplaceAll(reason, "-", " "), in.Plain("health.unread"))
}

// Began tells when a trouble began, "" when that is not known. Discord shows the
// time as "5 minutes ago".
func Began(t time.Time, in wording.Speaker) message.Markup {
	when := message.When(t)
	if when == "" {
		return ""
	}
	return " " + in.Say("health.began", wording.Args{"when": when})
}

// Ahead tells that something comes at a time, "" when that is not known. What should have
// come already comes at once: Discord would show it as past.
func Ahead(t time.Time, q interaction.Request, then, now wording.ID) message.Markup {
	when := message.When(t)
	switch {
	case when == "":
		return ""
	case !t.After(q.Now):
		return q.Say(now)
	}
	return q.Say(then, wording.Args{"when": when})
}

// blockedWords tell why a channel gets nothing, and what to do.
var blockedWords = map[alert.Reason]wording.ID{
	alert.ReasonNoAccess:     "blocked.no-access",
	alert.ReasonNoChannel:    "blocked.no-channel",
	alert.ReasonUnreachable:  "blocked.unreachable",
	alert.ReasonTagRequired:  "blocked.tag",
	alert.ReasonWrongChannel: "blocked.wrong-channel",
}

// BlockedLine tells that a channel's alerts wait.
func BlockedLine(c guild.Channel, in wording.Speaker) message.Markup {
	why := message.Format("%s", strings.ReplaceAll(c.Reason, "-", " "))
	if id, ok := blockedWords[alert.Reason(c.Reason)]; ok {
		why = in.Say(id)
	}
	id := wording.ID("blocked.line")
	if alert.Reason(c.Reason) == alert.ReasonUnreachable {
		id = "blocked.line-direct"
	}
	return in.Say(id, wording.Args{"channel": message.Channel(c.ID), "why": why}) + Began(c.Blocked, in)
}

// Addressed chooses the sentence for who gets alerts: a channel of a guild, or one
// person in direct messages.
func Addressed(account string, channel, person wording.ID) wording.ID {
	if guild.IsPersonal(account) {
		return person
	}
	return channel
}
