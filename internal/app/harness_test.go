package app_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/logging"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/sandbox/contract"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/topic"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) {
	if os.Getenv(asProcess) != "" {
		os.Exit(runProcess())
	}
	flag.Parse()
	// These tests wait for ticks of a second most of their time.
	if f := flag.Lookup("test.parallel"); f.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = f.Value.Set("12") // a number
	}
	goleak.VerifyTestMain(m)
}

// limit bounds one test; nothing waits that long when all is well.
const limit = 3 * time.Minute

// newsroom is the whole bot between a sandbox and outlets that a test controls.
type newsroom struct {
	*sandbox.Server
	t       *testing.T
	ctx     context.Context
	outlets *outlets
	log     *journal
	cfg     config.Config
	// levels are those of the bot's log; nil means that everything is logged.
	levels  *logging.Levels
	sources []config.Source
	// guild has channels and two members: Mara manages it, Robin only reads.
	guild                                              string
	general, wire, press, forum, private, thread, talk string
	mara, robin                                        string
	watchers, staff                                    string
	// abroad is a channel of another guild, where Mara manages nothing.
	elsewhere, abroad string
	// names are what ids are called in the golden files.
	names map[string]string

	// before is how often each outlet had been asked for when the bot started.
	before  map[string]int
	forged  int64
	stopRun context.CancelFunc
	ended   chan error
	app     *app.App
}

// open builds the newsroom and starts its bot, which has read each outlet when
// open returns.
func open(t *testing.T, change ...func(*newsroom)) *newsroom {
	t.Helper()
	n := prepare(t, sandbox.Limits{}, change...)
	n.start()
	n.settled()
	return n
}

// prepare builds the newsroom without a bot. Bots may start there as often as
// they like, and take their time to answer, which Discord would not let them:
// no test depends on how fast the machine is.
func prepare(t *testing.T, limits sandbox.Limits, change ...func(*newsroom)) *newsroom {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), limit)
	n := &newsroom{t: t, ctx: ctx, log: newJournal(), names: map[string]string{}}
	t.Cleanup(cancel)
	limits.IdentifyInterval = -1
	limits.AnswerWithin = limit
	if limits.Routes == nil {
		limits.Routes = map[string]sandbox.Rate{}
	}
	limits.Routes["GET /gateway/bot"] = sandbox.Rate{}
	var err error
	n.Server, err = sandbox.New(sandbox.Options{Observe: observe(t), Limits: limits})
	n.must(err)
	t.Cleanup(n.Server.Close)
	n.must(n.Start(ctx, "127.0.0.1:0"))
	n.furnish()
	n.outlets = openOutlets(t)
	n.configure()
	for _, f := range change {
		f(n)
	}
	t.Cleanup(func() {
		if n.app != nil {
			_ = n.stop()
		}
		if t.Failed() {
			t.Logf("the bot's log:\n%s", n.log)
		}
	})
	return n
}

func (n *newsroom) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// furnish makes guilds, channels and people.
func (n *newsroom) furnish() {
	named := func(id string, err error) string {
		n.t.Helper()
		n.must(err)
		return id
	}
	n.guild = n.AddGuild("Newsroom")
	channel := func(name string, kind sandbox.ChannelType) string {
		id := named(n.AddChannel(n.guild, name, kind))
		n.names[id] = "#" + name
		return id
	}
	n.general, n.wire = channel("general", sandbox.Text), channel("wire", sandbox.Text)
	n.press, n.forum = channel("press", sandbox.Announcement), channel("forum", sandbox.Forum)
	n.private, n.talk = channel("private", sandbox.Text), channel("talk", sandbox.Voice)
	n.thread = named(n.AddThread(n.wire, "thread"))
	n.names[n.thread] = "#thread"
	n.staff = named(n.AddRole(n.guild, sandbox.Role{Name: "Staff", Permissions: sandbox.ManageGuild | sandbox.ManageChannels}))
	n.watchers = named(n.AddRole(n.guild, sandbox.Role{Name: "Watchers", Mentionable: true}))
	n.names[n.staff], n.names[n.watchers] = "@Staff", "@Watchers"
	n.mara, n.robin = n.AddUser("Mara"), n.AddUser("Robin")
	n.must(errors.Join(n.AddMember(n.guild, n.mara, n.staff), n.AddMember(n.guild, n.robin)))
	n.must(n.SetChannelPermissions(n.private, n.guild, 0, sandbox.ViewChannel))
	n.must(n.SetChannelPermissions(n.private, n.staff, sandbox.ViewChannel, 0))
	n.elsewhere = n.AddGuild("Elsewhere")
	n.abroad = named(n.AddChannel(n.elsewhere, "abroad", sandbox.Text))
	n.names[n.abroad] = "#abroad"
	n.must(n.AddMember(n.elsewhere, n.mara))
}

