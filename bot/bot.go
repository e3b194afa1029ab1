package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// Guilds is where the bot notes which guilds have it.
type Guilds interface {
	// PutGuild notes that the bot is in a guild.
	PutGuild(ctx context.Context, g guild.Guild) error
	// LeaveGuild notes that it was removed: its alerts end until it is back.
	LeaveGuild(ctx context.Context, id string, now time.Time) error
	// Greet reports whether the bot, which joined a guild at that time, is to greet
	// it: true once.
	Greet(ctx context.Context, id string, joined time.Time) (bool, error)
	// PresentGuilds returns the ids of the guilds that Discord has told of and that
	// the bot has not left.
	PresentGuilds(ctx context.Context) ([]string, error)
	// UnblockGuild lets deliveries to the guild's blocked channels be tried
	// again.
	UnblockGuild(ctx context.Context, id string) error
	// NoteKinds notes of which kind the guild's channels are, by id; those that no
	// alert goes to it leaves alone.
	NoteKinds(ctx context.Context, guild string, kinds map[string]guild.ChannelKind) error
	// LoseRoles has the guild's subscriptions mention none of the roles that they name
	// and that are gone, and notes for moderators where.
	LoseRoles(ctx context.Context, guild string, now time.Time, gone func(role string) bool) error
	// NoteSystemChannel notes where Discord itself tells of the guild; "" for
	// nowhere.
	NoteSystemChannel(ctx context.Context, guild, channel string) error
}

// Options are what a [Bot] is built from.
type Options struct {
	// Token is the bot's, without "Bot ".
	Token string
	// BaseURL is where Discord's API lives; UserAgent names the bot to it.
	BaseURL, UserAgent string
	Guilds             Guilds
	Commands           command.Store
	// Shards shares the shards with other processes; nil means that there are
	// none, so that this one runs all.
	Shards Shards
	// Command completes the router; its Logger, Now and Poster are set here.
	Command command.Options
	Now     func() time.Time
	Logger  *slog.Logger
	// Changed, if set, is called when channels may be reachable again.
	Changed func()
	// Answered, if set, is told of every request to Discord; see [rest.Options].
	Answered func(route string, status int, took time.Duration)
	// Connected, if set, is told at each new session who the bot is and how it is
	// added to a server.
	Connected func(name, invite string)
}

func (o Options) validate() error {
	switch {
	case o.Token == "":
		return errors.New("token is empty")
	case o.Guilds == nil || o.Commands == nil:
		return errors.New("guilds and commands are required")
	case o.Now == nil || o.Logger == nil:
		return errors.New("now and logger are required")
	}
	return nil
}

// Bot is the bot as Discord sees it.
type Bot struct {
	o      Options
	log    *slog.Logger
	rest   *rest.Client
	limits *rest.Transport
	// Of the two, one is nil: gateway runs all shards, shared some.
	gateway *gateway.Gateway
	shared  *shared
	router  *command.Router
	forums  *forums
	self    atomic.Pointer[identity]
	// busy counts the interactions, registrations and greetings under way.
	busy sync.WaitGroup
	// asking counts the interactions under way.
	asking atomic.Int64
	// chores are the events that are being written down.
	chores chores
	// registered is closed when Discord has told the ids of the commands.
	registered     chan struct{}
	registeredOnce sync.Once
}

// identity is who Discord says that the bot is.
type identity struct{ user, application string }

// New builds a bot. It sends nothing before [Bot.Run].
func New(o Options) (*Bot, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("bot options: %w", err)
	}
	b := &Bot{o: o, log: o.Logger.With("component", "bot"), registered: make(chan struct{})}
	b.self.Store(&identity{})
	base, err := apiBase(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("bot options: %w", err)
	}
	t, err := rest.New(rest.Options{BaseURL: base, UserAgent: o.UserAgent, Answered: o.Answered, Now: o.Now, Logger: o.Logger})
	if err != nil {
		return nil, err
	}
	b.limits = t
	if b.rest, err = rest.NewClient(t, o.Token); err != nil {
		return nil, err
	}
	b.forums = &forums{rest: b.rest, now: o.Now, topics: o.Command.Desk.Topics}
	o.Command.Interaction.Logger, o.Command.Interaction.Now = o.Logger, o.Now
	o.Command.Interaction.Commands = new(wording.Commands)
	b.o.Command = o.Command
	o.Command.Desk.Forums, o.Command.Poster = b.forums, b.Sender()
	o.Command.Desk.Names = &channelNames{rest: b.rest, now: o.Now}
	if b.router, err = command.New(o.Commands, responder{b.rest}, o.Command); err != nil {
		return nil, err
	}
	if o.Shards != nil {
		b.shared = &shared{b: b, runs: map[int]*shardRun{}}
		return b, nil
	}
	b.gateway, err = gateway.New(gateway.Options{
		Token: o.Token, API: b.rest, Handler: func(ctx context.Context, e gateway.Event) { b.handle(ctx, e, always) }, Now: o.Now, Logger: o.Logger,
	})
	return b, err
}

// apiBase adds the API's path to the address of Discord, or of what stands in
// for it.
func apiBase(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("base address %q: use one such as https://discord.com", raw)
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/api/v10"
	}
	return u.String(), nil
}

// Sender posts this bot's alerts.
func (b *Bot) Sender() *Sender {
	return &Sender{rest: b.rest, self: b.me, forums: b.forums, commands: b.o.Command.Interaction.Commands}
}

