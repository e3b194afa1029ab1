package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// untilSignal returns a context that ends with the first SIGINT or SIGTERM, so
// that what is under way is brought to an end. A second one ends the process:
// by the time that anybody sees the context end, signals act as usual again.
func untilSignal() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer cancel()
		select {
		case <-signals:
		case <-ctx.Done():
		}
		signal.Stop(signals)
	}()
	return ctx, cancel
}

// rereadLevel takes the log level from the configuration anew whenever SIGHUP
// comes, until ctx ends. What it returns waits for that.
func (s *session) rereadLevel(ctx context.Context, log *slog.Logger) (wait func()) {
	ctx, cancel := context.WithCancel(ctx)
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		defer close(done)
		// SIGHUP goes on to be harmless while the bot stops.
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
			}
			loaded, err := s.load()
			if err != nil {
				log.ErrorContext(ctx, "the configuration cannot be read; log levels stay", "component", "app", "error", err)
				continue
			}
			s.levels.Configure(loaded.Config.Log.Level)
			log.InfoContext(ctx, "log level taken from the configuration", "component", "app", "level", loaded.Config.Log.Level)
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
