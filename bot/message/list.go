package message

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/wording"
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
func Listing(title string, items []Item, note Markup, in wording.Speaker) Payload {
	items = items[:min(len(items), MaxItems)]
	lines := make([]Markup, 0, len(items))
	room := MaxDescription - utf8.RuneCountInString(string(note)) - len("\n\n")
	for i, it := range items {
		// What short lines leave is for those that follow.
		l := line(it, room/(len(items)-i)-1, in)
		room -= utf8.RuneCountInString(string(l)) + 1
		lines = append(lines, l)
	}
	p, _ := Panel(title, lines, note)
	return p
}

// Line is one item as a [Listing] shows it, within max code points.
func Line(it Item, max int, in wording.Speaker) Markup { return line(it, max, in) }

// unbroken parts two things on a line between which it does not end, so that a
// link of one word does not stand alone below.
const unbroken = "\u00a0·\u00a0"

// line is one item within max code points, its headline above what is known of
// it in small print:
//
//	**Headline**
//	-# Ceasefire (agreed) · Claimed, not confirmed · Outlet · 5 minutes ago · read
//
// The link's label is ours: the headline cannot be the label, since Discord
// honours no escapes there.
func line(it Item, max int, in wording.Speaker) Markup {
	var about []string
	if t := topicLine(it.Topics, maxItemTopics, in); t != "" {
		about = append(about, t)
	}
	if w := standingWords(it.Standing, in); w != "" && len(about) > 0 {
		about = append(about, w)
	}
	name := it.Outlet.Name
	if name == "" {
		name = in.Plain("alert.unknown-outlet")
	}
	name = Escape(name, maxOutlet)
	name += stateMark(it.Outlet, in)
	if it.Others > 0 {
		name = string(in.Say("alert.and-others", wording.Args{"outlet": Markup(name), "count": it.Others}))
	}
	about = append(about, name)
	if w := When(it.Time); w != "" {
		about = append(about, string(w))
	}
	small := func() string { return "\n-# " + strings.Join(about, " · ") }
	rest := func() int { return max - utf8.RuneCountInString("****"+small()) }
	if l, ok := CheckLink(it.Link); ok && len(l.URL) <= maxLineLink {
		last := about[len(about)-1]
		about[len(about)-1] += unbroken + "[" + in.Plain("alert.read") + "](" + l.URL + ")"
		if rest() < minLineHeadline {
			about[len(about)-1] = last
		}
	}
	title, _ := headline(alert.Content{Headline: it.Headline}, in)
	return Markup("**" + Escape(title, rest()) + "**" + small())
}
