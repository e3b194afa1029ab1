package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/attache-bot/attache/internal/sandbox/page"
)

// DefaultToken is the bot's token when Options names none. It opens nothing.
const DefaultToken = "sandbox-token"

// Options configure a Server. The zero value is a Discord with its real limits.
type Options struct {
	// Logger gets one line for each request and gateway event. Default: none.
	Logger *slog.Logger
	// Now is the clock for ids, time stamps, limits and deadlines. Default
	// time.Now.
	Now func() time.Time
	// Token is the bot's, without "Bot " before it. Default DefaultToken.
	Token string
	// BotName is the name of the bot's user and its application. Default
	// "Attaché".
	BotName string
	// PublicURL stands in answers instead of the listener's address, for a
	// Handler that is served elsewhere: "http://host". Default: the listener's.
	PublicURL string
	// PrivilegedIntents are the intents that the application was granted
	// beyond the free ones; asking for others closes with 4014.
	PrivilegedIntents int
	// Limits are Discord's numbers.
	Limits Limits
	// KeepRequests is how many exchanges Requests remembers. Default 10,000;
	// negative for none.
	KeepRequests int
	// Observe sees each REST request after it was answered. It must not call
	// the Server. Default: none.
	Observe func(Exchange)
}

// Limits are the numbers of Discord that a test may want to change. Zero means
// the default, a negative number switches a limit off.
type Limits struct {
	// Global is the most requests of the bot in a second. Default 50.
	// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
	Global int
	// Routes replaces the limits of routes; keys as in "POST
	// /channels/{channel_id}/messages". The defaults follow public logs, since
	// Discord publishes none.
	Routes map[string]Rate
	// InvalidRequests is how many 401, 403 and 429 answers in ten minutes get
	// the sender blocked. Default 10,000.
	// https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
	InvalidRequests int
	// NonceWindow is how long a nonce is remembered. Discord says "the past few
	// minutes". Default 3 minutes.
	NonceWindow time.Duration
	// AnswerWithin is the time for the first answer to an interaction. Default
	// 3 seconds.
	// https://docs.discord.com/developers/interactions/receiving-and-responding
	AnswerWithin time.Duration
	// TokenLife is how long an interaction's token is good. Default 15 minutes.
	TokenLife time.Duration
	// FileBytes is the most that a file may have. Default 10 MiB.
	FileBytes int
	// RequestBytes is the most that a request may have. Default 25 MiB.
	RequestBytes int
	// StoredBytes is the most that all kept files may have; the oldest go
	// first. Default 128 MiB.
	StoredBytes int
	// HeartbeatInterval is asked of gateway clients. Default 41.25 seconds.
	HeartbeatInterval time.Duration
	// IdentifyInterval is the least time between two identifies of one
	// max_concurrency bucket. Default 5 seconds.
	// https://docs.discord.com/developers/events/gateway#rate-limiting
	IdentifyInterval time.Duration
	// MaxConcurrency is the number of identify buckets. Default 1.
	MaxConcurrency int
	// SessionStarts is the number of identifies in 24 hours; one more resets
	// the token at Discord, and is closed with 4004 here. Default 1,000.
	SessionStarts int
	// Shards is the number that GET /gateway/bot recommends. Default 1.
	Shards int
	// GuildsPerShard is the most before a session must shard. Default 2,500.
	GuildsPerShard int
	// GatewayEvents is the most that a client may send in 60 seconds. Default
	// 120.
	GatewayEvents int
	// ReplayEvents is how many events a lost session keeps for a resume.
	// Default 1,000.
	ReplayEvents int
	// CommandCreates is the number of new commands a day. Default 200.
	CommandCreates int
	// Crossposts is the number of crossposts an hour and channel. Default 10.
	Crossposts int
}

func (l *Limits) setDefaults() {
	setDefault(&l.Global, 50)
	setDefault(&l.InvalidRequests, 10_000)
	setDefault(&l.NonceWindow, 3*time.Minute)
	setDefault(&l.AnswerWithin, 3*time.Second)
	setDefault(&l.TokenLife, 15*time.Minute)
	setDefault(&l.FileBytes, 10<<20)
	setDefault(&l.RequestBytes, 25<<20)
	setDefault(&l.StoredBytes, 128<<20)
	setDefault(&l.HeartbeatInterval, 41250*time.Millisecond)
	setDefault(&l.IdentifyInterval, 5*time.Second)
	setDefault(&l.MaxConcurrency, 1)
	setDefault(&l.SessionStarts, 1_000)
	setDefault(&l.Shards, 1)
	setDefault(&l.GuildsPerShard, 2_500)
	setDefault(&l.GatewayEvents, 120)
	setDefault(&l.ReplayEvents, 1_000)
	setDefault(&l.CommandCreates, 200)
	setDefault(&l.Crossposts, 10)
}

func setDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

