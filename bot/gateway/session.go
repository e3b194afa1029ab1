package gateway

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// useAPIVersion sets discordgo's package variable, which every session reads,
// once and before the first session exists.
// https://discord.com/developers/docs/reference#api-versioning
var useAPIVersion = sync.OnceFunc(func() { discordgo.APIVersion = "10" })

// session is one discordgo session with its connections.
type session struct {
	dg *discordgo.Session
	// permit holds one identify that was paid for.
	permit atomic.Bool
	// ready gets READY and RESUMED, gone each end of a connection.
	ready, gone chan struct{}
	// began tells that READY came: the next opening resumes.
	began atomic.Bool

	mu      sync.Mutex
	conn    *guard
	aborted error
}

// sessionOptions are what a session needs of its shard.
type sessionOptions struct {
	token        string
	url          string
	shard, count int
	timing       Timing
	tls          *tls.Config
	dial         func(ctx context.Context, network, addr string) (net.Conn, error)
	// event gets every event in order, and must not block.
	event func(kind string, raw json.RawMessage)
}

func newSession(o sessionOptions) (*session, error) {
	dg, err := discordgo.New("Bot " + o.token)
	if err != nil {
		return nil, err
	}
	s := &session{dg: dg, ready: make(chan struct{}, 1), gone: make(chan struct{}, 1)}
	dg.LogLevel = -1 // its debug log shows the token; the guard and the shard say what happens
	dg.ShouldReconnectOnError = false
	dg.ShouldReconnectVoiceOnSessionError = false
	dg.ShouldRetryOnRateLimit = false
	dg.MaxRestRetries = 0
	dg.StateEnabled = false
	dg.Compress = false
	// In order; the handlers below neither block nor touch the session.
	dg.SyncEvents = true
	dg.ShardID, dg.ShardCount = o.shard, o.count
	dg.Identify.Compress = false
	dg.Identify.Intents = discordgo.IntentsGuilds
	dg.Identify.Properties.Browser = "attache"
	dg.Identify.Properties.Device = "attache"
	dg.Client = &http.Client{Transport: addressOnly(o.url)}
	dg.Dialer = s.dialer(o)
	dg.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "READY" || e.Type == "RESUMED" {
			s.began.Store(true)
			notify(s.ready)
		}
		o.event(e.Type, e.RawData)
	})
	dg.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { notify(s.gone) })
	return s, nil
}

// dialer wraps every connection in a guard, above TLS.
func (s *session) dialer(o sessionOptions) *websocket.Dialer {
	wrap := func(c net.Conn, err error) (net.Conn, error) {
		if err != nil {
			return nil, err
		}
		return s.guarded(newGuard(c, o.timing.Silence, func() bool { return s.permit.CompareAndSwap(true, false) }))
	}
	return &websocket.Dialer{
		HandshakeTimeout: o.timing.Open,
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return wrap(o.dial(ctx, network, addr))
		},
		NetDialTLSContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return wrap(dialTLS(ctx, o, network, addr))
		},
	}
}

func dialTLS(ctx context.Context, o sessionOptions, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	plain, err := o.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.tls != nil {
		config = o.tls.Clone()
	}
	config.ServerName = host
	config.NextProtos = []string{"http/1.1"} // WebSocket needs HTTP/1.1
	c := tls.Client(plain, config)
	if err := c.HandshakeContext(ctx); err != nil {
		_ = plain.Close()
		return nil, err
	}
	return c, nil
}

// guarded makes g the session's connection, unless the opening was given up.
func (s *session) guarded(g *guard) (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aborted != nil {
		g.kill(s.aborted)
		return nil, s.aborted
	}
	s.conn = g
	return g, nil
}

func (s *session) connection() *guard {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// abort ends an opening that takes too long or is not wanted any more.
func (s *session) abort(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborted = cause
	if s.conn != nil {
		s.conn.kill(cause)
	}
}

// open connects and waits for READY or RESUMED. stuck tells that the session
// cannot be used again.
func (s *session) open(ctx context.Context, t Timing) (g *guard, stuck bool, err error) {
	s.mu.Lock()
	s.conn, s.aborted = nil, nil
	s.mu.Unlock()
	drain(s.ready)
	drain(s.gone)
	result := make(chan error, 1)
	go func() { result <- s.dg.Open() }()
	limit := time.NewTimer(t.Open)
	defer limit.Stop()
	select {
	case err = <-result:
	case <-limit.C:
		return nil, !s.giveUp(result, t, errOpenTooLong), errOpenTooLong
	case <-ctx.Done():
		return nil, !s.giveUp(result, t, errShutdown), ctx.Err()
	}
	g = s.connection()
	if err != nil {
		if g != nil && g.reason() != nil {
			err = g.reason()
		}
		return nil, errors.Is(err, discordgo.ErrWSAlreadyOpen), err
	}
	select {
	case <-s.ready:
		return g, false, nil
	case <-g.dead:
		err = g.reason()
		select {
		case <-s.ready: // and gone again at once
			return g, false, nil
		default:
		}
	case <-limit.C:
		err = errNotReady
	case <-ctx.Done():
		err = ctx.Err()
	}
	return nil, !s.drop(g, t, err), err
}

// giveUp ends an opening; false when discordgo does not come back.
func (s *session) giveUp(result <-chan error, t Timing, cause error) bool {
	s.abort(cause)
	limit := time.NewTimer(t.Close)
	defer limit.Stop()
	select {
	case <-result: //nolint:errcheck // cause is why it ended
		return true
	case <-limit.C:
		return false
	}
}

// drop ends a connection so that its session can be resumed; false when
// discordgo does not notice.
func (s *session) drop(g *guard, t Timing, cause error) bool {
	g.kill(cause)
	limit := time.NewTimer(t.Close)
	defer limit.Stop()
	select {
	case <-s.gone:
		return true
	case <-limit.C:
		return false
	}
}

// leave ends the session for good: Discord shows the bot as offline at once.
func (s *session) leave(g *guard, t Timing) {
	g.sayGoodbye()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.dg.Close()
	}()
	limit := time.NewTimer(t.Close)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
	}
	g.kill(errShutdown)
}

// addressOnly answers discordgo's question for the gateway's address, the only
// request that it makes by itself, without asking Discord again.
type addressOnly string

func (a addressOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/gateway") {
		return nil, errors.New("requests to Discord go through bot/rest")
	}
	body, err := json.Marshal(map[string]string{"url": string(a)})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{},
		Body:       io.NopCloser(strings.NewReader(string(body))),
		Request:    r,
	}, nil
}

func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func drain(c chan struct{}) {
	select {
	case <-c:
	default:
	}
}
