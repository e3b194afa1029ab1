package message

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
)

// Standing is a standing in words, "" for one that there is not. It is plain
// text.
func Standing(s story.Standing) string {
	if s == story.Reported {
		return "Reported, no party has spoken"
	}
	return standingWords[s]
}

// Tier is an outlet's tier in words, as plain text.
func Tier(t source.Tier) string { return tierWords[t] }

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
	return Markup("**" + Escape(name, maxOutlet) + "** " + Escape(rest[len(unknownOutlet):], maxOutlet))
}