// me returns the bot's own user id. Until a shard is connected, which in this
// process may never be, Discord is asked.
func (b *Bot) me(ctx context.Context) (string, error) {
	known := b.self.Load()
	if known.user != "" {
		return known.user, nil
	}
	var user struct {
		ID string `json:"id"`
	}
	if err := b.rest.Do(ctx, http.MethodGet, "/users/@me", nil, &user); err != nil {
		return "", fmt.Errorf("ask who the bot is: %w", err)
	}
	b.self.CompareAndSwap(known, &identity{user: user.ID, application: known.application})
	return user.ID, nil
}

// Run keeps the bot connected until ctx ends, and then returns nil, or until
// Discord refuses it for good.
func (b *Bot) Run(ctx context.Context) error {
	defer b.router.Wait()
	defer b.busy.Wait()
	if b.shared != nil {
		return b.shared.run(ctx)
	}
	return b.gateway.Run(ctx)
}

// Close lets go of connections. It is for after Run.
func (b *Bot) Close() { b.rest.CloseIdleConnections() }

// State says whether the bot hears Discord, and what it does in a word and, where
// it does not hear it, why.
func (b *Bot) State() (ready bool, state string) {
	s := b.Gateway()
	if b.shared != nil && len(s.Shards) == 0 {
		return true, "no shard: other processes have them"
	}
	if s.Ready() {
		return true, string(gateway.ReadyState)
	}
	for _, sh := range s.Shards {
		if sh.State != gateway.ReadyState {
			if sh.Reason == "" {
				return false, string(sh.State)
			}
			return false, string(sh.State) + ": " + sh.Reason
		}
	}
	return false, string(gateway.Stopped)
}

// Gateway returns what the shards of this process do now.
func (b *Bot) Gateway() gateway.Status {
	if b.shared != nil {
		return b.shared.status()
	}
	return b.gateway.Status()
}

// REST returns what became of requests to Discord, and what the limits are.
func (b *Bot) REST() rest.Stats { return b.limits.Stats() }

// always is for the shards of a bot that runs all.
func always() bool { return true }

// handle takes the gateway's events, one after the other. Held reports whether their
// shard is still this process's.
func (b *Bot) handle(ctx context.Context, e gateway.Event, held func() bool) {
	switch d := e.Data.(type) {
	case gateway.Ready:
		b.self.Store(&identity{user: d.UserID, application: d.ApplicationID})
		b.log.InfoContext(ctx, "connected to Discord", "as", d.Username, "guilds", len(d.Guilds), "invite", Invite(d.ApplicationID))
		if b.o.Connected != nil {
			b.o.Connected(d.Username, Invite(d.ApplicationID))
		}
		b.busy.Go(func() { b.register(ctx, d.ApplicationID) })
		b.later(ctx, e, held)
	case gateway.Interaction:
		b.asking.Add(1)
		b.busy.Go(func() {
			defer b.asking.Add(-1)
			b.router.Handle(inItsGuild(ctx, d.Raw), d.Raw)
		})
	default:
		b.later(ctx, e, held)
	}
}

// record writes down what an event tells of guilds.
func (b *Bot) record(ctx context.Context, e gateway.Event) (err error) {
	switch d := e.Data.(type) {
	case gateway.Ready:
		err = b.leaveAbsent(ctx, d)
	case gateway.GuildCreate:
		if d.Unavailable { // in an outage, nothing is told of it but its id
			return nil
		}
		if err = b.o.Guilds.PutGuild(ctx, guild.Guild{ID: d.ID, Name: d.Name, Locale: d.Locale, Joined: b.o.Now()}); err == nil {
			b.busy.Go(func() { b.greet(ctx, d) })
			err = errors.Join(b.noteKinds(ctx, d.ID, d.Channels), b.o.Guilds.NoteSystemChannel(ctx, d.ID, d.SystemChannel),
				b.loseAbsentRoles(ctx, d, e.Received), b.retry(ctx, d.ID))
		}
	case gateway.GuildUpdate:
		err = errors.Join(
			b.o.Guilds.PutGuild(ctx, guild.Guild{ID: d.ID, Name: d.Name, Locale: d.Locale, Joined: b.o.Now()}),
			b.o.Guilds.NoteSystemChannel(ctx, d.ID, d.SystemChannel))
	case gateway.GuildDelete:
		if !d.Unavailable { // otherwise an outage, which says nothing
			b.log.InfoContext(ctx, "removed from a guild", "guild", d.ID)
			err = b.o.Guilds.LeaveGuild(ctx, d.ID, b.o.Now())
		}
	case gateway.ChannelUpdate:
		err = errors.Join(b.noteKinds(ctx, d.GuildID, []gateway.Channel{{ID: d.ID, Type: d.Type}}), b.retry(ctx, d.GuildID))
	case gateway.ThreadUpdate:
		err = b.retry(ctx, d.GuildID)
	case gateway.RoleUpdate:
		err = b.retry(ctx, d.GuildID)
	case gateway.RoleDelete: // it may have been what kept the bot out of a channel
		gone := func(role string) bool { return role == d.ID }
		err = errors.Join(b.o.Guilds.LoseRoles(ctx, d.GuildID, b.o.Now(), gone), b.retry(ctx, d.GuildID))
	case gateway.MemberUpdate:
		err = b.retry(ctx, d.GuildID)
	}
	return err
}

// retry lets a guild's blocked channels be tried again: something in the guild
// changed, perhaps a permission came back.
func (b *Bot) retry(ctx context.Context, guildID string) error {
	if err := b.o.Guilds.UnblockGuild(ctx, guildID); err != nil {
		return err
	}
	b.chores.wakes.Store(true)
	return nil
}
