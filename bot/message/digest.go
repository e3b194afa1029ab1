package message

import (
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/text"
)

// digestOf is a digest: a list of stories, or of headlines alone in the plain
// form. It mentions nobody.
func digestOf(c alert.Content, form alert.Form) Payload {
	c.Items = c.Items[:min(len(c.Items), alert.MaxItems)]
	note := Markup("")
	if c.More > 0 {
		note = Markup("And " + Count(c.More, "more story", "more stories") + ". /recent shows them.")
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
	return Listing(c.Headline, items, note)
}

// maxDigestLine is the room for a headline in a plain digest, so that ten fit.
const maxDigestLine = 170
