package message

import (
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/text"
)

// digestOf is a digest: a list of stories, or of headlines alone in the plain
// form. It mentions nobody.
func digestOf(c alert.Content, form alert.Form, in wording.Speaker) Payload {
	c.Items = c.Items[:min(len(c.Items), alert.MaxItems)]
	switch {
	case c.Gathered:
		c.Headline = gatheredTitle(c, in)
	case len(c.Topics) > 0:
		c.Headline = digestTitle(c.Topics[0], in)
	}
	note := Markup("")
	if c.More > 0 {
		note = in.Say("alert.digest-more", wording.Args{"count": c.More})
	}
	if form == alert.Plain {
		lines := []string{"**" + Escape(c.Headline, MaxTitle) + "**"}
		room := MaxContent - len([]rune(lines[0])) - len([]rune(note)) - 2
		for _, it := range c.Items {
			l := "• " + Escape(it.Headline, maxDigestLine)
			if room -= len([]rune(l)) + 1; room < 0 {
				break
			}
			lines = append(lines, l)
		}
		if note != "" {
			lines = append(lines, string(note))
		}
		return Payload{Content: text.Cut(strings.Join(lines, "\n"), MaxContent), Flags: discordgo.MessageFlagsSuppressEmbeds}
	}
	items := make([]Item, len(c.Items))
	for i, it := range c.Items {
		items[i] = Item{
			Headline: it.Headline, Link: it.Link, Outlet: it.Outlet, Time: it.Time, Topics: it.Topics, Standing: it.Standing, Others: it.Others,
		}
	}
	return Listing(c.Headline, items, note, in)
}

// digestTitle is what stands above a digest, as plain text.
func digestTitle(about alert.Topic, in wording.Speaker) string {
	if about.ID == "" {
		return in.Plain("alert.digest-all")
	}
	return in.Plain("alert.digest", wording.Args{"topic": Title(about.ID, about.Title, in)})
}

// gatheredTitle is "Ceasefire: 4 stories".
func gatheredTitle(c alert.Content, in wording.Speaker) string {
	if len(c.Topics) == 0 {
		return in.Plain("subscribe.gathered-all", wording.Args{"count": len(c.Items)})
	}
	return in.Plain("subscribe.gathered", wording.Args{"count": len(c.Items), "topic": Title(c.Topics[0].ID, c.Topics[0].Title, in)})
}

// wakeUp is the summary of what was held: "While paused: 7 stories".
func wakeUp(c alert.Content, form alert.Form, in wording.Speaker) Payload {
	count := wording.Args{"count": len(c.Items) + max(c.More, 0)}
	c.Headline = in.Plain("living.wake-quiet", count)
	if c.Held == quiet.Paused {
		c.Headline = in.Plain("living.wake-paused", count)
	}
	return digestOf(c, form, in)
}

// maxDigestLine is the room for a headline in a plain digest, so that ten fit.
const maxDigestLine = 170
