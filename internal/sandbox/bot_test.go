package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	dg "github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/sandbox/contract"
	"github.com/attache-bot/attache/internal/sharedtest"
)

// patience ends a test that hangs; nothing waits for it.
const patience = 2 * time.Minute

// bench is a sandbox with a world that most tests need.
type bench struct {
	*sandbox.Server
	t                     *testing.T
	ctx                   context.Context
	guild, alerts, hidden string
	ann, ben              string
}

// newBench starts a sandbox whose identifies are not paced.
func newBench(t *testing.T, o sandbox.Options) *bench {
	t.Helper()
	if o.Limits.IdentifyInterval == 0 {
		o.Limits.IdentifyInterval = -1
	}
	if o.Observe == nil {
		if c := discord(t); c != nil {
			o.Observe = c.WatchAccepted(func(err error) { t.Error(err) })
		}
	}
	s, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	if err := s.Start(context.Background(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	b := &bench{Server: s, t: t, ctx: ctx}
	b.ann, b.ben = s.AddUser("Ann Moreau"), s.AddUser("Ben")
	b.guild = s.AddGuild("Foreign Desk")
	b.must(s.AddMember(b.guild, b.ann))
	b.must(s.AddMember(b.guild, b.ben))
	b.must(s.SetOwner(b.guild, b.ann))
	b.alerts = b.channel("alerts", sandbox.Text)
	b.hidden = b.channel("hidden", sandbox.Text)
	b.must(s.DenyBot(b.hidden, sandbox.ViewChannel))
	return b
}

// discord is the contract that every exchange of the tests is held to; nil where
// Discord's OpenAPI file is missing, which fails in CI.
func discord(t testing.TB) *contract.Contract {
	t.Helper()
	path, ok := sharedtest.Find(t, "discord", "openapi.json")
	if !ok {
		return nil
	}
	c, err := loadOnce(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var loadOnce = func() func(string) (*contract.Contract, error) {
	var once sync.Once
	var c *contract.Contract
	var err error
	return func(path string) (*contract.Contract, error) {
		once.Do(func() { c, err = contract.Load(path) })
		return c, err
	}
}()

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) channel(name string, kind sandbox.ChannelType) string {
	b.t.Helper()
	id, err := b.AddChannel(b.guild, name, kind)
	b.must(err)
	return id
}

// redirect sends discordgo's requests to the sandbox. The gateway follows by
// itself, since discordgo asks GET /gateway for its address.
type redirect struct{ to *url.URL }

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = r.to.Scheme, r.to.Host, r.to.Host
	return http.DefaultTransport.RoundTrip(req)
}

// session makes a discordgo session that talks to the sandbox. It does not
// reconnect by itself.
func (b *bench) session() *dg.Session {
	b.t.Helper()
	s, err := dg.New("Bot " + b.Token())
	b.must(err)
	to, err := url.Parse(b.URL())
	b.must(err)
	s.Client = &http.Client{Transport: redirect{to}}
	s.ShouldReconnectOnError, s.ShouldRetryOnRateLimit, s.StateEnabled = false, false, false
	s.Identify.Intents = dg.IntentsGuilds
	b.t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	return s
}

// open makes a session and opens it.
func (b *bench) open() *dg.Session {
	b.t.Helper()
	s := b.session()
	b.must(s.Open())
	b.t.Cleanup(func() { _ = s.Close() })
	b.must(b.WaitOnline(b.ctx))
	return s
}

// reply is an answer of the API.
type reply struct {
	status int
	header http.Header
	raw    string
	json   map[string]any
}

func (r reply) code() int {
	n, _ := r.json["code"].(float64)
	return int(n)
}

// call makes a request with the bot's token. body is JSON as text, or nil.
func (b *bench) call(method, path, body string) reply {
	b.t.Helper()
	r, err := b.try(method, path, body)
	b.must(err)
	return r
}

// try is call for requests that may get no answer.
func (b *bench) try(method, path, body string) (reply, error) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.ctx, method, b.URL()+"/api/v10"+path, strings.NewReader(body))
	b.must(err)
	req.Header.Set("Authorization", "Bot "+b.Token())
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return b.do(req)
}

func (b *bench) do(req *http.Request) (reply, error) {
	b.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	b.must(err)
	out := reply{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if bytes.HasPrefix(raw, []byte("{")) {
		b.must(json.Unmarshal(raw, &out.json))
	}
	return out, nil
}

// post sends a message to a channel.
func (b *bench) post(channel, body string) reply {
	b.t.Helper()
	return b.call("POST", "/channels/"+channel+"/messages", body)
}

// expect compares status and code of an answer.
func (b *bench) expect(r reply, status, code int) {
	b.t.Helper()
	if r.status != status || r.code() != code {
		b.t.Errorf("answer %d with code %d, want %d with %d: %s", r.status, r.code(), status, code, r.raw)
	}
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 1, 29, 10, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}
