package message

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// tierIDs are what readers are told of an outlet's tier.
var tierIDs = map[source.Tier]wording.ID{
	source.Wire:     "tier.wire",
	source.National: "tier.national",
	source.Local:    "tier.local",
	source.Official: "tier.official",
}

// outlet names an outlet with what a reader should know of it, without markup:
// "TASS · news agency · RU · state-controlled".
func outlet(o alert.Outlet, in wording.Speaker) string {
	parts := []string{plain(o.Name, maxOutlet)}
	if parts[0] == "" {
		parts[0] = in.Plain("alert.unknown-outlet")
	}
	return strings.Join(append(parts, outletTraits(o, in)...), " · ")
}

// outletTraits are what a reader should know of an outlet beside its name.
func outletTraits(o alert.Outlet, in wording.Speaker) []string {
	var parts []string
	if w := Tier(o.Tier, in); w != "" {
		parts = append(parts, w)
	}
	if o.Own {
		parts = append(parts, in.Plain("alert.own-feed"))
	}
	if c := plain(o.Country, 3); c != "" && c != "INT" {
		parts = append(parts, c)
	}
	if o.StateControlled {
		parts = append(parts, in.Plain("alert.state-controlled"))
	}
	return parts
}

// stateMark marks an outlet that a state controls, after its name.
func stateMark(o alert.Outlet, in wording.Speaker) string {
	if !o.StateControlled {
		return ""
	}
	return " (" + in.Plain("alert.state-controlled") + ")"
}

// Stage is a stage in words, as plain text: "under-negotiation" is "under
// negotiation".
func Stage(s topic.Stage, in wording.Speaker) string {
	return in.Name("stage", string(s), strings.ReplaceAll(string(s), "-", " "))
}

// stageWords is a stage in words, escaped.
func stageWords(s topic.Stage, in wording.Speaker) string {
	return Escape(Stage(s, in), maxTopicTitle)
}

// Title is a topic's title in words, as plain text. It is the topic's own where
// it is not built in.
func Title(id topic.ID, english string, in wording.Speaker) string {
	return in.Name("topic", string(id), english)
}

// topicLine names topics with their stages, as many as fit into max code points
// and a count of the others.
func topicLine(topics []alert.Topic, max int, in wording.Speaker) string {
	var b strings.Builder
	length := 0
	for i, t := range topics {
		part := topicWords(t, in)
		if i > 0 {
			part = " · " + part
		}
		rest := ""
		if left := len(topics) - i; left > 1 {
			rest = " " + in.Plain("alert.and-more", wording.Args{"count": left})
		}
		n := utf8.RuneCountInString(part)
		if length+n+utf8.RuneCountInString(rest) > max {
			if i > 0 {
				b.WriteString(" " + in.Plain("alert.and-more", wording.Args{"count": len(topics) - i}))
			}
			break
		}
		b.WriteString(part)
		length += n
	}
	return b.String()
}

// topicWords is one topic: "**Ceasefire** (agreed)".
func topicWords(t alert.Topic, in wording.Speaker) string {
	title := text.Clean(Title(t.ID, t.Title, in))
	if title == "" {
		title = text.Clean(string(t.ID))
	}
	out := "**" + Escape(title, maxTopicTitle) + "**"
	if s := stageWords(t.Stage, in); s != "" {
		out += " (" + s + ")"
	}
	return out
}

// When is a time that every reader sees relative to now, or empty for a time
// that cannot be shown
// (https://discord.com/developers/docs/reference#message-formatting).
func When(t time.Time) Markup {
	if !showable(t) {
		return ""
	}
	return Markup(fmt.Sprintf("<t:%d:R>", t.Unix()))
}

// Count is a number with its noun: "1 story", "2 stories".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// families gives topics of one kind one colour. Colour repeats what the topic
// line says; it never says anything alone.
var families = map[topic.ID]int{
	"ceasefire": peaceGreen, "peace-talks": peaceGreen, "treaty": peaceGreen, "hostages-prisoners": peaceGreen,
	"military-strike": warRed, "weapons-test": warRed, "mobilisation": warRed, "nuclear": warRed, "coup": warRed,
	"sanctions": tradeAmber, "trade-dispute": tradeAmber, "arms-transfers": tradeAmber,
	"summit": stateBlue, "diplomatic-ties": stateBlue, "united-nations": stateBlue, "territorial-dispute": stateBlue,
	"humanitarian": aidViolet, "war-crimes": aidViolet,
}

const (
	peaceGreen = 0x2E8B57
	warRed     = 0xB03A2E
	tradeAmber = 0xC9861A
	stateBlue  = 0x2F6DB5
	aidViolet  = 0x7D4E9E
	otherGrey  = 0x6B7280
)

// colour is that of the standing; where an alert tells none, that of the first
// topic, but that of war for a peace that is broken or refused.
func colour(c alert.Content) int {
	if standing, ok := standingColours[shownStanding(c)]; ok {
		return standing
	}
	topics := c.Topics
	if len(topics) > 0 {
		if families[topics[0].ID] == peaceGreen && slices.Contains([]topic.Stage{"violated", "ended", "rejected"}, topics[0].Stage) {
			return warRed
		}
		if f, ok := families[topics[0].ID]; ok {
			return f
		}
	}
	return otherGrey
}
