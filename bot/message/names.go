package message

import (
	"strings"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// StandingID is what a standing is called; "" for one that there is not.
func StandingID(s story.Standing) wording.ID {
	if s == story.Reported {
		return "standing.reported"
	}
	return standingIDs[s]
}

// Standing is a standing in words, "" for one that there is not. It is plain
// text.
func Standing(s story.Standing, in wording.Speaker) string {
	if id := StandingID(s); id != "" {
		return in.Plain(id)
	}
	return ""
}

// TierID is what an outlet's tier is called; "" for one that there is not.
func TierID(t source.Tier) wording.ID { return tierIDs[t] }

// Tier is an outlet's tier in words, as plain text.
func Tier(t source.Tier, in wording.Speaker) string {
	if id := TierID(t); id != "" {
		return in.Plain(id)
	}
	return ""
}

// CountryName is the name of the country with an ISO 3166-1 code, as plain text.
func CountryName(code string, in wording.Speaker) string {
	if code == source.International {
		return in.Plain("alert.international")
	}
	return in.Country(code)
}

// Outlet names an outlet with what a reader should know of it: "**TASS** · news
// agency · RU · state-controlled".
func Outlet(o alert.Outlet, in wording.Speaker) Markup {
	name := plain(o.Name, maxOutlet)
	if name == "" {
		name = in.Plain("alert.unknown-outlet")
	}
	parts := []Markup{Markup("**" + Escape(name, maxOutlet) + "**")}
	for _, t := range outletTraits(o, in) {
		parts = append(parts, Markup(Escape(t, maxOutlet)))
	}
	return Join(" · ", parts...)
}

// Read is a link to a report, or empty for an address that may not be shown. The
// label is ours: Discord honours no escapes there.
func Read(link string, in wording.Speaker) Markup {
	l, ok := CheckLink(link)
	if !ok || len(l.URL) > maxLineLink {
		return ""
	}
	return Markup("[" + in.Plain("alert.read") + "](" + l.URL + ")")
}

// Jump leads to a message; empty where an id is none.
func Jump(guild, channel, message string, in wording.Speaker) Markup {
	if !Snowflake(guild) || !Snowflake(channel) || !Snowflake(message) {
		return ""
	}
	return Markup(" [" + in.Plain("alert.see-it") + "](https://discord.com/channels/" + guild + "/" + channel + "/" + message + ")")
}

// Said is what a party says: "**Trump** says so, about Putin"; empty where that
// cannot be told.
func Said(s alert.Said, in wording.Speaker) Markup { return Markup(saidLine(s, maxSpeaker, in)) }

// Topics names topics with their stages, as many as fit into a line.
func Topics(topics []alert.Topic, in wording.Speaker) Markup {
	return Markup(topicLine(topics, maxTopicsLine, in))
}

// maxTopicsLine is the length of a line of topics.
const maxTopicsLine = 300

// Join joins the parts of a line that are not empty.
func Join(separator string, parts ...Markup) Markup {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, string(p))
		}
	}
	return Markup(strings.Join(out, separator))
}
