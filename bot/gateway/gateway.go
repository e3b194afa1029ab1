package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Handler gets the events of a shard, one after the other. It must return soon:
// work that takes longer than a moment belongs into a goroutine of the
// handler's own. A panic is recovered and logged. The context ends with Run.
type Handler func(ctx context.Context, e Event)

// Timing holds the time limits. Zero fields get the defaults.
type Timing struct {
	// Open bounds connecting up to READY or RESUMED. Default 30 s.
	Open time.Duration
	// Silence is how long nothing may be received. Discord answers a heartbeat
	// every 41 s. Default 75 s.
	Silence time.Duration
	// Close is how long discordgo may take to notice the end of a connection;
	// it sleeps a second by itself. Default 5 s.
	Close time.Duration
	// Stable is how long a connection must hold for the pauses to begin small
	// again. Default 1 min.
	Stable time.Duration
	// BackoffMin and BackoffMax bound the growing pauses between attempts.
	// Default 2 s and 10 min.
	BackoffMin, BackoffMax time.Duration
}

// Options configure a Gateway. Token, API and Handler are needed.
type Options struct {
	// Token is the bot's, without "Bot ".
	Token   string
	API     API
	Handler Handler
	// Shards lists the shards that this process runs; nil means all.
	// ShardCount is their number over all processes; 0 asks Discord, which
	// only a process that runs all may do.
	Shards     []int
	ShardCount int
	// Gate spaces the identifies. Default: within this process.
	Gate Gate
	// AllowPlain accepts an unencrypted gateway that is not on loopback, for
	// a sandbox in a network of one's own.
	AllowPlain bool
	Timing     Timing
	// QueueSize is the number of events of a shard that may wait for the
	// handler; more are dropped and counted. Default 8,192.
	QueueSize int
	// Dial opens the TCP connections. Default: net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// TLS holds further settings, such as an authority of one's own. The
	// server's name is always checked. Default: the system's authorities.
	TLS *tls.Config
	// Now is the clock of Status and Event. Default time.Now.
	Now func() time.Time
	// Logger gets what the shards do. Default: none.
	Logger *slog.Logger
}

func (o *Options) validate() error {
	if o.Token == "" || o.API == nil || o.Handler == nil {
		return errors.New("token, API and handler are needed")
	}
	if o.ShardCount < 0 || o.ShardCount > maxShards {
		return fmt.Errorf("shard count %d: choose 1 to %d, or 0 to ask Discord", o.ShardCount, maxShards)
	}
	if o.Shards != nil && o.ShardCount == 0 {
		return errors.New("shards are listed without their count")
	}
	seen := make(map[int]bool, len(o.Shards))
	for _, id := range o.Shards {
		if id < 0 || id >= o.ShardCount || seen[id] {
			return fmt.Errorf("shard %d: list each shard from 0 to %d once", id, o.ShardCount-1)
		}
		seen[id] = true
	}
	t := &o.Timing
	for _, d := range []struct {
		v *time.Duration
		d time.Duration
	}{
		{&t.Open, 30 * time.Second},
		{&t.Silence, 75 * time.Second},
		{&t.Close, 5 * time.Second},
		{&t.Stable, time.Minute},
		{&t.BackoffMin, 2 * time.Second},
		{&t.BackoffMax, 10 * time.Minute},
	} {
		if *d.v < 0 {
			return errors.New("times must not be negative")
		}
		if *d.v == 0 {
			*d.v = d.d
		}
	}
	o.defaults()
	return nil
}

