package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
)

// pool is the shards of several bots in one process.
type pool struct {
	mu sync.Mutex
	// holders are by shard; "" holds none.
	holders []string
	broken  map[string]bool
	// asked is closed and made anew whenever a bot asks what it holds.
	asked chan struct{}
}

// share is what one of the bots sees of a pool.
type share struct {
	*pool
	name string
}

func (s share) Agree(_ context.Context, _ int) (int, error) { return len(s.holders), nil }
func (s share) Term() time.Duration                         { return 500 * time.Millisecond }
func (s share) Wait(ctx context.Context, _ int) error       { return ctx.Err() }

func (s share) Hold(context.Context) ([]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.asked)
	s.asked = make(chan struct{})
	if s.broken[s.name] {
		return nil, errors.New("no answer")
	}
	if i := slices.Index(s.holders, ""); i >= 0 {
		s.holders[i] = s.name
	}
	var ids []int
	for i, h := range s.holders {
		if h == s.name {
			ids = append(ids, i)
		}
	}
	return ids, nil
}

func (s share) Release(context.Context) error {
	s.free(s.name)
	return nil
}

// free takes everything from a bot.
func (p *pool) free(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, h := range p.holders {
		if h == name {
			p.holders[i] = ""
		}
	}
}

// next is closed when a bot asks again.
func (p *pool) next() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func (p *pool) left() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.holders)
}

func (p *pool) breakOff(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken[name] = true
}

// noGuilds forgets what it is told.
type noGuilds struct{}

func (noGuilds) PutGuild(context.Context, guild.Guild) error            { return nil }
func (noGuilds) Greet(context.Context, string, time.Time) (bool, error) { return false, nil }
func (noGuilds) LeaveGuild(context.Context, string, time.Time) error    { return nil }
func (noGuilds) PresentGuilds(context.Context) ([]string, error)        { return nil, nil }
func (noGuilds) UnblockGuild(context.Context, string) error             { return nil }
func (noGuilds) NoteKinds(context.Context, string, map[string]guild.ChannelKind) error {
	return nil
}

func (noGuilds) LoseRoles(context.Context, string, time.Time, func(string) bool) error {
	return nil
}

func (noGuilds) NoteSystemChannel(context.Context, string, string) error { return nil }

// These are asked nothing, since nobody types a command.
type (
	noStore   struct{ command.Store }
	noTopics  struct{ desk.Catalogue }
	noSources struct{ desk.Sources }
)

func TestBotsShareTheirShards(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	d, err := sandbox.New(sandbox.Options{Limits: sandbox.Limits{IdentifyInterval: -1, Routes: map[string]sandbox.Rate{"GET /gateway/bot": {}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Start(ctx, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	p := &pool{holders: make([]string, 3), broken: map[string]bool{}, asked: make(chan struct{})}
	runs := map[string]*running{}
	for _, name := range []string{"a", "b"} {
		runs[name] = runBot(ctx, t, d, share{p, name})
	}
	online := func(what string, want func(a, b []int) bool) {
		t.Helper()
		for {
			a, b := runs["a"].shards(), runs["b"].shards()
			if want(a, b) {
				return
			}
			select {
			case <-ctx.Done():
				t.Fatalf("%s: a runs %v, b runs %v", what, a, b)
			case <-p.next():
			}
		}
	}
	online("both at work", func(a, b []int) bool { return len(a) > 0 && len(b) > 0 && len(a)+len(b) == 3 })
	p.breakOff("a")
	online("a cannot renew", func(a, _ []int) bool { return len(a) == 0 })
	p.free("a")
	online("b has taken over", func(_, b []int) bool { return len(b) == 3 })
	runs["b"].stop()
	if left := p.left(); slices.ContainsFunc(left, func(h string) bool { return h != "" }) {
		t.Errorf("shards were not given back: %q", left)
	}
	if ready, state := runs["a"].bot.State(); !ready {
		t.Errorf("a bot without a shard is not ready: %s", state)
	}
	runs["a"].stop()
}

// running is a bot at work.
type running struct {
	t      *testing.T
	bot    *Bot
	cancel context.CancelFunc
	ended  chan error
}

func runBot(ctx context.Context, t *testing.T, d *sandbox.Server, s Shards) *running {
	t.Helper()
	b, err := New(Options{
		Token: d.Token(), BaseURL: d.URL(), UserAgent: "DiscordBot (https://example.org, 1)", Guilds: noGuilds{}, Commands: noStore{},
		Command: command.Options{Desk: desk.Options{Topics: noTopics{}, Sources: noSources{}}}, Now: time.Now, Logger: slog.New(slog.DiscardHandler), Shards: s,
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, bot: b, ended: make(chan error, 1)}
	ctx, r.cancel = context.WithCancel(ctx)
	go func() { r.ended <- b.Run(ctx) }()
	return r
}

func (r *running) shards() []int {
	var out []int
	for _, s := range r.bot.Gateway().Shards {
		out = append(out, s.Shard)
	}
	return out
}

func (r *running) stop() {
	r.t.Helper()
	r.cancel()
	if err := <-r.ended; err != nil {
		r.t.Errorf("Run returned %v", err)
	}
	r.bot.Close()
}
