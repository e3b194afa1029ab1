package app_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/sandbox"
)

// lines is what a program has printed, and says when it prints.
type lines struct {
	mu      sync.Mutex
	b       bytes.Buffer
	printed chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.printed <- struct{}{}:
	default:
	}
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestRunPrintsTheInvitation(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	discord, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer discord.Close()
	if err := discord.Start(ctx, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Discord.BaseURL, cfg.Discord.Token = discord.URL(), config.NewSecret(discord.Token())
	cfg.Store.Path = filepath.Join(t.TempDir(), "attache.db")
	cfg.Listen = ""
	cfg.Feeds.File = "testdata/no-feeds.yaml"
	out := &lines{printed: make(chan struct{}, 1)}
	ended := make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	go func() {
		ended <- app.Run(running, app.RunOptions{Config: cfg, Logger: slog.New(slog.DiscardHandler), Out: out})
	}()
	select {
	case <-out.printed:
	case err := <-ended:
		t.Fatalf("ended before it connected: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		"https://discord.com/oauth2/authorize?", "client_id=" + discord.BotID(), "permissions=309237763072", "scope=bot+applications.commands",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}

func TestRunThatIsStoppedAtOnceEndsWell(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	cfg := config.Default()
	cfg.Discord.Token = config.NewSecret("a.b.c")
	cfg.Store.Path = filepath.Join(t.TempDir(), "attache.db")
	cfg.Listen = ""
	if err := app.Run(ctx, app.RunOptions{Config: cfg, Logger: slog.New(slog.DiscardHandler), Out: io.Discard}); err != nil {
		t.Error(err)
	}
}