func (o *Options) defaults() {
	if o.Gate == nil {
		o.Gate = &localGate{every: identifyEvery, next: make(map[int]time.Time)}
	}
	if o.QueueSize <= 0 {
		o.QueueSize = 8192
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Logger = o.Logger.With("component", "gateway")
}

// Gateway holds the bot's shards. Make it with New.
type Gateway struct {
	o Options

	mu      sync.Mutex
	running bool
	count   int
	shards  []*shard
	// first is the state before the shards are known.
	first board
	// budget is what Discord said last of the day's identifies.
	budget identifies
}

// identifies is a budget of identifies.
type identifies struct{ left, limit int }

// New makes a Gateway and sets discordgo to API version 10. It fails when an
// option makes no sense. Nothing is sent before Run.
func New(o Options) (*Gateway, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("set up gateway: %w", err)
	}
	useAPIVersion()
	g := &Gateway{o: o}
	g.first.s.State = Stopped
	return g, nil
}

// Run keeps the shards connected until ctx ends, and then returns nil, or until
// Discord refuses for good, and then returns a *FatalError. It can be called
// once.
func (g *Gateway) Run(ctx context.Context) error {
	g.mu.Lock()
	if g.running {
		g.mu.Unlock()
		return errors.New("run gateway: it was run before")
	}
	g.running = true
	g.mu.Unlock()
	if err := g.plan(ctx); err != nil {
		g.first.set(g.o.Now(), Stopped, "", time.Time{})
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range g.shards {
		group.Go(func() error { return s.run(ctx) })
		group.Go(func() error {
			s.dispatch(ctx)
			return nil
		})
	}
	return group.Wait()
}

// plan settles which shards to run, asking Discord for their number if needed.
func (g *Gateway) plan(ctx context.Context) error {
	count, concurrency := g.o.ShardCount, 0
	if count == 0 {
		info, err := g.ask(ctx)
		if err != nil {
			return err
		}
		count, concurrency = info.Shards, info.Limit.MaxConcurrency
	}
	ids := g.o.Shards
	if ids == nil {
		for id := range count {
			ids = append(ids, id)
		}
	}
	shards := make([]*shard, 0, len(ids))
	for _, id := range ids {
		s := &shard{
			o: &g.o, id: id, count: count, concurrency: concurrency, heard: g.heard,
			queue: make(chan Event, g.o.QueueSize),
			log:   g.o.Logger.With("shard", id),
		}
		s.board.s = ShardStatus{Shard: id, State: Connecting, Since: g.o.Now()}
		shards = append(shards, s)
	}
	g.show(shards, count)
	return nil
}

// ask asks Discord how many shards there are to be, until it answers or refuses for
// good.
func (g *Gateway) ask(ctx context.Context) (botInfo, error) {
	for failures := 1; ; failures++ {
		g.first.set(g.o.Now(), Connecting, "", time.Time{})
		info, err := fetchInfo(ctx, g.o.API, g.o.Timing.Open, g.o.AllowPlain)
		if err == nil {
			g.heard(info)
			return info, nil
		}
		var fatal *FatalError
		if errors.As(err, &fatal) {
			return info, fatal
		}
		if ctx.Err() != nil {
			return info, ctx.Err()
		}
		g.o.Logger.Warn("gateway not reachable", "error", err)
		// A shard that stands for all, until their number is known.
		stand := &shard{o: &g.o, log: g.o.Logger}
		stand.board.s.State = Connecting
		g.show([]*shard{stand}, 0)
		stand.hint(ctx, err)
		if err := stand.pause(ctx, failures, plain(err)); err != nil {
			return info, err
		}
	}
}

func (g *Gateway) show(shards []*shard, count int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shards, g.count = shards, count
}

// heard notes what Discord says of the budget of identifies.
func (g *Gateway) heard(b botInfo) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.budget = identifies{left: b.Limit.Remaining, limit: b.Limit.Total}
}

// Status returns what the shards do now. Before Run has learnt their number it
// shows one that stands for all, with a ShardCount of 0.
func (g *Gateway) Status() Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	st := Status{ShardCount: g.count, Identifies: g.budget.left, IdentifyLimit: g.budget.limit}
	for _, s := range g.shards {
		st.Shards = append(st.Shards, s.board.snapshot())
	}
	if len(g.shards) == 0 {
		st.Shards = append(st.Shards, g.first.snapshot())
	}
	return st
}
