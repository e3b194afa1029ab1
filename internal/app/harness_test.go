package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
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

// options are what is typed behind a command.
type options map[string]any

// say uses a command in #general and returns the answer as people read it.
func (n *newsroom) say(user, command string, o options) string {
	n.t.Helper()
	return n.text(n.use(user, n.general, command, o))
}

// use uses a command.
func (n *newsroom) use(user, channel, command string, o options) sandbox.Outcome {
	n.t.Helper()
	out, err := n.Interact(n.ctx, sandbox.Invocation{User: user, Channel: channel, Command: command, Options: o})
	if err != nil {
		n.t.Fatalf("/%s: %v", command, err)
	}
	return out
}

// chosen uses a command in the menu of a message.
func (n *newsroom) chosen(user, channel, command, message string) sandbox.Outcome {
	n.t.Helper()
	out, err := n.Interact(n.ctx, sandbox.Invocation{User: user, Channel: channel, Command: command, Target: message})
	if err != nil {
		n.t.Fatalf("%s: %v", command, err)
	}
	return out
}

// edited is when a message was changed last, empty for never.
func edited(m *sandbox.Message) string {
	if m.EditedTimestamp == nil {
		return ""
	}
	return *m.EditedTimestamp
}

// pressed presses the button of an answer.
func (n *newsroom) pressed(user string, on sandbox.Outcome, label string) sandbox.Outcome {
	n.t.Helper()
	return n.acted(user, on, func(b button) bool { return b.Label == label })
}

// chose chooses in the menu of an answer, which stands there with a hint.
func (n *newsroom) chose(user string, on sandbox.Outcome, hint string, values ...string) sandbox.Outcome {
	n.t.Helper()
	return n.acted(user, on, func(b button) bool { return b.Placeholder == hint }, values...)
}

// acted uses the component of an answer.
func (n *newsroom) acted(user string, on sandbox.Outcome, which func(button) bool, values ...string) sandbox.Outcome {
	n.t.Helper()
	all := buttons(on.Message)
	i := slices.IndexFunc(all, which)
	if i < 0 {
		n.t.Fatalf("there is no such button or menu on %s", n.text(on))
	}
	before := edited(on.Message)
	out, err := n.Interact(n.ctx, sandbox.Invocation{
		Type: sandbox.InvokeComponent, User: user, Channel: on.Message.ChannelID, Message: on.Message.ID, CustomID: all[i].CustomID, Values: values,
	})
	n.must(err)
	if out.State == sandbox.Deferred { // a busy machine: the bot has promised to change the message first
		_, err := n.WaitMessages(n.ctx, on.Message.ChannelID, func(ms []*sandbox.Message) bool {
			i := slices.IndexFunc(ms, func(m *sandbox.Message) bool { return m.ID == on.Message.ID })
			return i >= 0 && edited(ms[i]) != before
		})
		n.must(err)
		out, _ = n.Outcome(out.ID)
	}
	return out
}

// typing returns what is offered while somebody types into an option.
func (n *newsroom) typing(user, command, option, typed string) string {
	n.t.Helper()
	out, err := n.Interact(n.ctx, sandbox.Invocation{
		Type: sandbox.InvokeSuggest, User: user, Channel: n.general, Command: command,
		Options: options{option: typed}, Focused: option,
	})
	n.must(err)
	var lines []string
	for _, c := range out.Choices {
		lines = append(lines, fmt.Sprintf("%s = %v", c.Name, c.Value))
	}
	return strings.Join(lines, "\n")
}

// forge sends an interaction that Discord's client would not let anybody make,
// and returns the answer.
func (n *newsroom) forge(name string, change func(i map[string]any)) string {
	n.t.Helper()
	n.forged++
	// An hour ahead of the sandbox's own ids, so that none of them is the same.
	id := strconv.FormatInt((time.Now().Add(time.Hour).UnixMilli()-1420070400000)<<22+n.forged, 10)
	i := map[string]any{
		"id": id, "application_id": n.BotID(), "type": 2, "token": "forged" + id, "version": 1,
		"guild_id": n.guild, "channel_id": n.general,
		"channel":         map[string]any{"id": n.general, "type": 0, "guild_id": n.guild, "permissions": sandbox.DefaultEveryone},
		"member":          map[string]any{"user": map[string]any{"id": n.mara}, "roles": []string{n.staff}, "permissions": sandbox.DefaultEveryone | sandbox.ManageGuild},
		"app_permissions": sandbox.DefaultBot,
		"data":            map[string]any{"id": "1", "name": "help", "type": 1},
	}
	change(i)
	n.must(n.Emit("INTERACTION_CREATE", i))
	x, err := n.WaitRequest(n.ctx, func(x sandbox.Exchange) bool {
		return strings.HasPrefix(x.Path, "/interactions/"+id+"/")
	})
	if err != nil {
		n.t.Fatalf("%s was not answered: %v", name, err)
	}
	var answer struct {
		Type int
		Data sandbox.Message
	}
	if err := json.Unmarshal(x.Body, &answer); err != nil {
		n.t.Fatalf("%s: %v", name, err)
	}
	if answer.Type == 5 || answer.Type == 6 { // a busy machine: the bot has promised an answer first
		x, err = n.WaitRequest(n.ctx, func(x sandbox.Exchange) bool {
			return strings.HasPrefix(x.Path, "/webhooks/"+n.BotID()+"/forged"+id+"/")
		})
		if err != nil {
			n.t.Fatalf("%s was promised an answer and got none: %v", name, err)
		}
		if answer.Type == 6 {
			answer.Data.Flags |= sandbox.FlagEphemeral // an edit keeps the flags of the list with the button
		}
		if err := json.Unmarshal(x.Body, &answer.Data); err != nil {
			n.t.Fatalf("%s: %v", name, err)
		}
	}
	return n.text(sandbox.Outcome{State: sandbox.Answered, Message: &answer.Data})
}

// alert waits for the message about a headline in a channel.
func (n *newsroom) alert(channel, headline string) *sandbox.Message {
	n.t.Helper()
	var found *sandbox.Message
	ms, err := n.WaitMessages(n.ctx, channel, func(ms []*sandbox.Message) bool {
		i := slices.Index(titles(ms), headline)
		if i >= 0 {
			found = ms[i]
		}
		return i >= 0
	})
	if err != nil {
		n.t.Fatalf("no alert %q in %s: %v; there are %q\n%s", headline, n.names[channel], err, titles(ms), n.log)
	}
	return found
}

// alerts are the headlines that stand in a channel.
func (n *newsroom) alerts(channel string) []string {
	return titles(slices.DeleteFunc(n.Messages(channel), func(m *sandbox.Message) bool { return m.Ephemeral() }))
}

// subscribe subscribes #general's guild and fails unless that is done.
func (n *newsroom) subscribe(o options) {
	n.t.Helper()
	out := n.pressed(n.mara, n.use(n.mara, n.general, "subscribe", o), "Confirm")
	if got := n.text(out); !strings.Contains(got, "Done. From now on") {
		n.t.Fatalf("/subscribe %v: %s", o, got)
	}
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
