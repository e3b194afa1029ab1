package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/demo"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/logging"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// DemoAddress is where the demo's page is served unless told otherwise.
const DemoAddress = "127.0.0.1:8700"

// DemoOptions tune the demo.
type DemoOptions struct {
	// Address is the host and port of the page; empty means [DemoAddress], and
	// another port when that is taken. It must be on loopback.
	Address string
	// Speed is how many times as fast as written the story unfolds; 0 means 1.
	Speed float64
	Now   func() time.Time
	// Listen is where operators can ask; empty means nowhere.
	Listen string
	// Levels, if set, are those of the logger.
	Levels *logging.Levels
	// Observe sees the bot's requests to the sandbox; may be nil.
	Observe func(sandbox.Exchange)
	// Limits are Discord's numbers where others than its own are wanted.
	Limits sandbox.Limits
}

// Demo is the whole bot between a Discord on loopback and sample news. It
// needs no token and no network.
type Demo struct {
	// Discord is the sandbox; its page is at Discord.URL().
	Discord *sandbox.Server
	// News are the sample outlets, at the address Outlets.
	News    *demo.Server
	Outlets string
	// Guild is the guild's id, Truce and Strikes its subscribed channels.
	Guild, Truce, Strikes string
	// Length is how long the story takes.
	Length time.Duration

	app  *App
	news *http.Server
	dir  string
}

// NewDemo prepares the demo: the sandbox listens, the outlets are open, two
// channels are subscribed. The caller closes it.
func NewDemo(ctx context.Context, o DemoOptions, log *slog.Logger) (_ *Demo, err error) {
	d := &Demo{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	o.Now, o.Speed = clockOr(o.Now), cmp.Or(o.Speed, 1)
	if err := d.openDiscord(ctx, o); err != nil {
		return nil, err
	}
	script, err := demo.Sample()
	if err != nil {
		return nil, err
	}
	d.Length = time.Duration(float64(script.Length()) / o.Speed)
	base, err := d.openNews(ctx, script, o, log)
	if err != nil {
		return nil, err
	}
	if d.dir, err = os.MkdirTemp("", "attache-demo-"); err != nil {
		return nil, fmt.Errorf("make a folder for the demo: %w", err)
	}
	topics, err := topic.Load(config.BuiltInTopics())
	if err != nil {
		return nil, err
	}
	cfg, err := demoConfig(d.Discord.URL(), d.Database(), base)
	if err != nil {
		return nil, err
	}
	cfg.Listen = o.Listen
	d.app, err = New(ctx, Options{
		Config: cfg, Token: config.NewSecret(d.Discord.Token()), Sources: demoSources(script, base),
		Topics: topics, Now: o.Now, Logger: log, Levels: o.Levels, LookEvery: time.Second,
	})
	if err != nil {
		return nil, err
	}
	return d, d.subscribe(ctx, o.Now())
}

func clockOr(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}

// Database is the file in which the demo keeps everything until it closes.
func (d *Demo) Database() string { return filepath.Join(d.dir, "attache.db") }

// Run runs the bot until ctx ends.
func (d *Demo) Run(ctx context.Context) error { return d.app.Run(ctx) }

// Close ends everything and removes what was stored.
func (d *Demo) Close() error {
	var errs []error
	if d.app != nil {
		errs = append(errs, d.app.Close())
	}
	if d.news != nil {
		errs = append(errs, d.news.Close())
	}
	if d.Discord != nil {
		d.Discord.Close()
	}
	if d.dir != "" {
		errs = append(errs, os.RemoveAll(d.dir))
	}
	return errors.Join(errs...)
}

// openDiscord makes the world of the demo and serves it.
func (d *Demo) openDiscord(ctx context.Context, o DemoOptions) error {
	s, err := sandbox.New(sandbox.Options{Now: o.Now, Observe: o.Observe, Limits: o.Limits})
	if err != nil {
		return err
	}
	d.Discord = s
	if err := d.makeWorld(); err != nil {
		return fmt.Errorf("make the demo's servers: %w", err)
	}
	if o.Address != "" {
		return s.Start(ctx, o.Address)
	}
	if err := s.Start(ctx, DemoAddress); err == nil {
		return nil
	}
	return s.Start(ctx, "127.0.0.1:0")
}

// openNews serves the sample outlets on a free port and returns its address.
func (d *Demo) openNews(ctx context.Context, script demo.Script, o DemoOptions, log *slog.Logger) (netip.AddrPort, error) {
	news, err := demo.NewServer(script, o.Speed, o.Now)
	if err != nil {
		return netip.AddrPort{}, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("open the sample outlets: %w", err)
	}
	d.News, d.Outlets = news, "http://"+l.Addr().String()
	d.news = &http.Server{Handler: news, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := d.news.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the sample outlets closed", "component", "demo", "error", err)
		}
	}()
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
}