// configure sets the bot up as its operator would, to poll every second.
func (n *newsroom) configure() {
	news := n.outlets.address()
	c := config.Default()
	c.Discord.BaseURL = n.URL()
	c.Store.Path = storetest.SQLite(n.t)
	c.Poll.Tick = time.Second
	// Shorter than a tick, so that a feed is due at every one.
	c.Poll.MinInterval, c.Poll.Interval = time.Second/2, time.Second/2
	c.Poll.PerHost, c.Poll.HostGap = 8, 0
	c.Network.AllowPrivate = []netip.Prefix{netip.PrefixFrom(news.Addr(), news.Addr().BitLen())}
	c.Network.AllowPorts = []uint16{news.Port()}
	c.Listen = ""
	n.cfg = c
	n.sources = []config.Source{
		{ID: "example-wire", Name: "Example Wire", Country: "GB", Language: "en", Tier: "wire"},
		{ID: "gazette", Name: "The Gazette", Country: "IE", Language: "en", Tier: "national"},
		{ID: "state-agency", Name: "State Agency", Country: "RU", Language: "en", Tier: "wire", StateControlled: true},
	}
	for i, s := range n.sources {
		n.sources[i].Where = "test"
		n.sources[i].Feeds = []config.Feed{{URL: "http://" + news.String() + "/" + s.ID, Every: time.Second / 2, Where: "test"}}
		n.outlets.add(s.ID)
	}
}

var builtInTopics = sync.OnceValues(func() (*topic.Set, error) { return topic.Load(config.BuiltInTopics()) })

// start starts the bot and waits until it is online with its commands.
func (n *newsroom) start() {
	n.t.Helper()
	n.launch()
	n.must(n.WaitOnline(n.ctx))
	n.must(n.WaitCommands(n.ctx, "subscribe", "unsubscribe", "subscriptions", "recent", "search", "status", "help"))
}

// launch starts the bot.
func (n *newsroom) launch() {
	n.t.Helper()
	topics, err := builtInTopics()
	n.must(err)
	n.before = n.outlets.totals()
	var lines slog.Handler = slog.NewTextHandler(n.log, &slog.HandlerOptions{Level: slog.LevelDebug})
	if n.levels != nil {
		lines = n.levels.Handler(lines)
	}
	a, err := app.New(n.ctx, app.Options{
		Config: n.cfg, Token: config.NewSecret(n.Token()), Sources: n.sources, Topics: topics,
		Now: time.Now, Logger: slog.New(lines), Levels: n.levels,
	})
	n.must(err)
	ctx, cancel := context.WithCancel(n.ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	n.app, n.stopRun, n.ended = a, cancel, ended
}

// settled waits until every outlet was read once to the end: a second request
// begins after the first one's outcome was stored.
func (n *newsroom) settled() {
	n.t.Helper()
	for _, s := range n.sources {
		n.outlets.waitTotal(n.ctx, n.t, s.ID, n.before[s.ID]+2)
	}
}

// stop ends the bot as a signal does and returns what Run returned.
func (n *newsroom) stop() error {
	n.stopRun()
	return n.wait()
}

// wait waits for the end of Run.
func (n *newsroom) wait() error {
	select {
	case err := <-n.ended:
		n.stopRun()
		err = errors.Join(err, n.app.Close())
		n.app = nil
		return err
	case <-n.ctx.Done():
		return fmt.Errorf("the bot does not end: %w", n.ctx.Err())
	}
}

// restart ends the bot and starts it again with the same database.
func (n *newsroom) restart() {
	n.t.Helper()
	n.must(n.stop())
	n.must(n.WaitOffline(n.ctx))
	n.start()
}

// discordFile is read once for all tests.
var discordFile struct {
	sync.Once
	contract *contract.Contract
	err      error
}

// observe checks every exchange against Discord's own description, where that
// is at hand.
func observe(t *testing.T) func(sandbox.Exchange) {
	t.Helper()
	path, ok := sharedtest.Find(t, "discord", "openapi.json")
	if !ok {
		t.Log("Discord's OpenAPI file is not here; bodies are not checked against it")
		return nil
	}
	discordFile.Do(func() { discordFile.contract, discordFile.err = contract.Load(path) })
	if discordFile.err != nil {
		t.Fatal(discordFile.err)
	}
	check := discordFile.contract
	return check.Watch(func(err error) { t.Errorf("against Discord's description: %v", err) })
}
