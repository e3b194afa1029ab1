package interaction

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// Times of an interaction.
const (
	// DefaultDeferAfter is how long a handler may take before people are told
	// that the answer will come. Discord waits 3 seconds for a first answer
	// (https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction).
	DefaultDeferAfter = 1500 * time.Millisecond
	// DefaultLimit is how long a handler may take at all.
	DefaultLimit = 30 * time.Second
	// maxDeferAfter leaves a first answer time to travel.
	maxDeferAfter = 2500 * time.Millisecond
	// maxLimit ends a handler while its interaction's token still holds, which
	// is for 15 minutes.
	maxLimit = 14 * time.Minute
	// completeWithin is how long choices may take; they cannot be deferred.
	completeWithin = 2 * time.Second
	// sendWithin bounds one request to Discord.
	sendWithin = 10 * time.Second
)

// Options complete a [Router]. Zero times mean the defaults.
type Options struct {
	// Direct says that commands which allow it work in direct messages too.
	Direct bool
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// DeferAfter and Limit are at most 2.5 seconds and 14 minutes.
	DeferAfter, Limit time.Duration
	// Reference makes the references by which people report a fault; nil means
	// random ones.
	Reference func() string
	// Commands are those that can be clicked in answers; nil for none.
	Commands *wording.Commands
}

func (o Options) withDefaults() (Options, error) {
	if o.Logger == nil {
		return o, errors.New("a logger must be given")
	}
	if o.DeferAfter == 0 {
		o.DeferAfter = DefaultDeferAfter
	}
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.DeferAfter < 0 || o.DeferAfter > maxDeferAfter {
		return o, fmt.Errorf("defer after %v: use more than 0 and at most %v", o.DeferAfter, maxDeferAfter)
	}
	if o.Limit <= o.DeferAfter || o.Limit > maxLimit {
		return o, fmt.Errorf("limit %v: use more than %v and at most %v", o.Limit, o.DeferAfter, maxLimit)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Reference == nil {
		o.Reference = func() string { return strings.ToLower(rand.Text()[:8]) }
	}
	return o, nil
}

// Reply is what a handler answers. It is shown to the person who asked alone,
// unless Public.
type Reply struct {
	Payload message.Payload
	Public  bool
	// Form, if set, is opened instead. A handler that opens one must not take long:
	// forms cannot be promised.
	Form *message.Form
}

func (r Reply) payload() message.Payload {
	if r.Public {
		return r.Payload
	}
	return r.Payload.Private()
}

// Command is a command, or a subcommand, in the router.
type Command struct {
	Run Handler
	// Kind is a slash command's when zero.
	Kind discordgo.ApplicationCommandType
	// Manage says that the member must be allowed to manage the bot: see
	// [MayManage].
	Manage bool
	// Public says that the answer may be shown to everybody.
	Public bool
	// Direct says that it works in direct messages too, where those are allowed.
	Direct bool
	// Complete offers choices for an option that is being typed; nil for none.
	Complete func(ctx context.Context, q Request, option, typed string) ([]Choice, error)
}

// Handler is what answers a request: with a reply, or with an error, of which
// people are told what an [Error] says.
type Handler = func(context.Context, Request) (Reply, error)

// Handlers are what a router leads to.
type Handlers struct {
	// Commands are by name, with those of subcommands behind it: "topic create".
	Commands map[string]Command
	// Actions are by the name in their ids.
	Actions map[string]Action
	// Page finds what a button does whose id is no action's; nil finds nothing.
	Page func(customID string) (Handler, bool)
}

// Router answers interactions. It is safe for concurrent use.
type Router struct {
	handlers  Handlers
	guilds    Guilds
	responder Responder
	o         Options
	log       *slog.Logger
	running   sync.WaitGroup
}

// New returns a router.
func New(h Handlers, g Guilds, r Responder, o Options) (*Router, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("router of interactions: %w", err)
	}
	return &Router{handlers: h, guilds: g, responder: r, o: o, log: o.Logger.With("component", "interaction")}, nil
}

