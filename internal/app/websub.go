package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"

	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/websub"
	"github.com/attache-bot/attache/internal/schedule"
	"github.com/attache-bot/attache/internal/store"
)

const (
	// hubEvery is how often it is looked which hubs are to be asked.
	hubEvery = time.Minute
	// hubConnections bounds how many connections hubs and strangers have at once.
	hubConnections = 128
)

// hubs are the two halves of WebSub.
type hubs struct {
	manager *websub.Manager
	server  *websub.Server
}

// buildWebSub makes them when the operator gives hubs an address to call.
// Otherwise every feed is polled as if it had no hub.
func (a *App) buildWebSub(ctx context.Context, client *fetch.Client) error {
	cfg := a.o.Config.WebSub
	if cfg.Listen == "" {
		return a.store.ForgetPushes(ctx)
	}
	var err error
	subscriptions := store.WebSub{Store: a.store}
	a.hubs.manager, err = websub.NewManager(subscriptions, client, websub.Options{
		Callback: cfg.CallbackURL, Now: a.o.Now, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.hubs.server, err = websub.NewServer(subscriptions, a.poller, websub.ServerOptions{Now: a.o.Now, Logger: a.o.Logger})
	return err
}

// serveHubs answers hubs until ctx ends. What a hub is bringing then is finished.
func (a *App) serveHubs(ctx context.Context) error {
	address := a.o.Config.WebSub.Listen
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen for hubs on %s: %w; choose another address with websub.listen, or off for none", address, err)
	}
	a.log.InfoContext(ctx, "hubs can bring feeds", "address", l.Addr().String(), "callback", a.o.Config.WebSub.CallbackURL)
	srv := &http.Server{
		Handler: a.hubs.server, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 45 * time.Second,
		IdleTimeout: 30 * time.Second, MaxHeaderBytes: websub.MaxHeader,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), closingTimeout)
		defer cancel()
		if err := srv.Shutdown(grace); err != nil {
			a.log.WarnContext(grace, "a hub did not end in time", "error", err)
			_ = srv.Close()
		}
	})
	served := srv.Serve(netutil.LimitListener(l, hubConnections))
	if !stop() {
		<-ended
	}
	if !errors.Is(served, http.ErrServerClosed) {
		return fmt.Errorf("serve hubs: %w", served)
	}
	return nil
}

// hubRequests are the requests of hubs by what came of them, nil when none can
// call.
func (a *App) hubRequests() map[string]int64 {
	if a.hubs.server == nil {
		return nil
	}
	s := a.hubs.server.Stats()
	return map[string]int64{
		"confirmed": s.Confirmed, "denied": s.Denied, "pushed": s.Pushed, "unsigned": s.Unsigned,
		"failed": s.Failed, "strange": s.Strange, "limited": s.Limited,
	}
}

// askHubs asks hubs until ctx ends.
func (a *App) askHubs(ctx context.Context) error {
	return schedule.Run(ctx, a.o.Logger, schedule.Job{Name: "hubs", Every: hubEvery, Do: a.hubs.manager.Tick})
}
