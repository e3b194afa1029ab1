package command

import (
	"errors"
	"fmt"

	"github.com/attache-bot/attache/bot/command/care"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/living"
	"github.com/attache-bot/attache/bot/command/lookup"
	"github.com/attache-bot/attache/bot/command/own"
	"github.com/attache-bot/attache/bot/command/subscribing"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

// Store is what the commands read and write. Whatever concerns a guild is asked
// for with that guild's id and must answer for no other.
type Store interface {
	desk.Store
	subscribing.Store
	lookup.Store
	living.Store
	own.Store
	care.Store
}

// Options complete a [Router].
type Options struct {
	// Interaction says how interactions are answered.
	Interaction interaction.Options
	// Desk is what people name: topics, outlets, countries.
	Desk desk.Options
	// Feeds says how guilds add feeds of their own.
	Feeds own.Feeds
	// Explain judges every topic in a report, for those that came near; nil is one
	// that cannot.
	Explain func(report.Report) []topic.Verdict
	// Poster posts the samples of /test; nil is one that cannot.
	Poster subscribing.Poster
	// Keeps is how long things are kept.
	Keeps care.Keeps
	// Rehearser, if set, tells people what a subscription would have done.
	Rehearser subscribing.Rehearser
}

// Router answers interactions with the commands of [Tree]. It is safe for
// concurrent use.
type Router struct {
	*interaction.Router
	clicks   *wording.Commands
	handlers interaction.Handlers
}

// New returns a router.
func New(s Store, r interaction.Responder, o Options) (*Router, error) {
	if o.Desk.Topics == nil || o.Desk.Sources == nil {
		return nil, errors.New("commands: topics and sources must be given")
	}
	if o.Interaction.Commands == nil {
		o.Interaction.Commands = new(wording.Commands)
	}
	h := handlers(s, o)
	router, err := interaction.New(h, s, r, o.Interaction)
	if err != nil {
		return nil, fmt.Errorf("commands: %w", err)
	}
	return &Router{Router: router, clicks: o.Interaction.Commands, handlers: h}, nil
}

// handlers are all commands, what buttons, menus and forms do, and the pages of
// lists.
func handlers(s Store, o Options) interaction.Handlers {
	d, told := desk.New(s, o.Desk), Tree()
	var (
		subscribing = subscribing.New(d, s, o.Poster, o.Rehearser)
		lookup      = lookup.New(d, s, o.Explain)
		living      = living.New(d, s)
		own         = own.New(d, s, o.Feeds)
		care        = care.New(d, s, o.Keeps, told, o.Interaction.Commands)
	)
	commands := interaction.Join(subscribing.Commands(), lookup.Commands(), living.Commands(), own.Commands(), care.Commands())
	offered(told, commands)
	return interaction.Handlers{
		Commands: commands,
		Actions:  interaction.Join(subscribing.Actions(), lookup.Actions(), living.Actions(), own.Actions(), care.Actions()),
		Page: func(customID string) (interaction.Handler, bool) {
			return pressed(customID, subscribing.Page, lookup.Page, own.Page, care.Page)
		},
	}
}

// pressed finds the page that a button asks for.
func pressed(customID string, pages ...func(desk.Cursor) (interaction.Handler, bool)) (interaction.Handler, bool) {
	at, ok := desk.ParseCursor(customID)
	if !ok {
		return nil, false
	}
	for _, page := range pages {
		if run, ok := page(at); ok {
			return run, true
		}
	}
	return nil, false
}
