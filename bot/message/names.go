package message

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
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
func CountryName(code string) string {
	switch r, err := language.ParseRegion(code); {
	case code == source.International:
		return "International"
	case err == nil:
		return display.English.Regions().Name(r)
	}
	return text.Clean(code)
}

// Outlet names an outlet with what a reader should know of it: "**TASS** · news
// agency · RU · state-controlled".
func Outlet(o alert.Outlet) Markup {
	name := plain(o.Name, maxOutlet)
	o.Name = ""
	rest := outlet(o)
	if name == "" {
		name = unknownOutlet
	}
	return Join(" ", Markup("**"+Escape(name, maxOutlet)+"**"), Markup(Escape(rest[len(unknownOutlet):], maxOutlet)))
}

// Read is a link to a report, or empty for an address that may not be shown. The
// label is ours: Discord honours no escapes there.
func Read(link string) Markup {
	l, ok := CheckLink(link)
	if !ok || len(l.URL) > maxLineLink {
		return ""
	}
	return Markup("[read](" + l.URL + ")")
}

// Jump leads to a message; empty where an id is none.
func Jump(guild, channel, message string) Markup {
	if !Snowflake(guild) || !Snowflake(channel) || !Snowflake(message) {
		return ""
	}
	return Markup(" [See it](https://discord.com/channels/" + guild + "/" + channel + "/" + message + ")")
}

// Said is what a party says: "**Trump** says so, about Putin"; empty where that
// cannot be told.
func Said(s alert.Said) Markup { return Markup(saidLine(s, maxSpeaker)) }

// Topics names topics with their stages, as many as fit into a line.
func Topics(topics []alert.Topic) Markup { return Markup(topicLine(topics, maxTopicsLine)) }

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