// Handle answers one interaction, given as Discord sent it: the "d" of an
// INTERACTION_CREATE event. It returns when the answer has been sent, so callers
// run it beside their reading; it never panics. When ctx ends, the handler is
// cut off and the person told that the bot is being restarted.
func (r *Router) Handle(ctx context.Context, raw []byte) {
	in, t, err := decode(raw)
	log := r.log.With("interaction", t, "guild", in.Guild, "command", in.Data.Name)
	if t.ID == "" || t.Token == "" {
		log.WarnContext(ctx, "interaction without id or token dropped", "error", err)
		return
	}
	in = r.settled(in)
	ctx = r.asked(ctx, in)
	c := &call{Router: r, ticket: t, log: log, now: AnswerNow, later: AnswerLater, speaker: r.speaker(in.Locale, in.GuildLocale)}
	switch {
	case in.Type == discordgo.InteractionApplicationCommandAutocomplete:
		c.offer(ctx, in)
	case err != nil:
		log.WarnContext(ctx, "interaction could not be read", "error", err)
		c.Refuse(ctx, ErrGarbled)
	case in.Type == discordgo.InteractionApplicationCommand:
		c.answer(ctx, c.route(in))
	case in.Type == discordgo.InteractionMessageComponent:
		c.answer(ctx, c.routeComponent(in))
	case in.Type == discordgo.InteractionModalSubmit:
		c.answer(ctx, c.routeForm(in))
	default:
		log.WarnContext(ctx, "interaction of an unknown kind dropped", "type", int(in.Type))
	}
}

// asked says in the context who asks, for the note of what they change.
func (r *Router) asked(ctx context.Context, in interaction) context.Context {
	if in.Member == nil || !message.Snowflake(in.Member.User.ID) {
		return ctx
	}
	return guild.By(ctx, guild.Actor{User: in.Member.User.ID, At: r.o.Now()})
}

// Wait returns when every handler has ended, also those that were cut off and
// went on. Call it after the last Handle has returned.
func (r *Router) Wait() { r.running.Wait() }

// work is a handler with its request.
type work func(ctx context.Context) (Reply, error)

func refusal(e *Error) work {
	return func(context.Context) (Reply, error) { return Reply{}, e }
}

// route finds a command's handler, after checking who asks.
func (c *call) route(in interaction) work {
	q := c.request(in)
	e, ok := c.handlers.Commands[q.Command]
	if !ok || max(in.Data.Type, discordgo.ChatApplicationCommand) != max(e.Kind, discordgo.ChatApplicationCommand) {
		return refusal(errUnknown)
	}
	if !inGuild(in) {
		return refusal(errNoGuild)
	}
	if e.Public {
		public, err := q.wantsPublic()
		if err != nil {
			return refusal(err)
		}
		c.open = public
	}
	return c.managed(e.Manage, q, func(ctx context.Context, q Request) (Reply, error) {
		r, err := e.Run(ctx, q)
		r.Public = c.open
		return r, err
	})
}

// managed is a handler at work, behind the check whether the member may manage
// the bot, if that is needed.
func (c *call) managed(manage bool, q Request, run Handler) work {
	return c.speaking(q, func(ctx context.Context, q Request) (Reply, error) {
		if manage {
			if err := MayManage(ctx, c.guilds, q); err != nil {
				return Reply{}, err
			}
		}
		return run(ctx, q)
	})
}

// routeComponent finds what a button or menu does.
func (c *call) routeComponent(in interaction) work {
	if id, ok := message.ParseActionID(in.Data.CustomID); ok {
		return c.routeAction(in, id)
	}
	return c.routeButton(in)
}

// routeForm finds what a submitted form does.
func (c *call) routeForm(in interaction) work {
	id, ok := message.ParseActionID(in.Data.CustomID)
	if !ok {
		return refusal(errForm)
	}
	return c.routeAction(in, id)
}

// routeButton finds the page that a button asks for. Whoever presses a button of
// what another one asked for gets the page as a message of their own.
func (c *call) routeButton(in interaction) work {
	var page Handler
	ok := false
	if c.handlers.Page != nil {
		page, ok = c.handlers.Page(in.Data.CustomID)
	}
	switch {
	case !ok:
		return refusal(ErrButton)
	case !inGuild(in):
		return refusal(errNoGuild)
	}
	if in.asker() == in.Member.User.ID {
		c.later, c.now = UpdateLater, UpdateNow
	}
	return c.speaking(c.request(in), page)
}

// inGuild reports whether an interaction comes from a member in a guild, or from
// a person in direct messages that are allowed: see [Router.settled].
func inGuild(in interaction) bool {
	return (message.Snowflake(in.Guild) || guild.IsPersonal(in.Guild)) && in.Member != nil && message.Snowflake(in.Member.User.ID)
}

// outcome is what a handler came to.
type outcome struct {
	reply Reply
	err   error
}

// guarded runs a handler and turns a panic into an error.
func guarded(ctx context.Context, w work) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{err: fmt.Errorf("handler panicked: %v\n%s", p, debug.Stack())}
		}
	}()
	reply, err := w(ctx)
	return outcome{reply, err}
}
