package command

import "context"

// Put adds a command to the router or replaces one, for tests of the router.
func (r *Router) Put(name string, run func(context.Context, Request) (Reply, error)) {
	r.entries[name] = entry{run: run}
}

// PutCompletion is Put for an option's choices.
func (r *Router) PutCompletion(name string, f func(context.Context) ([]Choice, error)) {
	r.entries[name] = entry{complete: func(ctx context.Context, _ Request, _, _ string) ([]Choice, error) { return f(ctx) }}
}