// demoConfig is the configuration of a bot that polls every second, on this
// machine alone.
func demoConfig(discord, db string, news netip.AddrPort) (config.Config, error) {
	c := config.Default()
	u, err := url.Parse(discord)
	if err != nil {
		return c, fmt.Errorf("read the sandbox's address: %w", err)
	}
	files, err := netip.ParseAddrPort(u.Host) // which serves what people send, too
	if err != nil {
		return c, fmt.Errorf("read the sandbox's address: %w", err)
	}
	c.Discord.BaseURL, c.Discord.DirectMessages = discord, true
	c.Store.Path = db
	c.Poll.Tick, c.Poll.MinInterval, c.Poll.Interval = time.Second, time.Second, time.Second
	c.Poll.PerHost, c.Poll.HostGap = 8, 0
	c.Alerts.EditGap = 2 * time.Second
	c.Network.AllowPrivate = []netip.Prefix{netip.PrefixFrom(news.Addr(), news.Addr().BitLen())}
	c.Network.AllowOwn = c.Network.AllowPrivate
	c.Network.AllowPorts = []uint16{news.Port(), files.Port()}
	c.Listen = ""
	return c, nil
}

func demoSources(s demo.Script, news netip.AddrPort) []config.Source {
	var out []config.Source
	for _, o := range s.Outlets {
		if o.Own {
			continue
		}
		c := config.Source{ID: o.ID, Name: o.Name, Country: o.Country, Language: o.Language, Tier: o.Tier, Where: "demo script"}
		c.Feeds = []config.Feed{{URL: "http://" + news.String() + demo.FeedPath(o.ID), Every: time.Second, Where: "demo script"}}
		out = append(out, c)
	}
	return out
}

// subscribe makes the subscriptions that are there from the start.
func (d *Demo) subscribe(ctx context.Context, now time.Time) error {
	s := d.app.store
	if err := s.PutGuild(ctx, guild.Guild{ID: d.Guild, Name: "Newsroom", Joined: now}); err != nil {
		return err
	}
	for _, w := range []struct {
		channel string
		topic   topic.ID
	}{{d.Truce, "ceasefire"}, {d.Truce, "military-strike"}, {d.Strikes, "military-strike"}, {d.Strikes, "peace-talks"}} {
		if _, err := s.Subscribe(ctx, subscription.Subscription{Guild: d.Guild, Channel: w.channel, Topic: w.topic, CreatedBy: d.Discord.BotID(), Created: now}); err != nil {
			return err
		}
	}
	return nil
}

// RunDemo runs the demo until ctx ends, and tells on out where to look.
func RunDemo(ctx context.Context, o DemoOptions, log *slog.Logger, out io.Writer) (err error) {
	d, err := NewDemo(ctx, o, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	fmt.Fprintf(out, demoGreeting, d.Discord.URL(), d.Length.Round(time.Second), d.Outlets)
	if o.Listen != "" {
		fmt.Fprintf(out, demoOperation, o.Listen, d.Database())
	}
	fmt.Fprintln(out, "\nPress Ctrl+C to end.")
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.Run(ctx) })
	g.Go(func() error { d.narrate(ctx, out); return nil })
	return g.Wait()
}

const demoGreeting = `Attaché's demo is running. Nothing leaves this machine.

  Open %s and watch #ceasefire-watch and #strikes-and-talks.
  Five sample outlets publish a story over the next %v; look-alikes among it stay silent.
  Its alert is one message: watch it change as outlets join and the other side answers.
  Type / in the box for commands, or a whole one, for example /recent topic:sanctions since:7d.
  You are Mara, who manages the server. Switch at the bottom left to Robin, who only reads there,
  manages another server and has the bot's direct messages, or to Noor, who has nothing but those.
  A sixth outlet is not read yet: /feed add %s/harbour adds it to one server.
  The globe beside your name changes your language, the one beside the server's name the server's.
`

const demoOperation = `
For operators: http://%s tells health and metrics, and the database is
  %s
`

// narrate says when the story begins and when it is over.
func (d *Demo) narrate(ctx context.Context, out io.Writer) {
	select {
	case <-ctx.Done():
		return
	case <-d.News.Begun():
		fmt.Fprintln(out, "The story begins.")
	}
	select {
	case <-ctx.Done():
	case <-time.After(d.Length + 3*time.Second):
		fmt.Fprintln(out, "The story is told. The page and the commands go on.")
	}
}
