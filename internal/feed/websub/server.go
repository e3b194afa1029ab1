package websub

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/attache-bot/attache/internal/feed"
)

// The limits of the server.
const (
	// MaxHeader is how many bytes of headers are read.
	MaxHeader = 16 << 10
	// bodiesAtOnce bounds how many documents are held in memory, bodiesOfHub how many
	// of them are one hub's: it may send them as slowly as it likes.
	bodiesAtOnce = 4
	bodiesOfHub  = 2
	maxChallenge = 4 << 10
	// Requests beyond the rate are sent away; hubs come back.
	requestsPerSecond = 20
	requestsAtOnce    = 200
	// hubPerSecond bounds the requests for one subscription, hubAtOnce its bursts: a
	// wire's hub brings something every few seconds at most.
	hubPerSecond = 1
	hubAtOnce    = 20
	// lessNews is how long the lease lasts yet where a confirmation is no news.
	lessNews = time.Hour
	// maxHubs bounds how many of them are remembered.
	maxHubs     = 10_000
	pushTimeout = 20 * time.Second
)

// Pusher reads what a hub brings; [feed.Poller] is one.
type Pusher interface {
	Push(ctx context.Context, id feed.ID, body []byte, contentType string) error
}

// ServerOptions tune a [Server].
type ServerOptions struct {
	// MaxBody is the largest document in bytes; 5 MiB, as that of a poll.
	MaxBody int64
	Now     func() time.Time
	Logger  *slog.Logger
}

// Stats are how many requests the server had, by what came of them.
type Stats struct {
	// Confirmed are confirmations of what was asked for, Denied those of hubs
	// that said no.
	Confirmed, Denied int64
	// Pushed are documents that were handed on, Unsigned those that were not
	// because their signature is missing or wrong, Failed those that could not be
	// saved.
	Pushed, Unsigned, Failed int64
	// Strange are requests that nobody was asked for, Limited those above the
	// limits of rate and size.
	Strange, Limited int64
}

// Server answers hubs. It tells strangers nothing: whatever it does not expect
// is not found.
type Server struct {
	store  Store
	pusher Pusher
	o      ServerOptions
	log    *slog.Logger
	rate   *rate.Limiter
	bodies chan struct{}
	mu     sync.Mutex
	// hubs has a limit for the path of each subscription that was called.
	hubs map[string]*rate.Limiter
	// sending are the places for the documents of each hub, by its address.
	sending map[string]chan struct{}
	stats   struct{ confirmed, denied, pushed, unsigned, failed, strange, limited atomic.Int64 }
}

// NewServer returns a server that hands documents on to p.
func NewServer(s Store, p Pusher, o ServerOptions) (*Server, error) {
	if o.Now == nil || o.Logger == nil || o.MaxBody < 0 {
		return nil, errors.New("websub server options: clock and logger are required, and no negative size")
	}
	if o.MaxBody == 0 {
		o.MaxBody = 5 << 20
	}
	return &Server{
		store: s, pusher: p, o: o, log: o.Logger.With("component", "websub"),
		rate: rate.NewLimiter(requestsPerSecond, requestsAtOnce), hubs: map[string]*rate.Limiter{}, bodies: make(chan struct{}, bodiesAtOnce),
		sending: map[string]chan struct{}{},
	}, nil
}

// Stats returns what came of the requests so far.
func (s *Server) Stats() Stats {
	c := &s.stats
	return Stats{
		Confirmed: c.confirmed.Load(), Denied: c.denied.Load(), Pushed: c.pushed.Load(), Unsigned: c.unsigned.Load(),
		Failed: c.failed.Load(), Strange: c.strange.Load(), Limited: c.limited.Load(),
	}
}

// ServeHTTP answers the two requests that hubs make. The subscription's path is
// the last element, so that a proxy may add or take away a prefix.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	path := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if !s.allow(path) {
		s.limit(w, http.StatusTooManyRequests)
		return
	}
	if len(path) != pathLength || r.Method != http.MethodGet && r.Method != http.MethodPost {
		s.strange(w)
		return
	}
	sub, err := s.store.Subscription(r.Context(), path)
	s.note(path, err)
	switch {
	case errors.Is(err, ErrUnknown):
		s.strange(w)
	case err != nil:
		s.log.ErrorContext(r.Context(), "subscription could not be looked up", "error", err)
		unavailable(w)
	case r.Method == http.MethodGet:
		s.verify(w, r, sub)
	default:
		s.push(w, r, sub)
	}
}

// allow lets a request be looked at. A path that is known to be a subscription's
// has a limit of its own, so that neither strangers nor another hub use it up; all
// others share one.
func (s *Server) allow(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if hub := s.hubs[path]; hub != nil {
		return hub.AllowN(s.o.Now(), 1)
	}
	return s.rate.AllowN(s.o.Now(), 1)
}