func (o *Options) validate() error {
	setDefault(&o.Token, DefaultToken)
	setDefault(&o.BotName, "Attaché")
	setDefault(&o.KeepRequests, 10_000)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Token = strings.TrimPrefix(o.Token, "Bot ")
	if strings.ContainsAny(o.Token, " \t\r\n") || o.Token == "" {
		return errors.New("the bot's token must be one word")
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" {
			return fmt.Errorf(`public address %q: write it as "http://host"`, o.PublicURL)
		}
		o.PublicURL = "http://" + u.Host
	}
	o.Limits.setDefaults()
	for _, n := range []int{o.Limits.FileBytes, o.Limits.RequestBytes, o.Limits.StoredBytes, o.Limits.MaxConcurrency, o.Limits.Shards} {
		if n < 0 {
			return errors.New("sizes, MaxConcurrency and Shards must be positive")
		}
	}
	if l := o.Limits; l.AnswerWithin < 0 || l.TokenLife < 0 || l.HeartbeatInterval < 0 {
		return errors.New("AnswerWithin, TokenLife and HeartbeatInterval must be positive")
	}
	return nil
}

// Server is a Discord. All methods are safe for concurrent use.
type Server struct {
	o       Options
	log     *slog.Logger
	routes  []route
	handler http.Handler

	// mu guards everything below. Handlers of requests run under it: the
	// sandbox answers one request at a time, which keeps the world consistent.
	mu      sync.Mutex
	changed chan struct{} // closed and replaced at each change
	ids     snowflakes
	world   world
	rest    restState
	gateway gatewayState
	inter   interactionState
	stream  streamState
	files   fileState
	faults  faultState

	srv    *http.Server
	url    string
	host   string
	closed bool
	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	wg     sync.WaitGroup // every goroutine and every request under way
}

// New makes a Server with an application, its bot and nothing else. It must be
// closed.
func New(o Options) (*Server, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("set up sandbox: %w", err)
	}
	s := &Server{o: o, log: o.Logger.With("component", "sandbox"), changed: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.routes = routeTable()
	s.world = newWorld()
	s.rest = newRESTState()
	s.gateway = newGatewayState()
	s.inter = newInteractionState()
	s.stream = newStreamState(o.Now())
	s.files = newFileState()
	s.addApplication(o.BotName)
	s.handler = s.buildHandler()
	return s, nil
}

// Start listens on addr, such as "127.0.0.1:0", and serves until Close or the
// end of ctx.
func (s *Server) Start(ctx context.Context, addr string) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("start sandbox: %w", err)
	}
	srv := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	s.mu.Lock()
	if s.closed || s.srv != nil {
		s.mu.Unlock()
		_ = ln.Close()
		return errors.New("start sandbox: it was started or closed before")
	}
	s.srv, s.host = srv, ln.Addr().String()
	s.url = "http://" + s.host
	s.wg.Add(1)
	s.mu.Unlock()
	go func() {
		defer s.wg.Done()
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("sandbox stopped serving", "error", err)
		}
	}()
	stop := context.AfterFunc(ctx, func() { s.shutDown() })
	context.AfterFunc(s.ctx, func() { stop() })
	return nil
}

// URL is the address of the page and, with /api/v10 added, of the API. Without
// a listener it is Options.PublicURL.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.publicURL()
}

// publicURL is called with the lock held.
func (s *Server) publicURL() string {
	switch {
	case s.o.PublicURL != "":
		return s.o.PublicURL
	case s.url != "":
		return s.url
	}
	return "http://sandbox.invalid"
}

// Token is the bot's token.
func (s *Server) Token() string { return s.o.Token }

// Handler serves everything, for a caller with a listener of its own, or with
// none: REST works in a synctest bubble, over net.Pipe or called directly. A
// request whose connection a fault cuts panics with http.ErrAbortHandler, which
// net/http turns into the cut.
func (s *Server) Handler() http.Handler { return s.handler }

// Close ends all connections and waits until every request and goroutine is
// gone. It may be called more than once.
func (s *Server) Close() {
	s.shutDown()
	s.wg.Wait()
}

// shutDown ends everything without waiting for it.
func (s *Server) shutDown() {
	s.mu.Lock()
	srv, was := s.srv, s.closed
	s.closed = true
	s.stopDeadlines()
	s.mu.Unlock()
	if was {
		return
	}
	s.cancel()
	if srv != nil {
		_ = srv.Close()
	}
}

// enter counts a request or goroutine; it is refused after Close.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.wg.Add(1)
	return true
}

func (s *Server) buildHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveREST)
	mux.HandleFunc("GET /gateway", s.serveGateway)
	mux.HandleFunc("GET /gateway/", s.serveGateway)
	mux.HandleFunc("GET /attachments/{channel}/{id}/{name}", s.serveAttachment)
	mux.Handle("/sandbox/", s.guard(s.pageAPI()))
	mux.Handle("/", s.guard(page.Handler()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.enter() {
			http.Error(w, "the sandbox is closed", http.StatusServiceUnavailable)
			return
		}
		defer s.wg.Done()
		mux.ServeHTTP(w, r)
	})
}

// touch wakes all who wait for a change. It is called with the lock held.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await blocks until cond holds, which is called with the lock held.
func (s *Server) await(ctx context.Context, cond func() bool) error {
	for {
		s.mu.Lock()
		ok, changed := cond(), s.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the sandbox: %w", ctx.Err())
		case <-s.ctx.Done():
			return errors.New("wait for the sandbox: it was closed")
		case <-changed:
		}
	}
}
