package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// asProcess is the variable that makes the test binary run a bot instead of
// tests.
const asProcess = "ATTACHE_TEST_PROCESS"

// order is what such a process is told on its standard input.
type order struct {
	Discord, Token, Store string
	Network               netip.Prefix
	Port                  uint16
	Sources               []config.Source
	// Off is how far its clock is off.
	Off time.Duration
}

// runProcess runs the bot that standard input describes until a signal ends
// it, and returns the exit status.
func runProcess() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := runOrder(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "process:", err)
		return 1
	}
	return 0
}

func runOrder(ctx context.Context) error {
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		return err
	}
	topics, err := builtInTopics()
	if err != nil {
		return err
	}
	c := config.Default()
	c.Discord.BaseURL, c.Listen = o.Discord, ""
	c.Store = config.Store{Server: config.NewSecret(o.Store)}
	c.Poll.Tick, c.Poll.MinInterval, c.Poll.Interval, c.Poll.PerHost = time.Second, time.Second/2, time.Second/2, 8
	// The feeds that a killed process was polling are held for a multiple of this.
	c.Poll.Timeout = 5 * time.Second
	c.Network.AllowPrivate, c.Network.AllowPorts = []netip.Prefix{o.Network}, []uint16{o.Port}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})).With("pid", os.Getpid())
	a, err := app.New(ctx, app.Options{
		Config: c, Token: config.NewSecret(o.Token), Sources: o.Sources, Topics: topics,
		Now: func() time.Time { return time.Now().Add(o.Off) }, Logger: log,
	})
	if err != nil {
		return err
	}
	return errors.Join(a.Run(ctx), a.Close())
}

// onPostgres gives a newsroom's bots one database on a server.
func onPostgres(n *newsroom) {
	n.cfg.Store = config.Store{Server: config.NewSecret(storetest.Postgres(n.t).Migrated(n.t))}
}

// process is a bot that runs as a process of its own.
type process struct {
	n   *newsroom
	cmd *exec.Cmd
}

// spawn starts one whose clock is off.
func (n *newsroom) spawn(off time.Duration) *process {
	n.t.Helper()
	news := n.outlets.address()
	text, err := json.Marshal(order{
		Discord: n.URL(), Token: n.Token(), Store: n.cfg.Store.DSN().Reveal(), Sources: n.sources, Off: off,
		Network: netip.PrefixFrom(news.Addr(), news.Addr().BitLen()), Port: news.Port(),
	})
	n.must(err)
	p := &process{n: n, cmd: exec.CommandContext(n.ctx, os.Args[0])} //nolint:gosec // this very binary
	p.cmd.Env = append(os.Environ(), asProcess+"=1")
	p.cmd.Stdin, p.cmd.Stderr = strings.NewReader(string(text)), n.log
	n.must(p.cmd.Start())
	n.t.Cleanup(p.kill)
	return p
}

// kill ends it without a word.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended before
	_ = p.cmd.Wait()
}

// end ends it as a service manager does.
func (p *process) end() {
	p.n.t.Helper()
	p.n.must(p.cmd.Process.Signal(syscall.SIGTERM))
	if err := p.cmd.Wait(); err != nil {
		p.n.t.Errorf("the process ended with %v", err)
	}
}