// note remembers what the store said of a path.
func (s *Server) note(path string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case errors.Is(err, ErrUnknown):
		delete(s.hubs, path)
	case err == nil && s.hubs[path] == nil:
		if len(s.hubs) >= maxHubs {
			clear(s.hubs)
		}
		s.hubs[path] = rate.NewLimiter(hubPerSecond, hubAtOnce)
	}
}

// pathLength is the length of a subscription's path.
const pathLength = 26

// verify answers a hub that asks whether we meant it, or says that it will not,
// https://www.w3.org/TR/websub/#hub-verifies-intent.
func (s *Server) verify(w http.ResponseWriter, r *http.Request, sub Subscription) {
	q := r.URL.Query()
	mode, now := q.Get("hub.mode"), s.o.Now()
	challenge := q.Get("hub.challenge")
	asked := now.Sub(sub.Asked) < confirmWithin && !sub.Asked.IsZero()
	var err error
	switch {
	case q.Get("hub.topic") != sub.Topic:
		s.strange(w)
		return
	case mode == "denied": // which may also end what was confirmed
		err = s.store.Change(r.Context(), sub.Path, func(old Subscription) (Subscription, error) { return old.denied(now), nil })
		if err == nil {
			s.stats.denied.Add(1)
			s.log.WarnContext(r.Context(), "hub denied a subscription", "subscription", sub)
			return
		}
	case !asked || challenge == "" || len(challenge) > maxChallenge:
		s.strange(w)
		return
	case mode == "subscribe" && sub.State != Leaving:
		lease := leaseOf(q.Get("hub.lease_seconds"))
		err = s.store.Change(r.Context(), sub.Path, func(old Subscription) (Subscription, error) { return old.confirmed(now, lease), nil })
	case mode == "unsubscribe" && sub.State == Leaving:
		err = s.store.Forget(r.Context(), sub.Path)
	default:
		s.strange(w)
		return
	}
	if err != nil {
		s.log.ErrorContext(r.Context(), "hub could not be answered", "subscription", sub, "error", err)
		unavailable(w)
		return
	}
	s.stats.confirmed.Add(1)
	level := slog.LevelInfo
	if sub.State == Active && sub.Lease.After(now.Add(lessNews)) {
		level = slog.LevelDebug // it says again what is known
	}
	s.log.Log(r.Context(), level, "hub confirmed", "subscription", sub, "mode", mode)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, challenge) // the hub went away
}

// leaseOf reads a number of seconds; 0 for anything else.
func leaseOf(v string) time.Duration {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, int64(maxLease/time.Second))) * time.Second
}

// push takes in a document, https://www.w3.org/TR/websub/#content-distribution. One
// without a valid signature is answered as if it were welcome, as the
// recommendation asks, and dropped.
func (s *Server) push(w http.ResponseWriter, r *http.Request, sub Subscription) {
	if sub.State == Leaving {
		w.WriteHeader(http.StatusGone)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), pushTimeout)
	defer cancel()
	for _, places := range []chan struct{}{s.places(sub.Hub), s.bodies} {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
		case <-ctx.Done():
			s.limit(w, http.StatusServiceUnavailable)
			return
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.o.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		s.limit(w, http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	case !signed(r.Header.Get("X-Hub-Signature"), sub.Secret, body):
		s.stats.unsigned.Add(1)
		s.log.WarnContext(ctx, "document without a valid signature is ignored", "subscription", sub, "bytes", len(body))
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if err := s.pusher.Push(ctx, sub.Feed, body, r.Header.Get("Content-Type")); err != nil {
		s.stats.failed.Add(1)
		s.log.WarnContext(ctx, "document from a hub could not be saved; the hub is asked to come again", "subscription", sub, "error", err)
		unavailable(w)
		return
	}
	s.stats.pushed.Add(1)
	w.WriteHeader(http.StatusAccepted)
}

// places are those for the documents of a hub.
func (s *Server) places(hub string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sending[hub] == nil {
		if len(s.sending) >= maxHubs {
			clear(s.sending)
		}
		s.sending[hub] = make(chan struct{}, bodiesOfHub)
	}
	return s.sending[hub]
}

func (s *Server) strange(w http.ResponseWriter) {
	s.stats.strange.Add(1)
	w.WriteHeader(http.StatusNotFound)
}

func (s *Server) limit(w http.ResponseWriter, status int) {
	s.stats.limited.Add(1)
	w.Header().Set("Retry-After", "10")
	w.WriteHeader(status)
}

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "10")
	w.WriteHeader(http.StatusServiceUnavailable)
}
