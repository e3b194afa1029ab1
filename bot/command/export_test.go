package command

import (
	"context"
	"maps"
	"slices"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
)

// Put adds a command to the router or replaces one, for tests of the router.
func (r *Router) Put(name string, run interaction.Handler) {
	r.handlers.Commands[name] = interaction.Command{Run: run}
}

// Actions are the names of the actions that there are.
func (r *Router) Actions() []string { return slices.Sorted(maps.Keys(r.handlers.Actions)) }

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

// HasPage reports whether a button with that custom id leads to a page.
func (r *Router) HasPage(customID string) bool {
	_, ok := r.handlers.Page(customID)
	return ok
}
