package message

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
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

// PageItems is how many items stand on a page that somebody turns: as many as a phone
// shows at once.
const PageItems = 5

// maxItemTopics is the room for a line's topics; one topic always fits.
const maxItemTopics = 140

// Listing is a list of reports, two lines each with a blank one between, beneath a
// plain title; the note closes it. Items beyond [MaxItems] are left out.
func Listing(title string, items []Item, note Markup, in wording.Speaker) Payload {
	items = items[:min(len(items), MaxItems)]
	lines := make([]Markup, 0, 2*len(items))
	room := MaxDescription - utf8.RuneCountInString(string(note)) - len("\n\n")
	for i, it := range items {
		if i > 0 {
			lines = append(lines, "")
		}
		// What short lines leave is for those that follow.
		l := line(it, room/(len(items)-i)-len("\n\n"), in)
		room -= utf8.RuneCountInString(string(l)) + len("\n\n")
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
//	[Headline](link)
//	-# Ceasefire (agreed) · Claimed, not confirmed · Outlet and 2 others · 5 minutes ago
//
// Discord honours no escapes in the label of a link. A headline that needs one stands in
// bold alone, and a link with a label of ours ends its small print.
func line(it Item, max int, in wording.Speaker) Markup {
	title, _ := headline(alert.Content{Headline: it.Headline}, in)
	small := "\n-# " + strings.Join(known(it, in), " · ")
	l, ok := CheckLink(it.Link)
	if ok = ok && len(l.URL) <= maxLineLink; ok {
		end := "](" + l.URL + ")**" + small
		room := max - utf8.RuneCountInString("**["+end)
		if label := text.Cut(title, room); room >= minLineHeadline && isLabel(label) {
			return Markup("**[" + label + end)
		}
	}
	rest := func() int { return max - utf8.RuneCountInString("****"+small) }
	if ok {
		alone := small
		small += unbroken + "[" + in.Plain("alert.read") + "](" + l.URL + ")"
		if rest() < minLineHeadline {
			small = alone
		}
	}
	return Markup("**" + Escape(title, rest()) + "**" + small)
}

// isLabel reports whether a text from outside can be the label of a link: nothing in it
// means anything in markup, be it ":emoji:", and it cannot be taken for an address.
func isLabel(s string) bool {
	for i, r := range s {
		if r == ':' && !strings.HasPrefix(s[i:], ": ") {
			return false
		}
	}
	return strings.Contains(s, " ") && Escape(s, len(s)+1) == s
}

// known is what is known of an item: its topics, how it stands, who tells it and when.
func known(it Item, in wording.Speaker) []string {
	var out []string
	if t := topicLine(it.Topics, maxItemTopics, in); t != "" {
		out = append(out, t)
	}
	if w := standingWords(it.Standing, in); w != "" && len(out) > 0 {
		out = append(out, w)
	}
	name := Escape(it.Outlet.Name, maxOutlet)
	if name == "" {
		name = in.Plain("alert.unknown-outlet")
	}
	name += stateMark(it.Outlet, in)
	if it.Others > 0 {
		name = string(in.Say("alert.and-others", wording.Args{"outlet": Markup(name), "count": it.Others}))
	}
	out = append(out, name)
	if w := When(it.Time); w != "" {
		out = append(out, string(w))
	}
	return out
}
