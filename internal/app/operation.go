package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/metrics"
	"github.com/attache-bot/attache/internal/ops"
	"github.com/attache-bot/attache/internal/upkeep"
)

// The times within which each loop must turn. They are far longer than any loop
// takes while the machine is well: who exceeds them hangs.
const (
	pollTurn    = 2 * time.Minute // a tick begins polls and waits for none
	placeTurn   = 3 * time.Minute // one batch of reports
	deliverTurn = 2*time.Minute + sendSweep
)

// loops are the parts of [ops.Pulse].
type loops struct{ poll, place, deliver *ops.Part }

// buildOperation makes what the parts tell of themselves. It comes before them,
// since they are given its hooks.
func (a *App) buildOperation() (err error) {
	a.pulse = ops.NewPulse(time.Now) // not the clock of decisions, which is set now and then
	a.loops = loops{
		poll:    a.pulse.Part("poll", max(pollTurn, 4*a.o.Config.Poll.Tick)),
		place:   a.pulse.Part("place", placeTurn),
		deliver: a.pulse.Part("deliver", deliverTurn),
	}
	a.metrics = metrics.New(metrics.Options{
		Version: Version(), Commit: commit(), Now: a.o.Now, Logger: a.o.Logger,
		Sources: metrics.Sources{Store: a.store, Discord: discordState{a}, Hubs: a.hubRequests, LeftOut: a.leftOut(), Loops: func() map[string]float64 {
			ages := make(map[string]float64)
			for _, p := range a.pulse.Health().Parts {
				ages[p.Name] = p.Turned
			}
			return ages
		}},
	})
	a.upkeep, err = upkeep.New(a.store, upkeep.Options{
		Keep: a.o.Config.Retention.Reports, KeepChanges: a.o.Config.Retention.Changes, KeepGuilds: a.o.Config.Retention.Guilds, Every: upkeepEvery, Now: a.o.Now, Logger: a.o.Logger,
		Done: func(d upkeep.Deleted, err error) {
			for kind, n := range map[string]int{
				"reports": d.Reports, "stories": d.Stories, "alerts": d.Alerts, "deliveries": d.Deliveries, "keys": d.Keys, "changes": d.Changes, "guilds": d.Guilds,
			} {
				a.metrics.Deleted(kind, n)
			}
			a.metrics.Upkept(err)
		},
	})
	return err
}

// leftOut tells how many lines the log left out, nil where nobody counts.
func (a *App) leftOut() func() int64 {
	if a.o.Levels == nil {
		return nil
	}
	return a.o.Levels.LeftOut
}

// discordState asks a bot that is built later than the metrics.
type discordState struct{ a *App }

// Gateway implements [metrics.Discord].
func (d discordState) Gateway() gateway.Status { return d.a.bot.Gateway() }

// REST implements [metrics.Discord].
func (d discordState) REST() rest.Stats { return d.a.bot.REST() }

// checks are what the bot needs to serve.
func (a *App) checks() []ops.Check {
	return []ops.Check{
		{Name: "store", Do: a.checkStore},
		{Name: "discord", Do: func(context.Context) (string, error) {
			ready, state := a.bot.State()
			if ready {
				return state, nil
			}
			state, reason, _ := strings.Cut(state, ": ")
			if reason == "" {
				reason = "not connected to Discord yet"
			}
			return state, errors.New(reason)
		}},
		{Name: "feeds", Do: func(context.Context) (string, error) {
			if !a.ticked.Load() {
				return "starting", errors.New("the bot has not looked for due feeds yet")
			}
			return "polled", nil
		}},
	}
}

func (a *App) checkStore(ctx context.Context) (string, error) {
	current, needed, err := a.store.Schema(ctx)
	switch {
	case err != nil:
		a.log.WarnContext(ctx, "the database does not answer", "error", err)
		return "", errors.New("the database does not answer")
	case current < needed:
		return fmt.Sprintf("schema %d", current), fmt.Errorf("the database has schema %d, and %d is needed: run attache migrate", current, needed)
	case current > needed:
		return fmt.Sprintf("schema %d", current), fmt.Errorf("a later release changed the database to schema %d: run that release", current)
	}
	return fmt.Sprintf("schema %d", current), nil
}

// console is where operators ask.
type console struct {
	listener net.Listener
	server   *http.Server
	log      *slog.Logger
}

// openConsole listens for operators. It returns nil when nobody may ask.
func (a *App) openConsole(ctx context.Context) (*console, error) {
	listen := a.o.Config.Listen
	if listen == "" {
		return nil, nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("listen for operators on %s: %w; choose another address with listen, or off for none", listen, err)
	}
	handler := ops.Handler(ops.Options{
		Pulse: a.pulse, Checks: a.checks(), Metrics: a.metrics.Handler(), Levels: a.o.Levels,
		Loopback: ops.Loopback(listen), Logger: a.o.Logger,
	})
	a.log.InfoContext(ctx, "health, metrics and log levels are told", "address", l.Addr().String())
	return &console{listener: l, log: a.log, server: &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 15 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}}, nil
}

// serve answers until the desk closes. It fails when nobody can ask any more.
func (c *console) serve() error {
	if err := c.server.Serve(c.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve operators: %w", err)
	}
	return nil
}

// close ends it. Answers under way are finished.
func (c *console) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closingTimeout)
	defer cancel()
	if err := c.server.Shutdown(ctx); err != nil {
		c.log.WarnContext(ctx, "an operator's question did not end in time", "error", err)
		_ = c.server.Close()
	}
}

// Version is the program's version as the build recorded it.
func Version() string {
	if bi, ok := debug.ReadBuildInfo(); ok && bi.Main.Version != "" && bi.Main.Version != "(devel)" {
		return bi.Main.Version
	}
	return "devel"
}

// commit is the commit that the build recorded, or "unknown".
func commit() string {
	if bi, ok := debug.ReadBuildInfo(); ok {
		for _, s := range bi.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

// discordAgent is how the bot names itself to Discord
// (https://discord.com/developers/docs/reference#user-agent).
func discordAgent() string {
	return "DiscordBot (https://github.com/attache-bot/attache, " + Version() + ")"
}
