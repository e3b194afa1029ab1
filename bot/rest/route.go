package rest

import (
	"strings"
)

// class says by whose limits a request is counted.
type class int

const (
	// classBot requests carry the bot's token and count on its global limit.
	classBot class = iota
	// classInteraction requests carry a token in their path instead: answers
	// to interactions. The bot's global limit does not bind them.
	// https://discord.com/developers/docs/topics/rate-limits#global-rate-limit
	classInteraction
	classes
)

// route is what the limits and the errors need to know about a request.
type route struct {
	// name is the method and the path's template, free of ids and secrets:
	// "POST /channels/{channel_id}/messages".
	name string
	// major is the top-level resource that has a bucket of its own.
	major string
	class class
	// essential requests still go out while the breaker refuses the others.
	essential bool
	// secret is the token inside the path, for cleaning what comes back.
	secret string
}

// essentialRoutes lists the requests without which the bot is of no use:
// posting and updating alerts, and reaching the gateway.
var essentialRoutes = map[string]bool{
	"POST /channels/{channel_id}/messages":               true,
	"PATCH /channels/{channel_id}/messages/{message_id}": true,
	"POST /channels/{channel_id}/threads":                true, // an alert in a forum
	"GET /gateway":                                       true,
	"GET /gateway/bot":                                   true,
}

// maxLiteral bounds a path segment that is shown as it is; longer ones may be
// secrets of a route that is not known here.
const maxLiteral = 32

// parseRoute reads a path below the API version.
func parseRoute(method, path string) route {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	var rt route
	tokenAt := -1
	if (segments[0] == "interactions" || segments[0] == "webhooks") && len(segments) >= 3 {
		tokenAt = 2
		rt.class = classInteraction
		rt.secret = segments[2]
	}
	var b strings.Builder
	b.WriteString(method)
	b.WriteByte(' ')
	for i, s := range segments {
		b.WriteByte('/')
		b.WriteString(templateSegment(segments, i, s, tokenAt))
	}
	rt.name = b.String()
	rt.major = majorOf(segments, tokenAt)
	rt.essential = essentialRoutes[rt.name]
	return rt
}

func templateSegment(segments []string, i int, s string, tokenAt int) string {
	switch {
	case i == tokenAt:
		return "{token}"
	case i > 0 && segments[i-1] == "reactions":
		return "{emoji}"
	case i > 0 && isSnowflake(s):
		before := segments[i-1]
		if i-1 == tokenAt || len(before) > maxLiteral || isSnowflake(before) {
			return "{id}"
		}
		return "{" + strings.TrimSuffix(before, "s") + "_id}"
	case len(s) > maxLiteral:
		return "{value}"
	}
	return s
}

// majorOf returns the ids that Discord counts apart: a channel, a guild, a
// webhook with its token. https://discord.com/developers/docs/topics/rate-limits
func majorOf(segments []string, tokenAt int) string {
	if len(segments) < 2 {
		return ""
	}
	switch segments[0] {
	case "channels", "guilds":
		return segments[1]
	case "interactions":
		return segments[1]
	case "webhooks":
		if tokenAt > 0 {
			return segments[1] + "/" + segments[tokenAt]
		}
		return segments[1]
	}
	return ""
}

// isSnowflake reports whether s has the form of one of Discord's ids.
func isSnowflake(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
