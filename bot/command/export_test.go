package command

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Put adds a command to the router or replaces one, for tests of the router.
func (r *Router) Put(name string, run interaction.Handler) {
	r.handlers.Commands[name] = interaction.Command{Run: run}
}

// Actions are the names of the actions that there are.
func (r *Router) Actions() []string { return slices.Sorted(maps.Keys(r.handlers.Actions)) }

// ParseSince reads a time in the past.
var ParseSince = parseSince

// FilterText is what a button carries of the stories that it shows; zero minutes
// mean no time.
func FilterText(id, country string, minutes int64, outlet, standing string) string {
	f := filter{topic: topic.ID(id), country: country, source: source.ID(outlet), standing: story.Standing(standing)}
	if minutes > 0 {
		f.since = time.Unix(60*minutes, 0).UTC()
	}
	return f.String()
}

// ActWords say what was changed.
var ActWords = actWords

// Slow makes every command, every choice and every action of the router take as
// long as wait does, before it says "done".
func (r *Router) Slow(wait func(context.Context) error) {
	done := func(ctx context.Context, _ interaction.Request) (interaction.Reply, error) {
		return interaction.Reply{Payload: message.Text("done")}, wait(ctx)
	}
	for name, e := range r.handlers.Commands {
		e.Run = done
		if e.Complete != nil {
			e.Complete = func(ctx context.Context, _ interaction.Request, _, _ string) ([]interaction.Choice, error) {
				return []interaction.Choice{{Name: "done", Value: "done"}}, wait(ctx)
			}
		}
		r.handlers.Commands[name] = e
	}
	for name, a := range r.handlers.Actions {
		a.Run = done
		r.handlers.Actions[name] = a
	}
}

// TraitWords names what alerts have in common, in English.
func (r *Router) TraitWords(t feedback.Trait) string {
	return string(r.commands.traitWords(t, wording.Speaker{}))
}

// VerdictWords says why a channel got no alert.
var VerdictWords = verdictWords

// FeedLines tells how feeds are.
func FeedLines(sources Sources, feeds []feed.Feed, in wording.Speaker) []message.Markup {
	c := &commands{sources: sources, feedReason: func(string) string { return "" }}
	return c.feedLines(feeds, Counts{}, in)
}
