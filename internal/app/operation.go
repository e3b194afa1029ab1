package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"
)

// HealthPath is where health is told, as [Health] in JSON: status 200 when all
// is well, 503 when not.
const HealthPath = "/healthz"

// Health is what a running bot says of itself.
type Health struct {
	OK bool `json:"ok"`
	// Store is empty when the database answers, else what is wrong.
	Store string `json:"store,omitempty"`
	// Discord is the state of the connection, e.g. "ready".
	Discord string `json:"discord"`
}

// health asks the parts how they are.
func (a *App) health(ctx context.Context) Health {
	ready, state := a.bot.State()
	h := Health{OK: ready, Discord: state}
	if err := a.store.Ping(ctx); err != nil {
		h.OK, h.Store = false, "the database does not answer"
	}
	return h
}

// serveHealth answers health checks until ctx ends.
func (a *App) serveHealth(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.o.Config.Listen)
	if err != nil {
		return fmt.Errorf("listen for health checks on %s: %w; choose another address with listen, or off for none", a.o.Config.Listen, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+HealthPath, func(w http.ResponseWriter, r *http.Request) {
		h := a.health(r.Context())
		w.Header().Set("Content-Type", "application/json")
		if !h.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(h) // the asker went away
	})
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), closingTimeout)
		defer cancel()
		if err := srv.Shutdown(grace); err != nil {
			a.log.WarnContext(grace, "health checks did not end in time", "error", err)
		}
	})
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve health checks: %w", err)
	}
	return nil
}

// Version is the program's version as the build recorded it.
func Version() string {
	if bi, ok := debug.ReadBuildInfo(); ok && bi.Main.Version != "" && bi.Main.Version != "(devel)" {
		return bi.Main.Version
	}
	return "devel"
}

// discordAgent is how the bot names itself to Discord
// (https://discord.com/developers/docs/reference#user-agent).
func discordAgent() string {
	return "DiscordBot (https://github.com/attache-bot/attache, " + Version() + ")"
}
