package message

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/story"
)

// Item is one report in a list. Its texts are plain.
type Item struct {
	Headline string
	Link     string
	Outlet   alert.Outlet
	Time     time.Time
	Topics   []alert.Topic
	// Standing is what the words of the story's parties add up to.
	Standing story.Standing
	// Others counts further outlets that tell the story.
	Others int
}

// MaxItems is how many items a list takes, so that each has room for a
// headline.
const MaxItems = 10

// maxItemTopics is the room for a line's topics; one topic always fits.
const maxItemTopics = 140

// Listing is a list of reports, two lines each, beneath a plain title; the note
// closes it. Items beyond [MaxItems] are left out.
func Listing(title string, items []Item, note Markup) Payload {
	items = items[:min(len(items), MaxItems)]
	lines := make([]Markup, 0, len(items))
	room := MaxDescription - utf8.RuneCountInString(string(note)) - 1
	for i, it := range items {
		// What short lines leave is for those that follow.
		l := line(it, room/(len(items)-i)-1)
		room -= utf8.RuneCountInString(string(l)) + 1
		lines = append(lines, l)
	}
	p, _ := Panel(title, lines, note)
	return p
}

// line is one item within max code points, its headline above what is known of
// it in small print:
//
//	**Headline**
//	-# Ceasefire (agreed) · Claimed, not confirmed · Outlet · 5 minutes ago · read
//
// The link's label is ours: the headline cannot be the label, since Discord
// honours no escapes there.
func line(it Item, max int) Markup {
	var about []string
	if t := topicLine(it.Topics, maxItemTopics); t != "" {
		about = append(about, t)
	}
	if w := standingWords[it.Standing]; w != "" && len(about) > 0 {
		about = append(about, w)
	}
	name := it.Outlet.Name
	if name == "" {
		name = unknownOutlet
	}
	name = Escape(name, maxOutlet)
	if it.Outlet.StateControlled {
		name += " (state-controlled)"
	}
	if it.Others > 0 {
		name += " and " + Count(it.Others, "other", "others")
	}
	about = append(about, name)
	if w := When(it.Time); w != "" {
		about = append(about, string(w))
	}
	small := func() string { return "\n-# " + strings.Join(about, " · ") }
	rest := func() int { return max - utf8.RuneCountInString("****"+small()) }
	if l, ok := CheckLink(it.Link); ok && len(l.URL) <= maxLineLink {
		about = append(about, "[read]("+l.URL+")")
		if rest() < minLineHeadline {
			about = about[:len(about)-1]
		}
	}
	title, _ := headline(alert.Content{Headline: it.Headline})
	return Markup("**" + Escape(title, rest()) + "**" + small())
}
